"""What else the ports, craft and flights of the station are called, each name with its source.

`data/aliases.csv`: what (port, pad, vehicle type, flight or person), written, name, vehicle_type (a flight's
name is read so only for flights of this type), kind (that flights of this name or type are), source.
``{n}`` stands for a number, ``{n-46}`` for that number less 46, which must be above 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from crossflight.history.record import packaged
from crossflight.history.table import read_table

What = Literal["port", "pad", "vehicle type", "flight", "person"]
WHATS: Final = ("port", "pad", "vehicle type", "flight", "person")
ALIAS_COLUMNS: Final = ("what", "written", "name", "vehicle_type", "kind", "source")
_NUMBER: Final = re.compile(r"\{n(?:-(\d+))?\}")
_N_DIGITS_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name; `kind` is what flights of that name or type are, empty where that says nothing."""

    what: What
    written: str
    name: str
    vehicle_type: str
    kind: str
    source: str


@cache
def aliases() -> tuple[Alias, ...]:
    """All of them.

    Raises
    ------
    SchemaError
        If a number in a name stands for none in what is written.
    """
    found = []
    for row in read_table(packaged("aliases.csv"), "aliases.csv", ALIAS_COLUMNS):
        what = row.choice("what", WHATS)
        kind = row.choice("kind", ("rotation", "visiting", "uncrewed", "cargo", ""))
        written, name = row.text("written"), row.text("name")
        if ("{n" in name) != ("{n}" in written):
            raise row.error("name", f"{name!r} and {written!r} do not both have a number")
        found.append(Alias(what, written, name, row.cells["vehicle_type"], kind, row.text("source")))  # type: ignore[arg-type]  # `choice` has checked it
    return tuple(found)


def alias_of(
    what: What, text: str, folded: Callable[[str], str], vehicle_type: str = ""
) -> tuple[str, Alias] | None:
    """The name that `text` is another name of, and the row that says so.

    Parameters
    ----------
    folded
        Takes case, marks and punctuation off a name; texts that fold alike are one.
    vehicle_type
        Of a flight.
    """
    key = folded(text)
    numbers = re.findall(r"[0-9]+", key) if what == "flight" else []
    for alias in aliases():
        if alias.what != what or (alias.vehicle_type and alias.vehicle_type != vehicle_type):
            continue
        if "{n}" not in alias.written:
            if folded(alias.written) == key:
                return alias.name, alias
            continue
        for number in numbers:
            if len(number) <= _N_DIGITS_MAX and folded(alias.written.replace("{n}", number)) == key:
                name = _numbered(alias, number)
                if name is not None:
                    return name, alias
    return None


def _numbered(alias: Alias, number: str) -> str | None:
    found = _NUMBER.search(alias.name)
    assert found is not None
    n = int(number) - int(found.group(1) or 0)
    if n <= 0:
        return None
    # Progress MS-01 and MS-09 are written with two digits, as are Soyuz flights.
    shown = f"{n:02d}" if "MS-" in alias.name else str(n)
    return alias.name[: found.start()] + shown + alias.name[found.end() :]
