"""The sheet of one flight of a plan: crew with agencies and seats, what the orbit allows, what is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from crossflight.model import Flight, LandingOpportunity, LaunchOpportunity, Scenario, Violation
from crossflight.report.lanes import flight_data
from crossflight.report.names import spoken
from crossflight.report.seats import seats
from crossflight.report.shape import Cell, FlightSheet, Table
from crossflight.report.table import columns, table
from crossflight.rules import Walk, rule_title
from crossflight.times import Instant

T = TypeVar("T")

# What is listed around a launch and a landing: the nearest ones; what is known may reach less far.
_AROUND_DAYS: Final = 5.0
_N_AROUND: Final = 12
_PLANNED_NEAR_S: Final = 600.0


def plan_sheet(walk: Walk, flight: Flight, violations: Sequence[Violation], ident: str) -> FlightSheet:
    """The sheet of a flight as planned."""
    return {
        "ident": ident,
        "name": flight.name,
        "when": flight.launch_utc.date(),
        "title": "",
        "tone": "note",
        "state": "aboard at the start" if flight.launch_utc < walk.scenario.from_utc else "planned",
        "facts": [[name, text] for name, text in flight_data(walk.scenario, flight) if name not in _IN_CREW],
        "flown": [],
        "figures": [],
        "tables": plan_tables(walk, flight, violations),
    }


_IN_CREW: Final = ("Up", "Down", "Backup")


def plan_tables(walk: Walk, flight: Flight, violations: Sequence[Violation]) -> list[Table]:
    """Crew, opportunities and findings; empty ones are left out, but for the crew."""
    found = [
        launches_table(walk.scenario, flight),
        landings_table(walk.scenario, flight),
        findings_table(flight, violations),
    ]
    return [crew_table(walk, flight), *(t for t in found if t["rows"])]


def crew_table(walk: Walk, flight: Flight) -> Table:
    """Everybody who goes up or comes down in it, or would if somebody could not."""
    people = {p.name: p for p in walk.scenario.people}
    taken = seats(walk)
    rows: list[list[Cell]] = []
    names = dict.fromkeys((*flight.crew_up, *flight.crew_down, *flight.backup))
    for name in names:
        person = people.get(name)
        agency = person.agency if person else ""
        partner = walk.scenario.partner_of_agency(agency) if person else None
        own = [s for s in taken if s.person == name and flight.name in (s.up, s.flight)]
        # A seat that another flight gives in between is the reason for the move, so it is listed too.
        held = "; ".join(f"{s.flight} ({s.kind}) from {s.from_utc.minute()}" for s in own)
        up_in = next((s.up for s in own), None)
        rows.append(
            [
                name,
                agency or None,
                partner,
                "launch" if name in flight.crew_up else "backup" if name in flight.backup else None,
                up_in if name not in flight.backup else None,
                next((s.flight for s in own if s.is_last), None),
                held or None,
                (", ".join(map(spoken, person.commander_of)) or None) if person else None,
            ]
        )
    named = columns("Person", "Agency", "Partner", "Seat up", "Up in", "Home in", "Return seat", "Commands")
    return table("crew", "Crew", named, rows, is_open=True)


def launches_table(scenario: Scenario, flight: Flight) -> Table:
    """Lift-offs from its pad around the planned one, with the profiles the phase allows."""
    known = scenario.opportunities
    found = () if known is None else known.launches.get((flight.vehicle_type, flight.pad), ())
    rows = [_launch_row(x, flight) for x in _nearest(found, flight.launch_utc, lambda x: x.liftoff_utc)]
    named = columns(
        "Lift-off, UTC@", "Plan", "One sigma, min#", "Phase, deg#", "Profiles", "Docking of the first, UTC@",
        "Azimuth, deg#", "Beta, deg#", "Light",
    )  # fmt: skip
    note = "Computed from the station's elements. Where the phase is not known: how likely it allows each."
    return table("launches", "Launch opportunities", named, rows, note=note)


def _launch_row(x: LaunchOpportunity, flight: Flight) -> list[Cell]:
    best = x.profiles[0] if x.profiles else None
    profiles = [
        p.name if x.is_phase_known else f"{p.name} {p.probability:.0%}"
        for p in x.profiles
        if p.is_feasible or (not x.is_phase_known and p.probability > 0)
    ]
    return [
        x.liftoff_utc.minute(),
        _is_planned(x.liftoff_utc, flight.launch_utc),
        round(x.sigma_s / 60, 1),
        round(x.phase_deg, 1) if x.is_phase_known else None,
        ", ".join(profiles) or "none",
        best.dock_utc.minute() if best else None,
        round(x.azimuth_deg, 1),
        round(x.beta_deg, 1),
        "day" if x.is_daylight_launch else "night",
    ]


def landings_table(scenario: Scenario, flight: Flight) -> Table:
    """Landings around the planned one."""
    known, down = scenario.opportunities, flight.landing_utc
    rows: list[list[Cell]] = []
    if known is not None and down is not None:
        found = known.landings.get(flight.vehicle_type, ())
        rows = [_landing_row(x, down) for x in _nearest(found, down, lambda x: x.landing_utc)]
    named = columns(
        "Landing, UTC@",
        "Plan",
        "Zone",
        "Undocking, UTC@",
        "Deorbit, UTC@",
        "One sigma, min#",
        "Likely#",
        "Light",
    )
    return table("landings", "Landing opportunities", named, rows)


def _landing_row(x: LandingOpportunity, down: Instant) -> list[Cell]:
    return [
        x.landing_utc.minute(),
        _is_planned(x.landing_utc, down),
        x.zone,
        x.undock_utc.minute(),
        x.deorbit_utc.minute(),
        round(x.sigma_s / 60, 1),
        f"{x.probability:.0%}",
        "day" if x.is_daylight else "night",
    ]


def _is_planned(at: Instant, planned: Instant) -> str | None:
    return "planned" if abs(at.s_since(planned)) < _PLANNED_NEAR_S else None


def _nearest(found: Sequence[T], planned: Instant, at: Callable[[T], Instant]) -> list[T]:
    """The nearest of them within some days, in order of time."""
    near = sorted(found, key=lambda x: abs(at(x).s_since(planned)))[:_N_AROUND]
    near = [x for x in near if abs(at(x).days_since(planned)) <= _AROUND_DAYS]
    return sorted(near, key=lambda x: at(x).us)


def findings_table(flight: Flight, violations: Sequence[Violation]) -> Table:
    """What the checker says of this flight."""
    rows: list[list[Cell]] = [
        [rule_title(v.rule), v.severity, v.from_utc.minute(), v.to_utc.minute(), v.message, v.rule]
        for v in violations
        if flight.name in v.subjects
    ]
    named = columns("Rule", "Severity", "From, UTC@", "To, UTC@", "Message", "Key")
    return table("findings", "Findings of the checker", named, rows)
