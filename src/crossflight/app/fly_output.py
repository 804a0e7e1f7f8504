"""A flown flight as a JSON document."""

from __future__ import annotations

from typing import Final

import numpy as np

from crossflight.app.flight_outcome import FlightOutcome
from crossflight.app.windows import to_second
from crossflight.flight.samples import FlownSamples
from crossflight.flight.samples_worst import worst_samples

SCHEMA: Final = "crossflight.flight/1"


def document(o: FlightOutcome) -> dict[str, object]:
    """The JSON document ``crossflight.flight/1``; met_s counts from lift-off."""
    liftoff, contact, down = o.ascent.liftoff_utc, o.contact, o.touchdown
    left_kg = o.propellant_left_kg
    return {
        "schema": SCHEMA,
        "outcome": o.outcome,
        "vehicle": o.vehicle,
        "site": o.pad.name,
        "port": o.port.name,
        "profile": o.profile,
        "profile_flown": o.profile_flown,
        "elements": {"epoch_utc": o.elements.epoch_utc.iso(), "source": o.source},
        "plan_liftoff_utc": None if o.planned_utc is None else to_second(o.planned_utc),
        "phase_deg": round(o.opportunity.phase_deg, 2),
        "ascent": {
            "margin_kg": round(o.ascent.margin_kg, 1) if o.is_inserted else None,
            "off_plane_deg": round(float(np.degrees(o.ascent.off_plane_rad)), 4),
            "plane_error_deg": round(float(np.degrees(o.ascent.plane_error_rad)), 5)
            if o.is_inserted
            else None,
        },
        "events": [
            {
                "name": e.name,
                "utc": e.utc.iso(),
                "met_s": round(e.utc.s_since(liftoff), 3),
                "light": o.light(e.utc),
                "note": e.note,
            }
            for e in o.events
        ],
        "burns": [
            {
                "name": b.name,
                "utc": b.utc.iso(),
                "light": o.light(b.utc),
                "dv_m_s": round(b.dv_m_s, 4),
                "duration_s": round(b.duration_s, 2),
                "propellant_kg": round(b.propellant_kg, 3),
                "dv_rtn_m_s": [round(x, 4) for x in b.dv_rtn_m_s],
                "note": b.note,
            }
            for b in o.burns
        ],
        "dv_to_contact_m_s": None if o.dv_to_contact_m_s is None else round(o.dv_to_contact_m_s, 3),
        "dv_total_m_s": round(o.dv_total_m_s, 3),
        "propellant_left_kg": None if left_kg is None else round(left_kg, 1),
        "contact": None
        if contact is None
        else {
            "utc": to_second(contact.utc),
            "closing_m_s": round(contact.closing_m_s, 4),
            "lateral_m_s": round(contact.lateral_m_s, 4),
            "lateral_m": round(contact.lateral_m, 4),
            "angle_deg": round(contact.angle_deg, 3),
            "roll_deg": round(contact.roll_deg, 3),
            "within_limits": contact.is_within_limits,
            "limits": contact.limits,
        },
        "min_perigee_km": None if o.min_perigee_km is None else round(o.min_perigee_km, 2),
        "landing": None
        if down is None
        else {
            "utc": to_second(down.utc),
            "lat_deg": round(down.latitude_deg, 4),
            "lon_deg": round(down.longitude_deg, 4),
            "miss_km": None if o.home is None else round(o.home.miss_m / 1000, 3),
            "along_sigma_km": round(down.along_sigma_km, 2),
            "across_sigma_km": round(down.across_sigma_km, 2),
            "earlier_uncertain": o.n_uncertain_landings,
        },
        "phases": [
            {
                "name": p.phase.name,
                "exit": p.exit.name,
                "from_utc": p.entry.utc.iso(),
                "to_utc": p.exit.state.utc.iso(),
                "mass_kg": [round(p.entry.mass_kg, 1), round(p.exit.state.mass_kg, 1)],
                "dynamics": p.phase.dynamics,
                "guidance": p.phase.guidance,
            }
            for p in o.phases
        ],
        "rules": [{"name": j.name, "ok": j.is_ok, "detail": j.detail} for j in o.judgements],
        "samples": None if o.samples is None else samples_document(o.samples),
    }


def samples_document(s: FlownSamples) -> dict[str, object]:
    """The samples as JSON: when they dock, what they cost, what they break."""

    def docking(share: float) -> str | None:
        at = s.docking_at(share)
        return None if at is None else to_second(at)

    return {
        "n": s.n,
        "docked": int(np.count_nonzero(s.is_docked)),
        "docked_at_second_try": int(np.count_nonzero(s.is_docked & s.is_second_try)),
        "p05_dock_utc": docking(0.05),
        "p50_dock_utc": docking(0.50),
        "p95_dock_utc": docking(0.95),
        "dv_p50_m_s": round(float(np.percentile(s.dv_m_s, 50)), 2),
        "dv_p99_m_s": round(float(np.percentile(s.dv_m_s, 99)), 2),
        "arrival_miss_p95_m": round(float(np.percentile(s.arrival_miss_m, 95)), 1),
        "min_perigee_km": round(float(s.min_perigee_m.min()) / 1000, 2),
        "keep_out_violations": int(np.count_nonzero(s.is_keep_out_violated)),
        "worst": [{"sample": w.sample, "why": w.why, "value": round(w.value, 3)} for w in worst_samples(s)],
    }
