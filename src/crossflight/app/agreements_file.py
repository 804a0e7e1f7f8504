"""Read what ``crossflight agreements`` has written, for the report of a plan of the same scenario."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn

from crossflight.app.agreements import SCHEMA
from crossflight.errors import InputError, PlanMismatchError, SchemaError
from crossflight.model import Scenario
from crossflight.report.stability_findings import Interval, Price, TermsPlan
from crossflight.scenario import read_text

_HINT: Final = "crossflight agreements SCENARIO --out DIR writes DIR/agreements.json"
# Six sets of terms planned in two ways are all there are.
_N_VARIANTS_MAX: Final = 40
_N_LETTERS_MAX: Final = 200


def read_agreements(name: str, scenario: Scenario) -> tuple[TermsPlan, ...]:
    """The plans under other terms in a file, or in the ``agreements.json`` of a folder; ``-`` is stdin.

    Those for which no plan was found are left out.

    Raises
    ------
    InputError
        If it cannot be read, is not of that shape, or is of another scenario.
    """
    place = Path(name)
    text, file = read_text(str(place / "agreements.json") if name != "-" and place.is_dir() else name)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as e:
        raise SchemaError(f"it is not JSON: {str(e)[:80]}", hint=_HINT, file=file) from None
    whole = _Node(value, "", file)
    schema = whole.at("schema").value
    if schema != SCHEMA:
        raise SchemaError(f"its schema is {str(schema)[:60]!r}, not {SCHEMA!r}", hint=_HINT, file=file)
    _refuse_other(whole.at("scenario"), scenario, file)
    variants = whole.at("variants").items()
    if not 1 <= len(variants) <= _N_VARIANTS_MAX:
        raise SchemaError(f"it has {len(variants)} plans, not 1 to {_N_VARIANTS_MAX}", hint=_HINT, file=file)
    found = tuple(_plan(x) for x in variants if x.at("folder").value is not None)
    if not found or found[0].name != "today":
        raise InputError("it has no plan under today's terms", hint=_HINT, file=file)
    return found


def _refuse_other(said: _Node, scenario: Scenario, file: str) -> None:
    name, digest = said.at("name").text(), said.at("hash").text()
    if digest != scenario.digest:
        raise PlanMismatchError(
            f"it is of {name}, hash {digest[:16]}, the plan of {scenario.name}, hash {scenario.digest[:16]}",
            hint="compare agreements of the scenario that was planned, with the same --set",
            file=file,
        )


def _plan(x: _Node) -> TermsPlan:
    segments = dict(x.at("segments").pairs())
    return TermsPlan(
        x.at("terms").text(),
        x.at("title").text(),
        x.at("traffic").text() == "today",
        x.at("status").text(),
        {s: node.at("operator_n1_days").number() for s, node in segments.items()},
        {s: node.at("unattended_days").number() for s, node in segments.items()},
        _interval(x.at("expected_unattended_days")),
        _interval(x.at("less_today")),
        tuple(
            Price(
                partner,
                round(node.at("seats_given").number()),
                round(node.at("seats_taken").number()),
                node.at("training_months").at("others_centres").number(),
            )
            for partner, node in x.at("partners").pairs()
        ),
        {p: _days(node.at("median")) for p, node in x.at("endurance_days").pairs()},
    )


def _interval(x: _Node) -> Interval | None:
    if x.value is None:
        return None
    low, high = x.at("ci95").items(2)
    return Interval(x.at("mean").number(), low.number(), high.number())


def _days(x: _Node) -> float:
    return math.inf if x.value is None else x.number()


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of the file and where it stands."""

    value: object
    where: str
    file: str

    def _refuse(self, wanted: str) -> NoReturn:
        raise SchemaError(f"{self.where or 'the whole'} is not {wanted}", hint=_HINT, file=self.file)

    def at(self, name: str) -> _Node:
        where = f"{self.where}.{name}" if self.where else name
        if not isinstance(self.value, dict):
            self._refuse("a mapping")
        if name not in self.value:
            raise SchemaError(f"{where} is missing", hint=_HINT, file=self.file)
        return _Node(self.value[name], where, self.file)

    def pairs(self) -> Iterator[tuple[str, _Node]]:
        if not isinstance(self.value, dict) or len(self.value) > _N_VARIANTS_MAX:
            self._refuse(f"a mapping of at most {_N_VARIANTS_MAX} names")
        for name, value in self.value.items():
            yield (
                _Node(name, self.where, self.file).text(),
                _Node(value, f"{self.where}.{name[:40]}", self.file),
            )

    def items(self, n: int | None = None) -> list[_Node]:
        if not isinstance(self.value, list) or n not in (None, len(self.value)):
            self._refuse("a list" if n is None else f"a list of {n}")
        return [_Node(value, f"{self.where}[{i}]", self.file) for i, value in enumerate(self.value)]

    def number(self) -> float:
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            self._refuse("a number")
        number = float(self.value)
        if not math.isfinite(number):
            self._refuse("a finite number")
        return number

    def text(self) -> str:
        if not isinstance(self.value, str) or len(self.value) > _N_LETTERS_MAX:
            self._refuse(f"a text of at most {_N_LETTERS_MAX} letters")
        return self.value
