"""The flights of a manifest in the model's words: names looked up, times with what is known of them.

A time given to the day is kept as a day: `Stated` holds the earliest and the latest instant it can mean
and the conventional hour that a plan file shows.  The hours are those of the planner where it has one
(launch 12:00, undocking 06:00), and such that events of one flight or one port on one day come in the
order in which they go: a craft leaves in the morning, the next arrives in the evening.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from crossflight.app.manifest_names import Naming
from crossflight.formats.dates import When
from crossflight.formats.manifest import Manifest, Problem, WrittenEvent, WrittenFlight
from crossflight.model import DockedFlight, Scenario, VehicleType
from crossflight.model.flight import FlightKind
from crossflight.rules.flight_times import ASCENT_MAX_US, RETURN_MAX_US
from crossflight.times import DAY_S, Instant

Precision = Literal["instant", "day", "not stated"]

HOURS: Final = {"launch": 12.0, "dock": 18.0, "relocate": 12.0, "undock": 6.0, "landing": 12.0}
RELOCATION_S: Final = 1800.0
_DAY_US: Final = DAY_S * 1_000_000


@dataclass(frozen=True, slots=True)
class Stated:
    """When an event happens: [earliest, latest], and `nominal`, the instant a plan file shows."""

    nominal: Instant
    earliest: Instant
    latest: Instant
    precision: Precision
    row: int | None = None

    @classmethod
    def of(cls, kind: str, when: When, row: int | None) -> Stated:
        """As given: an instant, or any instant of a day."""
        if not when.is_day:
            return cls(when.at, when.at, when.at, "instant", row)
        return cls(when.at.plus_s(HOURS[kind] * 3600), when.at, Instant(when.at.us + _DAY_US - 1), "day", row)


@dataclass(slots=True)
class Move:
    """A relocation; `to_port` is None where nothing says where the craft went."""

    undock: Stated
    dock: Stated
    from_port: str
    to_port: str | None
    row: int
    is_deduced: bool = False


@dataclass(slots=True)
class Named:
    """A flight of the manifest after its names have been looked up."""

    written: WrittenFlight
    name: str
    vehicle_type: VehicleType
    kind: FlightKind
    is_kind_stated: bool
    craft: str | None = None
    pad: str | None = None
    port: str | None = None
    times: dict[str, Stated] = field(default_factory=dict)
    moves: list[Move] = field(default_factory=list)
    crew_up: tuple[str, ...] | None = None
    crew_down: tuple[str, ...] | None = None
    backup: tuple[str, ...] = ()
    docked: DockedFlight | None = None
    is_there_before: bool = False

    @property
    def last_port(self) -> str | None:
        """Where it is after its relocations; None where nothing says."""
        return self.moves[-1].to_port if self.moves else self.port

    @property
    def is_dated_only(self) -> bool:
        """Whether the hour of any of its events is not stated."""
        return any(stated.precision != "instant" for stated in self.times.values())


def named_flights(manifest: Manifest, scenario: Scenario) -> tuple[list[Named], list[Problem]]:
    """Every flight of the manifest, and what is wrong with its rows.

    A flight with a problem may be missing from the list: with problems nothing is to be built.
    """
    naming = Naming(scenario)
    found: dict[str, Named] = {}
    problems = list(manifest.problems)
    for written in manifest.flights:
        flight = _named(written, naming)
        if flight is None:
            continue
        twin = found.setdefault(flight.name, flight)
        if twin is not flight:
            message = f"{written.name.text} and {twin.written.name.text} are both {flight.name}"
            problems.append(Problem(message, written.name.row, written.name.column, "one name per flight"))
    return list(found.values()), problems + naming.problems


def _named(written: WrittenFlight, naming: Naming) -> Named | None:
    kind_of_type = naming.vehicle_type(written)
    if kind_of_type is None:
        return None
    vehicle_type, kind = kind_of_type
    called = naming.flight(written.name, vehicle_type)
    if called is None:
        return None
    name, kind_of_name = called
    flight = Named(written, name, vehicle_type, kind_of_name or kind, kind_of_name is not None)
    if "kind" in written.said:
        flight.kind = naming.kind(written.said["kind"]) or flight.kind
        flight.is_kind_stated = True
    if "craft" in written.said:
        craft = naming.craft(written.said["craft"], vehicle_type)
        flight.craft = craft.name if craft else None
    if "pad" in written.said:
        pad = naming.pad(written.said["pad"])
        flight.pad = pad.name if pad else None
    if written.crew_up is not None:
        flight.crew_up = naming.people(written.crew_up)
    if written.crew_down is not None:
        flight.crew_down = naming.people(written.crew_down)
    if written.backup is not None:
        flight.backup = naming.people(written.backup)
    flight.times = {kind: Stated.of(kind, e.when, e.cell.row) for kind, e in written.events.items()}
    _known_to_scenario(flight, naming.scenario)
    _ports(flight, naming)
    _unstated(flight)
    _in_order(flight)
    _refuse_homeless(flight, naming)
    return flight


def _ports(flight: Named, naming: Naming) -> None:
    """Where it docks, and from where to where it relocates."""
    seen = [(kind, cell, naming.port(cell)) for kind, cell in flight.written.ports]
    known = [(kind, cell, port.name) for kind, cell, port in seen if port is not None]
    docks = [port for kind, _, port in known if kind == "dock"]
    was = flight.docked.flight if flight.docked is not None else None
    first = was.port if was is not None else next((port for _, _, port in known), None)
    flight.port = docks[0] if docks else first
    here = flight.port
    made = was.relocations if was is not None else ()
    if made:
        here = made[-1].to_port
    for event in sorted(flight.written.relocations, key=lambda e: e.when.at.us):
        if any(r.undock_utc.date() == event.when.at.date() for r in made):
            continue  # the scenario knows it, to the minute
        said = naming.port(event.from_port) if event.from_port else None
        goes_to = naming.port(event.to_port) if event.to_port else None
        if goes_to is None and said is not None and said.name != here:
            goes_to, said = said, None  # the row gives the new port
        if said is not None and here is not None and said.name != here:
            assert event.from_port is not None
            message = f"{flight.name} relocates from {said.name}, but it is at {here}"
            naming.problems.append(Problem(message, event.cell.row, event.from_port.column))
        at_port = said.name if said is not None else here
        if at_port is None:
            message = f"{flight.name} relocates, and no row says from which port"
            naming.problems.append(Problem(message, event.cell.row, event.cell.column, "fill in the port"))
            continue
        flight.moves.append(_move(event, at_port, goes_to.name if goes_to else None))
        here = goes_to.name if goes_to else None
        if flight.port is None:
            flight.port = at_port
    leaves = [port for kind, _, port in known if kind in ("undock", "landing")]
    if (
        flight.moves
        and flight.moves[-1].to_port is None
        and leaves
        and leaves[0] != flight.moves[-1].from_port
    ):
        flight.moves[-1].to_port = leaves[0]
    been = {flight.port, here, *(r.to_port for r in made)}
    been |= {port for m in flight.moves for port in (m.from_port, m.to_port)}
    for kind, cell, port in known:
        if port not in been:
            message = f"{flight.name}: {kind} names {port}, and no row has it at that port"
            hint = f"it docks at {flight.port}; a relocation would need a row of its own"
            naming.problems.append(Problem(message, cell.row, cell.column, hint))


def _move(event: WrittenEvent, from_port: str, to_port: str | None) -> Move:
    undock = Stated.of("relocate", event.when, event.cell.row)
    if event.redock is not None:
        dock = Stated.of("relocate", event.redock, event.cell.row)
        if dock.nominal <= undock.nominal and dock.precision == "day":
            dock = replace(dock, nominal=undock.nominal.plus_s(RELOCATION_S))
    else:
        dock = replace(undock, nominal=undock.nominal.plus_s(RELOCATION_S))
        if undock.precision == "instant":
            dock = replace(dock, earliest=dock.nominal, latest=dock.nominal, precision="not stated")
    return Move(undock, dock, from_port, to_port, event.cell.row)


def _known_to_scenario(flight: Named, scenario: Scenario) -> None:
    """What the scenario knows and the manifest does not contradict: hours, craft, pad."""
    for there in scenario.docked:
        if there.flight.name != flight.name:
            continue
        was = there.flight
        flight.docked, flight.kind, flight.is_kind_stated = there, was.kind, True
        flight.craft, flight.pad = flight.craft or was.craft, flight.pad or was.pad
        flight.crew_up = was.crew_up if flight.crew_up is None else flight.crew_up
        flight.crew_down = was.crew_down if flight.crew_down is None else flight.crew_down
        for kind, at in (("launch", was.launch_utc), ("dock", was.dock_utc)):
            said = flight.times.get(kind)
            if at is not None and (said is None or said.earliest <= at <= said.latest):
                flight.times[kind] = Stated(at, at, at, "instant", said.row if said else None)
    for coming in scenario.announced:
        if coming.name == flight.name:
            flight.craft, flight.pad = flight.craft or coming.craft, flight.pad or coming.pad
            if not flight.is_kind_stated:
                flight.kind, flight.is_kind_stated = coming.kind, True


def _unstated(flight: Named) -> None:
    """Times nobody stated, as far as the stated ones bound them."""
    times, of = flight.times, flight.vehicle_type
    launch, dock, undock, landing = (times.get(k) for k in ("launch", "dock", "undock", "landing"))
    if dock is None and launch is not None and undock is not None:
        latest = min(launch.latest.us + ASCENT_MAX_US, undock.latest.us)
        nominal = min(launch.nominal.plus_s(of.ascent_hours * 3600).us, latest)
        times["dock"] = Stated(Instant(nominal), launch.earliest, Instant(latest), "not stated")
    elif dock is not None and launch is None:
        earliest = Instant(dock.earliest.us - ASCENT_MAX_US)
        nominal_launch = dock.nominal.plus_s(-of.ascent_hours * 3600)
        times["launch"] = Stated(nominal_launch, earliest, dock.latest, "not stated")
    elif dock is None and launch is None and (undock is not None or landing is not None):
        flight.is_there_before = True
    if undock is None and landing is not None and (dock is not None or flight.is_there_before):
        earliest = Instant(landing.earliest.us - RETURN_MAX_US)
        nominal = landing.nominal.plus_s(-of.return_hours * 3600).us
        times["undock"] = Stated(Instant(nominal), earliest, landing.latest, "not stated")
    elif undock is not None and landing is None and of.is_crewed:
        latest = undock.latest.us + RETURN_MAX_US
        nominal_landing = undock.nominal.plus_s(of.return_hours * 3600)
        times["landing"] = Stated(nominal_landing, undock.earliest, Instant(latest), "not stated")


def _in_order(flight: Named) -> None:
    """Move conventional hours within their day so that the order of events is kept where it can be."""
    names = [k for k in ("launch", "dock") if k in flight.times]
    later = [k for k in ("undock", "landing") if k in flight.times]
    sequence = [flight.times[k] for k in names]
    sequence += [s for m in flight.moves for s in (m.undock, m.dock)]
    sequence += [flight.times[k] for k in later]
    # The latest each may be with everything after it still to come.
    latest = [s.latest.us for s in sequence]
    for i in range(len(sequence) - 2, -1, -1):
        latest[i] = min(latest[i], latest[i + 1] - 1)
    last_us: int | None = None
    for i, here in enumerate(sequence):
        least_us = here.earliest.us if last_us is None else max(here.earliest.us, last_us + 1)
        if not least_us <= here.nominal.us <= latest[i] and least_us <= latest[i]:
            room_us = (latest[i] - least_us) // (len(sequence) - i + 1)
            sequence[i] = replace(here, nominal=_to_minute(least_us, least_us + room_us))
        last_us = sequence[i].nominal.us
    ordered = iter(sequence)
    for k in names:
        flight.times[k] = next(ordered)
    for m in flight.moves:
        m.undock, m.dock = next(ordered), next(ordered)
    for name in later:
        flight.times[name] = next(ordered)


def _to_minute(least_us: int, us: int) -> Instant:
    """The minute before `us`, if it is not before `least_us`."""
    minute_us = us - us % 60_000_000
    return Instant(minute_us if minute_us >= least_us else us)


def _refuse_homeless(flight: Named, naming: Naming) -> None:
    if flight.port is None and ("dock" in flight.times or flight.is_there_before):
        cell = flight.written.name
        message = f"{flight.name} is at the station, and no row says at which port"
        naming.problems.append(Problem(message, cell.row, None, "fill in the port"))
