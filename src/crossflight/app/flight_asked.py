"""What is asked to be flown: options, or a flight of a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from crossflight.app.check import read
from crossflight.app.flight_outcome import PlannedFlight
from crossflight.app.flight_replay import NUMBER_MAX
from crossflight.chunks import WORKERS_MAX
from crossflight.errors import UsageError
from crossflight.flight.ascent import ascent_named
from crossflight.flight.samples import N_MAX, SCALE_MAX
from crossflight.report.flight_sheet import crew_table
from crossflight.rules import Walk
from crossflight.scenario.near import near_hint

SEED_MAX: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line asks to be flown, as its texts.

    Attributes
    ----------
    liftoff
        The first computed one after the elements' epoch where it is not given.
    planned
        A plan's lift-off, as it was known when the plan was made: the computed one nearest to it is flown.
    profile
        The fastest the phase allows where it is not given.
    docking
        When to dock; by the profile's hours where it is not given.
    return_zone
        Where to land, a day after docking or later; it stays docked where it is not given.
    missed_burns, abort_at_s
        What goes wrong: burns that do not happen, an abort so many seconds after lift-off.
    flight
        The flight of a plan that is meant.
    """

    vehicle: str
    site: str
    elements: str
    port: str
    liftoff: str | None = None
    profile: str | None = None
    recovery: str | None = None
    docking: str | None = None
    return_zone: str | None = None
    missed_burns: tuple[str, ...] = ()
    abort_at_s: float | None = None
    planned: str | None = None
    flight: PlannedFlight | None = None


@dataclass(frozen=True, slots=True)
class Sampling:
    """How many samples to fly, and how.

    Attributes
    ----------
    n
        Samples from insertion to contact, with errors of everything; none where 0.
    error_scale
        Multiplies all errors, those of the flight's own approach too.
    folder
        Where finished chunks are kept until all are done.
    replay
        The sample that is shown instead of the flight without errors before its approach.
    """

    n: int = 0
    seed: int = 0
    workers: int = 1
    error_scale: float = 1.0
    folder: Path | None = None
    replay: int | None = None
    on_progress: Callable[[int, int], None] | None = None

    @property
    def is_asked(self) -> bool:
        """Whether any sample is wanted."""
        return self.n > 0 or self.replay is not None

    def require_possible(self) -> None:
        """Refuse what cannot be sampled, before anything is flown.

        Raises
        ------
        UsageError
            With the limits.
        """
        for option, value, low, high, hint in (
            ("--samples", self.n, 0, N_MAX, "more samples: another --seed, and put the tables together"),
            (
                "--seed",
                self.seed,
                0,
                SEED_MAX,
                "any whole number, the same for the same flight",
            ),
            ("--workers", self.workers, 1, WORKERS_MAX, "one per core; the samples do not depend on it"),
            ("--error-scale", self.error_scale, 0, SCALE_MAX, "1 is the size of the errors assumed"),
            ("--replay", self.replay or 0, 0, NUMBER_MAX - 1, "samples are counted from 0"),
        ):
            if not low <= value <= high:
                raise UsageError(f"{option} {value:g} is not between {low} and {high:g}", hint=hint)


def require_together(asked: Asked, sampling: Sampling) -> None:
    """Refuse wishes that exclude one another.

    Raises
    ------
    UsageError
        Naming both.
    """
    sampled = "--samples" if sampling.n else "--replay"
    pairs = (
        (asked.abort_at_s is not None, "--abort-at", sampling.is_asked, sampled),
        (asked.abort_at_s is not None, "--abort-at", asked.return_zone is not None, "--return"),
        (asked.abort_at_s is not None, "--abort-at", bool(asked.missed_burns), "--miss-burn"),
        (bool(asked.missed_burns), "--miss-burn", sampling.is_asked, sampled),
        (sampling.replay is not None, "--replay", asked.return_zone is not None, "--return"),
    )
    why = {
        ("--abort-at", "--return"): "an aborted ascent comes down where it does",
        ("--abort-at", "--miss-burn"): "after an aborted ascent there is no burn to miss",
        ("--miss-burn", sampled): "samples are flown by the burns planned at insertion",
        ("--replay", "--return"): "samples end at contact",
    }
    for is_one, one, is_other, other in pairs:
        if is_one and is_other:
            reason = why.get((one, other), "samples begin at insertion, which this flight never reaches")
            raise UsageError(f"{one} and {other} exclude one another: {reason}", hint="leave one of them out")


def of_plan(
    plan_name: str | None,
    flight_name: str | None,
    vehicle: str | None,
    site: str | None,
    elements: str | None,
    liftoff: str | None,
    port: str | None,
    profile: str | None,
    recovery: str | None,
) -> Asked:
    """What is asked for, from a flight of a plan where one is named; options come before the plan.

    Raises
    ------
    UsageError
        If something is missing.
    """
    planned = None
    flight: PlannedFlight | None = None
    if plan_name is not None:
        if flight_name is None:
            raise UsageError("which flight of the plan?", hint="crossflight fly PLAN FLIGHT")
        scenario, plan = read(plan_name, None)
        found = next((f for f in plan.flights if f.name == flight_name), None)
        if found is None:
            hint = near_hint(flight_name, [f.name for f in plan.flights])
            raise UsageError(f"there is no flight {flight_name!r} in the plan", hint=hint)
        kind = next(t for t in scenario.vehicle_types if t.name == found.vehicle_type)
        vehicle, site = vehicle or found.vehicle_type, site or found.pad
        port = port or found.port
        planned = found.launch_utc.iso() if liftoff is None else None
        profile = profile or kind.profile
        if recovery is None and kind.ascent:
            recovery = ascent_named(kind.ascent).recovery or None
        flight = PlannedFlight(found.name, (crew_table(Walk(scenario, plan), found),))
    missing = [
        option
        for option, value in (
            ("--vehicle", vehicle), ("--site", site), ("--elements", elements), ("--port", port),
        )
        if value is None
    ]  # fmt: skip
    if vehicle is None or site is None or elements is None or port is None:
        raise UsageError(
            f"{', '.join(missing)} not given",
            hint="a plan is made months ahead: the phase needs elements of the weeks before the launch"
            if plan_name
            else "or name a flight: crossflight fly PLAN FLIGHT --elements FILE",
        )
    return Asked(vehicle, site, elements, port, liftoff, profile, recovery, planned=planned, flight=flight)
