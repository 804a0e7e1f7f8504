"""A flown flight as the report shows it: figures, tables and drawing (``crossflight.flight-view/1``)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

import numpy as np

from crossflight import __version__
from crossflight.app.flight_drawing import drawing
from crossflight.app.flight_outcome import FlightOutcome
from crossflight.app.flight_twins import approach_table, path_table
from crossflight.app.flight_words import clock, second, span
from crossflight.report.flight_shape import SCHEMA, FlightView
from crossflight.report.names import pad_name, spoken
from crossflight.report.shape import Cell, Column, Figure, Table
from crossflight.report.table import columns, table
from crossflight.times import Instant

# Rows of a table of samples; the files beside the page have them all.
_N_ROWS_MAX: Final = 1000
_SHARES: Final = (1, 5, 25, 50, 75, 95, 99)


def view(o: FlightOutcome) -> FlightView:
    """The view of an outcome."""
    liftoff = o.ascent.liftoff_utc
    drawn = drawing(o)
    end = liftoff.plus_s(drawn["to_s"])
    contact = o.contact
    way = f"from {pad_name(o.pad.name)}, to {spoken(o.port.name)}"
    how = f"docked after {span(contact.utc.s_since(liftoff))}" if contact else o.phases[-1].exit.name
    planned = [] if o.flight is None else list(o.flight.tables)
    return {
        "schema": SCHEMA,
        "name": "" if o.flight is None else o.flight.name,
        "vehicle_type": o.vehicle,
        "route": f"{way}: {how}",
        "outcome": o.outcome,
        "liftoff_utc": liftoff.iso(),
        "end_utc": end.iso(),
        "version": __version__,
        "seed": o.seed,
        "facts": [
            ["Lift-off", f"{second(liftoff)} UTC{_off_plan(o)}"],
            ["Profile", o.profile],
            *([["Contact", f"{second(contact.utc)} UTC at {spoken(o.port.name)}"]] if contact else []),
            ["Elements", f"{PurePath(o.source).name}, epoch {second(o.elements.epoch_utc)} UTC"],
            ["Phase at lift-off", f"{o.opportunity.phase_deg:.1f} deg"],
            ["Seed", str(o.seed)],
            ["Version", __version__],
        ],
        "figures": _figures(o),
        "planned": planned,
        "tables": _tables(o),
        "drawing": drawn,
    }


def view_text(shown: FlightView) -> str:
    """A view as a file's text."""
    return json.dumps(shown, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def _off_plan(o: FlightOutcome) -> str:
    """How far the elements of the day have moved the lift-off of the plan."""
    if o.planned_utc is None:
        return ""
    off_s = o.ascent.liftoff_utc.s_since(o.planned_utc)
    return f", {abs(off_s):.0f} s {'after' if off_s > 0 else 'before'} the plan's"


def _figure(label: str, value: str, unit: str, is_ok: bool | None = None) -> Figure:
    tone = "note" if is_ok is None else "ok" if is_ok else "bad"
    return {"label": label, "value": value, "unit": unit, "tone": tone}


def _figures(o: FlightOutcome) -> list[Figure]:
    n_failed = sum(not j.is_ok for j in o.judgements)
    found = [
        _figure("outcome", o.outcome, "", o.outcome == "docked"),
        _figure("rules broken", str(n_failed), f"of {len(o.judgements)}", n_failed == 0),
        _figure("delta-v of the craft", f"{o.dv_total_m_s:.1f}", "m/s"),
    ]
    left_kg = o.propellant_left_kg
    if left_kg is not None:
        found.append(_figure("propellant left", f"{left_kg:.0f}", "kg", left_kg > 0))
    c = o.contact
    if c is not None:
        found.append(_figure("closing at contact", f"{c.closing_m_s:.2f}", "m/s", c.is_within_limits))
        found.append(_figure("off the axis", f"{c.lateral_m * 100:.1f}", "cm", c.is_within_limits))
    if o.samples is not None:
        n = int(o.samples.is_docked.sum())
        made = _figure("samples docked", str(n), f"of {o.samples.n}", n == o.samples.n)
        found.append(made if n in (0, o.samples.n) else {**made, "tone": "warn"})
    if o.home is not None:
        found.append(_figure("landing off the zone", f"{o.home.miss_m / 1000:.1f}", "km"))
    return found


def _tables(o: FlightOutcome) -> list[Table]:
    found = [_rules(o), _events(o), _burns(o), path_table(o)]
    approach = approach_table(o)
    found += [*([approach] if approach is not None else []), _profiles(o), _phases(o)]
    if o.contact is not None:
        found.append(_contact(o))
    if o.samples is not None:
        found += [_spread(o), _samples(o)]
    return [t for t in found if t["rows"]]


def _rules(o: FlightOutcome) -> Table:
    rows: list[list[Cell]] = [[j.name, "held" if j.is_ok else "BROKEN", j.detail] for j in o.judgements]
    note = "The rules of the flight itself; those of the plan are on the timeline's page."
    return table("rules", "Rules of the flight", columns("Rule", "Verdict", "Numbers"), rows, note=note)


def _events(o: FlightOutcome) -> Table:
    liftoff = o.ascent.liftoff_utc
    rows: list[list[Cell]] = [
        [second(e.utc), clock(e.utc.s_since(liftoff)), e.name, o.light(e.utc), e.note] for e in o.events
    ]
    named = columns("UTC@", "Mission time@", "Event", "Light", "Note")
    return table("events", "Events", named, rows)


def _burns(o: FlightOutcome) -> Table:
    rows: list[list[Cell]] = [
        [
            second(b.utc),
            f"{b.name}, {b.note}" if b.note else b.name,
            o.light(b.utc),
            round(b.dv_m_s, 2),
            round(b.duration_s, 1),
            round(b.propellant_kg, 1),
            *(round(x, 2) for x in b.dv_rtn_m_s),
        ]
        for b in o.burns
    ]
    named = columns(
        "Ignition, UTC@", "Burn", "Light", "m/s#", "s#", "kg#", "Radial, m/s#", "Along, m/s#", "Cross, m/s#"
    )
    note = "In the craft's own orbit at ignition: away from the Earth, along the track, across it."
    return table("burns", "Burns", named, rows, note=note)


def _profiles(o: FlightOutcome) -> Table:
    x = o.opportunity
    rows: list[list[Cell]] = [
        [
            p.name,
            ("flown" if p.name == o.profile else "possible") if p.is_feasible else "no",
            p.dock_utc.minute(),
            round(p.dock_sigma_s / 60, 1),
            {True: "day", False: "night", None: ""}[p.is_daylight_dock],
        ]
        for p in x.profiles
    ]
    note = (
        f"The pad passes under the plane at {second(x.inplane_utc)} UTC; lift-off computed for "
        f"{second(x.liftoff_utc)}, one sigma {x.sigma_s:.0f} s, azimuth {x.azimuth_deg:.1f} deg, "
        f"beta {x.beta_deg:.1f} deg."
    )
    named = columns("Profile", "By the phase", "Docking, UTC@", "One sigma, min#", "Light")
    return table("profiles", "The launch opportunity", named, rows, note=note)


def _phases(o: FlightOutcome) -> Table:
    rows: list[list[Cell]] = [
        [
            p.phase.name,
            p.exit.name,
            second(p.entry.utc),
            second(p.exit.state.utc),
            round(p.entry.mass_kg, 1),
            round(p.exit.state.mass_kg, 1),
            p.phase.dynamics,
            p.phase.guidance,
        ]
        for p in o.phases
    ]
    named = columns(
        "Phase",
        "Ended by",
        "From, UTC@",
        "To, UTC@",
        "kg before#",
        "kg after#",
        "What moves it",
        "What steers it",
    )
    return table("phases", "Phases", named, rows)


def _contact(o: FlightOutcome) -> Table:
    c = o.contact
    assert c is not None
    limit = limits_rows(o)
    values: dict[str, float] = {
        "closing, m/s": round(c.closing_m_s, 4),
        "lateral speed, m/s": round(c.lateral_m_s, 4),
        "off the axis, cm": round(c.lateral_m * 100, 2),
        "pitch and yaw, deg": round(c.angle_deg, 3),
        "roll, deg": round(c.roll_deg, 3),
        "rate, deg/s": round(c.rate_deg_s, 4),
    }
    rows: list[list[Cell]] = [[name, value, limit[name]] for name, value in values.items()]
    title = f"First contact, {'within' if c.is_within_limits else 'OUTSIDE'} the {c.limits} limits"
    return table("contact", title, columns("What", "Flown#", "Limit"), rows)


def limits_rows(o: FlightOutcome) -> dict[str, str]:
    """The contact box in words, by what it limits; empty where nobody states one."""
    assert o.approach is not None
    box = o.approach.contacts.limits

    def to(x: float, scale: float = 1.0) -> str:
        return f"to {x * scale:g}" if np.isfinite(x) else ""

    return {
        "closing, m/s": f"{box.closing_from_m_s:g} to {box.closing_to_m_s:g}"
        if np.isfinite(box.closing_to_m_s)
        else "",
        "lateral speed, m/s": to(box.lateral_m_s),
        "off the axis, cm": to(box.lateral_m, 100),
        "pitch and yaw, deg": to(box.angle_deg),
        "roll, deg": to(box.roll_deg),
        "rate, deg/s": to(box.rate_deg_s),
    }


def _spread(o: FlightOutcome) -> Table:
    s = o.samples
    assert s is not None
    docked_us = np.sort(s.contact_utc_us[s.is_docked])
    rows: list[list[Cell]] = []
    for share in _SHARES:
        at = s.docking_at(share / 100)
        rows.append(
            [
                share,
                None if at is None else second(at),
                round(float(np.percentile(s.dv_m_s, share)), 2),
                _percentile(s.arrival_miss_m, share, 0),
                _percentile(np.hypot(s.contact_y_m, s.contact_z_m) * 100, share, 2),
                _percentile(s.closing_m_s, share, 4),
            ]
        )
    note = (
        f"{len(docked_us)} of {s.n} samples dock; docking times are of those, the rest of all that have it."
    )
    named = columns(
        "Per cent#", "Docked by, UTC@", "Delta-v, m/s#", "Arrival missed by, m#", "Off the axis, cm#",
        "Closing, m/s#",
    )  # fmt: skip
    return table("spread", "Spread of the samples", named, rows, note=note)


def _percentile(values: np.ndarray, share: float, digits: int) -> float | None:
    known = values[np.isfinite(values)]
    return round(float(np.percentile(known, share)), digits) if len(known) else None


def _samples(o: FlightOutcome) -> Table:
    s = o.samples
    assert s is not None
    shown = range(min(s.n, _N_ROWS_MAX))
    rows: list[list[Cell]] = [
        [
            int(s.sample[k]),
            second(Instant(int(s.contact_utc_us[k]))) if s.is_docked[k] else None,
            round(float(s.dv_m_s[k]), 2),
            *(
                None if not np.isfinite(x[k]) else round(float(x[k]) * scale, digits)
                for x, scale, digits in (
                    (s.contact_y_m, 100, 2),
                    (s.contact_z_m, 100, 2),
                    (s.closing_m_s, 1, 4),
                    (s.lateral_m_s, 1, 4),
                )
            ),
            "within" if s.is_within_limits[k] else "outside" if np.isfinite(s.closing_m_s[k]) else "none",
        ]
        for k in shown
    ]
    named: Sequence[Column] = columns(
        "Sample#", "Docked, UTC@", "Delta-v, m/s#", "Across y, cm#", "Across z, cm#", "Closing, m/s#",
        "Lateral, m/s#", "Contact",
    )  # fmt: skip
    note = (
        f"The first {_N_ROWS_MAX} of {s.n}; samples.csv has all of them." if s.n > _N_ROWS_MAX else ""
    ) or "crossflight fly --replay K shows sample K as a flight."
    return table("samples", "Samples", list(named), rows, note=note)
