"""How well the station is known hours ahead: published ephemerides against our propagation."""

from __future__ import annotations

from functools import cache

from crossflight.app.validation.section import Section
from crossflight.dynamics.hindcast import (
    FITTED,
    FLATTENING_ONLY,
    MODELS,
    PUBLISHED,
    HindcastCase,
    HindcastRow,
    ephemeris_hindcast,
)
from crossflight.formats.oem_facts import station_facts
from crossflight.formats.orbit import read_orbit
from crossflight.history.elements import published_ephemerides
from crossflight.model.orbit import Ephemeris


@cache
def cases() -> tuple[HindcastCase, ...]:
    """The four published ephemerides with their planned burns and the drag data they state."""
    found = []
    for name, data in published_ephemerides().items():
        ephemeris = read_orbit(data, f"iss_oem_{name}.xml.gz")
        assert isinstance(ephemeris, Ephemeris)
        arc = ephemeris.arcs[0]
        facts = station_facts(arc)
        stated = None
        if facts.mass_kg and facts.drag_area_m2 and facts.drag_coefficient:
            stated = facts.drag_area_m2 * facts.drag_coefficient / facts.mass_kg
        burns = tuple(e.ignition_utc for e in facts.events if e.dv_m_s > 0)
        found.append(HindcastCase(name, arc, burns, stated))
    return tuple(found)


@cache
def hindcast() -> tuple[HindcastRow, ...]:
    """The rows of the table; a minute or two."""
    models = (FITTED, PUBLISHED, FLATTENING_ONLY)
    quiet = ephemeris_hindcast(cases(), models=models, exclusions=(True,))
    return (*quiet, *ephemeris_hindcast(cases(), hours_ahead=(24.0,), models=models, exclusions=(False,)))


def ephemeris_section() -> Section:
    """Errors by horizon and model."""
    rows = []
    figures: dict[str, float] = {}
    for row in hindcast():
        left_out = "any marked event" if row.is_without_events else "burns"
        rows.append(
            (
                row.model,
                f"{row.hours_ahead:g}",
                left_out,
                str(row.n_arcs),
                f"{row.along_rms_m:.1f}",
                f"{row.along_median_m:.1f}",
                f"{row.cross_rms_m:.2f}",
            )
        )
        key = f"{MODELS.index(row.model)}_{row.hours_ahead:g}{'_quiet' if row.is_without_events else ''}"
        figures |= {
            f"along_{key}_m": row.along_rms_m,
            f"cross_{key}_m": row.cross_rms_m,
            f"n_{key}": row.n_arcs,
        }
    return Section(
        "ephemerides",
        "The station hours ahead, on its published ephemerides",
        "Four ephemerides of 15 days as published; disjoint arcs of six hours of fit and the hours ahead, "
        "errors over the last revolution. They are predictions, not tracks: what is tested is our force "
        "model against the publisher's. Its program changes the drag at dockings, undockings and changes of "
        "attitude, by up to a fifth, and marks them by an uneven step; arcs with such a mark are left out, "
        "and in the last rows only those with burns. Null models: the drag data the files state; the "
        "Earth's flattening alone.",
        ("model", "hours ahead", "left out", "arcs", "along m rms", "along m median", "cross m rms"),
        tuple(rows),
        figures,
    )
