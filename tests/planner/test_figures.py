"""The tables that `make bench` prints, on measurements made up for them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import figures


def line(kind: str, seed: int, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "years": 2, "providers": 2, "seed": seed, "peak_gib": 0.1, **more}


def whole(seed: int, wall_s: float, status: str = "optimal", **more: Any) -> dict[str, Any]:
    return line(
        "whole",
        seed,
        status=status,
        wall_s=wall_s,
        gap=0.0,
        values=[0.0, 100.0, 5.0],
        bounds=[0.0, 98.0, 1.0],
        refused=[],
        **more,
    )


def peer(seed: int, cpsat_s: float, highs_s: float, highs_value: float = 10.0) -> dict[str, Any]:
    found = {"status": "optimal", "value": 10.0, "bound": 10.0}
    return line(
        "peer",
        seed,
        crews="own",
        cpsat={**found, "wall_s": cpsat_s},
        highs={**found, "wall_s": highs_s, "value": highs_value, "bound": highs_value},
    )


def test_percentile_is_a_value_that_was_measured() -> None:
    values = [float(i) for i in range(1, 21)]
    assert figures.percentile(values, 0.5) == 10
    assert figures.percentile(values, 0.95) == 19
    assert figures.percentile([3.0], 0.95) == 3


@pytest.mark.parametrize(("value", "near"), [(98, True), (97.9, False), (102, True), (102.1, False)])
def test_near_is_two_percent(value: float, near: bool) -> None:
    assert figures.is_near(value, 100.0) is near


def test_tables_of_saved_measurements(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        whole(0, 9.0),
        whole(0, 1.0),  # measured again: this one counts
        whole(1, 3.0, "feasible"),
        line("people", 0, status="optimal", wall_s=4.0, n_people=80, n_flights=40, n_places=200),
        line("people", 1, status="unknown", wall_s=9.0, n_people=80, n_flights=40, n_places=None),
        line("first", 0, first_s=0.5, limit_s=0.5),
        line("first", 1, first_s=None, limit_s=None),
        peer(0, 2.0, 1.0),
        peer(1, 2.0, 4.0, highs_value=11.0),
    ]
    saved = tmp_path / "figures.jsonl"
    saved.write_text("".join(json.dumps(x) + "\n" for x in lines), encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["figures.py", "--from", str(saved)])
    figures.main()
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in capsys.readouterr().out.splitlines()
        if row.startswith("| 2 y")
    ]
    assert rows[0] == [
        "2 y, 2",
        "2/2",
        "1/2",
        "1.0 / 3.0",
        "2.00 / 2.00",
        "0.00 / 0.00",
        "1/2",
        "0.5 / 0.5",
        "0.10",
    ]
    assert rows[1] == ["2 y", "80 / 80", "40 / 40", "200 / 200", "1/2", "4.00 / 9.00"]
    assert rows[2] == [
        "2 y, 2, own",
        "2",
        *("2", "2.0 / 2.0", "0.0 / 0.0"),
        *("2", "1.0 / 4.0", "0.0 / 0.0"),
        "0.50 / 2.00",
        "1/2",
    ]


def test_one_small_measurement_in_a_process_of_its_own() -> None:
    measured = figures.inner("peer", [0.4, 1, 1, 5.0, "own"])
    assert measured is not None
    assert measured["highs"]["value"] == pytest.approx(measured["cpsat"]["value"])
    assert 0.01 < measured["peak_gib"] < 4
