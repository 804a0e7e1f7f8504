"""Orbit mean-elements messages: keyword-value, XML and JSON to element sets for SGP4.

Source: CCSDS 502.0-B-3, section 4.  JSON is what CelesTrak and Space-Track serve: the message's keywords
with values as numbers or texts, other keys beside them, and what all TLE-based messages have in common
left out.  A file may hold many messages.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from crossflight.errors import InputError, SchemaError, SyntaxInputError
from crossflight.formats import kvn
from crossflight.formats.elements import flaw
from crossflight.formats.epochs import epoch_us
from crossflight.formats.orbit_json import parse_records
from crossflight.formats.orbit_source import Field, Source, shown
from crossflight.formats.xml_tree import Element, parse_xml
from crossflight.model.orbit import ElementSet
from crossflight.times import Instant

VERSIONS: Final = ("2.0", "3.0")
N_MESSAGES_MAX: Final = 100_000
_VERSION: Final = "CCSDS_OMM_VERS"
_USER_DEFINED: Final = "USER_DEFINED_"

# Sections in the order of the message: XML's name of each, and its keywords with their units.
_AXES: Final = ("X", "Y", "Z", "X_DOT", "Y_DOT", "Z_DOT")
_COVARIANCE: Final = {
    f"C{row}_{column}": "km**2" + ("", "/s", "/s**2")[("DOT" in row) + ("DOT" in column)]
    for i, row in enumerate(_AXES)
    for column in _AXES[: i + 1]
}
_SECTIONS: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("header", {_VERSION: "", "CLASSIFICATION": "", "CREATION_DATE": "", "ORIGINATOR": "", "MESSAGE_ID": ""}),
    (
        "metadata",
        dict.fromkeys(
            (
                "OBJECT_NAME",
                "OBJECT_ID",
                "CENTER_NAME",
                "REF_FRAME",
                "REF_FRAME_EPOCH",
                "TIME_SYSTEM",
                "MEAN_ELEMENT_THEORY",
            ),
            "",
        ),
    ),
    (
        "meanElements",
        {
            "EPOCH": "",
            "SEMI_MAJOR_AXIS": "km",
            "MEAN_MOTION": "rev/day",
            "ECCENTRICITY": "",
            "INCLINATION": "deg",
            "RA_OF_ASC_NODE": "deg",
            "ARG_OF_PERICENTER": "deg",
            "MEAN_ANOMALY": "deg",
            "GM": "km**3/s**2",
        },
    ),
    (
        "spacecraftParameters",
        {
            "MASS": "kg",
            "SOLAR_RAD_AREA": "m**2",
            "SOLAR_RAD_COEFF": "",
            "DRAG_AREA": "m**2",
            "DRAG_COEFF": "",
        },
    ),
    (
        "tleParameters",
        {
            "EPHEMERIS_TYPE": "",
            "CLASSIFICATION_TYPE": "",
            "NORAD_CAT_ID": "",
            "ELEMENT_SET_NO": "",
            "REV_AT_EPOCH": "",
            "BSTAR": "1/ER",
            "BTERM": "m**2/kg",
            "MEAN_MOTION_DOT": "rev/day**2",
            "MEAN_MOTION_DDOT": "rev/day**3",
            "AGOM": "m**2/kg",
        },
    ),
    ("covarianceMatrix", {"COV_REF_FRAME": "", **_COVARIANCE}),
    ("userDefinedParameters", {}),
)
_SECTION_OF: Final = {key: i for i, (_, keys) in enumerate(_SECTIONS) for key in keys}
_UNIT_OF: Final = {key: unit for _, keys in _SECTIONS for key, unit in keys.items()}
_USER_SECTION: Final = len(_SECTIONS) - 1
_WITH_NUMBERS: Final = range(2, _USER_SECTION)
# Optional numbers that are read for their syntax and dropped.
_DROPPED: Final = ("GM", "MASS", "SOLAR_RAD_AREA", "SOLAR_RAD_COEFF", "DRAG_AREA", "DRAG_COEFF", *_COVARIANCE)

_THEORIES: Final = ("SGP4", "SGP/SGP4", "SGP4/SDP4", "SDP4")
_FRAMES: Final = ("TEME", "TEMEOFDATE", "TEME OF DATE")
_KEYWORD_OF: Final = {
    "inclination_deg": "INCLINATION",
    "raan_deg": "RA_OF_ASC_NODE",
    "arg_perigee_deg": "ARG_OF_PERICENTER",
    "mean_anomaly_deg": "MEAN_ANOMALY",
    "eccentricity": "ECCENTRICITY",
    "mean_motion_rev_day": "MEAN_MOTION",
    "norad_id": "NORAD_CAT_ID",
}


@dataclass(slots=True)
class _Message:
    """The keywords of one message; `line` and `column` say where it begins."""

    source: Source
    line: int
    column: int
    called: str
    fields: dict[str, Field] = field(default_factory=dict)

    def error(self, message: str, hint: str = "") -> InputError:
        return self.source.error(SchemaError, message, self.line, self.column, hint=hint)

    def needed(self, key: str) -> Field:
        found = self.fields.get(key)
        if found is None or not found.text:
            raise (
                found.error("is empty") if found else self.error(f"{self.called} has no {key}", f"give {key}")
            )
        return found

    def put(self, key: str, value: Field) -> None:
        if key in self.fields:
            raise value.error("stands twice", hint=f"the first is on line {self.fields[key].line}; keep one")
        self.fields[key] = value


def read_omm(data: str | bytes, file: str) -> tuple[ElementSet, ...]:
    """All sets of a file, in its order: keyword-value, XML or JSON.

    Raises
    ------
    SyntaxInputError
        If it is none of the three, or not well formed.
    SchemaError
        If a keyword is unknown, missing, twice or in the wrong section, a unit or a value is wrong, the
        elements are not SGP4's (TEME, UTC, about the Earth), or the orbit lies inside the Earth.
    """
    source = Source.of(data, file)
    first = source.text.lstrip()[:1]
    if first == "<":
        return omm_xml_elements(source)
    if first in ("[", "{"):
        return omm_json_elements(source)
    return omm_kvn_elements(source)


def omm_kvn_elements(source: Source) -> tuple[ElementSet, ...]:
    """The sets of a keyword-value text; every message begins with CCSDS_OMM_VERS."""
    found: list[_Message] = []
    section = 0
    for number in range(1, len(source.lines) + 1):
        line = kvn.content(source, number)
        if not line or kvn.comment(line) is not None or line.strip(" \t") in ("META_START", "META_STOP"):
            continue
        entry = kvn.entry(source, number, line)
        if entry.name == _VERSION:
            entry.one_of(VERSIONS)
            found.append(_Message(source, number, 1, "the message"))
            section = 0
        elif not found:
            raise entry.error(
                f"comes before {_VERSION}", hint=f"begin with {_VERSION} = 2.0", kind=SyntaxInputError
            )
        _bounded(source, len(found), number)
        here = _USER_SECTION if entry.name.startswith(_USER_DEFINED) else _SECTION_OF.get(entry.name)
        if here is None:
            raise entry.error("is no keyword of an OMM", hint=_near(entry.name))
        if here < section:
            hint = "the order is header, metadata, elements, spacecraft, TLE, covariance, user defined"
            raise entry.error("comes too late", hint=hint, kind=SyntaxInputError)
        section = here
        # A name may end in brackets; only numbers have units.
        found[-1].put(entry.name, _checked_unit(kvn.without_unit(entry)) if here in _WITH_NUMBERS else entry)
    if not found:
        raise source.error(SyntaxInputError, f"there is no {_VERSION}", hint="is this an OMM?")
    return tuple(map(_elements, found))


def omm_xml_elements(source: Source) -> tuple[ElementSet, ...]:
    """The sets of an XML text: an <omm>, or an <ndm> of them."""
    root = parse_xml(source)
    messages = [root]
    if root.tag == "ndm":
        messages = root.only("omm", "COMMENT", "MESSAGE_ID")["omm"]
        if not messages:
            raise root.error("<ndm> holds no <omm>", hint="was nothing found where it was fetched?")
    elif root.tag != "omm":
        raise root.error(f"<{root.tag}> is no OMM", hint="the root is <omm> or <ndm>", kind=SyntaxInputError)
    _bounded(source, len(messages), root.line)
    return tuple(_elements(_xml_message(source, omm)) for omm in messages)


def omm_json_elements(source: Source) -> tuple[ElementSet, ...]:
    """The sets of a JSON text; keys that are no keywords of a message are passed over."""
    records = parse_records(source)
    _bounded(source, len(records), 1)
    found = []
    for index, record in enumerate(records, start=1):
        called = f"object {index}" if len(records) > 1 else "the object"
        begins = next(iter(record.values()), None)
        message = _Message(source, begins.line if begins else 1, begins.column if begins else 1, called)
        message.fields = {key: value for key, value in record.items() if value.text}
        version = message.fields.get(_VERSION)
        if version is not None:
            version.one_of(VERSIONS)
        found.append(_elements(message, is_json=True))
    return tuple(found)


def _xml_message(source: Source, omm: Element) -> _Message:
    if omm.attributes.get("version") not in VERSIONS:
        version = shown(omm.attributes.get("version", ""))
        raise omm.error(
            f"<omm> is of version {version}, which is not read", hint=f"known: {', '.join(VERSIONS)}"
        )
    message = _Message(source, omm.line, omm.column, "the message")
    omm.only("header", "body")
    body = omm.one("body")
    body.only("segment")
    segment = body.one("segment")
    segment.only("metadata", "data")
    data = segment.one("data")
    data.only("COMMENT", *(name for name, _ in _SECTIONS[2:]))
    blocks = {"header": [omm.one("header")], "metadata": [segment.one("metadata")]}
    blocks |= {name: [e for e in data.children if e.tag == name] for name, _ in _SECTIONS[2:]}
    for name, keys in _SECTIONS:
        if len(blocks[name]) > 1:
            raise blocks[name][1].error(f"<{name}> stands twice")
        for block in blocks[name]:
            block.only("COMMENT", *keys, *(["USER_DEFINED"] if name == "userDefinedParameters" else []))
            for child in block.children:
                if child.tag not in ("COMMENT", "USER_DEFINED"):
                    message.put(child.tag, _checked_unit(child.field()))
    return message


def _bounded(source: Source, n_messages: int, line: int) -> None:
    if n_messages > N_MESSAGES_MAX:
        raise source.error(SyntaxInputError, f"more than {N_MESSAGES_MAX} element sets", line, 1)


def _checked_unit(value: Field) -> Field:
    expected = _UNIT_OF[value.name]
    if value.unit and value.unit.replace(" ", "").lower() != expected.lower():
        expected = f"in {expected}" if expected else "without a unit"
        raise value.error(f"is given in {shown(value.unit)}", hint=f"it is {expected}")
    return value


def _near(keyword: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(keyword, _SECTION_OF, n=1)
    return f"did you mean {near[0]}?" if near else "begin an own keyword with USER_DEFINED_"


def _elements(message: _Message, *, is_json: bool = False) -> ElementSet:
    _refuse_other_kinds(message, is_json=is_json)
    fields = message.fields
    epoch = message.needed("EPOCH")
    try:
        # Space-Track's older JSON has a blank between date and time.
        epoch_utc = Instant(epoch_us(epoch.text.replace(" ", "T", 1) if is_json else epoch.text))
    except ValueError as e:
        raise epoch.error(f"is {shown(epoch.text)}: {e}") from None
    classification = fields["CLASSIFICATION_TYPE"].text if "CLASSIFICATION_TYPE" in fields else "U"
    if len(classification) != 1 or not "A" <= classification <= "Z":
        raise fields["CLASSIFICATION_TYPE"].error(f"is {shown(classification)}, not a letter such as U")
    elements = ElementSet(
        object_name=_text(message, "OBJECT_NAME", is_needed=not is_json),
        object_id=_text(message, "OBJECT_ID", is_needed=not is_json and "OBJECT_ID" not in fields),
        norad_id=message.needed("NORAD_CAT_ID").count(),
        epoch_utc=epoch_utc,
        mean_motion_rev_day=message.needed("MEAN_MOTION").number(),
        eccentricity=message.needed("ECCENTRICITY").number(),
        inclination_deg=message.needed("INCLINATION").number(),
        raan_deg=_turned(message.needed("RA_OF_ASC_NODE")),
        arg_perigee_deg=_turned(message.needed("ARG_OF_PERICENTER")),
        mean_anomaly_deg=_turned(message.needed("MEAN_ANOMALY")),
        bstar_per_er=message.needed("BSTAR").number(),
        mean_motion_dot_rev_day2=_number(message, "MEAN_MOTION_DOT"),
        mean_motion_ddot_rev_day3=_number(message, "MEAN_MOTION_DDOT"),
        n_revolutions=_count(message, "REV_AT_EPOCH", 0),
        element_set_number=_count(message, "ELEMENT_SET_NO", 999),
        classification=classification,
        source=message.source.file,
    )
    for key in _DROPPED:
        if key in fields:
            fields[key].number()
    if not is_json and 0 < sum(key in fields for key in _COVARIANCE) < len(_COVARIANCE):
        missing = next(key for key in _COVARIANCE if key not in fields)
        raise message.error(f"the covariance matrix has no {missing}", "give all of its 21 values or none")
    wrong = flaw(elements)
    if wrong is not None:
        raise fields[_KEYWORD_OF[wrong.attribute]].error(wrong.message, hint=wrong.hint)
    return elements


def _refuse_other_kinds(message: _Message, *, is_json: bool) -> None:
    """Elements that SGP4 cannot propagate; JSON leaves out what all TLE-based messages share."""
    fields = message.fields
    for key, known, hint in (
        ("CENTER_NAME", ("EARTH",), "only orbits about the Earth are read"),
        ("REF_FRAME", _FRAMES, "SGP4's elements are in TEME of date"),
        ("TIME_SYSTEM", ("UTC",), "SGP4's elements are in UTC"),
        ("MEAN_ELEMENT_THEORY", _THEORIES, "elements of another theory are kilometres off with SGP4"),
    ):
        if is_json and key not in fields:
            continue
        message.needed(key).one_of(known, hint)
    if "REF_FRAME_EPOCH" in fields:
        raise fields["REF_FRAME_EPOCH"].error(
            "makes it TEME of an epoch", hint="SGP4's elements are in TEME of date"
        )
    if "EPHEMERIS_TYPE" in fields and fields["EPHEMERIS_TYPE"].text not in ("0", "2"):
        raise fields["EPHEMERIS_TYPE"].error(
            f"is {shown(fields['EPHEMERIS_TYPE'].text)}, not SGP4's 0", hint="take elements made for SGP4"
        )
    for key, instead in (
        ("SEMI_MAJOR_AXIS", "MEAN_MOTION"),
        ("BTERM", "BSTAR"),
        ("AGOM", "MEAN_MOTION_DDOT"),
    ):
        if key in fields:
            raise fields[key].error("does not belong to SGP4's elements", hint=f"give {instead}")


def _text(message: _Message, key: str, *, is_needed: bool) -> str:
    """A text; CelesTrak leaves OBJECT_ID empty for objects whose launch nobody knows."""
    if is_needed:
        return message.needed(key).text
    return message.fields[key].text if key in message.fields else ""


def _number(message: _Message, key: str) -> float:
    return message.fields[key].number() if key in message.fields else 0.0


def _count(message: _Message, key: str, default: int) -> int:
    return message.fields[key].count() if key in message.fields else default


def _turned(value: Field) -> float:
    """Degrees; the standard allows -360 to 360, and below zero a turn is added."""
    angle_deg = value.number()
    return angle_deg + 360.0 if -360.0 <= angle_deg < 0.0 else angle_deg
