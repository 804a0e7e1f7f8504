"""Samples in which somebody plans anew: where the fixed policy leaves too little, a planner is asked.

A sample is lived from disruption to disruption.  As long as the plan bears them, nothing is done.  On the
day of the first that it does not bear (a segment unattended for longer than planned, a craft made to leave
unrelieved, somebody without a seat) `Repair` is asked with what is known by then, and the sample goes on with
its plan.  A slip is known on the planned day of launch.  Flights that a repair adds have no troubles of their
own, and nothing that was told happens again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from crossflight.model import Plan, Scenario
from crossflight.model.disruption import Disruption, DisruptionKind
from crossflight.resilience.cover import Cover, cover_of
from crossflight.resilience.policy import Flown, Troubles, Windows, fly
from crossflight.resilience.traffic import Traffic, traffic_of
from crossflight.times import Instant

# The scenario as it stands at the instant, which begins there, and a plan for it; None where there is none.
Repair = Callable[[Scenario, Plan, tuple[Disruption, ...], Instant], tuple[Scenario, Plan] | None]

# Who has to plan anew more often than this goes on by the fixed policy. [assumed]
N_REPAIRS_MAX: Final = 10
_SAME_DAYS: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Lived:
    """A sample: days with a segment unattended, how often it was planned anew, whether once in vain."""

    unattended_days: float
    n_repaired: int
    is_in_vain: bool


def live(scenario: Scenario, plan: Plan, troubles: Troubles, repair: Repair) -> Lived:
    """Live one sample; `troubles` has one row, for the flights of the plan."""
    fate = _Fate(scenario.from_utc, traffic_of(scenario, plan).names, troubles)
    days, told = 0.0, set[tuple[str, str]]()
    for n_repaired in range(N_REPAIRS_MAX + 1):
        traffic = traffic_of(scenario, plan)
        left = fate.troubles_of(scenario, traffic, told)
        flown, cover = _flown(traffic, left)
        if not _is_too_much(traffic, flown, cover) or n_repaired == N_REPAIRS_MAX:
            return Lived(days + float(cover.unattended_any[0]), n_repaired, n_repaired == N_REPAIRS_MAX)
        known = list[Disruption]()
        for disruption in sorted(_disruptions(scenario, traffic, left, flown), key=lambda d: d.at_utc.us):
            known.append(disruption)
            day = disruption.at_utc.days_since(scenario.from_utc)
            so_far, cover_so_far = _flown(traffic, _by(left, traffic, flown, day))
            if _is_too_much(traffic, so_far, cover_so_far):
                break
        as_of = known[-1].at_utc
        repaired = repair(scenario, plan, tuple(known), as_of)
        if repaired is None:
            return Lived(days + float(cover.unattended_any[0]), n_repaired, True)
        day = as_of.days_since(scenario.from_utc)
        days += float(cover_of(replace(traffic, end=day), so_far).unattended_any[0])
        told |= {(d.kind, d.subject) for d in known if d.kind not in ("fleet-grounded", "pad-out")}
        scenario, plan = repaired
    raise AssertionError("the last round returns")


def _flown(traffic: Traffic, troubles: Troubles) -> tuple[Flown, Cover]:
    flown = fly(traffic, troubles)
    return flown, cover_of(traffic, flown)


def _is_too_much(traffic: Traffic, flown: Flown, cover: Cover) -> bool:
    """Whether it is more than the plan itself has."""
    _, planned = _flown(traffic, Troubles.none(1, traffic.n))
    return bool(
        cover.unattended_any[0] > planned.unattended_any[0] + _SAME_DAYS
        or cover.stranded_person_days[0] > planned.stranded_person_days[0] + _SAME_DAYS
        or (flown.is_forced & (flown.undock < traffic.end)).any()
    )


@dataclass(frozen=True)
class _Fate:
    """What goes wrong in one sample: `troubles` of the flights `names`, days counted from `begin`."""

    begin: Instant
    names: tuple[str, ...]
    troubles: Troubles

    def troubles_of(self, scenario: Scenario, traffic: Traffic, told: set[tuple[str, str]]) -> Troubles:
        """For a plan of any later scenario, without what has been told and is a fact of it."""
        found = Troubles.none(1, traffic.n)
        passed = scenario.from_utc.days_since(self.begin)
        for k, name in enumerate(traffic.names):
            if name not in self.names:
                continue
            o = self.names.index(name)
            # Ages count from docking, or from the first beginning; part of that may have passed.
            age = min(max(-traffic.dock[k], 0.0), passed)
            if ("slip", name) not in told:
                found.slip_days[0, k] = self.troubles.slip_days[0, o]
            if ("launch-abort", name) not in told:
                found.is_lost[0, k] = self.troubles.is_lost[0, o]
                found.stand_down_days[0, k] = self.troubles.stand_down_days[0, o]
            for kind, subject, ours, theirs in (
                ("craft-unusable", traffic.craft[k], found.unusable_after, self.troubles.unusable_after),
                ("early-return", name, found.return_after, self.troubles.return_after),
            ):
                if (kind, subject) not in told and theirs[0, o] > age:
                    ours[0, k] = theirs[0, o] - age
        return replace(
            found, fleets=_later(self.troubles.fleets, passed), pads=_later(self.troubles.pads, passed)
        )


def _later(windows: Mapping[str, Windows], passed: float) -> dict[str, Windows]:
    return {name: (begin - passed, days) for name, (begin, days) in windows.items()}


def _disruptions(scenario: Scenario, t: Traffic, left: Troubles, flown: Flown) -> Iterator[Disruption]:
    """What goes wrong, as somebody would be told."""

    def at(day: float) -> Instant:
        return scenario.from_utc.plus_days(float(day))

    for k, name in enumerate(t.names):
        if left.slip_days[0, k] > 0 and not t.is_known[k] and t.launch[k] < t.end:
            yield Disruption("slip", name, at(t.launch[k]), days=float(left.slip_days[0, k]))
        if flown.is_lost[0, k] and flown.launch[0, k] < t.end:
            lost = flown.launch[0, k]
            yield Disruption("launch-abort", name, at(lost))
            if left.stand_down_days[0, k] > 0:
                until = at(lost + left.stand_down_days[0, k])
                yield Disruption("fleet-grounded", t.kind[k], at(lost), until)
        unusable = max(flown.dock[0, k], 0.0) + left.unusable_after[0, k]
        if unusable <= min(flown.unusable[0, k], t.end):
            yield Disruption("craft-unusable", t.craft[k], at(unusable))
        if flown.is_early[0, k] and flown.undock[0, k] < t.end:
            yield Disruption("early-return", name, at(flown.undock[0, k]))
    yield from _outages(scenario, t, left.fleets, "fleet-grounded")
    yield from _outages(scenario, t, left.pads, "pad-out")


def _outages(
    scenario: Scenario, t: Traffic, windows: Mapping[str, Windows], kind: DisruptionKind
) -> Iterator[Disruption]:
    """Groundings and outages that begin within the scenario and hold some flight's planned day."""
    for place, (begins, lengths) in windows.items():
        for begin, days in zip(begins[0], lengths[0], strict=True):
            if not 0 <= begin < t.end:
                continue
            held = [
                k
                for k in range(t.n)
                if (place in t.pads[k] or place == t.launcher[k]) and begin <= t.launch[k] < begin + days
            ]
            for subject in dict.fromkeys(place if kind == "pad-out" else t.kind[k] for k in held):
                from_utc = scenario.from_utc.plus_days(float(begin))
                yield Disruption(kind, subject, from_utc, from_utc.plus_days(float(days)))


def _by(left: Troubles, t: Traffic, flown: Flown, day: float) -> Troubles:
    """The troubles that are known on a day."""
    since = np.maximum(flown.dock, 0.0)
    return replace(
        left,
        slip_days=np.where(t.launch <= day, left.slip_days, 0.0),
        is_lost=left.is_lost & (flown.launch <= day),
        unusable_after=np.where(since + left.unusable_after <= day, left.unusable_after, np.inf),
        return_after=np.where(since + left.return_after <= day, left.return_after, np.inf),
        fleets=_begun(left.fleets, day),
        pads=_begun(left.pads, day),
    )


def _begun(windows: Mapping[str, Windows], day: float) -> dict[str, Windows]:
    return {name: (begin, np.where(begin <= day, days, 0.0)) for name, (begin, days) in windows.items()}
