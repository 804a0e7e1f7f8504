"""The table twins of what is drawn of a flight: its path about the Earth, its last kilometres."""

from __future__ import annotations

from typing import Final

import numpy as np

from crossflight.app.flight_outcome import FlightOutcome
from crossflight.app.flight_words import clock, second
from crossflight.dynamics.events import sub_point
from crossflight.report.shape import Cell, Table
from crossflight.report.table import columns, table
from crossflight.times import Instant

_PATH_STEP_S: Final = 600.0
_APPROACH_STEP_S: Final = 60.0


def path_table(o: FlightOutcome) -> Table:
    """Where the craft is every ten minutes of free flight and at everything that happens."""
    liftoff = o.ascent.liftoff_utc
    named = {e.utc.us: e.name for e in o.events} | {b.utc.us: b.name for b in o.burns if b.is_made}
    times = set(named)
    for a in o.arcs:
        step_us = int(_PATH_STEP_S * 1e6)
        first = liftoff.us + -(-(int(a.t_utc_us[0]) - liftoff.us) // step_us) * step_us
        times |= set(range(first, int(a.t_utc_us[-1]) + 1, step_us))
    rows: list[list[Cell]] = []
    for t_us in sorted(times):
        utc = Instant(t_us)
        state = next((y for y in (a.state_at(utc) for a in o.arcs) if y is not None), None)
        if state is None:
            continue
        latitude, longitude, height_m = sub_point(t_us, state[None, :3])
        rows.append(
            [
                second(utc),
                clock(utc.s_since(liftoff)),
                named.get(t_us),
                round(float(np.degrees(latitude[0])), 2),
                round(float(np.degrees(longitude[0])), 2),
                round(float(height_m[0]) / 1e3, 1),
                _range_km(o, utc, state[:3]),
                o.light(utc),
            ]
        )
    named_columns = columns(
        "UTC@", "Mission time@", "What happens", "North, deg#", "East, deg#", "Height, km#",
        "To the station, km#", "Light",
    )  # fmt: skip
    note = "The globe in numbers: every ten minutes of free flight, and whatever happens between."
    return table("path", "Path", named_columns, rows, note=note)


def _range_km(o: FlightOutcome, utc: Instant, r_gcrf_m: np.ndarray) -> float | None:
    """Nothing where the track of the station ends."""
    if not o.track.from_utc <= utc <= o.track.to_utc:
        return None
    station = o.track.states(utc.us)[0, :3]
    return round(float(np.linalg.norm(station - r_gcrf_m)) / 1e3, 1)


def approach_table(o: FlightOutcome) -> Table | None:
    """The flown approach in the station's local frame, every minute and at each stage."""
    near, begin = o.approach, o.approach_from
    if near is None or begin is None or not near.paths:
        return None
    path = near.paths[0]
    stages = {
        float(t): s.event.replace("-", " ")
        for s, t in zip(near.approach.stages, near.stage_t_s[:, 0], strict=True)
        if s.event and np.isfinite(t)
    }
    last = float(path.t_s[-1])
    times = sorted({*stages, *np.arange(0.0, last, _APPROACH_STEP_S).tolist(), last})
    port = np.asarray(o.port.position_m)
    rows: list[list[Cell]] = []
    for t in times:
        state = np.array([np.interp(t, path.t_s, path.states_lvlh[:, k]) for k in range(6)])
        rows.append(
            [
                second(begin.plus_s(t)),
                stages.get(t),
                *(round(float(x), 1) for x in state[:3]),
                round(float(np.linalg.norm(state[:3] - port)), 1),
                round(float(np.linalg.norm(state[3:])), 3),
            ]
        )
    named = columns(
        "UTC@", "Stage", "Ahead, m#", "Against the normal, m#", "Down, m#", "To the port, m#", "Speed, m/s#"
    )
    note = (
        "In LVLH from the station's centre of mass: ahead along the track, against the orbit's normal, down."
    )
    return table("approach", "Approach", named, rows, note=note)
