"""life_left: a craft docked at the horizon has the stated days of life left."""

from __future__ import annotations

from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """Age at the horizon plus the wanted reserve is within life."""
    if not traffic.binds("life_left"):
        return
    for v in traffic.visits:
        life = v.vehicle.on_orbit_life_days
        if life is not None:
            life -= traffic.scenario.life_left_days
            longest = v.clock.days_launch_to_horizon_max(life, traffic.grain.end_hours)
            traffic.model.add(v.days <= longest).only_enforce_if([v.is_present, v.is_open])
