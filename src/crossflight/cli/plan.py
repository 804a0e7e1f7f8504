"""``crossflight plan``: plan a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import (
    EXIT_INTERRUPTED,
    EXIT_LIMIT,
    EXIT_OK,
    EXIT_VIOLATIONS,
    UsageError,
)

if TYPE_CHECKING:
    from crossflight.app.plan import PlanOutcome
    from crossflight.planner import Conflict

_TIME_LIMIT_S = 60.0
_WORKERS = 5
_SEED = 1
_WITHIN = "3%"


def command(
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="Folder for plan.yaml, report.html, scenario.yaml.")
    ],
    scenario: Annotated[
        str, typer.Argument(metavar="[SCENARIO]", help="A scenario's file, or a name of the library.")
    ] = "iss-2022",
    time_limit: Annotated[
        float,
        typer.Option(
            metavar="S", min=0.1, max=86_400.0, help="Seconds for solving; cargo and people may take 20 more."
        ),
    ] = _TIME_LIMIT_S,
    workers: Annotated[
        int, typer.Option(metavar="N", min=1, max=256, help="Threads of the solver.")
    ] = _WORKERS,
    seed: Annotated[
        int,
        typer.Option(metavar="N", min=0, max=2**31 - 1, help="Same seed and workers, same plan."),
    ] = _SEED,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Another value for the scenario; may be repeated."),
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            metavar="PLAN",
            help="Keep what is pinned in this plan.yaml (- for stdin), and nothing else of it.",
        ),
    ] = None,
    alternatives: Annotated[
        int,
        typer.Option(
            metavar="N", min=1, max=10, help="Plans in all: the best, and others that differ most from it."
        ),
    ] = 1,
    within: Annotated[
        str,
        typer.Option(
            "--alternatives-within",
            metavar="P%|POINTS",
            help="How much worse they may be: per cent, or points of the price.",
        ),
    ] = _WITHIN,
    is_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> int:
    """Plan a scenario: who flies when, in which craft, to which port."""
    from crossflight.app.alternatives import wanted
    from crossflight.app.document import plan_document
    from crossflight.app.plan import plan
    from crossflight.cli.terminal import ProgressLine, emit_json

    overrides = parse_settings(settings or [])
    asked = wanted(alternatives, within)
    if not time_limit < float("inf"):
        raise UsageError("--time-limit must be a number of seconds")
    progress = ProgressLine()
    try:
        outcome = plan(
            scenario,
            out,
            overrides=overrides,
            time_limit_s=time_limit,
            workers=workers,
            seed=seed,
            keep=keep,
            wanted=asked if alternatives > 1 else None,
            progress=progress,
        )
    finally:
        progress.clear()
    if is_json:
        emit_json(
            plan_document(
                outcome.scenario,
                outcome.plan,
                outcome.coverage,
                status=outcome.status,
                gap=outcome.gap,
                wall_s=outcome.wall_s,
                objective=outcome.objective,
                stages=outcome.stages,
                violations=outcome.violations,
                pins=outcome.pins,
                conflict=outcome.conflict,
                alternatives=_alternatives(outcome),
            )
        )
    elif outcome.plan is not None:
        _show(outcome)
    _close(outcome)
    return _status(outcome)


def parse_settings(settings: list[str]) -> dict[str, str]:
    """``PATH=VALUE`` texts as a mapping.

    Raises
    ------
    UsageError
        If one has no path or no equals sign, or a path is set twice.
    """
    overrides: dict[str, str] = {}
    for text in settings:
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            raise UsageError(
                f"--set {text}: this is not PATH=VALUE", hint="for example --set station.n_crew_max=12"
            )
        if path.strip() in overrides:
            raise UsageError(f"--set {path.strip()} is given twice")
        overrides[path.strip()] = value
    return overrides


def _status(outcome: PlanOutcome) -> int:
    if outcome.is_interrupted:
        return EXIT_INTERRUPTED
    if outcome.plan is not None:
        return EXIT_OK
    return EXIT_VIOLATIONS if outcome.status == "infeasible" else EXIT_LIMIT


def _show(outcome: PlanOutcome) -> None:
    from crossflight.app.chances import COLUMNS, chances
    from crossflight.cli.terminal import out, table

    assert outcome.plan is not None
    assert outcome.coverage is not None
    crewed = [f for f in outcome.plan.flights if f.kind != "cargo"]
    n_cargo = len(outcome.plan.flights) - len(crewed)
    table(
        f"{outcome.scenario.title}: {len(crewed)} crewed flights, {n_cargo} cargo flights",
        ("flight", "craft", "port", "launch", "dock", "undock", "landing"),
        [
            (
                f.name,
                f.craft,
                " > ".join([f.port or "-", *(r.to_port for r in f.relocations)]),
                f.launch_utc.date(),
                f.dock_utc.date() if f.dock_utc else "-",
                f.undock_utc.date() if f.undock_utc else "docked",
                f.landing_utc.date() if f.landing_utc else "-",
            )
            for f in crewed
        ],
    )
    table(
        "Crews",
        ("flight", "up", "down"),
        [
            (
                f.name,
                ", ".join(f.crew_up) or "-",
                "the same" if set(f.crew_up) == set(f.crew_down) else ", ".join(f.crew_down) or "-",
            )
            for f in crewed
        ],
    )
    if known := [c.line for c in chances(outcome.scenario, outcome.plan)]:
        table("Opportunities", COLUMNS, known, right=("+- s", "beta deg", "likely", "+- s ", "likely "))
    table(
        f"Objective ({outcome.scenario.price_unit}): {outcome.status}",
        ("tier", "value", "bound", "gap"),
        [(t.tier, f"{t.value:,.2f}", f"{t.bound:,.2f}", f"{t.gap:.2%}") for t in outcome.objective],
        right=("value", "bound", "gap"),
    )
    worst = max(outcome.coverage.seat_n1, key=lambda s: (s.n_without_nominal, s.n_without_any), default=None)
    out(
        f"Coverage: unattended {outcome.coverage.unattended_days:.1f} d, "
        f"operator N-1 uncovered {outcome.coverage.operator_n1_uncovered_days:.1f} d, "
        f"seat N-1 at worst {worst.n_without_nominal if worst else 0} people without a nominal seat"
    )
    for waiver in outcome.plan.waivers:
        out(
            f"Waiver: {waiver.rule} {waiver.from_utc.date()} to {waiver.to_utc.date()} "
            f"{', '.join(waiver.subjects)} (price {waiver.price:g}): {waiver.reason}"
        )
    if not outcome.plan.waivers:
        out("Waivers: none")
    for pin in outcome.pins:
        out(f"Kept: {pin}")
    if outcome.alternatives:
        from crossflight.app.alternatives import compared, table_of

        columns, lines = table_of(compared(outcome))
        table("Alternatives", columns, lines, right=columns[1:])
    for place in outcome.files:
        out(f"wrote {place}")


def _alternatives(outcome: PlanOutcome) -> dict[str, object] | None:
    from crossflight.app.alternatives import compared
    from crossflight.app.document import alternatives_document

    if outcome.wanted is None:
        return None
    n, within = outcome.wanted.n, str(outcome.wanted.within)
    return alternatives_document(n, within, outcome.alternatives_message, compared(outcome))


def _show_conflict(conflict: Conflict) -> None:
    from crossflight.cli.terminal import say

    one = len(conflict.pins) == 1
    said = "cannot be kept" if one else "cannot be kept together"
    said += ":" if conflict.is_proven else " with the crew traffic found, which may not be the only one:"
    few = "" if conflict.is_minimal else " (time ran out: perhaps not all of them are to blame)"
    say(f"{'this pin' if one else 'these pins'} {said}{few}")
    for pin in conflict.pins:
        say(f"  {pin}")
    if not conflict.is_proven:
        return
    if conflict.rules:
        say(f"possible without any one of these rules: {', '.join(conflict.rules)}")
    else:
        say("leaving out one rule is not enough")


def _close(outcome: PlanOutcome) -> None:
    """The closing line on stderr, and what a reader should know before trusting the figures."""
    from crossflight.cli.terminal import say

    for note in outcome.notes:
        say(f"note: {note}")
    for d in outcome.disagreements:
        say(
            f"note: tier {d.tier}: the solver counts {d.solved:g}, "
            f"the plan's exact instants measure {d.measured:g}"
        )
    if outcome.plan is None:
        said = f": {outcome.message}" if outcome.message else ""
        known = "has no plan" if outcome.status == "infeasible" else "no plan was found"
        say(f"{outcome.scenario.name}: {known} ({outcome.status}, {outcome.wall_s:.1f} s){said}")
        if outcome.conflict is not None:
            _show_conflict(outcome.conflict)
        elif outcome.status == "infeasible":
            say("hint: crossflight explain says which conditions exclude one another, and ways out")
        say("nothing was written")
        return
    if outcome.wanted is not None:
        found, within = 1 + len(outcome.alternatives), outcome.wanted.within
        why = f": {outcome.alternatives_message}" if outcome.alternatives_message else ""
        say(
            f"{found} of {outcome.wanted.n} plans within {within} of the best, "
            f"{outcome.alternatives_wall_s:.1f} s{why}"
        )
    ended = "interrupted; the best checked plan" if outcome.is_interrupted else "checked plan"
    say(f"{ended}: {outcome.status}, largest gap {outcome.gap:.2%}, {outcome.wall_s:.1f} s")
