"""The names of a manifest, looked up among the scenario's; what stands for nothing is a problem.

A name is looked for as written, then without case, punctuation and marks on letters, then as one of
the station's aliases (:mod:`crossflight.history.aliases`); people also by their family name where only
one person has it.  A name that is none of these is never taken for the nearest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar

from crossflight.formats.manifest import Cell, Problem, WrittenFlight
from crossflight.formats.table import folded
from crossflight.history.aliases import What, alias_of, aliases
from crossflight.model import Craft, Person, Port, Scenario, VehicleType
from crossflight.model.flight import FlightKind
from crossflight.model.vehicles import Pad
from crossflight.scenario.near import near_hint, near_name

T = TypeVar("T")

KINDS: Final[tuple[FlightKind, ...]] = ("rotation", "visiting", "uncrewed", "cargo")
# Names go into paths of plan files, which are a little longer.
_N_NAME_CHARACTERS_MAX: Final = 150


class Naming:
    """Looks names up; `problems` grows by what stands for nothing."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.problems: list[Problem] = []
        self._ports = {p.name: p for p in scenario.station.ports}
        self._pads = {p.name: p for p in scenario.pads}
        self._types = {t.name: t for t in scenario.vehicle_types}
        self._craft = {c.name: c for c in scenario.craft}
        self._people = {p.name: p for p in scenario.people}
        self._flights = {d.flight.name for d in scenario.docked} | {a.name for a in scenario.announced}

    def port(self, cell: Cell) -> Port | None:
        """A port."""
        return self._one("port", cell, self._ports)

    def pad(self, cell: Cell) -> Pad | None:
        """A launch pad."""
        return self._one("pad", cell, self._pads)

    def craft(self, cell: Cell, vehicle_type: VehicleType) -> Craft | None:
        """A craft of the type; its serial number is no name."""
        found = _among(cell.text, self._craft)
        if found is None:
            own = [c.name for c in self._craft.values() if c.vehicle_type == vehicle_type.name]
            hint = _near_or_new(cell.text, own, "craft", f"vehicle_type: {vehicle_type.name}")
            self._unknown("craft", cell, hint)
        elif found.vehicle_type != vehicle_type.name:
            message = f"{found.name} is a {found.vehicle_type}, not a {vehicle_type.name}"
            self.problems.append(Problem(message, cell.row, cell.column))
            return None
        return found

    def vehicle_type(self, flight: WrittenFlight) -> tuple[VehicleType, FlightKind] | None:
        """The type of a flight, and what kind of flight the name of the type says it is."""
        cell = flight.said.get("vehicle type")
        if cell is None:
            message = f"{flight.name.text}: the vehicle type is missing"
            self.problems.append(Problem(message, flight.name.row, flight.name.column))
            return None
        found = self._one("vehicle type", cell, self._types)
        if found is None:
            return None
        alias = alias_of("vehicle type", cell.text, folded)
        if alias is not None and alias[0] == found.name and alias[1].kind in KINDS:
            return found, _kind(alias[1].kind)
        return found, "rotation" if found.is_crewed else "cargo"

    def kind(self, cell: Cell) -> FlightKind | None:
        """What kind of flight a cell says it is."""
        word = folded(cell.text)
        if word in KINDS:
            return _kind(word)
        self._unknown("kind of flight", cell, near_hint(cell.text, KINDS))
        return None

    def flight(self, cell: Cell, vehicle_type: VehicleType) -> tuple[str, FlightKind | None] | None:
        """The name of a flight as the scenario and the record call it, and its kind if its name says so."""
        name = " ".join(cell.text.split())
        if not name.isprintable() or len(name) > _N_NAME_CHARACTERS_MAX:
            message = f"a flight's name has printable characters, {_N_NAME_CHARACTERS_MAX} at most"
            self.problems.append(Problem(message, cell.row, cell.column))
            return None
        if name in self._flights:
            return name, None
        alias = alias_of("flight", name, folded, vehicle_type.name)
        if alias is None:
            same = [known for known in self._flights if folded(known) == folded(name)]
            return (same[0] if len(same) == 1 else name), None
        return alias[0], _kind(alias[1].kind) if alias[1].kind in KINDS else None

    def people(self, cells: Iterable[Cell]) -> tuple[str, ...]:
        """People by their names in the scenario."""
        found = []
        for cell in cells:
            person = self._person(cell.text) or self._person(re.sub(r"\s*\([^)]*\)$", "", cell.text))
            if person is None:
                hint = _near_or_new(cell.text, self._people, "people", "agency: ...")
                self._unknown("person", cell, hint)
            elif person.name in found:
                self.problems.append(
                    Problem(f"{person.name} stands twice in one crew", cell.row, cell.column)
                )
            else:
                found.append(person.name)
        return tuple(found)

    def _person(self, text: str) -> Person | None:
        found = _among(text, self._people)
        if found is not None:
            return found
        alias = alias_of("person", text, folded)
        if alias is not None and alias[0] in self._people:
            return self._people[alias[0]]
        *given, family = folded(text).split() or [""]
        same = [p for p in self._people.values() if not p.is_unnamed and _is_called(p.name, given, family)]
        return same[0] if len(same) == 1 else None

    def _one(self, what: What, cell: Cell, known: Mapping[str, T]) -> T | None:
        found = _among(cell.text, known)
        if found is not None:
            return found
        alias = alias_of(what, cell.text, folded)
        if alias is not None and alias[0] in known:
            return known[alias[0]]
        if alias is not None:
            hint = f"it is {alias[0]!r}, which scenario {self.scenario.name} has not"
        else:
            others = [a.written for a in aliases() if a.what == what and a.name in known]
            hint = near_hint(cell.text, [*known, *others]) or near_hint(cell.text, known)
        self._unknown(what, cell, hint)
        return None

    def _unknown(self, what: str, cell: Cell, hint: str) -> None:
        self.problems.append(Problem(f"there is no {what} {cell.text[:80]!r}", cell.row, cell.column, hint))


def _among(text: str, known: Mapping[str, T]) -> T | None:
    """What `text` names: exactly, or alone in being spelled alike."""
    if text in known:
        return known[text]
    key = folded(text)
    same = [name for name in known if folded(name) == key] if key else []
    return known[same[0]] if len(same) == 1 else None


def _is_called(name: str, given: list[str], family: str) -> bool:
    """Whether a person's name ends in `family` and begins with the given names or their initials."""
    *own, last = folded(name).split()
    return last == family and all(
        any(o == g or (len(g) == 1 and o.startswith(g)) for o in own) for g in given
    )


def _kind(word: str) -> FlightKind:
    return next(kind for kind in KINDS if kind == word)


def _near_or_new(name: str, known: Iterable[str], items: str, rest: str) -> str:
    near = near_name(name, known)
    return f"did you mean {near!r}?" if near else f'if it is new: --set "{items}.+{name[:80]}={{{rest}}}"'
