"""States like the station's, and the Earth's orientation about them: what every oracle starts from."""

from __future__ import annotations

import numpy as np

# GCRF; circular within 5e-4, at the station's inclination.
EPOCH_UTC = "2022-01-04T00:00:00"
N_STATES = 6
MU_M3_S2 = 3.986004415e14
EARTH_RADIUS_M = 6_378_136.3
# EGM2008, fully normalised, as heyoka carries them.
ZONALS = {2: -0.000484165143790815, 3: 9.57161207093473e-07, 4: 5.39965866638991e-07}
# IERS finals2000A as heyoka 7.13.2 carries it: MJD, UT1-UTC (s), x, y (arcsec), dX, dY (mas).
ORIENTATION = (
    (59580, -0.1105197, 0.054574, 0.276983, 0.059, -0.259),
    (59581, -0.1103891, 0.053381, 0.277886, 0.077, -0.23),
    (59582, -0.1101398, 0.052855, 0.278999, 0.095, -0.202),
    (59583, -0.109919, 0.053294, 0.280607, 0.114, -0.174),
    (59584, -0.1098692, 0.053559, 0.282963, 0.132, -0.152),
    (59585, -0.1100259, 0.053042, 0.285048, 0.15, -0.132),
    (59586, -0.110361, 0.051849, 0.286983, 0.169, -0.113),
    (59587, -0.1107892, 0.050225, 0.288671, 0.194, -0.092),
    (59588, -0.1112277, 0.048602, 0.290231, 0.222, -0.071),
    (59589, -0.1116091, 0.047155, 0.291472, 0.249, -0.05),
    (59590, -0.1118697, 0.045595, 0.292576, 0.277, -0.029),
    (59591, -0.1119606, 0.044205, 0.293449, 0.266, -0.035),
)


def states(n: int = N_STATES) -> np.ndarray:
    """Shape (n, 6): m and m/s; the first ones are the same for every n."""
    rng = np.random.default_rng(1998_067)
    inclination = np.radians(51.64)
    rows = []
    for _ in range(n):
        radius = 6.795e6 + rng.uniform(-5e3, 5e3)
        node, latitude = rng.uniform(0, 2 * np.pi, 2)
        speed = np.sqrt(MU_M3_S2 / radius) * (1 + rng.uniform(-5e-4, 5e-4))
        p = np.array([np.cos(node), np.sin(node), 0.0])
        q = np.array(
            [
                -np.cos(inclination) * np.sin(node),
                np.cos(inclination) * np.cos(node),
                np.sin(inclination),
            ]
        )
        rows.append(
            np.concatenate(
                [
                    radius * (np.cos(latitude) * p + np.sin(latitude) * q),
                    speed * (np.cos(latitude) * q - np.sin(latitude) * p),
                ]
            )
        )
    return np.array(rows)


def golden(producer: str, script: str, tolerance: str, cases: dict[str, np.ndarray]) -> dict[str, object]:
    """The head and the states of a golden file: epoch, states, and what became of them after a day."""
    return {
        "producer": producer,
        "command": f"python benches/oracles/{script}.py > src/crossflight/app/validation/data/{script}.json",
        "tolerance": tolerance,
        "epoch_utc": EPOCH_UTC,
        "seconds": 86_400,
        "states_m_m_s": states().tolist(),
        "after": {name: after.tolist() for name, after in cases.items()},
    }
