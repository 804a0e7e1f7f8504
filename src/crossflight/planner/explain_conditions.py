"""What a scenario asks of one subject each, so that it can be left out or eased on its own.

A `Condition` is a rule together with what it is about: the life of one craft, one closure of a port, one
outage of a pad.  Lifted, the scenario no longer asks for it; eased by n, it asks for n days (people, craft,
kilograms) less.  Both are values at places of the scenario, so a scenario file can say them too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Final

from crossflight.model import Agreement, Closure, Craft, IntegratedSeat, Port, Scenario, VehicleType
from crossflight.planner.explain_ease import Condition, Ease, always, less, more, otherwise, sooner
from crossflight.planner.explain_places import Steps, Values, shown
from crossflight.planner.grain import Grain
from crossflight.planner.traffic import Traffic
from crossflight.times import Instant

# Rules of conditions that are no flight rule: numbers of a vehicle type, and a date that somebody wants.
VEHICLE_TYPE: Final = "vehicle_type"
WANTED: Final = "wanted"
SKY_RULES: Final = frozenset({"launch_opportunity", "landing_opportunity", "solar_beta"})

FAR_DAYS: Final = 10_000
_LONG_AGO: Final = Instant.of(1900, 1, 1)
_PLENTY_KG: Final = 1e8
_INTERVAL_PART: Final = 2
# Longer than any ascent: a flight launched so long before the end has docked.
_DOCKED_BY_DAYS: Final = 5
# How far numbers without a natural end are eased at most.
_N_PORTS: Final = 4
_N_CRAFT: Final = 6
_N_PEOPLE: Final = 12
_N_KG: Final = 2**17


def conditions(scenario: Scenario) -> tuple[Condition, ...]:
    """Everything that may stand in the way of crew traffic; what is seldom to blame comes first."""
    parts = (_people, _sky, _stock, _cover, _station, _ports, _pads, _announcements, _craft, _life, _types)
    binding = {r for r, setting in scenario.rules.items() if setting.severity in ("hard", "waivable")}
    binding |= {VEHICLE_TYPE}
    if scenario.rules["on_orbit_life"].severity == "soft":
        binding |= {"on_orbit_life"}  # the planner stops where a waiver would have to end
    return tuple(c for part in parts for c in part(scenario) if c.rule in binding)


def wanted(scenario: Scenario, visit: str, flight: str, day: int | None) -> Condition:
    """A launch of `flight` (in the model `visit`) on a day counted from the scenario's first, or on any."""
    n_days = Grain.of(scenario).n_days

    def held(traffic: Traffic, n: int) -> None:
        is_cut, v = traffic.grain.n_days < n_days, next((v for v in traffic.visits if v.name == visit), None)
        until_docked = _DOCKED_BY_DAYS if v is None else v.clock.dock_offset
        if is_cut and (day is None or day + n + until_docked >= traffic.grain.n_days):
            return  # it may be launched after the end
        traffic.model.add_bool_and([traffic.false if v is None else v.is_present])
        if v is not None and day is not None:
            traffic.model.add_linear_constraint(v.launch, day - n, day + n)

    if day is None:
        return Condition(WANTED, (flight,), "the flight is wanted", held=held)
    at = scenario.from_utc.floor_day().plus_days(day)
    ease = Ease(n_days, "d", f"launch {flight} {{n}} d away from {at.date()}", always({}))
    return Condition(WANTED, (flight,), f"a launch on {at.date()} is wanted", held=held, ease=ease, at_utc=at)


def horizon_days(scenario: Scenario) -> int:
    """The length of the horizon."""
    return max(1, math.ceil(scenario.to_utc.days_since(scenario.from_utc)))


# -- vehicles -----------------------------------------------------------------------------------


def _types(scenario: Scenario) -> Iterator[Condition]:
    """Numbers of the vehicle types themselves."""
    for t in (t for t in scenario.vehicle_types if t.is_crewed):
        for name, fact in (
            ("docked_days_min", "stays at least {:g} d"),
            ("launch_interval_days_min", "is launched every {:g} d at most"),
        ):
            steps, value = ("vehicle_types", t.name, name), getattr(t, name)
            if value > 1:
                ease = less(scenario, steps, f"set {name} of {t.name} to {{left}} d", least=1.0)
                # An interval of a day would make a flight possible on every day of years.
                none = 1.0 if name == "docked_days_min" else max(1.0, value / _INTERVAL_PART)
                yield Condition(VEHICLE_TYPE, (t.name,), fact.format(value), {steps: none}, ease=ease)
        if t.docked_days_max is not None:
            steps = ("vehicle_types", t.name, "docked_days_max")
            ease = more(scenario, steps, FAR_DAYS, f"let {t.name} stay {{left}} d")
            fact = f"stays at most {t.docked_days_max:g} d"
            yield Condition(VEHICLE_TYPE, (t.name,), fact, {steps: None}, ease=ease)


