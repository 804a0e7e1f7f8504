"""Two-line element sets: every field at its columns, checksums that hold, orbits that can be.

Source of the columns: Hoots and Roehrich 1980, Spacetrack Report 3; Vallado et al. 2006 (AIAA 2006-6753).
The sign of a zero carries which of the two ways of writing it a file used (``00000-0`` is read as 0.0
and ``00000+0`` as -0.0), so that a set written again is the set that was read, byte for byte.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from crossflight.errors import InputError, SchemaError, SyntaxInputError
from crossflight.formats.elements import Flaw, flaw
from crossflight.formats.epochs import designator_year, tle_epoch, tle_epoch_text
from crossflight.formats.orbit_source import Source, shown
from crossflight.model.orbit import ElementSet

N_COLUMNS: Final = 69
_NAME_MAX: Final = 100
# Letters that stand for the first two digits of a catalogue number from 100000 on; no I, no O.
_ALPHA5: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
ALPHA5_MAX: Final = 339_999


@dataclass(frozen=True, slots=True)
class _Columns:
    """A field: its columns counted from 1, what may stand there, how it reads for people."""

    key: str
    first: int
    last: int
    pattern: re.Pattern[str]
    says: str


def _columns(key: str, first: int, last: int, pattern: str, says: str) -> _Columns:
    return _Columns(key, first, last, re.compile(pattern), says)


_BLANK: Final = "a blank"
_CATALOGUE: Final = "a catalogue number such as 25544 or A0001"
_ANGLE: Final = r" *[0-9]+\.[0-9]{4}"
_DECAY: Final = r"[ +-][0-9]{5}[+-][0-9]"
_LINE_1: Final = (
    _columns("blank", 2, 2, " ", _BLANK),
    _columns("norad_id", 3, 7, f" *[0-9]+|[{_ALPHA5}][0-9]{{4}}", _CATALOGUE),
    _columns("classification", 8, 8, "[UCS]", "the classification U, C or S"),
    _columns("blank", 9, 9, " ", _BLANK),
    _columns("object_id", 10, 17, "[0-9]{5}[A-Z]{1,3} *| *", "an international designator such as 98067A"),
    _columns("blank", 18, 18, " ", _BLANK),
    _columns("year", 19, 20, "[0-9]{2}", "two digits of the year"),
    _columns("day", 21, 32, r" *[0-9]+\.[0-9]{8}", "the day of the year such as 080.51488668"),
    _columns("blank", 33, 33, " ", _BLANK),
    _columns(
        "mean_motion_dot_rev_day2", 34, 43, r"[ +-]\.[0-9]{8}", "half a mean motion's rate such as .00001810"
    ),
    _columns("blank", 44, 44, " ", _BLANK),
    _columns("mean_motion_ddot_rev_day3", 45, 52, _DECAY, "a sixth of its second derivative such as 00000-0"),
    _columns("blank", 53, 53, " ", _BLANK),
    _columns("bstar_per_er", 54, 61, _DECAY, "the drag term such as 34564-4"),
    _columns("blank", 62, 62, " ", _BLANK),
    _columns("ephemeris_type", 63, 63, "[ 0-9]", "the ephemeris type 0"),
    _columns("blank", 64, 64, " ", _BLANK),
    _columns("element_set_number", 65, 68, " *[0-9]+", "the element set's number"),
    _columns("checksum", 69, 69, "[0-9]", "the checksum, a digit"),
)
_LINE_2: Final = (
    _columns("blank", 2, 2, " ", _BLANK),
    _columns("norad_id", 3, 7, f" *[0-9]+|[{_ALPHA5}][0-9]{{4}}", _CATALOGUE),
    _columns("blank", 8, 8, " ", _BLANK),
    _columns("inclination_deg", 9, 16, _ANGLE, "the inclination such as 51.6407"),
    _columns("blank", 17, 17, " ", _BLANK),
    _columns("raan_deg", 18, 25, _ANGLE, "the node's right ascension such as 95.7783"),
    _columns("blank", 26, 26, " ", _BLANK),
    _columns("eccentricity", 27, 33, "[0-9]{7}", "seven decimals of the eccentricity"),
    _columns("blank", 34, 34, " ", _BLANK),
    _columns("arg_perigee_deg", 35, 42, _ANGLE, "the argument of perigee such as 226.4922"),
    _columns("blank", 43, 43, " ", _BLANK),
    _columns("mean_anomaly_deg", 44, 51, _ANGLE, "the mean anomaly such as 252.5706"),
    _columns("blank", 52, 52, " ", _BLANK),
    _columns("mean_motion_rev_day", 53, 63, r" *[0-9]+\.[0-9]{8}", "the mean motion such as 15.54122438"),
    _columns("n_revolutions", 64, 68, " *[0-9]+", "the revolution's number"),
    _columns("checksum", 69, 69, "[0-9]", "the checksum, a digit"),
)
_WHERE: Final = {c.key: (1, c.first) for c in _LINE_1} | {
    c.key: (2, c.first) for c in _LINE_2 if c.key not in ("norad_id", "blank", "checksum")
}
# SGP4 elements are marked 0; 2 says the same, and old sets leave it blank.  4 is SGP4-XP.
_EPHEMERIS_TYPES: Final = (" ", "0", "2")
_NAMES: Final = {
    "inclination_deg": "the inclination",
    "raan_deg": "the node's right ascension",
    "arg_perigee_deg": "the argument of perigee",
    "mean_anomaly_deg": "the mean anomaly",
    "eccentricity": "the eccentricity",
    "mean_motion_rev_day": "the mean motion",
    "norad_id": "the catalogue number",
}


def read_tle(data: str | bytes, file: str) -> tuple[ElementSet, ...]:
    """All sets of a file, in its order, with or without a line of names before each.

    Blank lines and lines that begin with ``#`` are passed over.

    Raises
    ------
    SyntaxInputError
        If a line is missing, a field is not at its columns, or a checksum does not hold.
    SchemaError
        If a value is out of range or the orbit lies inside the Earth.
    """
    return tle_elements(Source.of(data, file))


def tle_elements(source: Source) -> tuple[ElementSet, ...]:
    """All sets of a text; see `read_tle`."""
    found: list[ElementSet] = []
    name, name_at, first, first_at = "", 0, "", 0
    for number, raw in enumerate(source.lines, start=1):
        line = raw.rstrip()
        if not line or line.startswith("#"):
            continue
        if first:
            if not line.startswith("2 "):
                raise source.error(
                    SyntaxInputError,
                    "line 2 of an element set is missing here",
                    number,
                    1,
                    hint=f"line {first_at} of the file is its line 1",
                )
            found.append(_elements(source, name, first, first_at, line, number))
            name, name_at, first = "", 0, ""
        elif line.startswith("1 "):
            first, first_at = line, number
        elif line.startswith("2 "):
            raise source.error(SyntaxInputError, "line 2 of an element set without its line 1", number, 1)
        elif line.lstrip().startswith(("1 ", "2 ")):
            raise source.error(
                SyntaxInputError,
                "an element line that does not begin at column 1",
                number,
                1,
                hint="delete the blanks",
            )
        elif name_at:
            raise source.error(
                SyntaxInputError,
                f"line 1 of an element set is missing after the name {shown(name)}",
                number,
                1,
                hint="a set is a name, a line that begins with 1 and one that begins with 2",
            )
        else:
            name, name_at = line.removeprefix("0 ").strip(), number
            if len(name) > _NAME_MAX:
                raise source.error(SyntaxInputError, f"a name of {len(name)} characters", number, 1)
    if first:
        raise source.error(SyntaxInputError, "line 2 of the last element set is missing", first_at, 1)
    if name_at:
        raise source.error(SyntaxInputError, f"no element set follows the name {shown(name)}", name_at, 1)
    if not found:
        raise source.error(
            SyntaxInputError, "there is no element set", hint="a set is two lines of 69 columns"
        )
    return tuple(found)


def checksum(line: str) -> int:
    """Of the first 68 columns: the sum of the digits, and one for every minus sign, modulo 10."""
    return (
        sum(map(int, re.findall("[0-9]", line[: N_COLUMNS - 1]))) + line.count("-", 0, N_COLUMNS - 1)
    ) % 10


def _elements(
    source: Source, name: str, first: str, first_at: int, second: str, second_at: int
) -> ElementSet:
    a = _fields(source, first, first_at, _LINE_1)
    b = _fields(source, second, second_at, _LINE_2)

    def error(key: str, message: str, hint: str = "", kind: type[InputError] = SchemaError) -> InputError:
        line, column = _WHERE[key]
        return source.error(kind, message, first_at if line == 1 else second_at, column, hint=hint)

    if a["norad_id"] != b["norad_id"]:
        raise source.error(
            SyntaxInputError,
            f"the lines belong to two objects, {a['norad_id'].strip()} and {b['norad_id'].strip()}",
            second_at,
            3,
            hint="bring the right two lines together",
        )
    if a["ephemeris_type"] not in _EPHEMERIS_TYPES:
        raise error(
            "ephemeris_type",
            f"ephemeris type {a['ephemeris_type']}, not SGP4's 0",
            "take elements made for SGP4",
        )
    day, fraction = a["day"].split(".")
    try:
        epoch_utc = tle_epoch(int(a["year"]), int(day), int(fraction))
    except ValueError as e:
        raise error("day", f"the epoch cannot be: {e}") from None
    designator = a["object_id"].strip()
    elements = ElementSet(
        object_name=name,
        object_id=f"{designator_year(int(designator[:2]))}-{designator[2:]}" if designator else "",
        norad_id=_catalogue_number(a["norad_id"].strip()),
        epoch_utc=epoch_utc,
        mean_motion_rev_day=float(b["mean_motion_rev_day"]),
        eccentricity=float(f"0.{b['eccentricity']}"),
        inclination_deg=float(b["inclination_deg"]),
        raan_deg=float(b["raan_deg"]),
        arg_perigee_deg=float(b["arg_perigee_deg"]),
        mean_anomaly_deg=float(b["mean_anomaly_deg"]),
        bstar_per_er=_power(a["bstar_per_er"]),
        mean_motion_dot_rev_day2=float(a["mean_motion_dot_rev_day2"]),
        mean_motion_ddot_rev_day3=_power(a["mean_motion_ddot_rev_day3"]),
        n_revolutions=int(b["n_revolutions"]),
        element_set_number=int(a["element_set_number"]),
        classification=a["classification"],
        source=source.file,
    )
    wrong = flaw(elements)
    if wrong is not None:
        raise error(wrong.attribute, f"{_NAMES[wrong.attribute]} {wrong.message}", wrong.hint)
    return elements


def _fields(source: Source, line: str, number: int, columns: tuple[_Columns, ...]) -> dict[str, str]:
    """The fields of a line, each checked against its columns, then the checksum."""
    if len(line) != N_COLUMNS:
        few = "" if len(line) > N_COLUMNS else ", without its checksum" if len(line) == N_COLUMNS - 1 else ""
        raise source.error(
            SyntaxInputError,
            f"line {line[0]} of an element set has {len(line)} columns, not {N_COLUMNS}{few}",
            number,
            min(len(line), N_COLUMNS) + 1,
            hint="copy the whole line, blanks and all",
        )
    found = {}
    for field in columns:
        text = line[field.first - 1 : field.last]
        if field.pattern.fullmatch(text) is None:
            where = (
                f"column {field.first}"
                if field.first == field.last
                else f"columns {field.first} to {field.last}"
            )
            raise source.error(
                SyntaxInputError,
                f"{where} hold {shown(text)}, not {field.says}",
                number,
                field.first,
                hint="every field has its columns; a blank too many or too few moves the rest",
            )
        found[field.key] = text
    computed = checksum(line)
    if computed != int(found["checksum"]):
        raise source.error(
            SyntaxInputError,
            f"the checksum of this line is {computed}, the line says {found['checksum']}",
            number,
            N_COLUMNS,
            hint="a character was changed or lost; fetch the set again",
        )
    return found


def _catalogue_number(text: str) -> int:
    if text[0] in _ALPHA5:
        return (10 + _ALPHA5.index(text[0])) * 10_000 + int(text[1:])
    return int(text)


def _power(text: str) -> float:
    """A decimal fraction and a power of ten, ``-11606-4``; a zero's sign says how it was written."""
    value = float(f"{text[0].strip()}0.{text[1:6]}e{text[6:]}")
    if value == 0.0:
        return -0.0 if text[6] == "+" else 0.0
    return value


