"""What is asked to be flown: options, or a flight of a plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from crossflight.app.check import read
from crossflight.errors import UsageError
from crossflight.flight.ascent import ascent_named
from crossflight.scenario.near import near_hint


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command line asks to be flown, as its texts.

    Attributes
    ----------
    liftoff
        The first computed one after the elements' epoch where it is not given.
    profile
        The fastest the phase allows where it is not given.
    docking
        When to dock; by the profile's hours where it is not given.
    return_zone
        Where to land, a day after docking or later; it stays docked where it is not given.
    missed_burns, abort_at_s
        What goes wrong: burns that do not happen, an abort so many seconds after lift-off.
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
        liftoff, port = liftoff or found.launch_utc.iso(), port or found.port
        profile = profile or kind.profile
        if recovery is None and kind.ascent:
            recovery = ascent_named(kind.ascent).recovery or None
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
    return Asked(vehicle, site, elements, port, liftoff, profile, recovery)