def _life(scenario: Scenario) -> Iterator[Condition]:
    """The certified life of each craft with its waiver, and the reserve at the end."""
    reserve = less(scenario, ("life_left_days",), "be content with {left} d of life left at the end")
    fact = f"a craft docked at the end has {scenario.life_left_days:g} d of life left"
    end = scenario.to_utc
    yield Condition("life_left", ("every craft",), fact, ease=reserve, at_utc=end)
    types = {t.name: t for t in scenario.vehicle_types if t.on_orbit_life_days is not None}
    docked = [d.flight for d in scenario.docked if d.flight.vehicle_type in types]
    for t in types.values():
        if t.is_crewed and t.plan_line:
            yield _life_of(scenario, t, "", None)
    for a in scenario.announced:
        if a.vehicle_type in types:
            yield _life_of(scenario, types[a.vehicle_type], a.name, None)
    for f in docked:
        yield _life_of(scenario, types[f.vehicle_type], f.name, f.launch_utc)


def _life_of(scenario: Scenario, t: VehicleType, name: str, launch: Instant | None) -> Condition:
    """The life of one flight, or of every flight that is added to a line."""
    setting = scenario.rules["on_orbit_life"]
    is_hard = setting.severity == "hard"
    waiver, life = 0 if is_hard else int(t.life_waiver_days), t.on_orbit_life_days or 0.0
    named = {a.name for a in scenario.announced} | {d.flight.name for d in scenario.docked}

    def held(traffic: Traffic, n: int) -> None:
        for v in traffic.visits:
            if v.name == name or (not name and v.vehicle.name == t.name and v.name not in named):
                traffic.model.add(v.waived_life_days <= waiver + n)

    def values(n: int) -> Values:
        most: dict[Steps, Any] = {("vehicle_types", t.name, "life_waiver_days"): float(waiver + n)}
        return most | ({("rules", "on_orbit_life", "severity"): "waivable"} if is_hard else {})

    fact = f"on-orbit life {life:g} d" + (f", {waiver} d more with a waiver" if waiver else "")
    end = None if launch is None else launch.plus_days(life + waiver)
    fact += "" if launch is None or end is None else f": launched {launch.date()}, ends {end.date()}"
    who = name or f"every {t.name} added"
    words = f"waive {{n}} d of on-orbit life for {who}" + (
        f", beyond the {waiver} d allowed" if waiver else ""
    )
    ease = Ease(FAR_DAYS, "d", words, values, setting.price_per_day)
    return Condition("on_orbit_life", (who,), fact, held=held, ease=ease, at_utc=end)


def _craft(scenario: Scenario) -> Iterator[Condition]:
    """How many craft there are, and when they are ready."""
    crewed = {t.name: t for t in scenario.vehicle_types if t.is_crewed}
    for t in crewed.values():
        mine = [c for c in scenario.craft if c.vehicle_type == t.name]
        flights = [c.n_flights_allowed - c.n_flights_used for c in mine if c.n_flights_allowed is not None]
        left = f" with {sum(flights)} flights left" if len(flights) == len(mine) else ""
        rest = f", {t.turnaround_days:g} d from landing to launch" if t.is_reusable else ""
        # Of reusable craft a few more do for any line; of the others each flight takes one.
        interval = max(1.0, t.launch_interval_days_min)
        n_any = _N_CRAFT if t.is_reusable else 1 + math.ceil(horizon_days(scenario) / interval)
        lifted: dict[Steps, Any] = {
            **_further_craft(t, n_any),
            ("vehicle_types", t.name, "turnaround_days"): 0.0,
            **{("craft", c.name, "n_flights_allowed"): None for c in mine if t.is_reusable},
        }
        ease = Ease(
            _N_CRAFT,
            "craft",
            f"have {{n}} more {t.name}",
            lambda n, t=t: _further_craft(t, n),  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            t.price,
        )
        yield Condition("capsule", (t.name,), f"{len(mine)} craft{left}{rest}", lifted, ease=ease)
    named = {a.craft for a in scenario.announced} | {d.flight.craft for d in scenario.docked}
    waiting = [
        c
        for c in scenario.craft
        if c.vehicle_type in crewed and c.ready_utc is not None and c.ready_utc > scenario.from_utc
    ]
    for c in waiting:
        if c.name in {a.craft for a in scenario.announced}:
            yield _ready(scenario, (c.name,), (c,))
    for t in crewed.values():
        mine = [c for c in waiting if c.vehicle_type == t.name and c.name not in named]
        if mine:
            yield _ready(scenario, (t.name,), tuple(mine))


