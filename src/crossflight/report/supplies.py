"""Curves over time: the Sun above the station's plane, and what is left of every commodity."""

from __future__ import annotations

from math import ceil

from crossflight.model import Commodity
from crossflight.report.shape import Cell, Curve, CurveLine, Lane, Table
from crossflight.rules import Walk
from crossflight.rules.consumables import delivered_kg, nominal_use_kg_per_day
from crossflight.rules.solar_beta import RULE as BETA_RULE
from crossflight.rules.solar_beta import beta_deg, samples
from crossflight.times import Instant

# Beta moves by 4 to 5 degrees a day, evenly over so many days.
_BETA_STEP_DAYS = 2.0
_HOUR_US = 3_600_000_000


def beta_steps(walk: Walk) -> list[tuple[Instant, float | None]]:
    """Beta (degrees) over the horizon; None where no computed opportunity is near."""
    scenario = walk.scenario
    if scenario.opportunities is None:
        return []
    known = samples(scenario.opportunities)
    n = int(scenario.to_utc.days_since(scenario.from_utc) / _BETA_STEP_DAYS)
    found = [scenario.from_utc.plus_days(i * _BETA_STEP_DAYS) for i in range(n + 1)]
    return [(at, beta_deg(known, at)) for at in found]


def stock_steps(walk: Walk, commodity: Commodity) -> list[tuple[Instant, float]]:
    """The stock (kg) at every change of crew and docking, before and after it; even between."""
    delivered = delivered_kg(walk, commodity)
    stock_kg = commodity.stock_kg
    steps: list[tuple[Instant, float]] = []
    for state in walk.states:
        stock_kg += delivered.get(state.from_us, 0.0)
        steps.append((state.from_utc, stock_kg))
        use_kg_per_day = len(state.aboard) * commodity.per_person_day_kg + commodity.per_day_kg
        stock_kg -= use_kg_per_day * state.days
        steps.append((state.to_utc, stock_kg))
    return steps


def supply_lanes(walk: Walk, start: Instant) -> list[Lane]:
    """Beta and every commodity as curves; `start` is where the picture begins."""
    lanes = []
    beta = beta_steps(walk)
    if any(value is not None for _, value in beta):
        top = ceil(max(abs(v) for _, v in beta if v is not None) / 10) * 10
        lines: list[CurveLine] = [{"value": 0.0, "tone": "shade"}]
        values = walk.scenario.rules[BETA_RULE.id].values if BETA_RULE.id in walk.scenario.rules else {}
        limit = values.get("launch_beta_deg_max") or values.get("dock_beta_deg_max")
        if limit is not None:
            lines += [{"value": sign * float(limit), "tone": "warn"} for sign in (-1, 1)]
        points = [[_hours(at, start), None if v is None else round(v, 1)] for at, v in beta]
        lanes.append(_lane("Beta", "deg", {
            "unit": "deg", "low": -float(top), "high": float(top), "lines": lines, "points": points,
        }))  # fmt: skip
    for commodity in walk.scenario.commodities:
        steps = stock_steps(walk, commodity)
        reserve_kg = commodity.reserve_days * nominal_use_kg_per_day(walk, commodity)
        values_kg = [kg for _, kg in steps] + [reserve_kg]
        lanes.append(_lane(commodity.name, "kg", {
            "unit": "kg", "low": min(0.0, *values_kg), "high": max(1.0, *values_kg) * 1.03,
            "lines": [{"value": reserve_kg, "tone": "warn"}],
            "points": [[_hours(at, start), round(kg, 1)] for at, kg in steps],
        }))  # fmt: skip
    return lanes


def supply_tables(walk: Walk) -> list[Table]:
    """The curves' twins."""
    tables: list[Table] = []
    beta = [(at, v) for at, v in beta_steps(walk) if v is not None]
    if beta:
        rows: list[list[Cell]] = [[at.date(), round(v, 1)] for at, v in beta]
        note = "The Sun above the station's plane, every other day at 00:00 UTC."
        tables.append(_table("beta", "Beta angle", ("Day", "Beta, deg"), rows, note))
    if walk.scenario.commodities:
        stocks: list[list[Cell]] = []
        for commodity in walk.scenario.commodities:
            nominal = nominal_use_kg_per_day(walk, commodity)
            for at, kg in stock_steps(walk, commodity):
                left = round(kg / nominal, 1) if nominal else None
                stocks.append([commodity.name, at.minute(), round(kg, 1), left, commodity.reserve_days])
        columns = ("Commodity", "At", "Stock, kg", "Days of nominal use", "Reserve, days")
        note = "Before and after every docking and change of crew; evenly used between."
        tables.append(_table("consumables", "Consumables", columns, stocks, note))
    return tables


def _hours(at: Instant, start: Instant) -> float:
    return round((at.us - start.us) / _HOUR_US, 1)


def _lane(label: str, detail: str, curve: Curve) -> Lane:
    return {"label": label, "detail": detail, "kind": "curve", "rows": 1, "bars": [], "curve": curve}


def _table(ident: str, title: str, names: tuple[str, ...], rows: list[list[Cell]], note: str) -> Table:
    return {
        "id": ident,
        "title": title,
        "note": note,
        "columns": [
            {
                "name": name,
                "kind": "time" if name in ("At", "Day") else "text" if name == "Commodity" else "number",
            }
            for name in names
        ],
        "rows": rows,
        "is_open": False,
    }
