"""The real explanation of everything the checker reports about what was flown.

One row explains every violation of its rule whose subjects include all of the row's and which
lies within the row's dates; the tests prove that each violation has exactly one row and each row
at least one violation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from crossflight.history.record import packaged
from crossflight.history.table import read_table
from crossflight.model import Violation
from crossflight.times import Instant

EXPLAINED_COLUMNS: Final = ("rule", "subjects", "from_utc", "to_utc", "explanation", "source")


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a rule was broken by these subjects within [from_utc, to_utc]."""

    rule: str
    subjects: tuple[str, ...]
    from_utc: Instant
    to_utc: Instant
    explanation: str
    source: str

    def covers(self, violation: Violation) -> bool:
        """Whether it explains a violation."""
        return (
            self.rule == violation.rule
            and set(self.subjects) <= set(violation.subjects)
            and self.from_utc <= violation.from_utc
            and violation.to_utc <= self.to_utc
        )


def read_explanations(content: Callable[[str], str | bytes]) -> tuple[Explanation, ...]:
    """Read explained.csv; `content` gives a table by file name.

    Raises
    ------
    InputError
        With file and line, if it is not what docs/flown-record.md describes.
    """
    found = []
    for row in read_table(content("explained.csv"), "explained.csv", EXPLAINED_COLUMNS):
        from_utc, to_utc = row.instant("from_utc"), row.instant("to_utc")
        if to_utc < from_utc:
            raise row.error("to_utc", f"{to_utc} is before {from_utc}")
        found.append(
            Explanation(
                row.text("rule"),
                row.names("subjects"),
                from_utc,
                to_utc,
                row.text("explanation"),
                row.text("source"),
            )
        )
    return tuple(found)


@cache
def explanations() -> tuple[Explanation, ...]:
    """The explanations that ship with the package."""
    return read_explanations(packaged)


def explain(
    violations: Sequence[Violation], rows: Sequence[Explanation]
) -> tuple[tuple[tuple[Violation, tuple[Explanation, ...]], ...], tuple[Explanation, ...]]:
    """Match violations and explanations.

    Returns
    -------
    each violation with the rows that cover it, and the rows that cover none
    """
    matched = tuple((v, tuple(row for row in rows if row.covers(v))) for v in violations)
    used = {id(row) for _, found in matched for row in found}
    return matched, tuple(row for row in rows if id(row) not in used)