def _ready(scenario: Scenario, subjects: tuple[str, ...], craft: tuple[Craft, ...]) -> Condition:
    """When some craft are ready, one that an announcement names or all that none does."""
    ready = sorted((c.ready_utc or scenario.from_utc, c.name) for c in craft)
    first, last = ready[0][0], ready[-1][0]

    def earlier(n: int) -> Values:
        return {("craft", name, "ready_utc"): max(scenario.from_utc, at.plus_days(-n)) for at, name in ready}

    most = math.ceil(last.days_since(scenario.from_utc))
    fact, words = f"ready on {first.date()}", f"have {subjects[0]} ready {{n}} d earlier, on {{left}}"
    if len(craft) > 1:
        fact = f"craft ready one by one from {first.date()} ({ready[0][1]}) to {last.date()} ({ready[-1][1]})"
        words = f"have each {subjects[0]} ready {{n}} d earlier"
    free: Values = {("craft", name, "ready_utc"): None for _, name in ready}
    return Condition("capsule", subjects, fact, free, ease=Ease(most, "d", words, earlier), at_utc=first)


def _further_craft(t: VehicleType, n: int) -> dict[Steps, Craft]:
    allowed = None if t.is_reusable else 1
    made = [Craft(f"{t.name} further {k + 1}", t.name, n_flights_allowed=allowed) for k in range(n)]
    return {("craft", f"+{c.name}"): c for c in made}


# -- announcements ------------------------------------------------------------------------------


def _announcements(scenario: Scenario) -> Iterator[Condition]:
    """Windows of announced flights and of announced returns."""
    far = horizon_days(scenario)
    for a in scenario.announced:
        steps: Steps = ("announced", a.name)
        said = {"craft": a.craft, "pad": a.pad, "port": a.port, "docked_days": a.docked_days}
        given = {k: shown(v) for k, v in said.items() if v is not None}
        if given:
            free: Values = {(*steps, name): None for name in given}
            words = f"let {a.name} have another {' or '.join(given).replace('docked_days', 'stay')}"
            fact = f"announced with {', '.join(f'{k} {v}' for k, v in given.items())}"
            ease = Ease(1, "announcement", words, always(free))
            yield Condition("announced_flight", (a.name,), fact, free, ease=ease, at_utc=a.launch_utc)
        if a.window_days < far:
            window: Steps = (*steps, "window_days")
            yield Condition(
                "announced_flight",
                (a.name,),
                f"launch announced for {a.launch_utc.date()}, {a.window_days:g} d either way",
                {window: far},
                ease=more(scenario, window, far, f"let {a.name} be launched up to {{left}} d from its day"),
                at_utc=a.launch_utc,
            )
    for d in scenario.docked:
        if d.planned_undock_utc is not None and d.window_days is not None:
            steps = ("docked", d.flight.name, "window_days")
            yield Condition(
                "announced_flight",
                (d.flight.name,),
                f"to leave on {d.planned_undock_utc.date()}, {d.window_days:g} d either way",
                {steps: None},
                ease=more(scenario, steps, far, f"let {d.flight.name} leave up to {{left}} d from its day"),
                at_utc=d.planned_undock_utc,
            )


# -- pads and ports -----------------------------------------------------------------------------


def _pads(scenario: Scenario) -> Iterator[Condition]:
    """Turnaround and outages."""
    for pad in scenario.pads:
        steps: Steps = ("pads", pad.name, "turnaround_days")
        if pad.turnaround_days > 0:
            fact = f"{pad.turnaround_days:g} d from one launch to the next"
            ease = less(scenario, steps, f"turn {pad.name} around in {{left}} d")
            yield Condition("pad", (pad.name,), fact, {steps: 0.0}, ease=ease)
        for k, outage in enumerate(pad.outages):
            yield _closed(scenario, "pad", (pad.name,), outage, ("pads", pad.name, "outages", k))


