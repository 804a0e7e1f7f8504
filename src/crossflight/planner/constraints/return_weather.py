"""return_weather: an undocking can slip by some days within life; port_occupancy keeps its port so long."""

from __future__ import annotations

from crossflight.planner.traffic import Traffic


def add(traffic: Traffic) -> None:
    """Term return_weather_shortfall_days; where the rule binds, every return has its whole wait."""
    if traffic.setting("return_weather").severity == "off":
        return
    model = traffic.model
    for v in traffic.visits:
        wanted = v.vehicle.return_weather_days
        if wanted <= 0:
            continue
        wait = model.new_int_var(0, wanted, f"{v.name}.weather_wait")
        v.weather_wait = wait
        is_back = v.is_present - v.is_open
        model.add(wait <= wanted * is_back)
        life = v.vehicle.on_orbit_life_days
        if life is not None and traffic.setting("on_orbit_life").severity != "off":
            longest = v.clock.days_launch_to_undock_max(life)
            leaves = [v.is_present, ~v.is_open]
            model.add(v.days + wait <= longest + v.waived_life_days).only_enforce_if(leaves)
        traffic.add_term("return_weather_shortfall_days", wanted * is_back - wait)
        if traffic.binds("return_weather"):
            model.add(wait == wanted * is_back)
