"""on_orbit_life and its waiver: lift-off to landing within the type's life."""

from __future__ import annotations

from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """A waiver buys days up to the type's limit, each at the rule's price."""
    if traffic.setting("on_orbit_life").severity == "off":
        return
    is_waivable = traffic.setting("on_orbit_life").severity != "hard"
    model = traffic.model
    for v in traffic.visits:
        life = v.vehicle.on_orbit_life_days
        if life is None:
            continue
        longest = v.clock.days_launch_to_undock_max(life)
        to_horizon = v.clock.days_launch_to_horizon_max(life, traffic.grain.end_hours)
        extra = int(v.vehicle.life_waiver_days)
        if is_waivable and extra:
            v.waived_life_days = model.new_int_var(0, extra, f"{v.name}.life_waived")
            traffic.waiver_days.setdefault("on_orbit_life", []).append((v.name, v.waived_life_days))
        if v.origin == "added":
            # Unconditional and tight in the linear relaxation: an absent flight has no days.
            model.add(v.days <= max(longest, to_horizon) * v.is_present + v.waived_life_days)
        model.add(v.days <= longest + v.waived_life_days).only_enforce_if([v.is_present, ~v.is_open])
        model.add(v.days <= to_horizon + v.waived_life_days).only_enforce_if([v.is_present, v.is_open])
