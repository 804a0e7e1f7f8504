"""One state of a craft as an orbit parameter message, keyword-value (CCSDS 502.0-B-2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from crossflight.errors import SchemaError
from crossflight.formats.oem_text import checked_name
from crossflight.model.trajectory import CraftState, FlownBurn
from crossflight.times import Instant


def opm_kvn_text(
    state: CraftState,
    *,
    object_name: str,
    object_id: str,
    originator: str,
    created_utc: Instant,
    burns: Sequence[FlownBurn] = (),
    comments: Sequence[str] = (),
) -> str:
    """A state in the GCRF with its mass, and the burns that follow it (in RTN), as keyword-value text.

    Parameters
    ----------
    burns
        Each one thrust in one direction: its vector is what its mass was spent on.
    comments
        At the head of the message.

    Raises
    ------
    SchemaError
        If a name is empty or not printable ASCII, or a number is not finite.
    """
    numbers = np.array([*state.r_gcrf_m, *state.v_gcrf_m_s, state.mass_kg])
    if not np.isfinite(numbers).all():
        raise SchemaError(f"the state at {state.utc.iso()} is not finite")
    lines = [
        "CCSDS_OPM_VERS = 2.0",
        *(f"COMMENT {checked_name('comment', text)}" for text in comments),
        f"CREATION_DATE = {created_utc.iso()}",
        f"ORIGINATOR = {checked_name('ORIGINATOR', originator)}",
        f"OBJECT_NAME = {checked_name('OBJECT_NAME', object_name)}",
        f"OBJECT_ID = {checked_name('OBJECT_ID', object_id)}",
        "CENTER_NAME = EARTH",
        "REF_FRAME = GCRF",
        "TIME_SYSTEM = UTC",
        f"EPOCH = {state.utc.iso()}",
    ]
    for key, metres in zip(("X", "Y", "Z"), state.r_gcrf_m, strict=True):
        lines.append(f"{key} = {metres / 1000:.9f} [km]")
    for key, m_s in zip(("X_DOT", "Y_DOT", "Z_DOT"), state.v_gcrf_m_s, strict=True):
        lines.append(f"{key} = {m_s / 1000:.12f} [km/s]")
    lines.append(f"MASS = {state.mass_kg:.3f} [kg]")
    for burn in burns:
        lines += [
            f"COMMENT {checked_name('burn', burn.name)}",
            f"MAN_EPOCH_IGNITION = {burn.utc.iso()}",
            f"MAN_DURATION = {burn.duration_s:.3f} [s]",
            f"MAN_DELTA_MASS = {-burn.propellant_kg:.3f} [kg]",
            "MAN_REF_FRAME = RTN",
            *(f"MAN_DV_{k + 1} = {x / 1000:.9f} [km/s]" for k, x in enumerate(burn.dv_rtn_m_s)),
        ]
    return "\n".join(lines) + "\n"
