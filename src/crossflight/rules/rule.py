"""What every rule module holds: a :class:`Rule` named ``RULE`` and a function ``check``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from crossflight.model import Violation
from crossflight.rules.walk import Walk


@dataclass(frozen=True, slots=True)
class Rule:
    """A flight rule as people cite it.

    `id` is its key in scenarios, `title` what pages call it, `statement` what it asks for.
    `values` are the names of its parameters in ``scenario.rules[id].values``; how hard it is
    stands in the scenario too, never here.
    """

    id: str
    title: str
    statement: str
    source: str
    values: tuple[str, ...] = ()


class RuleModule(Protocol):
    """A module of this package that checks one rule; its docstring is the documentation page."""

    RULE: Rule

    def check(self, walk: Walk) -> Iterator[Violation]:
        """Everything in the plan that breaks the rule, merged into spans."""
        ...
