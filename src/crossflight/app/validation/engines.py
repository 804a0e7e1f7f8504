"""Our propagation beside other engines: what they left after a day, stored with the script that made it."""

from __future__ import annotations

import json
import re
import time
from importlib.resources import files
from pkgutil import get_data
from typing import Any

import numpy as np
from sgp4.api import WGS72, Satrec

from crossflight.app.validation.section import Section
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.propagation import propagate
from crossflight.times import Instant

_DATA = files("crossflight.app.validation") / "data"
_EPOCH = Instant.of(2022, 1, 4)
_DAY_US = 86_400_000_000
_MODELS = {
    "4x0": ForceModel(4, 0, sun=False, moon=False, drag=False),
    "20x20+sun+moon": ForceModel(20, 20, drag=False),
    "20x20+sun+moon+drag": ForceModel(20, 20),
}
_N_FAST = 1000


def golden(engine: str) -> dict[str, Any]:
    """States after a day by another engine; `producer` and `command` say how they were made."""
    found: dict[str, Any] = json.loads((_DATA / f"{engine}.json").read_text("utf-8"))
    return found


def apart_mm(engine: str, model: str) -> tuple[int, float]:
    """How many states, and by how much the worst of ours is off another engine's after a day."""
    other = golden(engine)
    states = np.array(other["states_m_m_s"])
    ours = propagate(
        _MODELS[model], _EPOCH.us, states, _EPOCH.us + _DAY_US,
        ballistic_m2_kg=other.get("ballistic_m2_kg", 0.0),
    )[:, 0]  # fmt: skip
    off_m = np.linalg.norm(ours[:, :3] - np.array(other["after"][model])[:, :3], axis=1)
    return len(states), float(off_m.max()) * 1000


def sgp4_verification_mm() -> tuple[int, float]:
    """States of the verification set that ships with the sgp4 wheel, and the worst difference."""
    lines = [line for line in _resource("SGP4-VER.TLE") if line[:1] in "12"]
    n, worst_km = 0, 0.0
    blocks: list[list[list[float]]] = []
    for line in _resource("tcppver.out"):
        if re.fullmatch(r"\s*\S+ xx\s*", line):
            blocks.append([])
        elif line.strip():
            blocks[-1].append([float(x) for x in line.split()[:7]])
    for line1, line2, rows in zip(lines[::2], lines[1::2], blocks, strict=True):
        if line1[2:7] == "33334":  # fails at once: the reference prints the case before again
            continue
        expected = np.array(rows)
        record = Satrec.twoline2rv(line1[:69], line2[:69], WGS72)
        days, fraction = np.divmod(expected[:, 0] / 1440, 1.0)
        _, r_km, _ = record.sgp4_array(record.jdsatepoch + days, record.jdsatepochF + fraction)
        n += len(expected)
        worst_km = max(worst_km, float(np.abs(r_km - expected[:, 1:4]).max()))
    return n, worst_km * 1e6


def _resource(name: str) -> list[str]:
    data = get_data("sgp4", name)
    assert data is not None
    return data.decode("ascii").splitlines()


def engine_section() -> Section:
    """Differences after a day."""
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {}
    for engine, model in (
        ("orekit_zonal", "4x0"),
        ("satkit_zonal", "4x0"),
        ("heyoka_taylor", "4x0"),
        ("heyoka_taylor", "20x20+sun+moon"),
        ("heyoka_taylor", "20x20+sun+moon+drag"),
    ):
        n, worst = apart_mm(engine, model)
        rows.append((golden(engine)["producer"].rsplit(", ", 1)[0], model, str(n), f"{worst:.1f}"))
        figures[f"{engine}_{model}_mm"] = worst
    n, worst = sgp4_verification_mm()
    rows.append(("SGP4 verification set", "SGP4", str(n), f"{worst:.2f}"))
    figures["sgp4_mm"] = worst
    return Section(
        "engines",
        "Beside other engines",
        "Station-like orbits, worst difference of position after a day; the scripts that made the others' "
        "states are in benches/oracles. The verification set's states are at its own times.",
        ("engine", "forces", "states", "worst mm"),
        tuple(rows),
        figures,
    )


def speed_section() -> Section:
    """Trajectory-days a second and core, measured now; beside other engines: benches/propagation.py."""
    states = np.array(golden("heyoka_taylor")["states_m_m_s"])
    many = np.tile(states, (_N_FAST // len(states) + 1, 1))[:_N_FAST]
    model = _MODELS["20x20+sun+moon+drag"]
    propagate(model, _EPOCH.us, states, _EPOCH.us + _DAY_US, ballistic_m2_kg=0.004)
    begin = time.process_time()
    propagate(model, _EPOCH.us, many, _EPOCH.us + _DAY_US, ballistic_m2_kg=0.004)
    rate = _N_FAST / (time.process_time() - begin)
    _, worst_mm = apart_mm("heyoka_taylor", "20x20+sun+moon+drag")
    return Section(
        "speed",
        "Speed of propagation",
        "A thousand states for a day with a 20x20 field, Sun, Moon and drag, in seconds of processor time "
        "of all cores. python benches/propagation.py times heyoka's batch integrator and satkit in the same "
        "run: on the same machine 16 and 58 trajectory-days a second and core.",
        ("states", "trajectory-days a second and core", "worst mm"),
        ((str(_N_FAST), f"{rate:.0f}", f"{worst_mm:.1f}"),),
        {"days_per_s": rate, "worst_mm": worst_mm},
    )
