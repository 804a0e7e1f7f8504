"""A manifest's flights as a plan of a scenario.

What the manifest does not say and a plan must have is said by the overrides of the plan, where everybody
sees it: craft that it does not name, pads it leaves open, flights that were there before it begins, the
horizon it covers, the rules that cannot be judged without crews.  `crossflight check` of the written
plan judges by the same overrides.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from crossflight.app.manifest_flights import Move, Named, Stated
from crossflight.model import Flight, Plan, Relocation, Scenario, SeatMove, TrainingSlot, Waiver
from crossflight.rules import REGISTRY
from crossflight.scenario import read_scenario_text
from crossflight.times import Instant

# Rules about craft, ports and dates; every other rule needs to know who is aboard.
TRAFFIC_RULES: Final = frozenset(
    {
        "flight_times",
        "announced_flight",
        "on_orbit_life",
        "life_left",
        "return_weather",
        "capsule",
        "handover",
        "port_compatibility",
        "port_occupancy",
        "port_closure",
        "docking_spacing",
        "eva_day",
        "pad",
        "forbidden_days",
        "launch_opportunity",
        "landing_opportunity",
        "solar_beta",
    }
)
# Of these, rules that ask for instants where a manifest may have dates.
OF_INSTANTS: Final = ("launch_opportunity", "landing_opportunity")
_UNNAMED: Final = "(craft not stated)"
_SINCE: Final = "there before the manifest's horizon begins; since when is not stated"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A flight, or a part of one, that is in the manifest and not in the plan."""

    name: str
    rows: tuple[int, ...]
    why: str


@dataclass(slots=True)
class Made:
    """The plan, the scenario with the plan's overrides, and what was taken for it."""

    scenario: Scenario
    plan: Plan
    flights: list[Named]
    left_out: list[LeftOut] = field(default_factory=list)
    open_questions: list[tuple[Move, Named, tuple[str, ...]]] = field(default_factory=list)
    not_judged: dict[str, str] = field(default_factory=dict)

    @property
    def are_crews_unknown(self) -> bool:
        """Whether rules about people could not be judged."""
        return "return_seat" in self.not_judged


@dataclass(frozen=True, slots=True)
class Beside:
    """What a workbook says beside its flights."""

    seat_moves: tuple[SeatMove, ...] = ()
    training: tuple[TrainingSlot, ...] = ()
    waivers: tuple[Waiver, ...] = ()


def make_plan(
    source: str,
    file: str,
    scenario: Scenario,
    flights: Sequence[Named],
    overrides: Mapping[str, str],
    beside: Beside,
) -> Made:
    """The plan of `flights`.

    Parameters
    ----------
    source, file
        The scenario's text and what errors call it; `scenario` is it, read with `overrides`.
    """
    ours = dict(overrides)
    from_utc, to_utc = _horizon(scenario, flights, overrides)
    if (from_utc, to_utc) != (scenario.from_utc, scenario.to_utc):
        ours |= {"from_utc": from_utc.iso(), "to_utc": to_utc.iso()}
    left_out: list[LeftOut] = []
    kept = [f for f in flights if _is_within(f, from_utc, to_utc, left_out)]
    for flight in kept:
        _settle(flight, from_utc, to_utc, left_out)
    questions = _deduce_ports(kept, scenario, to_utc)
    not_judged = _not_judged(kept, scenario, has_training=bool(beside.training))
    for rule in not_judged:
        if (rule not in TRAFFIC_RULES or rule in OF_INSTANTS) and scenario.rules[rule].severity != "off":
            ours[f"rules.{rule}.severity"] = "off"
    _name_craft(kept, scenario, ours)
    _name_pads(kept, scenario, ours, not_judged)
    made = [plan_flight(f) for f in kept]
    known = {d.flight.name for d in scenario.docked}
    for named, f in zip(kept, made, strict=True):
        if f.dock_utc is not None and f.dock_utc < from_utc and f.name not in known:
            note = _SINCE if named.is_there_before else "docked before the manifest's horizon begins"
            ours[f"docked.+{f.name}"] = _docked_item(f, note)
    whole = read_scenario_text(source, file, ours)
    plan = Plan(
        scenario_name=whole.name,
        scenario_digest=whole.digest,
        flights=tuple(sorted(made, key=lambda f: f.launch_utc.us)),
        seat_moves=beside.seat_moves,
        training=beside.training,
        waivers=beside.waivers,
        overrides=ours,
    )
    return Made(whole, plan, kept, left_out, questions, not_judged)


