"""Samples in which somebody plans anew: where the fixed policy leaves too little, a planner is asked.

A sample is lived from disruption to disruption.  As long as the plan bears them, nothing is done.  On the
day of the first that it does not bear (a segment unattended for longer than before, a craft made to leave
unrelieved, somebody without a seat) `Repair` is asked with what is known by then.  Its plan is taken if,
with what is known, it leaves less harm than the fixed policy; else the sample goes on as it is, and the
planner is asked again when there is more.  A slip is known on the planned day of launch.  Flights that a
repair adds have no troubles of their own, and nothing that was told happens again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from crossflight.model import Plan, Scenario
from crossflight.model.disruption import Disruption, DisruptionKind
from crossflight.resilience.cover import cover_of
from crossflight.resilience.cut import SAME_DAYS, as_flown
from crossflight.resilience.policy import Flown, Troubles, Windows, fly
from crossflight.resilience.traffic import Traffic, traffic_of
from crossflight.times import Instant

# Why there is no plan: none is found, or the checker refuses what is found.
Refusal = Literal["none", "refused"]
# The scenario as it stands at the instant, which begins no later, and a plan for it; or why there is none.
Repair = Callable[[Scenario, Plan, tuple[Disruption, ...], Instant], tuple[Scenario, Plan] | Refusal]

# Who has asked this often goes on by the fixed policy. [assumed]
N_ASKED_MAX: Final = 10
_LASTING: Final = ("fleet-grounded", "pad-out")


@dataclass(frozen=True, slots=True)
class Lived:
    """A sample: days with a segment unattended, and how often a planner was asked and what came of it.

    Attributes
    ----------
    n_asked
        The sum of the next four.
    n_taken
        Plans that the sample went on with.
    n_none, n_refused, n_no_better
        In vain: no plan was found, the checker refused it, or it promised no less harm than doing nothing.
    """

    unattended_days: float
    n_asked: int
    n_taken: int
    n_none: int
    n_refused: int
    n_no_better: int


@dataclass(frozen=True, slots=True, order=True)
class _Harm:
    """Person-days without a usable seat, days with a segment unattended, craft that leave unrelieved."""

    seatless: float
    unattended: float
    n_forced: int

    def __add__(self, other: _Harm) -> _Harm:
        return _Harm(
            round(self.seatless + other.seatless, 6),
            round(self.unattended + other.unattended, 6),
            self.n_forced + other.n_forced,
        )

    def is_within(self, other: _Harm) -> bool:
        """Whether it is no more in any way."""
        return (
            self.seatless <= other.seatless + SAME_DAYS
            and self.unattended <= other.unattended + SAME_DAYS
            and self.n_forced <= other.n_forced
        )


def live(scenario: Scenario, plan: Plan, troubles: Troubles, repair: Repair) -> Lived:
    """Live one sample; `troubles` has one row, for the flights of the plan."""
    traffic = traffic_of(scenario, plan)
    fate = _Fate(scenario.from_utc, traffic.names, troubles)
    so_far, n = _Harm(0.0, 0.0, 0), Counter[str]()
    told = set[tuple[str, str]]()
    borne = _harm(traffic, fly(traffic, Troubles.none(1, traffic.n)))
    while True:
        left = fate.troubles_of(scenario, traffic, told)
        all_flown = fly(traffic, left)
        found = _first_not_borne(scenario, traffic, left, all_flown, borne)
        if found is None or n.total() == N_ASKED_MAX:
            days = so_far.unattended + _harm(traffic, all_flown).unattended
            return Lived(days, n.total(), n["taken"], n["none"], n["refused"], n["no better"])
        known, as_of = found
        day = as_of.days_since(scenario.from_utc)
        idle = fly(traffic, _by(left, traffic, all_flown, day))
        before = fly(traffic, _by(left, traffic, all_flown, day - SAME_DAYS))
        answer = repair(
            scenario,
            as_flown(scenario, plan, traffic, before),
            tuple(_still_to_tell(known, as_of, traffic, before, day)),
            as_of,
        )
        borne = _harm(traffic, idle)
        if isinstance(answer, str):
            n[answer] += 1
            continue
        # The new scenario begins at 00:00, or at the launch of who is on the way: it counts from there.
        cut = _harm(traffic, idle, answer[0].from_utc.days_since(scenario.from_utc))
        then = traffic_of(*answer)
        promised = _harm(then, fly(then, Troubles.none(1, then.n)))
        if not cut + promised < borne + _Harm(0.0, 0.0, 0):
            n["no better"] += 1
            continue
        n["taken"] += 1
        so_far, borne = so_far + cut, promised
        told |= {(d.kind, d.subject) for d in known if d.kind not in _LASTING}
        (scenario, plan), traffic = answer, then


def _harm(traffic: Traffic, flown: Flown, end: float | None = None) -> _Harm:
    """What is suffered by the end, or by a day."""
    day = traffic.end if end is None else end
    if day <= 0:
        return _Harm(0.0, 0.0, 0)
    cover = cover_of(replace(traffic, end=day), flown)
    return _Harm(
        float(cover.stranded_person_days[0]),
        float(cover.unattended_any[0]),
        int((flown.is_forced & (flown.undock < day)).sum()),
    )


def _first_not_borne(
    scenario: Scenario, traffic: Traffic, left: Troubles, flown: Flown, borne: _Harm
) -> tuple[list[Disruption], Instant] | None:
    """What is known on the first day on which that does more harm, and the day; None if none does."""
    found = sorted(_disruptions(scenario, traffic, left, flown), key=lambda d: d.at_utc.us)
    for as_of in dict.fromkeys(d.at_utc for d in found):
        day = as_of.days_since(scenario.from_utc)
        if not _harm(traffic, fly(traffic, _by(left, traffic, flown, day))).is_within(borne):
            return [d for d in found if d.at_utc <= as_of], as_of
    return None


def _still_to_tell(
    known: list[Disruption], as_of: Instant, traffic: Traffic, before: Flown, day: float
) -> Iterator[Disruption]:
    """What is known without what is part of the plan as flown: slips, groundings that are over."""
    for d in known:
        if d.at_utc < as_of:
            if d.kind in _LASTING and d.until_utc is not None and d.until_utc <= as_of:
                continue
            if d.kind == "slip":
                if before.launch[0, traffic.names.index(d.subject)] < day - SAME_DAYS:
                    continue
                d = replace(d, days=0.0)  # the plan as flown has the day it slipped to
        yield d


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
        if unusable <= min(flown.unusable[0, k], t.end) and unusable < flown.undock[0, k]:
            yield Disruption("craft-unusable", t.craft[k], at(unusable))
        if flown.is_early[0, k] and flown.undock[0, k] < t.end:
            yield Disruption("early-return", name, at(flown.undock[0, k]))
    kinds = dict(zip(t.launcher, t.kind, strict=True))
    yield from _outages(scenario, t.end, left.fleets, "fleet-grounded", kinds)
    yield from _outages(scenario, t.end, left.pads, "pad-out", {pad: pad for pad in left.pads})


def _outages(
    scenario: Scenario,
    end: float,
    windows: Mapping[str, Windows],
    kind: DisruptionKind,
    subjects: Mapping[str, str],
) -> Iterator[Disruption]:
    """Groundings and outages that begin within the scenario, by launcher or pad."""
    for place, (begins, lengths) in windows.items():
        for begin, days in zip(begins[0], lengths[0], strict=True):
            if 0 <= begin < end and place in subjects:
                from_utc = scenario.from_utc.plus_days(float(begin))
                yield Disruption(kind, subjects[place], from_utc, from_utc.plus_days(float(days)))


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
