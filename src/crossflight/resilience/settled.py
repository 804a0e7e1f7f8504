"""The scenario of a repaired plan: announced as the plan has it, with waivers for what no plan avoids."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from crossflight.model import DockedFlight, Flight, Plan, Scenario, Violation, Waiver
from crossflight.resilience.disrupted import Disrupted
from crossflight.rules import Walk, check_walk

# What nobody can undo, or can be waived at a price: permitted for exactly as long as no plan avoids it.
_WAIVED: Final = {
    "on_orbit_life": "beyond certified life until relieved",
    "operator_n1": "one covering craft",
    "segment_operator": "nobody can be there sooner",
    "return_seat": "no seat can be had sooner",
    "backup_crew": "nobody else is trained by then",
    "consumables": "the reserve, used until cargo comes",
}
_MADE_WAIVABLE: Final = ("segment_operator", "operator_n1", "return_seat", "backup_crew", "consumables")


def settled(d: Disrupted, plan: Plan) -> Scenario:
    """The scenario with announcements as the plan has them: a repair announces new ones.

    Its digest is still that of the scenario before.
    """
    flights = {f.name: f for f in plan.flights}
    announced = []
    for a in d.scenario.announced:
        f = flights.get(a.name)
        if f is None:
            continue
        away = abs(f.launch_utc.floor_day().days_since(a.launch_utc.floor_day()))
        announced.append(
            replace(
                a,
                kind="cargo" if f.kind == "cargo" else "visiting" if f.kind == "visiting" else "rotation",
                window_days=max(a.window_days, away),
                craft=a.craft if a.craft == f.craft else None,
                pad=a.pad if a.pad == f.pad else None,
                port=a.port if a.port == f.port else None,
                crew=tuple(n for n in a.crew if n in f.crew_up),
            )
        )
    announced = [a for a in announced if flights[a.name].kind != "uncrewed"]
    rules = dict(d.scenario.rules)
    for rule in _MADE_WAIVABLE:
        if rules[rule].severity == "hard":
            rules[rule] = replace(rules[rule], severity="waivable")
    # A scenario can exempt flights that it knows; those without a crew are exempt of themselves.
    known = {a.name for a in announced} | {x.flight.name for x in d.scenario.docked}
    agreements = tuple(
        replace(a, exempt_flights=tuple(n for n in a.exempt_flights if n in known))
        for a in d.scenario.agreements
    )
    first = rules["operator_n1"].values.get("binds_from_docking_of")
    if first and first not in known:
        values = {**rules["operator_n1"].values, "binds_from_docking_of": ""}
        rules["operator_n1"] = replace(rules["operator_n1"], values=values)
    docked = tuple(_staying(x, flights.get(x.flight.name)) for x in d.scenario.docked)
    return replace(
        d.scenario,
        docked=docked,
        announced=tuple(announced),
        rules=rules,
        agreements=agreements,
        overrides={},
        facts=(),
    )


def _staying(there: DockedFlight, planned: Flight | None) -> DockedFlight:
    """A docked flight with its return announced as the plan has it."""
    if planned is None or there.planned_undock_utc is None or there.window_days is None:
        return there
    if planned.undock_utc is None:
        return replace(there, planned_undock_utc=None, window_days=None)
    away = abs(planned.undock_utc.floor_day().days_since(there.planned_undock_utc.floor_day()))
    return replace(there, window_days=max(there.window_days, away))


def waived(
    scenario: Scenario,
    plan: Plan,
    planned: Sequence[Waiver] = (),
    is_known: Callable[[Violation], bool] = lambda _: True,
) -> Plan:
    """The plan with a waiver for each stretch that no plan avoids, exactly as long as it lasts.

    `is_known` says whether the planner knew of a finding and could not avoid it.
    """
    given = [w for w in planned if w.rule not in _WAIVED]
    plan = replace(plan, waivers=tuple(given))
    for v in check_walk(Walk(scenario, plan)):
        if v.severity == "waivable" and v.rule in _WAIVED and is_known(v):
            days = v.to_utc.days_since(v.from_utc)
            price = round(scenario.rules[v.rule].price_per_day * days, 2)
            to = max(v.to_utc, v.from_utc.plus_days(1))
            given.append(Waiver(v.rule, v.from_utc, to, v.subjects, price, _WAIVED[v.rule]))
    return replace(plan, waivers=tuple(given))
