"""Why Demo-1's telemetry is missed by 41 km, and what three other ways give: a table.

The flown path is solved for the most propellant left at cut-off.  Demo-1 flew a more lofted first stage: at
staging 46 degrees up and 1.9 km/s where the path of most propellant has 2.3 km/s.  Tried instead:

- as lofted as the second stage can bear, with half a tonne left for a deorbit burn and reserves [assumed]:
  what a launcher would do that spares its booster most;
- the older thrust of Merlin 1D vacuum, 934 kN;
- a first stage at 92 per cent of its thrust, which the telemetry's acceleration suggests and no source says.

Demo-1 lies between the path of most propellant (41 km too low) and the most lofted one (50 km too high): how
much of its surplus a launcher spends on sparing its booster is in no source, and nothing is fitted to the
telemetry.  So the path of most propellant stays.

    python design-notes/demo_1_loft.py
"""

from dataclasses import replace

import numpy as np

from crossflight.app.validation.flights_ascents import demo_1, orbit_before
from crossflight.flight import ascent_flight
from crossflight.flight.ascent_lead import inplane_utc
from crossflight.flight.launchers import FALCON_9_DRONE_SHIP
from crossflight.flight.zones import PADS
from crossflight.times import Instant

LIFTOFF = Instant.of(2019, 3, 2, 7, 49, 3)
CRAFT_KG, RESERVE_KG = 12_055.0, 500.0
PAD = PADS["ksc-39a"]


def scaled(stage, share):
    """A stage with a share of its thrust, burning as much propellant."""
    motor = replace(
        stage.motor,
        thrust_vacuum_n=share * stage.motor.thrust_vacuum_n,
        thrust_sea_n=share * stage.motor.thrust_sea_n,
    )
    return replace(stage, motor=motor)


def shown(name, path, telemetry):
    """One row of the table."""
    off_km = np.interp(telemetry.seconds, path.t_s, np.array(path.height_m) / 1000) - telemetry.real_km
    worst = int(np.abs(off_km).argmax())
    print(
        f"{name:34s} cut-off {path.t_s[-1]:5.1f} s at {path.air_speed_m_s[-1]:.0f} m/s, "
        f"{path.margin_kg:5.0f} kg left, altitude off by {off_km[worst]:+.0f} km "
        f"at {telemetry.seconds[worst]:.0f} s"
    )


orbit = orbit_before(LIFTOFF)
plane = ascent_flight.mean_plane_gcrf(orbit, inplane_utc(orbit, PAD, LIFTOFF))
telemetry = demo_1()
first, second = FALCON_9_DRONE_SHIP.stages
for name, launcher in (
    ("as it is", FALCON_9_DRONE_SHIP),
    ("second stage with 934 kN", replace(FALCON_9_DRONE_SHIP, stages=(first, scaled(second, 934 / 981)))),
    ("first stage at 92 %", replace(FALCON_9_DRONE_SHIP, stages=(scaled(first, 0.92), second))),
):
    task = ascent_flight.task(launcher, PAD, LIFTOFF, plane, CRAFT_KG)
    solved = ascent_flight.solve(task)
    shown(f"{name}, most propellant", solved.path, telemetry)
    low, high = np.radians(0.5), solved.kick_rad
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (
            (low, middle) if task.path(middle, solved.azimuth_rad).margin_kg > RESERVE_KG else (middle, high)
        )
    shown(f"{name}, most lofted", task.path(high, solved.azimuth_rad), telemetry)
