"""integrated_seat: rotation flights launched under an agreement carry the other side's people."""

from __future__ import annotations

from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """Seat patterns that break the agreement are forbidden while it is in force."""
    if not traffic.binds("integrated_seat"):
        return
    model, grain = traffic.model, traffic.grain
    for agreement in traffic.scenario.agreements:
        first, last = grain.day(agreement.from_utc), grain.first_day_from(agreement.to_utc)
        for seat in agreement.seats:
            for v in traffic.lines.get(seat.vehicle_type, []):
                if v.origin == "docked" or v.name in agreement.exempt_flights or v.kind != "rotation":
                    continue
                wrong = [x for x, p in v.patterns if not seat.allows(p.get(seat.partner, 0))]
                for x in wrong:
                    if first <= 0 and last >= grain.n_days:
                        model.add_bool_or([~x])
                        continue
                    before = model.new_bool_var(f"{v.name}.before.{agreement.name}")
                    model.add(v.launch <= first - 1).only_enforce_if([x, before])
                    model.add(v.launch >= last).only_enforce_if([x, ~before])
