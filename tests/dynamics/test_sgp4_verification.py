"""The verification set of SGP4 (Vallado and others 2006), as the sgp4 wheel ships it, through arrays."""

import re
from pkgutil import get_data

import numpy as np
import pytest
from sgp4.api import WGS72, Satrec

# The reference prints nanometres; the compiled library keeps to them within this (its own suite asks 2e-7).
KM = 2e-7
KM_S = 1e-9
# What goes wrong, in the order of the set, at the first time past the printed rows (or at epoch: 33334).
ERRORS = [(22312, 1), (28350, 1), (28872, 6), (29141, 6), (33333, 4), (33334, 3), (20413, 6)]


def resource(name: str) -> list[str]:
    data = get_data("sgp4", name)
    assert data is not None
    return data.decode("ascii").splitlines()


def element_sets() -> list[tuple[str, str, list[float]]]:
    """Lines 1 and 2, and start, stop and step in minutes."""
    lines = [line for line in resource("SGP4-VER.TLE") if line[:1] in "12"]
    return [
        (a[:69], b[:69], [float(x) for x in b[69:].split()])
        for a, b in zip(lines[::2], lines[1::2], strict=True)
    ]


def expected() -> list[np.ndarray]:
    """For each case, rows of minutes since epoch, position in km and velocity in km/s."""
    blocks: list[list[list[float]]] = []
    for line in resource("tcppver.out"):
        if re.fullmatch(r"\s*\S+ xx\s*", line):
            blocks.append([])
        elif line.strip():
            blocks[-1].append([float(x) for x in line.split()[:7]])
    return [np.array(block) for block in blocks]


CASES = list(zip(element_sets(), expected(), strict=True))


def test_the_set_is_whole() -> None:
    assert len(CASES) == 33
    assert sum(len(rows) for _, rows in CASES) > 600


def run(lines: tuple[str, str], minutes: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    sat = Satrec.twoline2rv(*lines, WGS72)
    days, fraction = np.divmod(minutes / 1440, 1.0)
    return sat.sgp4_array(sat.jdsatepoch + days, sat.jdsatepochF + fraction)


@pytest.mark.parametrize(
    ("case", "rows"), CASES, ids=[f"{i}-{case[0][2:7]}" for i, (case, _) in enumerate(CASES)]
)
def test_every_state_is_the_references(case: tuple[str, str, list[float]], rows: np.ndarray) -> None:
    if case[0][2:7] == "33334":
        rows = rows[:0]  # fails at once: the reference prints the case before again
    errors, r_km, v_km_s = run(case[:2], rows[:, 0])
    assert not errors.any()
    assert np.abs(r_km - rows[:, 1:4]).max(initial=0.0) < KM
    assert np.abs(v_km_s - rows[:, 4:7]).max(initial=0.0) < KM_S


def test_cases_made_to_fail_say_why() -> None:
    seen = []
    for (line1, line2, (start, stop, step)), _ in CASES:
        minutes = np.append(np.arange(start, stop, step), stop)
        errors, r_km, _ = run((line1, line2), minutes)
        if errors.any():
            seen.append((int(line1[2:7]), int(errors[errors != 0][0])))
            assert np.isnan(r_km[np.isin(errors, (1, 3, 4))]).all()
    assert seen == ERRORS