def plan_flight(flight: Named) -> Flight:
    """The flight at its nominal times; relocations to nowhere known are left out."""
    times = {kind: stated.nominal for kind, stated in flight.times.items()}
    relocations = tuple(
        Relocation(m.undock.nominal, m.dock.nominal, m.from_port, m.to_port)
        for m in flight.moves
        if m.to_port is not None
    )
    if flight.docked is not None:
        relocations = (*flight.docked.flight.relocations, *relocations)
    assert flight.craft is not None
    assert flight.pad is not None
    crew_up = flight.crew_up or ()
    return Flight(
        name=flight.name,
        kind=flight.kind,
        vehicle_type=flight.vehicle_type.name,
        craft=flight.craft,
        pad=flight.pad,
        launch_utc=times["launch"],
        dock_utc=times.get("dock"),
        port=flight.port if "dock" in times else None,
        relocations=relocations,
        undock_utc=times.get("undock"),
        landing_utc=times.get("landing"),
        crew_up=crew_up,
        crew_down=crew_up if flight.crew_down is None else flight.crew_down,
        backup=flight.backup,
    )


def _horizon(
    scenario: Scenario, flights: Sequence[Named], overrides: Mapping[str, str]
) -> tuple[Instant, Instant]:
    """The days the manifest covers, within the scenario.

    A scenario that knows docked or announced flights keeps its own horizon, and so does one whose
    horizon was set.
    """
    stated = [
        s
        for f in flights
        for s in (*f.times.values(), *(m.undock for m in f.moves))
        if s.precision != "not stated"
    ]
    is_set = "from_utc" in overrides or "to_utc" in overrides
    if is_set or not stated or scenario.docked or scenario.announced:
        return scenario.from_utc, scenario.to_utc
    first = min((s.earliest for s in stated), key=lambda at: at.us).floor_day()
    last = max((s.latest for s in stated), key=lambda at: at.us).floor_day().plus_days(1)
    from_utc = max(first, scenario.from_utc, key=lambda at: at.us)
    to_utc = min(last, scenario.to_utc, key=lambda at: at.us)
    return (from_utc, to_utc) if from_utc < to_utc else (scenario.from_utc, scenario.to_utc)


def _is_within(flight: Named, from_utc: Instant, to_utc: Instant, left_out: list[LeftOut]) -> bool:
    """Whether a flight has a part in the horizon and enough is stated of it; if not, says why."""
    times = flight.times
    reached = times.get("dock") or times.get("launch")
    left = times.get("undock") or times.get("landing")
    why = ""
    if left is not None and left.latest < from_utc:
        why = f"it left before the horizon begins ({from_utc.date()})"
    elif reached is not None and reached.earliest >= to_utc:
        why = f"it arrives after the horizon ends ({to_utc.date()})"
    elif reached is None and left is None:
        why = "the manifest gives no date of it"
    elif "dock" not in times and not flight.is_there_before:
        why = "neither its docking nor its undocking is stated"
    if why:
        left_out.append(LeftOut(flight.name, tuple(flight.written.rows), why))
    return not why


