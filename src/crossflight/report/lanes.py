"""Lanes of bars: ports, craft, people and pads.

Every function takes the model and returns lanes; what it cannot place (a port or pad that the
scenario does not name) gets a lane of its own rather than being left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from crossflight.model import Closure, Flight, Person, Plan, Scenario
from crossflight.report.names import spoken, system_name
from crossflight.report.seats import Seat, landing, seats
from crossflight.report.shape import Bar, Head, Lane
from crossflight.rules import Walk
from crossflight.times import Instant

_MINUTE_US = 60_000_000
_SAME_MIN = 15
N_PARTNER_TONES = 4  # the palette of ui/src/report.css


def partner_tone(scenario: Scenario, partner: str | None) -> str:
    """The colour word of a partner; people and craft without one are visitors."""
    names = [p.name for p in scenario.partners]
    return f"p{names.index(partner) % N_PARTNER_TONES}" if partner in names else "visitor"


def person_tone(scenario: Scenario, person: Person | None) -> str:
    """The colour word of a person."""
    if person is None or person.is_visitor:
        return "visitor"
    return partner_tone(scenario, scenario.partner_of_agency(person.agency))


def flight_tone(scenario: Scenario, flight: Flight) -> str:
    """The colour word of a flight: cargo and visitors by kind, the others by who flies them."""
    if flight.kind == "cargo":
        return "cargo"
    if flight.kind == "visiting":
        return "visitor"
    provider = next((v.provider for v in scenario.vehicle_types if v.name == flight.vehicle_type), None)
    return partner_tone(scenario, provider)


def short_name(name: str) -> str:
    """The last word of a name: "MS-22" of "Soyuz MS-22"; the whole of it where that is a bare number."""
    last = name.split()[-1] if name.split() else name
    return name if last.isdigit() else last


def when(instant: Instant | None) -> str:
    """A time for people, or a dash."""
    return instant.minute() if instant is not None else "\N{EN DASH}"


def days(from_utc: Instant, to_utc: Instant) -> str:
    """A length for people."""
    return f"{to_utc.days_since(from_utc):.1f} d"


def bar(
    start: Instant, end: Instant, label: str, tone: str, title: str, data: list[list[str]], row: int = 0
) -> Bar:
    """A bar with its short label."""
    made: Bar = {
        "start": start.iso(),
        "end": end.iso(),
        "label": label,
        "tone": tone,
        "title": title,
        "data": data,
    }
    if row:
        made["row"] = row
    if (short := short_name(label)) != label:
        made["short"] = short
    return made


def closure_bars(closures: Iterable[Closure], what: str) -> list[Bar]:
    """Stretches in which something is not to be had."""
    return [
        bar(
            c.from_utc,
            c.to_utc,
            c.why,
            "shade",
            f"{what}: {c.why}",
            [["From", when(c.from_utc)], ["To", when(c.to_utc)], ["Length", days(c.from_utc, c.to_utc)]],
        )
        for c in closures
    ]


def first_free(ends: list[Instant], start: Instant) -> int:
    """The first row that is free at `start`; a new one when none is."""
    for row, end in enumerate(ends):
        if end <= start:
            return row
    ends.append(start)
    return len(ends) - 1


def flight_data(scenario: Scenario, flight: Flight) -> list[list[str]]:
    """Everything a plan says about a flight."""
    end = flight.landing_utc or scenario.to_utc
    data = [
        ["Kind", f"{flight.kind}, {spoken(flight.vehicle_type)}"],
        ["Craft", flight.craft],
        ["Launch", f"{when(flight.launch_utc)} from {spoken(flight.pad)}"],
        ["Dock", f"{when(flight.dock_utc)} at {flight.port or 'no port'}"],
    ]
    data += [["Relocation", f"{when(r.dock_utc)} {r.from_port} to {r.to_port}"] for r in flight.relocations]
    data += [
        ["Undock", when(flight.undock_utc)],
        ["Landing", when(flight.landing_utc)],
        ["In flight", days(flight.launch_utc, end) + ("" if flight.landing_utc else " and going on")],
    ]
    life = _life_days(scenario, flight)
    if life is not None:
        data.append(["Life", f"{life:g} d, until {when(flight.launch_utc.plus_days(life))}"])
    if flight.crew_up:
        data.append(["Up", ", ".join(flight.crew_up)])
    if flight.crew_down:
        data.append(["Down", ", ".join(flight.crew_down)])
    if flight.backup:
        data.append(["Backup", ", ".join(flight.backup)])
    return data


def _life_days(scenario: Scenario, flight: Flight) -> float | None:
    return next(
        (v.on_orbit_life_days for v in scenario.vehicle_types if v.name == flight.vehicle_type),
        None,
    )


def port_lanes(scenario: Scenario, plan: Plan) -> list[Lane]:
    """One lane per port, in the station's order: who is docked, and when nobody may be."""
    bars: dict[str, list[Bar]] = {p.name: [] for p in scenario.station.ports}
    for port in scenario.station.ports:
        shut = list(port.closures)
        if port.from_utc is not None and port.from_utc > scenario.from_utc:
            shut.append(Closure(scenario.from_utc, port.from_utc, "not yet in service"))
        if port.to_utc is not None and port.to_utc < scenario.to_utc:
            shut.append(Closure(port.to_utc, scenario.to_utc, "out of service"))
        shut += [
            Closure(e.from_utc, e.to_utc, f"kept free for {e.name}")
            for e in scenario.station.evas
            if port.name in e.free_ports
        ]
        bars[port.name] += closure_bars(shut, port.name)
    for flight in plan.flights:
        for name, start, end in port_stays(flight, scenario.to_utc):
            axis = next((p.axis for p in scenario.station.ports if p.name == name), "")
            data = [
                ["Port", f"{name}, {axis}" if axis else name],
                ["At this port", days(start, end)],
                *flight_data(scenario, flight),
            ]
            made = bar(
                start, end, flight.name, flight_tone(scenario, flight), f"{flight.name} at {name}", data
            )
            if flight.undock_utc is None:
                made["is_open"] = True
            bars.setdefault(name, []).append(made)
    systems = {p.name: p.system for p in scenario.station.ports}
    return [
        _lane(name, system_name(systems[name]) if name in systems else "not in the scenario", found)
        for name, found in bars.items()
    ]