def _closed(
    scenario: Scenario, rule: str, subjects: tuple[str, ...], closure: Closure, steps: Steps
) -> Condition:
    """A stretch of time in which something is not to be had; eased, it ends sooner."""
    begin, end = closure.from_utc, closure.to_utc
    what = "closed" if rule == "port_closure" else "out of service"
    fact = f"{what} from {begin.date()} to {end.date()}" + (f" ({closure.why})" if closure.why else "")
    most = math.ceil(end.days_since(begin)) - 1
    ease = sooner(scenario, (*steps, "to_utc"), most, f"have {subjects[0]} back {{n}} d earlier, on {{left}}")
    gone = {(*steps, "from_utc"): _LONG_AGO, (*steps, "to_utc"): _LONG_AGO}
    return Condition(rule, subjects, fact, gone, ease=ease, at_utc=begin)


def _ports(scenario: Scenario) -> Iterator[Condition]:
    """Room, who may dock where, closures and spacewalks."""
    ports = scenario.station.ports
    for system in dict.fromkeys(p.system for p in ports):
        mine = tuple(p.name for p in ports if p.system == system)

        def further(n: int, system: str = system) -> Values:
            return _further_ports(scenario, system, n)

        fact = f"one craft at each of {len(mine)} ports of system {system}"
        ease = Ease(_N_PORTS, "ports", f"add {{n}} ports of system {system}", further)
        yield Condition("port_occupancy", mine, fact, further(_N_PORTS), ease=ease)
    for t in scenario.vehicle_types:
        others = tuple(p.name for p in ports if p.system == t.system and p.name not in t.ports)
        if t.is_crewed and t.ports and others:
            steps: Steps = ("vehicle_types", t.name, "ports")
            ease = Ease(len(others), "ports", f"let {t.name} use {{left}}", _opened(steps, t.ports, others))
            fact = f"may use {', '.join(t.ports)}"
            yield Condition("port_compatibility", (t.name,), fact, {steps: ()}, ease=ease)
    for p in ports:
        at: Steps = ("station", "ports", p.name)
        if p.from_utc is not None or p.to_utc is not None:
            fact = f"there from {p.from_utc or 'the beginning'} to {p.to_utc or 'the end'}"
            served = {(*at, "from_utc"): None, (*at, "to_utc"): None}
            yield Condition("port_compatibility", (p.name,), fact, served, at_utc=p.to_utc or p.from_utc)
        for k, closure in enumerate(p.closures):
            yield _closed(scenario, "port_closure", (p.name,), closure, (*at, "closures", k))
    for eva in scenario.station.evas:
        if eva.free_ports:
            none: Values = {("station", "evas", eva.name, "free_ports"): ()}
            words = f"do {eva.name} with a craft at {', '.join(eva.free_ports)}"
            ease = Ease(1, "spacewalk", words, always(none))
            fact = f"free for {eva.name} on {eva.from_utc.date()}"
            yield Condition("port_closure", eva.free_ports, fact, none, ease=ease, at_utc=eva.from_utc)


def _opened(steps: Steps, own: tuple[str, ...], others: tuple[str, ...]) -> Callable[[int], Values]:
    return lambda n: {steps: (*own, *others[:n])}


def _further_ports(scenario: Scenario, system: str, n: int) -> Values:
    """More ports of a system, which every type of that system may use."""
    like = next(p for p in scenario.station.ports if p.system == system)
    made = [Port(f"further {system} {k + 1}", like.axis, system, like.segment) for k in range(n)]
    values: dict[Steps, Any] = {("station", "ports", f"+{p.name}"): p for p in made}
    for t in scenario.vehicle_types:
        if t.system == system and t.ports:
            values["vehicle_types", t.name, "ports"] = (*t.ports, *(p.name for p in made))
    return values


# -- people, cover, stock, days -----------------------------------------------------------------


def _people(scenario: Scenario) -> Iterator[Condition]:
    """How many are aboard, and who there is to send."""
    most, who = scenario.station.n_crew_max, ("the crews",)
    ease = more(scenario, ("station", "n_crew_max"), _N_PEOPLE, "have {left} people aboard", "people")
    yield Condition("crew_size", (scenario.station.name,), f"at most {most} people aboard", ease=ease)
    yield Condition(
        "crew_qualification", who, "a qualified person for every seat, a commander for every flight"
    )
    yield Condition("availability", who, "nobody flies who is unavailable")
    yield Condition("career_dose", who, "nobody flies beyond the career dose")
    soft = otherwise("training", "soft", "fly people before they are trained")
    yield Condition("training", who, "nobody flies before the training for the seat is done", ease=soft)
    yield from _values(scenario, "ground_time", "days_min", who, "let people fly again after {left} d")


