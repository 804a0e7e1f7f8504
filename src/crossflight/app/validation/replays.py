"""Days on which a real plan broke, planned again with what was known on them, beside what was really done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan
from typing import Final

from crossflight import planner
from crossflight.app.audit import SCENARIO as FLOWN
from crossflight.app.near_flights import with_opportunities
from crossflight.app.replan import Judged, ReplanOutcome, actions, judged, replanned
from crossflight.app.validation.section import Section
from crossflight.errors import LimitError
from crossflight.history import flown_plan, flown_scenario
from crossflight.history.replays import Replay, replays
from crossflight.model import Coverage, Plan, Scenario, SeatN1Span, Span
from crossflight.resilience.disrupted import subjects
from crossflight.rules import Walk
from crossflight.rules.walk import Stay
from crossflight.scenario import read_scenario
from crossflight.scenario.disruption_file import check_disruptions, read_disruptions
from crossflight.times import Instant

# Seconds on the wall only back up CP-SAT's own: a busy machine gives the same page.
_TIME_LIMIT_S: Final = 600.0
_WORKERS: Final = 2
_SEED: Final = 1
MEASURES: Final = (
    "days a segment is unattended",
    "days without operator N-1",
    "person-days without seat N-1",
)
COLUMNS: Final = ("", "planned the day before", "nothing done", "proposed", "really done")


@dataclass(frozen=True)
class Replayed:
    """A day planned again; `before` is the tool's own plan of the day before, `flown` what was done."""

    replay: Replay
    scenario: Scenario
    status_before: str
    before: Judged
    outcome: ReplanOutcome
    flown: Judged
    flown_scenario: Scenario

    def plans(self) -> Iterator[tuple[Scenario, Plan] | None]:
        """The four columns; None where nothing was found."""
        o = self.outcome
        yield self.scenario, self.before.plan
        yield o.found.scenario, o.do_nothing.plan
        yield None if o.proposed is None else (o.scenario, o.proposed.plan)
        yield self.flown_scenario, self.flown.plan


def replay_sections() -> tuple[Section, ...]:
    """One section for each replay that ships."""
    return tuple(section_of(replayed(r)) for r in replays())


def replayed(
    replay: Replay, *, time_limit_s: float = _TIME_LIMIT_S, workers: int = _WORKERS, seed: int = _SEED
) -> Replayed:
    """Plan the day before, take the disruption in, and repair.

    Raises
    ------
    LimitError
        If there is no plan of the day before within the limit.
    """
    scenario = with_opportunities(read_scenario(replay.scenario))
    first = planner.plan(scenario, time_limit_s=time_limit_s, workers=workers, seed=seed)
    if first.plan is None:
        raise LimitError(f"{replay.scenario}: no plan of the day before: {first.message}")
    told = read_disruptions([replay.disruption])
    known = check_disruptions(told, subjects(scenario, first.plan), scenario)
    outcome = replanned(scenario, first.plan, known, replay.as_of, time_limit_s=time_limit_s, seed=seed)
    # From the beginning of the record: who sits where depends on every seat move before.
    flown = flown_scenario(read_scenario(FLOWN), to_utc=scenario.to_utc)
    return Replayed(
        replay,
        scenario,
        first.status,
        judged(scenario, first.plan),
        outcome,
        judged(flown, flown_plan(flown)),
        flown,
    )


def section_of(found: Replayed) -> Section:
    """A replay as the Validation chapter has it."""
    o, r = found.outcome, found.replay
    columns = [found.before, o.do_nothing, o.proposed, found.flown]
    measured = [None if j is None else _measures(j.coverage, r.as_of, found.scenario.to_utc) for j in columns]
    rows: list[tuple[str, ...]] = [("checker", *(_verdict(j) for j in columns[:3]), "flown")]
    for k, name in enumerate(MEASURES):
        rows.append((name, *("-" if m is None else f"{m[k]:.1f}" for m in measured)))
    walks = [None if p is None else Walk(*p) for p in found.plans()]
    rows += [(f"**{name}**", *(_flight(w, name) for w in walks)) for name in _flights(found, walks)]
    rows += [
        (f"home: {name}'s crew", *(_home(w, people, r.as_of) for w in walks))
        for name, people in _aboard(found).items()
    ]
    title = found.scenario.title.removeprefix("Replay: ")
    proposed = o.proposed
    return Section(
        r.scenario,
        f"{r.as_of.date()}: {title[0].upper()}{title[1:]}",
        _text(found),
        COLUMNS,
        tuple(rows),
        {
            "is_accepted": float(proposed is not None and not proposed.failures),
            "operator_n1_days_proposed": nan if measured[2] is None else measured[2][1],
            "operator_n1_days_flown": nan if measured[3] is None else measured[3][1],
        },
    )


