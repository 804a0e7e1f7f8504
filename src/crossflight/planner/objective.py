"""The scenario's tiers as goals of the crew traffic model."""

from __future__ import annotations

from crossflight.planner.solve import Goal
from crossflight.planner.traffic import Traffic
from crossflight.planner.visit import Expr

# Terms that depend on which craft is at which port, which the cargo stage decides again.
PORT_TERMS = ("n_relocations", "return_weather_shortfall_days")

# From the last tier to the first; enough to lead the search, small enough for its arithmetic.
_BLEND = (1, 1, 100, 300, 1000)


def goals(traffic: Traffic) -> list[Goal]:
    """One goal per tier, with integer coefficients."""
    result = []
    for tier in traffic.scenario.objective:
        scale = _scale([w * u for t, w in tier.terms.items() for u in _units(traffic, t)])
        expression: Expr = 0
        for term, weight in tier.terms.items():
            for part in traffic.terms.get(term, []):
                expression += round(weight * scale) * part
            for unit, part in _priced(traffic, term):
                expression += round(weight * unit * scale) * part
        result.append(Goal(tier.name, expression, scale))
    return result


def port_goals(traffic: Traffic) -> list[Goal]:
    """Goals of the tiers with nothing but their terms about ports, where they have any."""
    found = []
    for tier in traffic.scenario.objective:
        weights = {t: w for t, w in tier.terms.items() if w and traffic.terms.get(t) and t in PORT_TERMS}
        if weights:
            scale = _scale(list(weights.values()))
            total = sum(round(w * scale) * sum(traffic.terms[t]) for t, w in weights.items())
            found.append(Goal(f"{tier.name}: ports", total, scale))
    return found


def blend_weights(tiers: list[Goal]) -> list[int]:
    """Whole weights that make one goal of several tiers: earlier ones count for much more."""
    return [_BLEND[min(i, len(_BLEND) - 1)] * 10_000 // g.scale for i, g in enumerate(reversed(tiers))][::-1]


def _priced(traffic: Traffic, term: str) -> list[tuple[float, Expr]]:
    """Expressions of a term that carry a price of their own."""
    if term == "flight_price":
        added = [(v.vehicle.price, v.is_present) for v in traffic.visits if v.origin == "added"]
        return added + [(traffic.types[n].price, count) for n, count in traffic.n_cargo_added.items()]
    if term == "waiver_price":
        return [
            (traffic.setting(rule).price_per_day, days)
            for rule, waived in traffic.waiver_days.items()
            for _, days in waived
        ]
    return []


def _units(traffic: Traffic, term: str) -> list[float]:
    return [unit for unit, _ in _priced(traffic, term)] or [1.0]


def _scale(numbers: list[float]) -> int:
    """Smallest power of ten up to 10 000 that makes every number whole."""
    scale = 1
    while scale < 10_000 and any(abs(n * scale - round(n * scale)) > 1e-9 for n in numbers):
        scale *= 10
    return scale