def port_stays(flight: Flight, end_utc: Instant) -> list[tuple[str, Instant, Instant]]:
    """Where a flight was docked from when to when; relocations begin a new stay."""
    if flight.dock_utc is None or flight.port is None:
        return []
    stays = []
    port, start = flight.port, flight.dock_utc
    for move in flight.relocations:
        stays.append((port, start, move.undock_utc))
        port, start = move.to_port, move.dock_utc
    stays.append((port, start, flight.undock_utc or end_utc))
    return stays


def craft_lanes(scenario: Scenario, plan: Plan) -> list[Lane]:
    """Reusable craft in lanes of their own; craft that fly once share the rows of their type."""
    reusable = {v.name for v in scenario.vehicle_types if v.is_reusable}
    crewed = {v.name for v in scenario.vehicle_types if v.is_crewed}
    unusable = {c.name: c.unusable_from_utc for c in scenario.craft if c.unusable_from_utc is not None}
    lanes: dict[tuple[str, str], list[Bar]] = defaultdict(list)
    ends: dict[tuple[str, str], list[Instant]] = defaultdict(list)
    for flight in sorted(plan.flights, key=lambda f: f.launch_utc):
        key = (
            (flight.craft, flight.vehicle_type)
            if flight.vehicle_type in reusable and flight.vehicle_type in crewed
            else (flight.vehicle_type, "")
        )
        end = landing(flight, scenario.to_utc)
        row = first_free(ends[key], flight.launch_utc)
        ends[key][row] = end
        made = bar(
            flight.launch_utc,
            end,
            flight.name,
            flight_tone(scenario, flight),
            flight.name,
            flight_data(scenario, flight),
            row,
        )
        life = _life_days(scenario, flight)
        # A short visit says nothing about a life: the mark is drawn where half of it is used.
        if life is not None and end.days_since(flight.launch_utc) > life / 2:
            made["limit"] = flight.launch_utc.plus_days(life).iso()
        if flight.undock_utc is None and flight.landing_utc is None:
            made["is_open"] = True
        lanes[key].append(made)
        gone = unusable.get(flight.craft)
        if gone is not None and flight.launch_utc <= gone < end:
            data = [["From", when(gone)], ["To", when(end)]]
            lost = bar(gone, end, "", "bad", f"{flight.craft} cannot bring people home", data, row)
            lost["level"] = 0.3
            lanes[key].append(lost)
    order = {v.name: (not v.is_crewed, i) for i, v in enumerate(scenario.vehicle_types)}
    keys = sorted(lanes, key=lambda k: order.get(k[1] or k[0], (True, len(order))))
    return [_lane(k[0] if k[1] else spoken(k[0]), spoken(k[1]), lanes[k], rows=len(ends[k])) for k in keys]


