"""The ways of repairing a plan that are tried, on a day on which a crew lost its craft."""

from __future__ import annotations

from crossflight import planner
from crossflight.model.disruption import Disruption
from crossflight.planner.replan import Proposal
from crossflight.planner.solve import TierOutcome
from crossflight.resilience.disrupted import disrupted
from crossflight.resilience.repair import _is_better
from crossflight.resilience.ways import Way, ways
from crossflight.scenario import read_scenario
from crossflight.times import Instant


def test_a_crew_without_a_craft_is_offered_seats_that_are_free_or_left_empty() -> None:
    scenario = read_scenario("replay-starliner")
    found = planner.plan(scenario, time_limit_s=60, workers=2, seed=1)
    assert found.plan is not None
    at = Instant.of(2024, 8, 24)
    d = disrupted(scenario, found.plan, [Disruption("craft-unusable", "Calypso", at)], at)
    by_name = {w.said: w for w in ways(d)}
    free = by_name["seats that are free in other craft"]
    assert {(m.person, m.to_flight, m.kind) for m in free.moves} == {
        ("Barry E. Wilmore", "Crew-8", "contingency"),
        ("Sunita Williams", "Crew-8", "contingency"),
    }
    empty = by_name["Crew-9 leaves 2 seats empty for the crew of CFT"]
    assert [t.n_empty_seats for t in empty.tasks if t.flight.name == "Crew-9"] == [2]
    assert empty.joins == (("Crew-9", ("Barry E. Wilmore", "Sunita Williams")),)
    assert empty.moves == free.moves
    # Only the next of each line is asked.
    assert not [said for said in by_name if said.startswith(("Crew-10", "MS-27"))]


def test_a_flight_more_has_to_pay_off_in_cover() -> None:
    def proposal(*values: float) -> Proposal:
        return Proposal("optimal", tiers=tuple(TierOutcome("", v, v, True) for v in values))

    one, fewer_seats, covered = proposal(0, 0, 5, 30), proposal(0, 0, 5, 20), proposal(0, 0, 4, 90)
    kept, added = Way("kept", ()), Way("added", (), is_added=True)
    assert _is_better(kept, fewer_seats, one)
    assert not _is_better(added, fewer_seats, one)
    assert _is_better(added, covered, one)
