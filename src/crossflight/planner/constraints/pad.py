"""pad: turnaround and outages of launch pads."""

from __future__ import annotations

from crossflight.planner.constraints.docking_spacing import apart
from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """Launches on a pad keep its turnaround apart and avoid its outages."""
    if not traffic.binds("pad"):
        return
    model, grain = traffic.model, traffic.grain
    for pad in traffic.scenario.pads:
        users = [v for v in traffic.visits if pad.name in v.pad_of or (v.known and v.known.pad == pad.name)]
        if not users:
            continue
        events = [(v, v.launch, v.clock.launch, v.pad_of.get(pad.name, v.is_present)) for v in users]
        apart(traffic, events, pad.turnaround_days, f"pad.{pad.name}")
        for outage in pad.outages:
            first, last = grain.day(outage.from_utc), grain.first_day_from(outage.to_utc)
            for v in users:
                if v.known is not None:
                    continue
                before = model.new_bool_var(f"{v.name}.before.{pad.name}.{first}")
                x = v.pad_of[pad.name]
                model.add(v.launch <= first - 1).only_enforce_if([x, before])
                model.add(v.launch >= last).only_enforce_if([x, ~before])
