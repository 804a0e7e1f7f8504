"""Who counts as an operator of a segment: the record cannot say, so the audit says what it assumed."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from crossflight.errors import UsageError


@dataclass(frozen=True, slots=True)
class Assumption:
    """One answer to who counts.

    Attributes
    ----------
    newcomer_days
        Days after docking before a person counts.
    is_rs_cross_trained
        Whether RS crew can keep the USOS running too.
    """

    name: str
    statement: str
    newcomer_days: float = 0.0
    is_rs_cross_trained: bool = False


NATIONALITY: Final = Assumption(
    "nationality",
    "Professional crew operate the segment of their side from docking on: cosmonauts the RS, everybody "
    "else the USOS; visitors operate nothing.",
)

ASSUMPTIONS: Final[tuple[Assumption, ...]] = (
    NATIONALITY,
    Assumption(
        "nationality-without-newcomers",
        "As nationality, but a person counts from 7 days after docking.",
        newcomer_days=7.0,
    ),
    Assumption(
        "cross-trained",
        "As nationality, and cosmonauts can keep the USOS running too.",
        is_rs_cross_trained=True,
    ),
)


def assumption_named(name: str) -> Assumption:
    """The assumption of that name.

    Raises
    ------
    UsageError
        If there is none.
    """
    for assumption in ASSUMPTIONS:
        if assumption.name == name:
            return assumption
    names = [a.name for a in ASSUMPTIONS]
    near = get_close_matches(name, names, 1)
    raise UsageError(
        f"no assumption is called {name!r}",
        hint=f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}",
    )
