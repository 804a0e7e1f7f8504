"""``crossflight ready``: from when somebody can fly, and after which courses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_OK, EXIT_VIOLATIONS

if TYPE_CHECKING:
    from crossflight.app.ready import ReadyOutcome
    from crossflight.planner.earliest import Earliest


def command(
    name: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO|PLAN", help="A scenario (file or library name) or a plan.yaml, - for stdin."
        ),
    ],
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A name, or a part of it only one has.")],
    vehicle: Annotated[
        str | None,
        typer.Option(metavar="TYPE", help="Only this vehicle type; else every one that takes them."),
    ] = None,
    from_date: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="Not before this date, as 2027-06-01.")
    ] = None,
    scenario: Annotated[
        str | None,
        typer.Option(
            metavar="FILE",
            help="A plan's scenario; else scenario.yaml beside it, else the library's of that name.",
        ),
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a value of the scenario; may be repeated."),
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> int:
    """From when can a person fly, and which courses come before; exit 1 if there is no such date."""
    from crossflight.app.document import ready_document
    from crossflight.app.ready import ready
    from crossflight.cli.plan import parse_settings
    from crossflight.cli.terminal import emit_json

    outcome = ready(
        name,
        person,
        vehicle=vehicle,
        from_date=from_date,
        scenario_name=scenario,
        overrides=parse_settings(sets or []),
    )
    if is_json:
        emit_json(
            ready_document(outcome.scenario, outcome.person, outcome.from_utc, outcome.seats, outcome.notes)
        )
    else:
        _show(outcome)
    return EXIT_OK if outcome.can_fly else EXIT_VIOLATIONS


def _show(outcome: ReadyOutcome) -> None:
    from crossflight.cli.terminal import out

    person = outcome.person
    source = "the plan" if outcome.plan is not None else "the scenario"
    out(f"{person.name} ({person.agency}), by {source} of {outcome.scenario.name}")
    for note in outcome.notes:
        out(f"note: {note}")
    for seat in outcome.seats:
        out()
        _show_seat(seat)
    if not outcome.seats:
        out()
        out(f"No vehicle type here takes people of {person.agency}.")


def _show_seat(seat: Earliest) -> None:
    from crossflight.app.ready import gives
    from crossflight.cli.terminal import out, table

    role = "as commander of" if seat.is_commander else "on"
    when = "at no date" if seat.launch_utc is None else f"from {seat.launch_utc.date()}"
    out(f"{role} {seat.vehicle_type}: {when} ({seat.limits})")
    if seat.steps:
        rows = []
        for step in seat.steps:
            rows += [
                (
                    w.from_utc.date(),
                    w.to_utc.date(),
                    f"{w.to_utc.days_since(w.from_utc):.0f}",
                    "",
                    f"waits: {w.why}",
                    "",
                )
                for w in step.waits
            ]
            name = f"{step.course.name}, refresher" if step.is_refresher else step.course.name
            days = f"{step.to_utc.days_since(step.from_utc):.0f}"
            rows.append(
                (step.from_utc.date(), step.to_utc.date(), days, step.course.centre, name, gives(step.course))
            )
        table("", ("from", "to", "days", "centre", "course", "for"), rows, right=("days",))
    if seat.counted:
        shown = [
            c.course.name + (f" (current to {c.until_utc.date()})" if c.until_utc is not None else "")
            for c in seat.counted
        ]
        out(f"counts already: {', '.join(shown)}")
