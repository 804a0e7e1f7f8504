"""What the planner and the HiGHS event model can both say, and how a scenario is cut down to it.

Crew lines in launch order with first-in-first-out returns and shortest launch interval; flights
docked, announced within windows, added; on-orbit life with priced waiver days, life left at the
end, shortest and longest stay, dated returns; ports with gaps, closures and EVAs; docking spacing;
pads with turnaround and outages; forbidden days; the cap on people aboard; named capsules with
turnaround, flights allowed and ready dates, one-way craft in the order they become ready; integrated
seats and seat balance of an agreement in force throughout; terms waiver_price, days_moved,
flight_price, crew_shortfall_days, unattended_segment_days, operator_n1_segment_days,
handover_shortfall_days, ledger_imbalance, n_relocations (always 0 here).

Not here: consumables and added cargo, relocations, long stays, named people, training, seat N-1,
agreements or cover that begin or end inside the horizon, several pads for one launcher, fractions
of a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from crossflight.model import Person, Scenario, Tier, VehicleType
from crossflight.times import Instant

LAUNCH_H, DOCK_H, UNDOCK_H = 12, 6, 6
ASCENT_H, RETURN_H = 18, 8

# Rules that both models keep, and rules that come with a plan of theirs without saying.
EXPRESSED = (
    "announced_flight", "on_orbit_life", "life_left", "capsule", "port_compatibility", "port_occupancy",
    "port_closure", "docking_spacing", "eva_day", "pad", "forbidden_days", "crew_size", "handover",
    "segment_operator", "operator_n1", "integrated_seat", "flight_times", "return_seat", "one_place",
    "availability",
)  # fmt: skip
ACROSS_LINES = ("segment_operator", "operator_n1", "integrated_seat")
TOTAL = Tier(
    "total",
    {
        "waiver_price": 10.0,
        "days_moved": 5.0,
        "flight_price": 1.0,
        "crew_shortfall_days": 2.0,
        "handover_shortfall_days": 1.0,
    },
)
COVERED = Tier("total", {**TOTAL.terms, "unattended_segment_days": 40.0, "operator_n1_segment_days": 20.0})


class NotExpressibleError(Exception):
    """The scenario says something this model cannot."""


def common(scenario: Scenario, *, is_integrated: bool) -> Scenario:
    """The part of `scenario` that both solvers can say, with hours that make whole days exact.

    Parameters
    ----------
    is_integrated
        With integrated crews, segments and operator N-1: cover is counted over all lines.
        Otherwise every provider flies its own people, and cover is that of each line.
    """
    kept = [r for r in EXPRESSED if is_integrated or r not in ACROSS_LINES]
    types = tuple(
        replace(
            t,
            ascent_hours=ASCENT_H,
            return_hours=RETURN_H,
            n_long_stays_max=0,
            n_relocations_max=0,
            return_weather_days=0,
            crew_patterns=_patterns(t, is_integrated=is_integrated),
            plan_line=t.plan_line and t.is_crewed,
            upmass_kg={},
        )
        for t in scenario.vehicle_types
    )
    by_name = {t.name: t for t in types}
    docked, people = [], list(scenario.people)
    for d in scenario.docked:
        launch = _noon(d.flight.launch_utc)
        flight = replace(d.flight, launch_utc=launch, dock_utc=launch.plus_s(ASCENT_H * 3600))
        if flight.crew_up and not is_integrated:
            provider = by_name[flight.vehicle_type].provider
            own = [
                Person(f"{flight.name} {i}", provider)
                for i in range(by_name[flight.vehicle_type].n_seats_nominal)
            ]
            people += own
            crew = tuple(p.name for p in own)
            flight = replace(flight, crew_up=crew, crew_down=crew)
        docked.append(replace(d, flight=flight))
    announced = [
        replace(
            a, launch_utc=_noon(a.launch_utc), crew=a.crew if is_integrated or a.kind == "visiting" else ()
        )
        for a in scenario.announced
    ]
    nominal = scenario.station.n_crew_nominal
    if not is_integrated:
        nominal = {t.provider: t.n_seats_nominal for t in types if t.is_crewed and t.plan_line}
    return replace(
        scenario,
        from_utc=scenario.from_utc.floor_day().plus_s(UNDOCK_H * 3600),
        to_utc=scenario.to_utc.floor_day().plus_s(UNDOCK_H * 3600),
        station=replace(
            scenario.station,
            n_crew_nominal=nominal,
            segments=scenario.station.segments if is_integrated else (),
        ),
        vehicle_types=types,
        docked=tuple(docked),
        announced=tuple(announced),
        people=tuple(people),
        agreements=scenario.agreements if is_integrated else (),
        commodities=(),
        rules={r: s if r in kept else replace(s, severity="off") for r, s in scenario.rules.items()},
        objective=(COVERED if is_integrated and scenario.station.segments else TOTAL,),
    )


def _noon(at: Instant) -> Instant:
    return at.floor_day().plus_s(LAUNCH_H * 3600)


def _patterns(t: VehicleType, *, is_integrated: bool) -> tuple[Mapping[str, int], ...]:
    if not t.is_crewed:
        return ()
    return t.crew_patterns[:1] if is_integrated else ({t.provider: t.n_seats_nominal},)


def refuse(s: Scenario) -> None:
    """Say what of the scenario this model has no words for.

    Raises
    ------
    NotExpressibleError
        With the first thing found.
    """

    def hour(at: Instant) -> float:
        return at.s_since(at.floor_day()) / 3600

    used = {d.flight.vehicle_type for d in s.docked} | {a.vehicle_type for a in s.announced}
    for t in s.vehicle_types:
        if t.name not in used and not t.plan_line:
            continue
        if (t.ascent_hours, t.return_hours) != (ASCENT_H, RETURN_H):
            raise NotExpressibleError(f"{t.name} has hours that are no whole days")
        if t.is_crewed and t.n_long_stays_max:
            raise NotExpressibleError(f"{t.name} has long stays")
        if getattr(t, "n_relocations_max", 0):
            raise NotExpressibleError(f"{t.name} may change ports")
        if t.plan_line and not t.is_crewed:
            raise NotExpressibleError(f"cargo flights of {t.name} may be added")
        if len(next(x for x in s.launchers if x.name == t.launcher).pads) != 1:
            raise NotExpressibleError(f"{t.launcher} has several pads")
    for at in (s.from_utc, s.to_utc):
        if hour(at) != UNDOCK_H:
            raise NotExpressibleError("the horizon does not begin and end at 06:00")
    for at in (*(d.flight.launch_utc for d in s.docked), *(a.launch_utc for a in s.announced)):
        if hour(at) != LAUNCH_H:
            raise NotExpressibleError("a launch is not at 12:00")
    if s.commodities and s.rules["consumables"].severity != "off":
        raise NotExpressibleError("consumables")
    if s.seat_moves:
        raise NotExpressibleError("seat moves")
    if s.rules["operator_n1"].values.get("binds_from_docking_of") and s.rules["operator_n1"].severity in (
        "hard",
        "waivable",
    ):
        raise NotExpressibleError("operator N-1 binds from a docking")
    if s.rules["seat_ledger"].severity in ("hard", "waivable"):
        raise NotExpressibleError("a seat ledger kept at all times")
    for a in s.agreements:
        if a.from_utc > s.from_utc or a.to_utc < s.to_utc:
            raise NotExpressibleError("an agreement begins or ends inside the horizon")
    known = {
        "waiver_price", "days_moved", "flight_price", "crew_shortfall_days", "unattended_segment_days",
        "operator_n1_segment_days", "handover_shortfall_days", "ledger_imbalance", "n_relocations",
    }  # fmt: skip
    for tier in s.objective:
        for term in tier.terms:
            if term not in known:
                raise NotExpressibleError(f"term {term}")
