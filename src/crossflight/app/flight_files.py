"""A flown flight as files: ephemeris, state after insertion, CZML, tables, plots, the report.

The same flight gives the same bytes: no file knows when it was written.  Messages that must have a date of
creation take the day of what was known, the epoch of the elements, to the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from crossflight.app.flight_outcome import FlightOutcome
from crossflight.app.flight_pictures import pictures
from crossflight.app.flight_view import view, view_text
from crossflight.dynamics.frames import transform
from crossflight.flight.flight_phases import Arc
from crossflight.flight.plane import Place
from crossflight.flight.zones import ZONES
from crossflight.formats.csv_table import csv_bytes
from crossflight.formats.czml import CzmlTrack, czml_text
from crossflight.formats.oem_text import oem_kvn_text
from crossflight.formats.opm import opm_kvn_text
from crossflight.formats.parquet_table import parquet_bytes
from crossflight.model.orbit import Ephemeris, EphemerisArc
from crossflight.report.flight_page import flight_picture
from crossflight.report.html import render
from crossflight.times import Instant

Columns = Mapping[str, NDArray[Any] | Sequence[Any]]

_ORIGINATOR: Final = "CROSSFLIGHT"
_BEFORE_DOCKING: Final = ("ascent", "rendezvous", "approach")
# Those of the plots.
_COLOUR: Final = (0, 114, 178)
_TARGET_COLOUR: Final = (138, 138, 138)
_TARGET_STEP_US: Final = 60_000_000
# A burn is one thrust if its size is that of its vector, but for rounding.
_ONE_THRUST: Final = 1.001
_COMMENT_MAX: Final = 200


def files_of(o: FlightOutcome) -> dict[str, str | bytes]:
    """What ``--out`` writes, by file name."""
    arcs = tuple(_arc(o, a) for a in o.arcs)
    name = o.craft.name
    created = Instant(o.elements.epoch_utc.us - o.elements.epoch_utc.us % 1_000_000)
    known = f"created: when the elements were known, {o.source}"
    found: dict[str, str | bytes] = {
        "flight.oem": oem_kvn_text(Ephemeris(_ORIGINATOR, created, arcs, comments=(_ascii(known),))),
        **({"insertion.opm": _opm(o, created, known)} if o.is_inserted else {}),
        "flight.czml": czml_text(
            f"{name} from {o.pad.name}",
            [
                CzmlTrack(name, tuple(_fixed(a) for a in arcs), _COLOUR),
                CzmlTrack(o.elements.object_name, (_fixed(_target(o)),), _TARGET_COLOUR),
            ],
            o.events,
            {place.name: _degrees(place) for place in (o.pad, *_zone(o))},
        ),
    }
    for table, columns in tables(o).items():
        found[f"{table}.csv"] = csv_bytes(_rows(columns))
        found[f"{table}.parquet"] = parquet_bytes(columns)
    found.update(pictures(o))
    shown = view(o)
    found["flight.json"] = view_text(shown)
    found["report.html"] = render(flight_picture(shown))
    return found


def tables(o: FlightOutcome) -> dict[str, Columns]:
    """Events, burns and samples: column name, with its unit, to values."""
    liftoff = o.ascent.liftoff_utc
    found: dict[str, Columns] = {
        "events": {
            "utc": [e.utc for e in o.events],
            "met_s": [round(e.utc.s_since(liftoff), 3) for e in o.events],
            "event": [e.name for e in o.events],
            "light": [o.light(e.utc) for e in o.events],
            "note": [e.note for e in o.events],
        },
        "burns": {
            "utc": [b.utc for b in o.burns],
            "name": [b.name for b in o.burns],
            "light": [o.light(b.utc) for b in o.burns],
            "dv_m_s": [round(b.dv_m_s, 4) for b in o.burns],
            "duration_s": [round(b.duration_s, 2) for b in o.burns],
            "propellant_kg": [round(b.propellant_kg, 3) for b in o.burns],
            **{
                f"dv_{axis}_m_s": [round(b.dv_rtn_m_s[k], 4) for b in o.burns]
                for k, axis in enumerate(("radial", "along", "cross"))
            },
            "note": [b.note for b in o.burns],
        },
    }
    if o.samples is not None:
        found["samples"] = o.samples.columns()
    return found


def _opm(o: FlightOutcome, created: Instant, known: str) -> str:
    """The craft at its separation and the burns up to contact that are one thrust in one direction.

    What an approach does in many pulses is no manoeuvre of such a message: its velocities add up to more
    than their sum.
    """
    state, contact = o.ascent.insertion, o.contact
    to_contact = [b for b in o.burns if b.is_made and (contact is None or b.utc < contact.utc)]
    single = [b for b in to_contact if b.dv_m_s <= _ONE_THRUST * float(np.linalg.norm(b.dv_rtn_m_s))]
    pulsed = [b.name for b in to_contact if b not in single]
    after_s = state.utc.s_since(o.ascent.cutoff.utc)
    comments = [known, f"state at separation from the launcher, {after_s:.1f} s after insertion (cut-off)"]
    if pulsed:
        comments.append(f"flown in pulses and not listed here, see burns.csv: {', '.join(pulsed)}")
    return opm_kvn_text(
        state,
        object_name=o.craft.name,
        object_id="UNKNOWN",
        originator=_ORIGINATOR,
        created_utc=created,
        burns=single,
        comments=tuple(_ascii(c) for c in comments),
    )


def _ascii(text: str) -> str:
    """As keyword-value notation takes it: names of files may be in any script, and hold anything."""
    return text.encode("unicode_escape").decode("ascii")[:_COMMENT_MAX]


def _rows(columns: Columns) -> list[list[str | float]]:
    cells = {
        name.removesuffix("_us") if name.endswith("_utc_us") else name: [
            _cell(x, is_utc=name.endswith("_utc_us")) for x in column
        ]
        for name, column in columns.items()
    }
    return [list(cells), *map(list, zip(*cells.values(), strict=True))]


def _cell(value: Any, *, is_utc: bool) -> str | float:
    """A cell; nothing where a number is not there."""
    if is_utc:
        return Instant(int(value)).iso() if value else ""
    if isinstance(value, Instant):
        return value.iso()
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (float, np.floating)):
        return float(value) if np.isfinite(value) else ""
    return str(value)


def _arc(o: FlightOutcome, arc: Arc) -> EphemerisArc:
    t_us, y = arc.t_utc_us, arc.states_gcrf
    first, last = Instant(int(t_us[0])), Instant(int(t_us[-1]))
    return EphemerisArc(
        o.craft.name, "UNKNOWN", "GCRF", t_us, y[:, :3], y[:, 3:], first, last, comments=(arc.name,)
    )


def _target(o: FlightOutcome) -> EphemerisArc:
    """The target from lift-off until the craft has come to it, or is down."""
    up = [a for p in o.phases if p.phase.name in _BEFORE_DOCKING for a in p.exit.arcs]
    first, last = Instant(int(up[0].t_utc_us[0])), Instant(int(up[-1].t_utc_us[-1]))
    t_us = np.append(np.arange(first.us, last.us, _TARGET_STEP_US), last.us)
    y = o.track.states(t_us)
    name = o.elements.object_name
    return EphemerisArc(name, o.elements.object_id, "GCRF", t_us, y[:, :3], y[:, 3:], first, last)


def _fixed(arc: EphemerisArc) -> EphemerisArc:
    r, v = transform("GCRF", "ITRF", arc.t_utc_us, arc.r_m, arc.v_m_s)
    return EphemerisArc(
        arc.object_name, arc.object_id, "ITRF", arc.t_utc_us, r, v, arc.useable_from_utc, arc.useable_to_utc
    )


def _zone(o: FlightOutcome) -> tuple[Place, ...]:
    return tuple(z for z in ZONES.values() if o.home is not None and z.name == o.home.zone)


def _degrees(place: Place) -> tuple[float, float]:
    return float(np.degrees(place.latitude_rad)), float(np.degrees(place.longitude_rad))
