"""How many people would have no nominal seat if the worst docked craft became unusable.

The craft stays docked and its crew stays aboard, so its people need seats elsewhere.  Pressure
suits are not interchangeable between makers: a free nominal seat serves only people of its suit
family, and a person's family is that of the craft in which the seat is (a nominal move flies the
suit along).  People without a nominal seat may still have some seat: any free nominal or
contingency seat of another usable craft.  The worst craft is the one that leaves most people
without a nominal seat, then most without any.

Values:

- `n_without_nominal_max`: the most people without a nominal seat that the scenario accepts.

Source: station practice (Soyuz MS-22, December 2022).  With full crews and few contingency seats
the number is rarely zero, so the rule is normally soft; the number is always reported.  The
accepted number is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import DAY_US, State, Walk

RULE = Rule(
    id="seat_n1",
    title="seat N-1",
    statement="Losing any one craft, its crew staying, leaves few people without a nominal seat.",
    source="Station practice since Soyuz MS-22, December 2022; the accepted number is an assumption",
    values=("n_without_nominal_max",),
)


def worst_craft(walk: Walk, state: State) -> tuple[int, int, str]:
    """(people without nominal seat, without any seat, flight lost) for the worst craft.

    The flight is empty where no usable craft with seats is docked; then nobody has a seat.
    """
    usable = []
    n_nominal_all: dict[str, int] = {}
    n_any_all = 0
    people: dict[str, set[str]] = {}
    for name, seated in state.seated.items():
        kind = walk.type_of(name)
        if kind is None:
            continue
        if seated:
            people.setdefault(kind.suit, set()).update(seated)
        if name not in state.unusable and kind.n_seats_nominal + kind.n_seats_contingency > 0:
            usable.append((name, kind))
            n_nominal_all[kind.suit] = n_nominal_all.get(kind.suit, 0) + kind.n_seats_nominal
            n_any_all += kind.n_seats_nominal + kind.n_seats_contingency
    n_aboard = len(state.aboard)
    if not usable or not n_aboard:
        return n_aboard, n_aboard, ""
    n_short_all = {suit: len(p) - n_nominal_all.get(suit, 0) for suit, p in people.items()}
    n_without = sum(n for n in n_short_all.values() if n > 0)
    worst = (-1, -1, "")
    for name, kind in usable:
        n_nominal = n_without
        if kind.suit in n_short_all:
            short = n_short_all[kind.suit]
            n_nominal += max(0, short + kind.n_seats_nominal) - max(0, short)
        n_any = max(0, n_aboard - n_any_all + kind.n_seats_nominal + kind.n_seats_contingency)
        if (n_nominal, n_any) > worst[:2]:
            worst = (n_nominal, n_any, name)
    return worst


def check(walk: Walk) -> Iterator[Violation]:
    """Stretches in which the worst loss leaves too many people without a nominal seat."""
    n_max = walk.number(RULE.id, "n_without_nominal_max")
    worst = [worst_craft(walk, state) for state in walk.states]
    for from_us, to_us, run in walk.runs([w if w[0] > n_max else None for w in worst]):
        n, n_any, name = max(run, key=lambda w: w[:2])
        yield walk.violation(
            RULE.id,
            from_us,
            to_us,
            tuple(dict.fromkeys(w[2] for w in run if w[2])),
            f"{name or 'no usable craft docked'}: its loss would leave {n} people without a nominal seat "
            f"({n_any} without any), limit {n_max:g}, for {(to_us - from_us) / DAY_US:.1f} d",
        )
