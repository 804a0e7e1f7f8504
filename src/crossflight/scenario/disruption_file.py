"""Disruptions as people write them: a YAML list, or one line each.

A file says ``schema: crossflight.disruptions/1`` and lists them under ``disruptions:``; a line is
``TYPE:SUBJECT:DATE`` and then ``KEY=VALUE`` as the type asks: ``slip:Crew-10:2024-12-17:days=30``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from crossflight.errors import InputError, ReferenceInputError, SchemaError
from crossflight.model import Scenario
from crossflight.model.disruption import KINDS, SUBJECT_OF, Disruption
from crossflight.scenario.decode import Decoding, decode
from crossflight.scenario.near import near_hint
from crossflight.scenario.paths import located
from crossflight.scenario.read import document
from crossflight.scenario.text_file import read_text
from crossflight.scenario.yaml_tree import Origin, parse_tree, shown
from crossflight.times import Instant

DISRUPTIONS_SCHEMA: Final = "crossflight.disruptions/1"
OPTION: Final = "--disruption"
_EXAMPLE: Final = "slip:Crew-10:2024-12-17:days=30"
_DATE: Final = re.compile(
    r":(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?Z?)?)(?=:|$)", re.ASCII
)
# Keys of a line, the fields they are, and which kinds have them; a kind that has to have one is marked.
_KEYS: Final[Mapping[str, str]] = {"until": "until_utc", "days": "days", "seats": "n_seats"}
_HAS: Final[Mapping[str, tuple[str, ...]]] = {
    "launch-abort": ("until",),
    "slip": ("days!",),
    "fleet-grounded": ("until",),
    "pad-out": ("until",),
    "craft-unusable": (),
    "early-return": (),
    "port-closed": ("until",),
    "person-unavailable": ("until",),
    "capsule-late": ("until!",),
    "agreement-left": (),
    "empty-seats": ("seats!",),
}
_N_DAYS_MAX: Final = 3_652.0


@dataclass(frozen=True, slots=True)
class Told:
    """A disruption and where each part of it stands: `error` points there."""

    disruption: Disruption
    error: Callable[[str, type[InputError], str, str], InputError]


@dataclass(frozen=True, slots=True)
class _Document:
    disruptions: tuple[Disruption, ...]


def read_disruptions(asked: Sequence[str]) -> tuple[Told, ...]:
    """The disruptions of some lines and files, in order of time.

    Raises
    ------
    InputError
        At the first thing that is wrong, with file, line and column; of a line, its column.
    """
    told: list[Told] = []
    for text in asked:
        told += _file(text) if _is_file(text) else [_line(text)]
    for t in told:
        _refuse_keys(t)
    return tuple(sorted(told, key=lambda t: t.disruption.at_utc.us))


def _is_file(text: str) -> bool:
    return text == "-" or text.endswith((".yaml", ".yml")) or os.path.exists(text)


def _file(name: str) -> list[Told]:
    text, file = read_text(name)
    root = document(parse_tree(text, file), DISRUPTIONS_SCHEMA)
    found = decode(_Document, root, Decoding(has_provenance=False))
    if not found.disruptions:
        raise located(root, ("disruptions",)).error(
            SchemaError, "no disruption stands in this list", f"`- {{kind: slip, ...}}`, or {_EXAMPLE}"
        )

    def error_of(i: int) -> Callable[[str, type[InputError], str, str], InputError]:
        def error(part: str, kind: type[InputError], message: str, hint: str) -> InputError:
            path: tuple[str | int, ...] = ("disruptions", i, _KEYS.get(part, part))
            items = getattr(located(root, ("disruptions", i)), "items", {})
            return located(root, path if path[-1] in items else path[:-1]).error(kind, message, hint)

        return error

    return [Told(d, error_of(i)) for i, d in enumerate(found.disruptions)]


def _line(text: str) -> Told:
    """``TYPE:SUBJECT:DATE[:KEY=VALUE...]``."""
    origin = Origin(OPTION, text)
    kind, colon, rest = text.partition(":")
    if kind not in KINDS:
        hint = near_hint(kind, KINDS) or f"one of {', '.join(KINDS)}; or give a file"
        raise origin.error(SchemaError, f"there is no disruption {shown(kind)}", 1, 1, hint)
    date = _DATE.search(text, len(kind))
    if not colon or date is None or date.start() <= len(kind):
        column = len(kind) + 2
        raise origin.error(
            SchemaError, f"{shown(rest)} is not SUBJECT:DATE", 1, column, f"for example {_EXAMPLE}"
        )
    subject = text[len(kind) + 1 : date.start()]
    columns = {"kind": 1, "subject": len(kind) + 2, "at_utc": date.start() + 2}
    if not subject.strip() or not subject.isprintable():
        wrong = "a subject is missing" if subject.isprintable() else "this subject cannot be printed"
        raise origin.error(SchemaError, wrong, 1, columns["subject"], f"as {_EXAMPLE}")
    values: dict[str, object] = {"at_utc": _instant(origin, date.group(1), columns["at_utc"])}
    at = date.end()
    while at < len(text):
        end = _end(text, at + 1)
        key, equals, value = text[at + 1 : end].partition("=")
        columns[key] = at + 2
        if not equals or key not in _KEYS:
            hint = near_hint(key, _KEYS) or f"known here: {', '.join(_KEYS)}"
            raise origin.error(SchemaError, f"{shown(text[at + 1 : end])} is not KEY=VALUE", 1, at + 2, hint)
        if _KEYS[key] in values:
            raise origin.error(SchemaError, f"{key} is given twice", 1, at + 2)
        values[_KEYS[key]] = _value(origin, key, value, at + 3 + len(key))
        at = end
    found = Disruption(kind, subject, **values)  # type: ignore[arg-type]  # each value has its key's type

    def error(part: str, of: type[InputError], message: str, hint: str) -> InputError:
        return origin.error(of, message, 1, columns.get(part, 1), hint)

    return Told(found, error)


def _end(text: str, at: int) -> int:
    """Where a KEY=VALUE ends: at the next colon that begins another, so that times keep theirs."""
    found = re.compile(r":(?=[A-Za-z_]+=)").search(text, at)
    return len(text) if found is None else found.start()


def _instant(origin: Origin, text: str, column: int) -> Instant:
    try:
        return Instant.parse(text)
    except ValueError:
        raise origin.error(
            SchemaError, f"{shown(text)} is not a UTC time", 1, column, "write 2022-12-16 or 2022-12-16T12:00"
        ) from None


def _value(origin: Origin, key: str, text: str, column: int) -> object:
    if key == "until":
        return _instant(origin, text, column)
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not (0 < number <= _N_DAYS_MAX) or (key == "seats" and number != int(number)):
        wanted = "a whole number of seats" if key == "seats" else f"a number of days up to {_N_DAYS_MAX:g}"
        raise origin.error(SchemaError, f"{key}: {shown(text)} is not {wanted}", 1, column)
    return int(number) if key == "seats" else number


def _refuse_keys(told: Told) -> None:
    """A disruption has what its kind asks for and nothing else, and ends after it begins."""
    d = told.disruption
    has = {"until": d.until_utc is not None, "days": d.days != 0, "seats": d.n_seats != 0}
    allowed = {k.rstrip("!"): k.endswith("!") for k in _HAS[d.kind]}
    for key, is_given in has.items():
        if is_given and key not in allowed:
            asked = f"it has {', '.join(allowed)}" if allowed else "it has a date and nothing else"
            raise told.error(key, SchemaError, f"{d.kind} has no {_KEYS[key]}", asked)
        if not is_given and allowed.get(key):
            raise told.error(
                "kind",
                SchemaError,
                f"{d.kind} needs {_KEYS[key]}",
                f"add `:{key}=...` to a line, `{_KEYS[key]}:` in a file",
            )
    if d.until_utc is not None and d.until_utc <= d.at_utc:
        raise told.error(
            "until", SchemaError, f"it ends on {d.until_utc.date()}, not after {d.at_utc.date()}", ""
        )


def check_disruptions(
    told: Sequence[Told], names: Mapping[str, Mapping[str, str]], scenario: Scenario
) -> tuple[Disruption, ...]:
    """The disruptions, once each names something of the plan and falls within it.

    Parameters
    ----------
    names
        By what `SUBJECT_OF` says, every name there is and whose it is: a craft may have its flight's.

    Raises
    ------
    InputError
        At the subject that is not there, or the date that is outside.
    """
    for t in told:
        d = t.disruption
        what = SUBJECT_OF[d.kind]
        known = names[what]
        if d.subject not in known:
            message = f"there is no {what} {shown(d.subject)} in this plan"
            raise t.error("subject", ReferenceInputError, message, near_hint(d.subject, known))
        if not scenario.from_utc <= d.at_utc < scenario.to_utc:
            message = f"{d.at_utc.date()} is outside the plan"
            hint = f"it runs from {scenario.from_utc.date()} to {scenario.to_utc.date()}"
            raise t.error("at_utc", SchemaError, message, hint)
    return tuple(
        replace(t.disruption, subject=names[SUBJECT_OF[t.disruption.kind]][t.disruption.subject])
        for t in told
    )
