"""Coasting arcs of MS-22 and Crew-5 beside another engine's, drag off."""

from __future__ import annotations

from typing import Final

import numpy as np

from crossflight.app.validation.engines import golden
from crossflight.app.validation.section import Section
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.propagation import propagate

_GOLDEN: Final = "satkit_coasts"
_MODEL: Final = ForceModel(20, 20, drag=False)
# What leaving something out costs: the null models.
_POORER: Final = (ForceModel(20, 20, sun=False, moon=False, drag=False), ForceModel(4, 0, drag=False))


def apart_m(model: ForceModel) -> dict[str, float]:
    """Of every arc, how far from the other engine's state ours is at the end."""
    other = golden(_GOLDEN)
    after = np.array(other["after"][_MODEL.text()])
    found = {}
    for name, at_us, state, end in zip(
        other["names"], other["epochs_utc_us"], other["states_m_m_s"], after, strict=True
    ):
        to_us = at_us + round(other["seconds"] * 1e6)
        ours = propagate(model, at_us, np.array([state]), to_us)[0, 0]
        found[name] = float(np.linalg.norm(ours[:3] - end[:3]))
    return found


def coasts_section() -> Section:
    """The worst arc of each flight."""
    other = golden(_GOLDEN)
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {"n": len(other["names"])}
    full, *poorer = (apart_m(model) for model in (_MODEL, *_POORER))
    for flight in ("MS-22", "Crew-5"):
        mine = [name for name in full if name.startswith(f"{flight},")]
        worst = max(full[name] for name in mine)
        rows.append(
            (
                flight, str(len(mine)), f"{worst:.4f}",
                *(f"{max(x[name] for name in mine):.1f}" for x in poorer),
            )
        )  # fmt: skip
        figures[f"{flight}_m"] = worst
    return Section(
        "coasts",
        "Coasting arcs beside another engine",
        "From after insertion and after each burn three hours without drag, by "
        f"{other['producer'].split(', bench')[0]}: EGM2008 to 20 x 20 and the Sun and Moon of JPL's DE440. "
        "Asked: 1 m. Null models: ours without Sun and Moon, and with a 4 x 0 field. The states are those "
        "of the flights when the file was made.",
        ("flight", "arcs", "worst m", "without Sun and Moon m", "4 x 0 field m"),
        tuple(rows),
        figures,
    )