def people_lanes(walk: Walk) -> list[Lane]:
    """Crews as blocks of rows under the flight that brought them up; rows are shared over time.

    Visitors stand among the crews of the type they came in.
    """
    taken: dict[str, list[Seat]] = defaultdict(list)
    for seat in seats(walk):
        taken[seat.up].append(seat)
    blocks: dict[str, list[Flight]] = defaultdict(list)
    for flight in walk.by_launch:
        if taken[flight.name]:
            blocks[f"{spoken(flight.vehicle_type)} crews"].append(flight)
    lanes: list[Lane] = []
    for kind in blocks:
        ends: list[Instant] = []
        sets: list[Lane] = []
        for flight in blocks[kind]:
            found = first_free(ends, flight.launch_utc)
            ends[found] = max(s.to_utc for s in taken[flight.name])
            if found == len(sets):
                sets.append(_lane(kind, "", [], rows=0))
                sets[found]["heads"] = []
                sets[found]["is_continued"] = found > 0
            lane = sets[found]
            rows = {name: i for i, name in enumerate(dict.fromkeys(flight.crew_up))}
            lane["rows"] = max(lane["rows"], len(rows))
            head: Head = {
                "start": flight.launch_utc.iso(),
                "end": ends[found].iso(),
                "label": flight.name,
            }
            lane["heads"].append(head)
            lane["bars"] += [_seat_bar(walk, s, rows[s.person]) for s in taken[flight.name]]
        lanes += sets
    return lanes


def _seat_bar(walk: Walk, seat: Seat, row: int) -> Bar:
    person = walk.people.get(seat.person)
    up, home = walk.flights[seat.up], walk.flights[seat.flight]
    data = [
        ["Agency", person.agency if person else "not in the scenario"],
        ["Partner", walk.partner_of(seat.person) or "none"],
        ["Up", f"{up.name}, {when(up.launch_utc)}"],
        ["Seat", f"{seat.kind} in {home.name}"],
        ["From", when(seat.from_utc)],
        ["To", when(seat.to_utc)],
        ["Length", days(seat.from_utc, seat.to_utc)],
    ]
    if person is not None:
        data += [
            ["Operator", f"{q.segment}: {q.level}" + (f", to {when(q.to_utc)}" if q.to_utc else "")]
            for q in person.qualifications
        ]
        if person.commander_of:
            data.append(["Commander of", ", ".join(map(spoken, person.commander_of))])
    is_moved = seat.flight != seat.up
    label = f"{seat.person} \N{RIGHTWARDS ARROW} {home.name}" if is_moved else seat.person
    tone = person_tone(walk.scenario, person)
    made = bar(seat.from_utc, seat.to_utc, label, tone, seat.person, data, row)
    if is_moved:
        made["short"] = f"{short_name(seat.person)} \N{RIGHTWARDS ARROW} {short_name(home.name)}"
    if seat.kind != "nominal":
        made["is_hatched"] = True
    if seat.is_last and home.undock_utc is None and home.landing_utc is None:
        made["is_open"] = True
    return made


