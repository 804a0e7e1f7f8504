"""Element sets whatever file they came from: what is physically possible, what is suspicious, which one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from crossflight.model.orbit import ElementSet
from crossflight.times import DAY_S

ISS_NORAD_ID: Final = 25544

# WGS 72, the constants element sets are made with (Hoots and Roehrich 1980, Spacetrack Report 3).
EARTH_RADIUS_KM: Final = 6378.135
_MU_KM3_S2: Final = 398_600.8
_J2: Final = 0.001082616
# An orbit of a million kilometres, two and a half times the Moon's distance, and one inside the Earth.
MEAN_MOTION_REV_DAY_MIN: Final = 0.008
MEAN_MOTION_REV_DAY_MAX: Final = 18.0
NORAD_ID_MAX: Final = 999_999_999

_US_PER_S: Final = 1_000_000
_MINUTE_US: Final = 60 * _US_PER_S
# Half of a TLE's last digit, 1e-8 of a day.
_TLE_HALF_STEP_US: Final = 432
# 1e-4 of a day: an epoch on that grid has four zeros at its end.
_ROUND_STEP_US: Final = DAY_S * _US_PER_S // 10_000
# The set of 2008-09-20 that encyclopaedias and tutorials print (node, perigee, anomaly); many invented
# sets carry its angles under another epoch.
_TUTORIAL_DEG: Final = (247.4627, 130.5360, 325.0288)
_TUTORIAL_DATE: Final = "2008-09-20"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why an element set cannot be: the attribute to blame, a sentence without its subject, a hint."""

    attribute: str
    message: str
    hint: str = ""


def flaw(elements: ElementSet) -> Flaw | None:
    """The first thing about a set that cannot be, or None."""
    for attribute, low, high in (
        ("inclination_deg", 0.0, 180.0),
        ("raan_deg", 0.0, 360.0),
        ("arg_perigee_deg", 0.0, 360.0),
        ("mean_anomaly_deg", 0.0, 360.0),
    ):
        value = getattr(elements, attribute)
        if not low <= value <= high:
            return Flaw(attribute, f"is {value:g} deg, outside {low:g} to {high:g}")
    if not 0.0 <= elements.eccentricity < 1.0:
        why = "this orbit is not closed" if elements.eccentricity >= 1.0 else "it cannot be negative"
        return Flaw(
            "eccentricity", f"is {elements.eccentricity:g}: {why}", "SGP4 needs 0 or more, less than 1"
        )
    if not MEAN_MOTION_REV_DAY_MIN <= elements.mean_motion_rev_day < MEAN_MOTION_REV_DAY_MAX:
        return Flaw(
            "mean_motion_rev_day",
            f"is {elements.mean_motion_rev_day:g} revolutions a day, "
            f"outside {MEAN_MOTION_REV_DAY_MIN:g} to {MEAN_MOTION_REV_DAY_MAX:g}",
            "nothing orbits the Earth faster than 17 times a day",
        )
    radius_km = perigee_radius_km(elements)
    if radius_km < EARTH_RADIUS_KM:
        return Flaw(
            "mean_motion_rev_day",
            f"and the eccentricity put the perigee {EARTH_RADIUS_KM - radius_km:.0f} km below the surface: "
            "it has decayed, or the set is doctored",
            "take an earlier set",
        )
    if not 0 <= elements.norad_id <= NORAD_ID_MAX:
        return Flaw("norad_id", f"is {elements.norad_id}, outside 0 to {NORAD_ID_MAX}")
    return None


def perigee_radius_km(elements: ElementSet) -> float:
    """Mean perigee distance from the Earth's centre (km): Brouwer's, from a set's Kozai mean motion.

    As SGP4 recovers it; source: Hoots and Roehrich 1980, section 6.
    """
    n_rad_s = elements.mean_motion_rev_day * math.tau / DAY_S
    a1_km = math.cbrt(_MU_KM3_S2 / n_rad_s**2)
    kepler_km = a1_km * (1 - elements.eccentricity)
    if kepler_km < EARTH_RADIUS_KM / 2:  # far inside, where the series below means nothing
        return kepler_km
    cos_i = math.cos(math.radians(elements.inclination_deg))
    k = 0.75 * _J2 * (3 * cos_i**2 - 1) / (1 - elements.eccentricity**2) ** 1.5
    d1 = k * (EARTH_RADIUS_KM / a1_km) ** 2
    a2_km = a1_km * (1 - d1 / 3 - d1**2 - 134 / 81 * d1**3)
    d0 = k * (EARTH_RADIUS_KM / a2_km) ** 2
    return math.cbrt(_MU_KM3_S2 / (n_rad_s / (1 + d0)) ** 2) * (1 - elements.eccentricity)


def is_suspicious(elements: ElementSet) -> str:
    """Why a set looks invented, or an empty text: a warning for people, not an error.

    Genuine epochs lie where the orbit was fitted, usually near a node, and seldom on a round time.  One
    genuine set in ten thousand has four zeros at the end of its epoch by chance, one in seventy thousand
    a whole minute.
    """
    us_of_minute = elements.epoch_utc.us % _MINUTE_US
    if min(us_of_minute, _MINUTE_US - us_of_minute) <= _TLE_HALF_STEP_US:
        return f"its epoch {elements.epoch_utc.iso()} is a round time: invented sets have such epochs"
    if elements.epoch_utc.us % _ROUND_STEP_US == 0:
        day = elements.epoch_utc.us % (DAY_S * _US_PER_S) / (DAY_S * _US_PER_S)
        return f"its epoch ends in .{round(day * 1e4):04d}0000 of a day: invented sets have such round epochs"
    angles_deg = (elements.raan_deg, elements.arg_perigee_deg, elements.mean_anomaly_deg)
    if angles_deg == _TUTORIAL_DEG and elements.epoch_utc.date() != _TUTORIAL_DATE:
        return (
            f"its angles are those of the set of {_TUTORIAL_DATE} that tutorials print, under another epoch"
        )
    return ""
