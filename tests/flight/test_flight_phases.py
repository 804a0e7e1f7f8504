"""Phases in sequence: what is handed over is checked, aborts go where they say."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from crossflight.errors import CrossflightError
from crossflight.flight.flight_phases import Arc, FlightPhase, PhaseExit, fly_phases
from crossflight.model.trajectory import CraftState
from crossflight.times import Instant

T0 = Instant.of(2022, 9, 21)


def state(t_s: float, mass_kg: float = 7000.0, x_m: float = 7e6) -> CraftState:
    return CraftState(T0.plus_s(t_s), np.array([x_m, 0.0, 0.0]), np.array([0.0, 7500.0, 0.0]), mass_kg)


def arc(first: CraftState, last: CraftState) -> Arc:
    vectors = [np.concatenate([s.r_gcrf_m, s.v_gcrf_m_s]) for s in (first, last)]
    return Arc("a", np.array([first.utc.us, last.utc.us]), np.array(vectors))


@dataclass(frozen=True)
class Told:
    """A phase that ends as it is told."""

    end: PhaseExit
    name: str = "told"
    dynamics: str = ""
    guidance: str = ""
    exits: tuple[str, ...] = ("planned", "abort")
    seen: list[CraftState] = field(default_factory=list)

    def fly(self, entry: CraftState) -> PhaseExit:
        self.seen.append(entry)
        return self.end


def test_each_phase_takes_over_what_the_one_before_left() -> None:
    first = Told(PhaseExit("planned", state(10), arcs=(arc(state(0), state(10)),)))
    second = Told(PhaseExit("planned", state(20, 6900.0)))
    flown = fly_phases([first, second], state(0))
    assert second.seen == [first.end.state]
    assert [p.is_planned for p in flown] == [True, True]
    assert flown[0].exit.arcs[0].state_at(T0.plus_s(20)) is None


def test_an_abort_is_flown_next_and_then_the_rest() -> None:
    rest = Told(PhaseExit("planned", state(30)))
    instead: FlightPhase = Told(PhaseExit("planned", state(20)), name="instead")
    first = Told(PhaseExit("abort", state(10), then=instead))
    flown = fly_phases([first, rest], state(0))
    assert [p.phase for p in flown] == [first, instead, rest]
    assert [p.is_planned for p in flown] == [False, True, True]


def test_an_exit_may_end_the_flight() -> None:
    never = Told(PhaseExit("planned", state(30)))
    assert len(fly_phases([Told(PhaseExit("abort", state(10), is_last=True)), never], state(0))) == 1
    assert never.seen == []


GOOD = PhaseExit("planned", state(10), arcs=(arc(state(0), state(10)),))


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (replace(GOOD, state=state(10, 7001.0)), "7001.000 kg"),
        (replace(GOOD, state=state(-10), arcs=()), "before its begin"),
        (replace(GOOD, name="elsewhere"), "none of its exits"),
        (replace(GOOD, state=state(10, float("nan"))), "not finite"),
        (replace(GOOD, state=state(10, x_m=7e6 + 2)), "jumps by 0 s, 2.000 m"),
        (replace(GOOD, arcs=(arc(state(0, x_m=7e6 - 5), state(10)),)), "entry of the told"),
        (replace(GOOD, arcs=(arc(state(0), state(10, x_m=float("inf"))),)), "not finite"),
        (replace(GOOD, arcs=(arc(state(10), state(10)),)), "does not run forward"),
    ],
)
def test_what_does_not_fit_together_is_refused(bad: PhaseExit, says: str) -> None:
    with pytest.raises(CrossflightError, match=says):
        fly_phases([Told(bad)], state(0))


def test_a_flight_that_never_ends_is_refused() -> None:
    class Again(Told):
        def fly(self, entry: CraftState) -> PhaseExit:
            return PhaseExit("abort", entry, then=self)

    with pytest.raises(CrossflightError, match="has not ended"):
        fly_phases([Again(GOOD)], state(0))
