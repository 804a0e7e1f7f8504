"""Secular drift of node, perigee and argument of latitude by the zonals, and of one orbit against another.

First order in J2 and J4 and second order in J2, for Brouwer mean elements; the second order without the
squares of the eccentricity, as SGP4 has it (Hoots and Roehrich 1980, Spacetrack Report 3).  `nodes` has the
circular orbit with every even zonal to degree 20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from crossflight.dynamics.nodes import EVEN_ZONALS, MU_M3_S2, REFERENCE_RADIUS_M

J2: Final = float(-EVEN_ZONALS[2] * np.sqrt(5))
J4: Final = float(-EVEN_ZONALS[4] * 3)


@dataclass(frozen=True, slots=True)
class SecularRates:
    """Mean rates of an orbit in rad/s: of node, argument of perigee, and mean argument of latitude."""

    node_rad_s: float
    perigee_rad_s: float
    latitude_argument_rad_s: float


def secular_rates(axis_m: float, eccentricity: float, inclination_rad: float) -> SecularRates:
    """Secular rates by J2, J2 squared and J4 of mean elements.

    Parameters
    ----------
    axis_m
        Mean semi-major axis: the Keplerian mean motion belongs to it before J2 changes the rate.
    """
    n = np.sqrt(MU_M3_S2 / axis_m**3)
    c2 = np.cos(inclination_rad) ** 2
    cosine = np.cos(inclination_rad)
    root = np.sqrt(1 - eccentricity**2)
    p_ratio = (REFERENCE_RADIUS_M / (axis_m * (1 - eccentricity**2))) ** 2
    first = 1.5 * J2 * p_ratio
    second = 0.5 * first * J2 * p_ratio
    fourth = -15 / 32 * J4 * p_ratio**2
    node = -first * cosine
    node += (0.5 * second * (4 - 19 * c2) + 2 * fourth * (3 - 7 * c2)) * cosine
    perigee = -0.5 * first * (1 - 5 * c2)
    perigee += second / 16 * (7 - 114 * c2 + 395 * c2**2) + fourth * (3 - 36 * c2 + 49 * c2**2)
    anomaly = 1 + 0.5 * first * root * (3 * c2 - 1)
    anomaly += second / 16 * root * (13 - 78 * c2 + 137 * c2**2)
    return SecularRates(float(n * node), float(n * perigee), float(n * (anomaly + perigee)))


def relative_drift(
    chaser: tuple[float, float, float], target: tuple[float, float, float]
) -> tuple[float, float]:
    """By how much a chaser's node and argument of latitude run away from a target's, rad/s.

    Parameters
    ----------
    chaser, target
        Mean semi-major axis in metres, eccentricity, inclination in radians.
    """
    a, b = secular_rates(*chaser), secular_rates(*target)
    return a.node_rad_s - b.node_rad_s, a.latitude_argument_rad_s - b.latitude_argument_rad_s