def _values(
    scenario: Scenario, rule: str, name: str, subjects: tuple[str, ...], words: str
) -> Iterator[Condition]:
    """A rule with one value, in days."""
    value = float(scenario.rules[rule].values.get(name, 0.0))
    if value > 0:
        ease = less(scenario, ("rules", rule, "values", name), words)
        yield Condition(rule, subjects, f"{name} {value:g}", ease=ease)


def _cover(scenario: Scenario) -> Iterator[Condition]:
    """Operators and seats of the other side."""
    segments = tuple(s.name for s in scenario.station.segments if s.n_operators_min > 0)
    for name in segments:
        own: Values = {("station", "segments", name, "n_operators_min"): 0}
        yield Condition("segment_operator", (name,), f"an operator of {name} aboard at all times", own)
    if segments and scenario.rules["operator_n1"].severity == "hard":
        ease = otherwise("operator_n1", "waivable", "waive operator N-1 on some days")
        yield Condition("operator_n1", segments, "two craft with an operator of each", ease=ease)
    for a in scenario.agreements:
        for i, seat in enumerate(a.seats):
            steps: Steps = ("agreements", a.name, "seats", i)
            none: Values = {(*steps, "n_seats_min"): 0, (*steps, "n_seats_max"): None}
            fact = f"{a.name}: {seat.asked} seats of {seat.partner} on each {seat.vehicle_type}"
            yield Condition(
                "integrated_seat", (a.name, seat.vehicle_type), fact, none, ease=_exempt(scenario, a, seat)
            )


def _exempt(scenario: Scenario, a: Agreement, seat: IntegratedSeat) -> Ease | None:
    """Announced flights taken out of an agreement, one by one."""
    flights = tuple(
        x.name
        for x in scenario.announced
        if (x.vehicle_type, x.kind) == (seat.vehicle_type, "rotation") and x.name not in a.exempt_flights
    )

    def exempted(n: int) -> Values:
        return {("agreements", a.name, "exempt_flights"): (*a.exempt_flights, *flights[:n])}

    return Ease(len(flights), "flights", f"take {{left}} out of {a.name}", exempted) if flights else None


def _station(scenario: Scenario) -> Iterator[Condition]:
    """Rules about the station as a whole."""
    who = (scenario.station.name,)
    yield from _values(scenario, "docking_spacing", "days_min", who, "let dockings be {left} d apart")
    yield from _values(scenario, "handover", "overlap_days_min", who, "hand over in {left} d")
    for rule, fact, words in (
        ("seat_ledger", "seats given and taken end equal", "let the seat ledger end unequal"),
        (
            "return_weather",
            "every return can wait for weather",
            "let returns have no days to wait",
        ),
    ):
        yield Condition(rule, who, fact, ease=otherwise(rule, "soft", words))
    yield Condition("eva_day", who, "nobody docks or leaves near a spacewalk")


def _stock(scenario: Scenario) -> Iterator[Condition]:
    for c in scenario.commodities:
        steps = ("commodities", c.name, "stock_kg")
        fact = f"{c.stock_kg:g} kg in store, a reserve of {c.reserve_days:g} d"
        ease = more(scenario, steps, _N_KG, f"begin with {{n}} kg more of {c.name}", "kg")
        yield Condition("consumables", (c.name,), fact, {steps: _PLENTY_KG}, ease=ease)


def _sky(scenario: Scenario) -> Iterator[Condition]:
    """Days on which nothing flies."""
    who = (scenario.station.name,)
    if scenario.opportunities is not None or scenario.station.elements is not None:
        yield Condition("launch_opportunity", who, "lift-offs only into the station's plane, as phase allows")
        yield Condition("landing_opportunity", who, "returns only when a landing zone is under the track")
        soft = otherwise("solar_beta", "soft", "fly with the Sun far off the plane")
        yield Condition("solar_beta", who, "no launch or docking with the Sun far off the plane", ease=soft)
    for i, f in enumerate(scenario.forbidden_days):
        begin, end = f.from_utc, f.to_utc
        most = math.ceil(end.days_since(begin)) - 1
        yield Condition(
            "forbidden_days",
            f.vehicle_types or ("every flight",),
            f"no {' or '.join(f.events)} from {begin.date()} to {end.date()} ({f.why})",
            {("forbidden_days", i, "events"): ()},
            ease=sooner(
                scenario, ("forbidden_days", i, "to_utc"), most, f"end {f.why} {{n}} d earlier, on {{left}}"
            ),
            at_utc=begin,
        )
