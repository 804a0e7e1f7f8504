"""``crossflight check``: judge a plan."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_OK, EXIT_VIOLATIONS

if TYPE_CHECKING:
    from crossflight.app.check import CheckOutcome
    from crossflight.model import Violation


def command(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan.yaml, or - for stdin.")],
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="The scenario's file; else scenario.yaml beside the plan, else the library's of that name.",
        ),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> int:
    """Check a plan against every flight rule; exit 0 if it is acceptable, 1 if not."""
    from crossflight.app.check import check
    from crossflight.app.document import check_document
    from crossflight.cli.terminal import emit_json

    outcome = check(plan, scenario)
    if is_json:
        emit_json(check_document(outcome.violations))
    else:
        _show(outcome)
    return EXIT_OK if outcome.is_ok else EXIT_VIOLATIONS


def _show(outcome: CheckOutcome) -> None:
    from crossflight.cli.terminal import out

    failures = [v for v in outcome.violations if v.is_failure]
    accepted = [v for v in outcome.violations if not v.is_failure]
    counted = Counter(v.severity for v in accepted)
    besides = ", ".join(f"{n} {severity}" for severity, n in sorted(counted.items()))
    if failures:
        out(f"{len(failures)} violation{'s' * (len(failures) > 1)} of {outcome.scenario.name}")
    else:
        out(f"OK: the plan keeps the rules of {outcome.scenario.name}" + (f" ({besides})" if besides else ""))
    _show_group(failures)
    if accepted:
        out()
        out("Reported, but no failure:")
        _show_group(accepted)
    if outcome.scenario.rules["segment_operator"].severity == "off":
        return  # nobody asked who is aboard
    out()
    out(f"unattended {outcome.coverage.unattended_days:.1f} d")
    out(f"operator N-1 uncovered {outcome.coverage.operator_n1_uncovered_days:.1f} d")
    worst = max(outcome.coverage.seat_n1, key=lambda s: (s.n_without_nominal, s.n_without_any), default=None)
    if worst is not None:
        out(
            f"seat N-1 at worst, {worst.from_utc.date()} to {worst.to_utc.date()}: without "
            f"{worst.craft or 'any craft'} {worst.n_without_nominal} people have no nominal seat, "
            f"{worst.n_without_any} no seat at all"
        )


def _show_group(violations: list[Violation]) -> None:
    from crossflight.cli.terminal import out

    for rule in dict.fromkeys(v.rule for v in violations):
        out(f"{rule}:")
        for v in violations:
            if v.rule == rule:
                out(f"  {v.from_utc.minute()} to {v.to_utc.minute()}  {v.severity}  {v.message}")
