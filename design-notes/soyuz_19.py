"""Soyuz 19's orbit of 15 July 1975, from its launch and the published perigee and apogee: writes an OMM.

No element set of it is at hand.  What is known (SP-4012, russianspaceweb): lift-off from Baikonur 1 at
12:20:00 UTC, insertion about 530 s later into 186.35 x 220.35 km at 51.8 degrees.  The node follows from the
launch law the other way round: the pad was in the orbit's plane so many seconds after lift-off as for
every Soyuz (phase zero: there was nothing to catch up).  The argument of latitude at insertion is the pad's
plus 17 degrees of powered flight [assumed]; it sets only the phase.

    python design-notes/soyuz_19.py > src/crossflight/history/data/soyuz-19.omm
"""

import numpy as np

from crossflight.dynamics import earth
from crossflight.dynamics.ephemeris_orbit import satellite_of_axis
from crossflight.flight.ascent import ascent_of
from crossflight.flight.zones import PADS
from crossflight.times import Instant

INCLINATION_DEG = 51.8
PERIGEE_KM, APOGEE_KM = 186.35, 220.35
LIFTOFF = Instant.of(1975, 7, 15, 12, 20)
INSERTION = LIFTOFF.plus_s(530)
POWERED_FLIGHT_DEG = 17.0

pad = PADS["baikonur-1"]
inclination = np.radians(INCLINATION_DEG)
in_plane = LIFTOFF.plus_s(ascent_of("soyuz-ms").lead_s)
past_node = np.arcsin(np.tan(pad.geocentric_latitude_rad) / np.tan(inclination))
node = float(earth.sidereal_time_rad(in_plane.us)) + pad.longitude_rad - past_node
axis_m = earth.RADIUS_M + (PERIGEE_KM + APOGEE_KM) / 2 * 1000
eccentricity = (APOGEE_KM - PERIGEE_KM) * 1000 / (2 * axis_m)
latitude = (
    np.degrees(np.arcsin(np.sin(pad.geocentric_latitude_rad) / np.sin(inclination))) + POWERED_FLIGHT_DEG
)
kozai = satellite_of_axis(axis_m, inclination, INSERTION).no_kozai * 1440 / (2 * np.pi)

print(f"""CCSDS_OMM_VERS = 2.0
COMMENT Soyuz 19 (ASTP) at insertion, made by design-notes/soyuz_19.py from its lift-off
COMMENT and the published 186.35 x 220.35 km; the argument of latitude is assumed
CREATION_DATE = 2026-11-25T00:00:00
ORIGINATOR = CROSSFLIGHT
OBJECT_NAME = SOYUZ 19
OBJECT_ID = 1975-065A
CENTER_NAME = EARTH
REF_FRAME = TEME
TIME_SYSTEM = UTC
MEAN_ELEMENT_THEORY = SGP4
EPOCH = {INSERTION.iso().removesuffix("Z")}
MEAN_MOTION = {kozai:.8f}
ECCENTRICITY = {eccentricity:.7f}
INCLINATION = {INCLINATION_DEG:.4f}
RA_OF_ASC_NODE = {np.degrees(node) % 360:.4f}
ARG_OF_PERICENTER = {latitude % 360:.4f}
MEAN_ANOMALY = 0.0000
NORAD_CAT_ID = 8030
BSTAR = 0.0
MEAN_MOTION_DOT = 0.0
MEAN_MOTION_DDOT = 0.0""")