def write_tle(elements: ElementSet) -> tuple[str, str]:
    """The two lines of a set, with their checksums; values are rounded to what the columns hold.

    A catalogue number from 100000 on is written with a letter; the revolution's number keeps its last
    five digits and the set's number its last four; an international designator of another form is left
    blank.

    Raises
    ------
    SchemaError
        If a value does not fit its columns, or cannot be.
    """
    wrong = flaw(elements)
    if wrong is None:
        wrong = _unfit(elements)
    if wrong is not None:
        raise SchemaError(f"{wrong.attribute} {wrong.message}", hint=wrong.hint, file=elements.source)
    try:
        epoch = tle_epoch_text(elements.epoch_utc)
    except ValueError as e:
        message = f"epoch_utc {elements.epoch_utc.iso()} does not fit a TLE: {e}"
        raise SchemaError(message, file=elements.source) from None
    number = _catalogue_text(elements.norad_id)
    dot = f"{elements.mean_motion_dot_rev_day2:.8f}".replace("0.", ".", 1)
    line_1 = (
        f"1 {number}{elements.classification} {_designator(elements.object_id):8} {epoch} {dot:>10} "
        f"{_power_text(elements.mean_motion_ddot_rev_day3)} {_power_text(elements.bstar_per_er)} 0 "
        f"{elements.element_set_number % 10_000:4d}"
    )
    line_2 = (
        f"2 {number} {abs(elements.inclination_deg):8.4f} {_angle(elements.raan_deg)} "
        f"{round(elements.eccentricity * 1e7):07d} {_angle(elements.arg_perigee_deg)} "
        f"{_angle(elements.mean_anomaly_deg)} {elements.mean_motion_rev_day:11.8f}"
        f"{elements.n_revolutions % 100_000:5d}"
    )
    return f"{line_1}{checksum(line_1)}", f"{line_2}{checksum(line_2)}"


