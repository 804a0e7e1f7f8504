"""How sure each planned launch and landing is: what the computed opportunities say of a plan's flights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from crossflight.model import (
    Flight,
    LandingOpportunity,
    LaunchOpportunity,
    Plan,
    RendezvousProfile,
    Scenario,
)
from crossflight.rules.landing_opportunity import landing_of
from crossflight.rules.launch_opportunity import launch_of, profile_of

COLUMNS = (
    "flight", "lift-off", "+- s", "beta deg", "profile", "likely", "reboost that opens it", "lands",
    "+- s ", "likely ",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chance:
    """What is known of a flight; `launch` is None for one that has flown, `profile` where none is planned."""

    flight: Flight
    launch: LaunchOpportunity | None
    profile: RendezvousProfile | None
    landing: LandingOpportunity | None

    @property
    def line(self) -> tuple[str, ...]:
        """The flight under `COLUMNS`."""
        up, flown, down = self.launch, self.profile, self.landing
        opens = None if flown is None else flown.reboost
        price = "-"
        if opens is not None:
            size = f"about {abs(opens.dv_m_s):.1f}" if opens.is_typical else f"{opens.dv_m_s:+.2f}"
            price = f"{size} m/s, {opens.propellant_kg:.0f} kg, "
        return (
            self.flight.name,
            self.flight.launch_utc.minute() if up else "-",
            f"{up.sigma_s:.0f}" if up else "-",
            f"{up.beta_deg:+.0f}" if up else "-",
            flown.name if flown else "-",
            f"{flown.probability:.0%}" if flown else "-",
            f"{price}{opens.burn_utc.date()}" if opens else price,
            f"{down.zone} {self.flight.landing_utc.minute()}" if down and self.flight.landing_utc else "-",
            f"{down.sigma_s:.0f}" if down else "-",
            f"{down.probability:.0%}" if down else "-",
        )


def chances(scenario: Scenario, plan: Plan) -> Iterator[Chance]:
    """Every flight of which something is computed, in the plan's order."""
    if scenario.opportunities is None:
        return
    docked = {d.flight.name for d in scenario.docked}
    types = {t.name: t for t in scenario.vehicle_types}
    for f in plan.flights:
        launch = None if f.name in docked else launch_of(scenario, f)
        kind = types.get(f.vehicle_type)
        is_planned = launch is not None and kind is not None and kind.profile is not None
        flown = profile_of(launch, f) if launch is not None and is_planned else None
        landing = landing_of(scenario, f)
        if launch is not None or landing is not None:
            yield Chance(f, launch, flown, landing)