def pad_lanes(scenario: Scenario, plan: Plan, start: Instant) -> list[Lane]:
    """One lane per pad in use: launches, the turnaround after each, outages; lift-offs as ticks.

    `start` is where the picture begins.
    """
    pads = {p.name: p for p in scenario.pads}
    launches: dict[str, list[Flight]] = {p.name: [] for p in scenario.pads}
    for flight in sorted(plan.flights, key=lambda f: f.launch_utc):
        launches.setdefault(flight.pad, []).append(flight)
    lanes = []
    for name, flown in launches.items():
        pad = pads.get(name)
        bars = closure_bars(pad.outages, name) if pad else []
        turnaround = pad.turnaround_days if pad else 0.0
        for flight in flown:
            free = flight.launch_utc.plus_days(turnaround)
            data = [
                ["Launch", when(flight.launch_utc)],
                ["Pad free again", when(free)],
                ["Turnaround", f"{turnaround:g} d"],
                ["Vehicle", spoken(flight.vehicle_type)],
            ]
            tone = flight_tone(scenario, flight)
            bars.append(bar(flight.launch_utc, free, flight.name, tone, f"Launch of {flight.name}", data))
        found = ticks(launch_instants(scenario, name), start)
        if bars:
            lane = _lane(spoken(name), pad.site if pad else "not in the scenario", bars)
            if found:
                lane["ticks"], lane["ticks_title"] = found, "Lift-off into the station's plane"
            lanes.append(lane)
    return lanes


def launch_instants(scenario: Scenario, pad: str) -> list[Instant]:
    """Every computed lift-off from a pad, whichever vehicle."""
    if scenario.opportunities is None:
        return []
    launches = scenario.opportunities.launches
    return [o.liftoff_utc for (_, name), some in launches.items() if name == pad for o in some]


def landing_lanes(scenario: Scenario, plan: Plan, start: Instant) -> list[Lane]:
    """One lane per crewed type that lands: landings as planned, opportunities as ticks."""
    lanes = []
    known = scenario.opportunities.landings if scenario.opportunities else {}
    for kind in scenario.vehicle_types:
        bars = [
            bar(
                f.landing_utc,
                f.landing_utc,
                f.name,
                flight_tone(scenario, f),
                f"Landing of {f.name}",
                [["Undock", when(f.undock_utc)], ["Landing", when(f.landing_utc)]],
            )
            for f in plan.flights
            if f.vehicle_type == kind.name and f.landing_utc is not None and kind.is_crewed
        ]
        if bars:
            lane = _lane(f"{spoken(kind.name)} landings", "", bars)
            if found := ticks([o.landing_utc for o in known.get(kind.name, ())], start):
                lane["ticks"], lane["ticks_title"] = found, "Landing opportunity"
            lanes.append(lane)
    return lanes


def ticks(instants: Iterable[Instant], start: Instant) -> str:
    """Instants as the minutes (base 36) since the one before, the first since `start`.

    Instants of the same quarter of an hour are drawn as one.
    """
    steps: list[str] = []
    last = 0
    for at in sorted({round((i.us - start.us) / _MINUTE_US) for i in instants}):
        if at >= 0 and (not steps or at - last >= _SAME_MIN):
            steps.append(_base36(at - last))
            last = at
    return " ".join(steps)


def _base36(value: int) -> str:
    digits = ""
    while value or not digits:
        value, digit = divmod(value, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def _lane(label: str, detail: str, bars: list[Bar], rows: int = 1) -> Lane:
    return {"label": label, "detail": detail, "kind": "bars", "rows": rows, "bars": bars}