def _unfit(elements: ElementSet) -> Flaw | None:
    """What the columns of a TLE cannot hold."""
    if elements.norad_id > ALPHA5_MAX:
        return Flaw(
            "norad_id", f"{elements.norad_id} is beyond {ALPHA5_MAX}", "a TLE ends there; write an OMM"
        )
    if round(elements.eccentricity * 1e7) > 9_999_999:
        return Flaw("eccentricity", f"{elements.eccentricity} rounds to 1")
    if not abs(elements.mean_motion_dot_rev_day2) < 0.999999995:
        return Flaw("mean_motion_dot_rev_day2", f"{elements.mean_motion_dot_rev_day2} is not less than 1")
    for key in ("mean_motion_ddot_rev_day3", "bstar_per_er"):
        if not abs(getattr(elements, key)) < 1e8:
            return Flaw(key, f"{getattr(elements, key)} is not less than 1e8")
    if not re.fullmatch("[UCS]", elements.classification):
        return Flaw("classification", f"{elements.classification!r} is not U, C or S")
    if elements.n_revolutions < 0 or elements.element_set_number < 0:
        return Flaw("n_revolutions", "and element_set_number count from 0")
    return None


def _catalogue_text(number: int) -> str:
    high, low = divmod(number, 10_000)
    return f"{_ALPHA5[high - 10]}{low:04d}" if high >= 10 else f"{number:05d}"


def _designator(object_id: str) -> str:
    found = re.fullmatch(r"(19|20)([0-9]{2})-([0-9]{3})-?([A-Z]{1,3})", object_id)
    if found is None or not object_id.startswith(str(designator_year(int(found[2])))):
        return ""
    return found[2] + found[3] + found[4]


def _angle(value_deg: float) -> str:
    text = f"{abs(value_deg):8.4f}"  # -0.0 is an angle too
    return "  0.0000" if text == "360.0000" and value_deg < 360 else text


def _power_text(value: float) -> str:
    """``-11606-4``: five digits after an unwritten decimal point, and one of the power of ten."""
    sign = "-" if value < 0 else " "
    if value == 0.0:
        return " 00000+0" if math.copysign(1.0, value) < 0 else " 00000-0"
    mantissa, exponent = f"{abs(value):.4e}".split("e")
    power = int(exponent) + 1
    if power < -9:
        return f"{sign}{round(abs(value) * 1e14):05d}-9"
    return f"{sign}{mantissa.replace('.', '')}{power:+d}"
