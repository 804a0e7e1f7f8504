"""Seats given and seats taken between partners stay in balance.

Under an agreement each partner's ledger counts the seats it gave to others' people on its own
craft minus the seats its people took on others' craft, in order of launch.  It stays within the
agreement's `ledger_bound` (default 1) either way at every launch, and is 0 after the last covered
launch of the plan.  Seats up are counted, on the flights that rule integrated_seat covers;
visitors' organisations belong to no partner and do not enter.  The ledger begins at 0 with the
plan.

Values: none (the bound stands with the agreement).

Source: no money is exchanged for the seats (agreement of July 2022); the bound is an assumption.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Agreement, Flight, Violation
from crossflight.rules.integrated_seat import covered_flights
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk

RULE = Rule(
    id="seat_ledger",
    title="balance of seats",
    statement="Seats given minus seats taken per partner stay within a bound and end at 0.",
    source="Agreement on integrated flights, 2022-07-14; the bound of 1 is an assumption",
)


def ledger(walk: Walk, agreement: Agreement) -> list[tuple[Flight, dict[str, int]]]:
    """After each covered launch: seats given minus seats taken per partner."""
    balance: dict[str, int] = {}
    entries = []
    for f in covered_flights(walk, agreement):
        kind = walk.types.get(f.vehicle_type)
        giver = "" if kind is None else kind.provider
        for person in dict.fromkeys(f.crew_up):
            taker = walk.partner_of(person)
            if giver and taker is not None and taker != giver:
                balance[giver] = balance.get(giver, 0) + 1
                balance[taker] = balance.get(taker, 0) - 1
        entries.append((f, dict(balance)))
    return entries


def check(walk: Walk) -> Iterator[Violation]:
    """Stretches out of bounds, and a ledger that does not end at 0."""
    for agreement in walk.scenario.agreements:
        entries = ledger(walk, agreement)
        if not entries:
            continue
        bound = agreement.ledger_bound
        end_us = min(walk.end_us, agreement.to_utc.us)
        since: dict[str, tuple[int, int]] = {}
        for f, balance in entries:
            for partner, n in balance.items():
                if abs(n) > bound:
                    from_us, worst = since.get(partner, (f.launch_utc.us, n))
                    since[partner] = (from_us, max(worst, n, key=abs))
                elif partner in since:
                    yield _out(walk, agreement, partner, since.pop(partner), f.launch_utc.us)
        for partner, run in since.items():
            yield _out(walk, agreement, partner, run, end_us)
        last, balance = entries[-1]
        for partner, n in balance.items():
            if n:
                yield walk.violation(
                    RULE.id,
                    last.launch_utc.us,
                    end_us,
                    (partner, agreement.name),
                    f"{partner}: seats given minus taken end at {n:+d} under {agreement.name}, not at 0",
                )


def _out(walk: Walk, agreement: Agreement, partner: str, run: tuple[int, int], to_us: int) -> Violation:
    from_us, n = run
    message = (
        f"{partner}: seats given minus taken reach {n:+d} under {agreement.name}, "
        f"limit {agreement.ledger_bound} either way"
    )
    return walk.violation(RULE.id, from_us, to_us, (partner, agreement.name), message)
