"""Differences between plans: nothing is missed, nothing is made up, and they read both ways."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from crossflight.model import Flight, Plan, difference
from crossflight.times import Instant

DAY0 = Instant.of(2030, 1, 1)
NAMES = ("Crew-1", "Crew-2", "MS-3", "CRS-4")
days = st.integers(0, 900).map(lambda d: DAY0.plus_days(d / 3))
crews = st.lists(st.sampled_from("ABCD"), max_size=3, unique=True).map(tuple)


def flights(name: str) -> st.SearchStrategy[Flight]:
    kind = "cargo" if name.startswith("CRS") else "rotation"
    return st.builds(
        Flight,
        name=st.just(name),
        kind=st.just(kind),
        vehicle_type=st.just("T"),
        craft=st.sampled_from(["hull 1", "hull 2"]),
        pad=st.sampled_from(["pad 1", "pad 2"]),
        launch_utc=days,
        dock_utc=st.none(),
        port=st.none() | st.sampled_from(["fore", "aft"]),
        undock_utc=st.none() | days,
        landing_utc=st.none(),
        crew_up=crews,
        crew_down=crews,
    )


plans = st.tuples(*(st.none() | flights(name) for name in NAMES)).map(
    lambda found: Plan("s", "h", tuple(f for f in found if f is not None))
)


@settings(max_examples=200, deadline=None)
@given(a=plans, b=plans)
def test_it_reads_both_ways(a: Plan, b: Plan) -> None:
    there, back = difference(a, b), difference(b, a)
    mirror = {"added": "dropped", "dropped": "added"}
    forth = {(c.flight, mirror.get(c.what, c.what), c.after, c.before) for c in there.changes}
    assert forth == {(c.flight, c.what, c.before, c.after) for c in back.changes}
    assert there.days_moved == back.days_moved
    assert all(str(c) for c in there.changes)


@settings(max_examples=200, deadline=None)
@given(a=plans, b=plans)
def test_there_is_a_change_exactly_where_flights_differ(a: Plan, b: Plan) -> None:
    old, new = ({f.name: _as_compared(f) for f in p.flights} for p in (a, b))
    differing = {n for n in {*old, *new} if old.get(n) != new.get(n)}
    found = difference(a, b)
    assert {c.flight for c in found.changes} == differing
    assert bool(found) == bool(differing)
    listed = [name for kind in (False, True) for name, _ in found.by_flight(is_cargo=kind)]
    assert sorted(listed) == sorted(differing)


def _as_compared(f: Flight) -> Flight:
    """A flight without what is no difference: the order of its crews, docking and landing, pins."""
    return replace(
        f,
        crew_up=tuple(sorted(f.crew_up)),
        crew_down=tuple(sorted(f.crew_down)),
        dock_utc=None,
        landing_utc=None,
        pinned=(),
    )
