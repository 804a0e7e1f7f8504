"""``crossflight stress``: how much a plan withstands."""

from __future__ import annotations

from math import isfinite
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_OK

if TYPE_CHECKING:
    from crossflight.app.stress import StressOutcome

_N_SHOWN = 15
# A sample in which somebody plans anew takes seconds.
_N_REPLANNED = 200
# Columns of the samples and what people call them.
_SAMPLED = (
    ("days with a segment unattended", "unattended_any"),
    ("operator N-1 days", "uncovered"),
    ("seat N-1 person-days", "seat_person_days"),
    ("person-days without a usable seat", "stranded_person_days"),
)


def command(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="A plan.yaml, or - for stdin.")],
    samples: Annotated[int, typer.Option(metavar="N", help="How often to live through it.")] = 10_000,
    seed: Annotated[int, typer.Option(metavar="N", help="Of everything drawn.")] = 0,
    workers: Annotated[
        int, typer.Option(metavar="N", help="Processes; the result does not depend on them.")
    ] = 1,
    compare: Annotated[
        str | None, typer.Option(metavar="PLAN", help="Another plan, under the same luck.")
    ] = None,
    sensitivity: Annotated[
        bool, typer.Option("--sensitivity", help="Rates halved and doubled too; takes 16 times as long.")
    ] = False,
    replan: Annotated[
        bool, typer.Option("--replan", help="The first 200 samples with planning anew too; some minutes.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write DIR/stress.json; samples are kept there until it is done, so that a run that was "
            "stopped goes on.",
        ),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> int:
    """Say what a plan withstands: any one loss, groundings, slips, and years of bad luck.

    Samples are flown by a fixed policy: nobody plans anew when something breaks.  With --replan some are
    lived through again with somebody who does.
    """
    import json

    from crossflight.app.folder import refuse_unwritable, write_files
    from crossflight.app.stress import document, stress
    from crossflight.cli.failure import InterruptedByUserError
    from crossflight.cli.progress import CountLine
    from crossflight.cli.terminal import emit_json, say

    if out is not None:
        refuse_unwritable(out)
    line = CountLine("samples")
    try:
        outcome = stress(
            plan,
            samples,
            seed,
            workers,
            compare_name=compare,
            has_sensitivity=sensitivity,
            n_replanned=min(samples, _N_REPLANNED) if replan else 0,
            folder=out,
            say=say,
            on_progress=line,
        )
    except KeyboardInterrupt:
        kept = "nothing was written" if out is None else f"the same command goes on from what is in {out}"
        raise InterruptedByUserError(f"interrupted; {kept}") from None
    finally:
        line.clear()
    found = document(outcome)
    if out is not None:
        for path in write_files(out, {"stress.json": json.dumps(found, indent=2, allow_nan=False) + "\n"}):
            say(f"wrote {path}")
    if is_json:
        emit_json(found)
    else:
        _show(outcome)
    return EXIT_OK


def _show(o: StressOutcome) -> None:
    from crossflight.cli.terminal import out, table

    out(f"{o.scenario.name}, {o.scenario.from_utc.date()} to {o.scenario.to_utc.date()}")
    out(f"operator N-1 uncovered {o.coverage.operator_n1_uncovered_days:.1f} d as planned")
    for s in o.coverage.operator_n1_uncovered:
        out(f"  {s.from_utc.minute()} to {s.to_utc.minute()}  {s.days:.1f} d  {', '.join(s.subjects)}")
    worst = max(o.coverage.seat_n1, key=lambda s: (s.n_without_nominal, s.n_without_any), default=None)
    if worst is not None:
        out(
            f"seat N-1 at worst, {worst.from_utc.date()} to {worst.to_utc.date()}: without "
            f"{worst.craft or 'any craft'} {worst.n_without_nominal} people have no nominal seat, "
            f"{worst.n_without_any} no seat at all"
        )
    out()
    _show_endurance(o)
    table(
        "How far each flight can slip alone",
        ("flight", "days", "then breaks", ""),
        [(m.flight, m.days, m.rule or "nothing yet", m.message) for m in o.margins],
        right=("days",),
    )
    shown = o.singles[:_N_SHOWN]
    table(
        f"One thing at a time, the worst {len(shown)} of {len(o.singles)}",
        ("what", "unattended d", "operator N-1 d", "people without seats", "forced to leave"),
        [
            (
                s.disruption,
                f"{s.unattended_days:+.1f}",
                f"{s.uncovered_days:+.1f}",
                s.n_seatless,
                s.n_forced,
            )
            for s in shown
        ],
        right=("unattended d", "operator N-1 d", "people without seats", "forced to leave"),
    )
    _show_samples(o)


def _show_endurance(o: StressOutcome) -> None:
    from crossflight.cli.terminal import table

    rows = []
    for x in o.endurances:
        for name, days in (
            ("the first of these", x.days),
            ("a segment is unattended", x.unattended),
            ("somebody has no seat", x.seatless),
            ("a craft leaves unrelieved", x.life),
        ):
            rows.append((x.provider, name, *(_days(d) for d in (days[0], min(days), median(days)))))
    table(
        "Days without launches of one provider",
        ("provider", "until", "from now", "at least", "median"),
        rows,
        right=("from now", "at least", "median"),
    )


def _days(days: float) -> str:
    return f"{days:.0f}" if isfinite(days) else "past the plan"


def _show_samples(o: StressOutcome) -> None:
    from crossflight.cli.terminal import out, table
    from crossflight.resilience.estimate import difference, estimate

    first, *others = o.sampled.plans
    rows = []
    for name, column in _SAMPLED:
        values = getattr(first, column)
        x = estimate(values)
        row = [name, f"{x.mean:.1f}", _interval(x.ci95), f"{x.cvar95:.0f}"]
        for other in others:
            mean, ci95 = difference(values, getattr(other, column))
            row += [f"{mean:+.1f}", _interval(ci95)]
        rows.append(row)
    head = ["", "mean", "95 % interval", "CVaR95"]
    head += ["less the other plan", "95 % interval of that"] * len(others)
    e = o.unattended
    table(f"{e.n} samples, nobody planning anew", head, rows, right=head[1:])
    out(
        f"no unattended day in {e.none_share:.0%} of them; the middle 95 % have {e.range95[0]:.0f} to "
        f"{e.range95[1]:.0f}; on average {first.n_lost.mean():.2f} flights are lost, "
        f"{first.n_unusable.mean():.2f} craft become unusable, {first.n_early.mean():.2f} come home early, "
        f"{first.n_forced.mean():.2f} leave before they are relieved"
    )
    if o.lived is not None:
        _show_replanned(o)
    if o.sampled.changed:
        changed = []
        for name, days in o.sampled.changed.items():
            mean, ci95 = difference(days, first.unattended_any)
            changed.append((name, f"{estimate(days).mean:.1f}", f"{mean:+.1f}", _interval(ci95)))
        columns = ("rate", "unattended d", "change", "95 % interval of that")
        table("Which rate matters", columns, changed, right=columns[1:])


def _show_replanned(o: StressOutcome) -> None:
    from crossflight.cli.terminal import out, table
    from crossflight.resilience.estimate import difference, estimate

    lived = o.lived
    assert lived is not None
    rows = []
    for name, days in (
        ("nobody planning anew", lived.fixed),
        ("somebody planning anew", lived.unattended_any),
    ):
        x = estimate(days)
        rows.append((name, f"{x.mean:.1f}", _interval(x.ci95), f"{x.cvar95:.0f}"))
    mean, ci95 = difference(lived.unattended_any, lived.fixed)
    rows.append(("what planning anew changes", f"{mean:+.1f}", _interval(ci95), ""))
    head = ("days with a segment unattended", "mean", "95 % interval", "CVaR95")
    table(f"{len(lived.fixed)} samples with and without planning anew", head, rows, right=head[1:])
    asked, taken, none, refused, no_better = (
        int(n.sum()) for n in (lived.n_asked, lived.n_taken, lived.n_none, lived.n_refused, lived.n_no_better)
    )
    out(
        f"in {int((lived.n_asked > 0).sum())} of them somebody had to plan anew, {asked} times in all: "
        f"{taken} new plans were taken; {none} times none was found, {refused} times the checker "
        f"refused it, {no_better} times it promised no less harm than doing nothing"
    )


def _interval(ci95: tuple[float, float]) -> str:
    return f"{ci95[0]:.1f} to {ci95[1]:.1f}"