def _settle(flight: Named, from_utc: Instant, to_utc: Instant, left_out: list[LeftOut]) -> None:
    """Put a flight that was there before into the past, and cut off what comes after the horizon."""
    times = flight.times
    if flight.is_there_before:
        # The day before stands for any earlier one; no rule looks at it (see app.manifest_verdict).
        dock = from_utc.plus_days(-1)
        launch = dock.plus_s(-flight.vehicle_type.ascent_hours * 3600)
        times["dock"] = Stated(dock, dock, dock, "not stated")
        times["launch"] = Stated(launch, launch, launch, "not stated")
    undock = times.get("undock")
    if undock is not None and undock.nominal >= to_utc:
        rows = tuple(s.row for k, s in times.items() if k in ("undock", "landing") and s.row is not None)
        left_out.append(LeftOut(flight.name, rows, f"its return is after the horizon ends ({to_utc.date()})"))
        times.pop("undock")
        times.pop("landing", None)
    late = [m for m in flight.moves if m.undock.nominal >= to_utc]
    for move in late:
        why = f"its relocation is after the horizon ends ({to_utc.date()})"
        left_out.append(LeftOut(flight.name, (move.row,), why))
        flight.moves.remove(move)


def _deduce_ports(
    flights: Sequence[Named], scenario: Scenario, to_utc: Instant
) -> list[tuple[Move, Named, tuple[str, ...]]]:
    """Where craft went whose relocation says no port: the one port that fits and is free, if it is one.

    Returns the relocations for which no port or several are, with the free ones.
    """
    moves = [(m, f) for f in flights for m in f.moves if m.to_port is None]
    open_questions = []
    for move, flight in sorted(moves, key=lambda pair: pair[0].undock.nominal.us):
        later = [m for m in flight.moves if m.undock.nominal > move.undock.nominal]
        end = later[0].undock if later else flight.times.get("undock")
        end_us = end.earliest.us if end is not None else to_utc.us
        free = []
        for port in scenario.station.ports:
            kind = flight.vehicle_type
            fits = port.system == kind.system and (not kind.ports or port.name in kind.ports)
            in_service = (port.from_utc is None or port.from_utc <= move.undock.latest) and (
                port.to_utc is None or port.to_utc.us >= end_us
            )
            is_other = port.name != move.from_port
            if fits and in_service and is_other:
                taken = any(
                    g is not flight and p == port.name and a_us < end_us and move.undock.latest.us < b_us
                    for g in flights
                    for p, a_us, b_us in _stays(g, to_utc)
                )
                if not taken:
                    free.append(port.name)
        if len(free) == 1:
            move.to_port, move.is_deduced = free[0], True
        else:
            open_questions.append((move, flight, tuple(free)))
    return open_questions


def _stays(flight: Named, to_utc: Instant) -> list[tuple[str, int, int]]:
    """(port, from, to) as certain: from the latest arrival to the earliest departure."""
    dock = flight.times.get("dock")
    undock = flight.times.get("undock")
    end_us = undock.earliest.us if undock is not None else to_utc.us
    found = []
    port, since_us = flight.port, dock.latest.us if dock is not None else to_utc.us
    for move in flight.moves:
        if port is not None:
            found.append((port, since_us, move.undock.earliest.us))
        port, since_us = move.to_port, move.dock.latest.us
    if port is not None:
        found.append((port, since_us, end_us))
    return found


def _not_judged(flights: Sequence[Named], scenario: Scenario, *, has_training: bool) -> dict[str, str]:
    """Rules that the manifest says too little for, and why."""
    found: dict[str, str] = {}
    crewed = [f for f in flights if f.vehicle_type.is_crewed]
    silent = [f for f in crewed if f.crew_up is None]
    if silent:
        n = "none" if len(silent) == len(crewed) else f"{len(crewed) - len(silent)}"
        why = f"{n} of the {len(crewed)} flights with seats {'states' if n == '1' else 'state'} a crew"
        for module in REGISTRY:
            if module.RULE.id not in TRAFFIC_RULES and scenario.rules[module.RULE.id].severity != "off":
                found[module.RULE.id] = why
    if scenario.courses and not has_training and scenario.rules["training"].severity != "off":
        found.setdefault("training", "no training is stated")
    wants_backup = any(f.vehicle_type.has_backup_crew for f in flights)
    if (
        wants_backup
        and not any(f.backup for f in flights)
        and scenario.rules["backup_crew"].severity != "off"
    ):
        found.setdefault("backup_crew", "no backup crew is stated")
    if scenario.station.elements is not None and any(f.is_dated_only for f in flights):
        for rule in OF_INSTANTS:
            found[rule] = "not all hours are stated"
    unnamed = [f for f in flights if f.craft is None and f.vehicle_type.is_reusable]
    if unnamed:
        found["capsule"] = f"for the {len(unnamed)} flights of reusable craft whose craft is not stated"
    return found


