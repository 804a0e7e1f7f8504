"""handover: the newcomers dock some days before the old crew leaves."""

from __future__ import annotations

import math
from itertools import pairwise

from crossflight.planner.grain import UNDOCK_HOUR
from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """Term handover_shortfall_days for consecutive rotation flights of a type."""
    setting = traffic.setting("handover")
    if setting.severity == "off":
        return
    wanted = traffic.value("handover", "overlap_days_min", 0.0)
    model, horizon = traffic.model, traffic.grain.n_days
    for line in traffic.lines.values():
        for a, b in pairwise(line):
            if b.origin == "docked":
                continue
            # The undocking is at 06:00 or later, the docking so many hours into the launch day or earlier.
            need = math.ceil(wanted + (b.clock.dock.last - UNDOCK_HOUR) / 24 - 1e-9)
            short = model.new_int_var(0, horizon, f"{b.name}.handover_short")
            model.add(short >= need - (a.undock - b.launch)).only_enforce_if([b.is_present, ~a.is_open])
            if traffic.binds("handover"):
                model.add(short == 0)
            traffic.add_term("handover_shortfall_days", short)