def _text(found: Replayed) -> str:
    """What was known, what is proposed, what was done, and why they differ."""
    o, r = found.outcome, found.replay
    what = "; ".join(str(d) for d in o.found.disruptions)
    said = [str(a["text"]) for a in actions(o)]
    proven = "every stage proven" if o.repaired.status == "optimal" else o.repaired.status
    if o.proposed is None:
        said = [o.repaired.message]
    done = [f"{d.utc.date()}: {d.what} ({d.source})" for d in r.decisions]
    parts = (
        f"Scenario `{r.scenario}`. What had happened: {what} ({r.certainty}; {r.source}). The plan of the "
        f"day before is the tool's own ({found.status_before}); none of that day is at hand.",
        f"**Proposed** ({proven}):",
        _listed(said or ["nothing has to be done"]),
        "**Really done**:",
        _listed(done),
        f"**Why they differ**: {r.why}",
    )
    return "\n\n".join(parts)


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _verdict(j: Judged | None) -> str:
    if j is None:
        return "no plan"
    n = len(j.failures)
    return "accepted" if n == 0 else f"{n} violation{'s' if n > 1 else ''}, first {j.failures[0].rule}"


def _measures(coverage: Coverage, from_utc: Instant, to_utc: Instant) -> tuple[float, float, float]:
    """`MEASURES` of a plan over [from, to)."""

    def within(spans: Sequence[Span | SeatN1Span]) -> Iterator[tuple[float, Span | SeatN1Span]]:
        for span in spans:
            days = min(span.to_utc, to_utc).days_since(max(span.from_utc, from_utc))
            if days > 0:
                yield days, span

    seats = sum(
        days * span.n_without_nominal
        for days, span in within(coverage.seat_n1)
        if isinstance(span, SeatN1Span)
    )
    return (
        sum(days for days, _ in within(coverage.unattended)),
        sum(days for days, _ in within(coverage.operator_n1_uncovered)),
        seats,
    )


def _flights(found: Replayed, walks: Sequence[Walk | None]) -> list[str]:
    """Crew craft that are there after the disruption in any of the plans, in order of launch."""
    first: dict[str, Instant] = {}
    for walk in walks:
        for f in () if walk is None else walk.by_launch:
            leaves = f.undock_utc or f.landing_utc or found.scenario.to_utc
            if f.kind != "cargo" and leaves >= found.replay.as_of.floor_day():
                first[f.name] = min(first.get(f.name, f.launch_utc), f.launch_utc)
    return sorted(first, key=lambda name: (first[name], name))


def _flight(walk: Walk | None, name: str) -> str:
    """A flight in a cell: craft, up with how many, home with how many."""
    f = None if walk is None else walk.flights.get(name)
    if walk is None or f is None:
        return "-"
    up = f"{f.craft}, up {f.launch_utc.date()} with {len(f.crew_up)}"
    if f.dock_utc is None:
        return f"{up}, never docked"
    n_down = len(walk.seated_down.get(name, ()))
    return f"{up}, home {f.undock_utc.date()} with {n_down}" if f.undock_utc else f"{up}, still there"


def _aboard(found: Replayed) -> dict[str, tuple[str, ...]]:
    """Who is aboard when it happens, by the flight that was to take them home."""
    return {
        d.flight.name: d.flight.crew_down for d in found.outcome.found.scenario.docked if d.flight.crew_down
    }


def _is_aboard(stay: Stay, at: Instant) -> bool:
    return (
        stay.dock_us is not None
        and stay.dock_us <= at.us
        and (stay.undock_us is None or at.us < stay.undock_us)
    )


def _home(walk: Walk | None, people: Sequence[str], at: Instant) -> str:
    """In what some people come home, and when."""
    if walk is None:
        return "-"
    ways: dict[str, list[str]] = {}
    for person in people:
        stay = next(s for s in walk.stays if s.person == person and _is_aboard(s, at))
        if stay.down_flight is None or stay.undock_us is None:
            ways.setdefault("still there", []).append(person)
        else:
            ways.setdefault(f"{stay.down_flight} {Instant(stay.undock_us).date()}", []).append(person)
    if len(ways) == 1:
        return next(iter(ways))
    return "; ".join(f"{way}: {', '.join(who)}" for way, who in ways.items())