def _name_craft(flights: Sequence[Named], scenario: Scenario, overrides: dict[str, str]) -> None:
    """A craft of its own for every flight that names none."""
    known = {c.name: c.vehicle_type for c in scenario.craft}
    for flight in flights:
        if flight.craft is not None:
            continue
        kind = flight.vehicle_type.name
        name = flight.name if not flight.vehicle_type.is_reusable else f"{flight.name} {_UNNAMED}"
        if known.get(name, kind) != kind:
            name = f"{flight.name} {_UNNAMED}"
        if name not in known:
            known[name] = kind
            overrides[f"craft.+{name}"] = json.dumps({"vehicle_type": kind})
        flight.craft = name


def _name_pads(
    flights: Sequence[Named], scenario: Scenario, overrides: dict[str, str], not_judged: dict[str, str]
) -> None:
    """The pad of every flight that names none: the only one in order on its day, else all of them."""
    pads = {p.name: p for p in scenario.pads}
    of_launcher = {x.name: list(x.pads) for x in scenario.launchers}
    n_open = 0
    for flight in flights:
        if flight.pad is not None:
            continue
        launcher = flight.vehicle_type.launcher
        at = flight.times["launch"].nominal
        mine = [p for p in of_launcher[launcher] if p in pads]
        ready = [p for p in mine if not any(o.from_utc <= at < o.to_utc for o in pads[p].outages)]
        if not ready:  # then whichever it is, it is out; the one that was in order last
            ready = sorted(mine, key=lambda p: max(o.from_utc.us for o in pads[p].outages))[-1:]
        if len(ready) == 1:
            flight.pad = ready[0]
            continue
        n_open += not flight.is_there_before
        flight.pad = " or ".join(ready)
        if f"pads.+{flight.pad}" not in overrides:
            item = {
                "site": pads[ready[0]].site,
                "turnaround_days": 0,
                "assumed": True,
                "note": "pad not stated",
            }
            overrides[f"pads.+{flight.pad}"] = json.dumps(item)
        if flight.pad not in of_launcher[launcher]:
            of_launcher[launcher].append(flight.pad)
            overrides[f"launchers.{launcher}.pads"] = json.dumps(of_launcher[launcher])
    if n_open:
        not_judged["pad"] = f"for the {n_open} flights whose pad is not stated and could be several"


def stated_only(flight: Flight, plan: Plan) -> tuple[str, str, bool]:
    """Craft and pad of a flight (empty where an import found none stated); whether its arrival is stated."""
    made = plan.overrides
    is_made = flight.craft == flight.name or flight.craft.endswith(_UNNAMED)
    craft = "" if is_made and f"craft.+{flight.craft}" in made else flight.craft
    pad = "" if f"pads.+{flight.pad}" in made and " or " in flight.pad else flight.pad
    return craft, pad, _SINCE not in made.get(f"docked.+{flight.name}", "")


def _docked_item(flight: Flight, note: str) -> str:
    """A flight that is docked when the horizon begins, as an item of the scenario's list."""
    assert flight.dock_utc is not None
    item = {
        "name": flight.name,
        "kind": flight.kind,
        "vehicle_type": flight.vehicle_type,
        "craft": flight.craft,
        "pad": flight.pad,
        "launch_utc": flight.launch_utc.iso(),
        "dock_utc": flight.dock_utc.iso(),
        "port": flight.port,
        "crew_up": list(flight.crew_up),
    }
    return json.dumps({"flight": item, "assumed": True, "note": note})
