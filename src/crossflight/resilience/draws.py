"""What goes wrong by chance, sample by sample.

Everything is drawn as uniform numbers, one stream for each sample and purpose, the k-th flight of a line
always from the k-th row of its stream.  Two plans with the same lines, and the same plan under other rates,
therefore see the same luck (common random numbers): a rate doubled brings the same events sooner, and more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from crossflight.resilience.policy import Troubles, Windows
from crossflight.resilience.rates import RATES, Duration, Rates
from crossflight.resilience.traffic import Traffic
from crossflight.rng import stream

Array = NDArray[np.float64]

YEAR_DAYS: Final = 365.25
# Nothing that ends lasts longer; a log-normal has no end of its own. [assumed]
_DAYS_MAX: Final = 730.0
# Groundings that a horizon may have, and more for each year of it: past any posterior.
_N_WINDOWS: Final = 16
_N_WINDOWS_PER_YEAR: Final = 3
_PER_FLIGHT: Final = 7
_SLIP, _SLIP_DAYS, _ABORT, _STAND_DOWN, _UNUSABLE, _EARLY, _MEDICAL = range(_PER_FLIGHT)


@dataclass(frozen=True, slots=True)
class Changed:
    """Rates as they are, or changed to see which of them matter.

    Attributes
    ----------
    factors
        By name of the rate; 1 where it is not named.
    slip_sigma
        Factor on the sigma of slips.
    is_without_slips
        Nothing slips of its own.
    """

    name: str = "as they are"
    factors: Mapping[str, float] = field(default_factory=dict)
    slip_sigma: float = 1.0
    is_without_slips: bool = False


@dataclass(frozen=True)
class Luck:
    """Uniform numbers in (0, 1) of some samples.

    Attributes
    ----------
    levels
        Standard gamma numbers of each rate, (n, rates); they are what is not known of the rates.
    shares
        Gamma numbers of who slips and who does not, (n, 2).
    medians
        Standard normal numbers of the four durations' medians, (n, 4).
    flights
        By line, (n, flights, 7).
    windows
        By launcher or pad, (n, windows, 2).
    """

    levels: Array
    shares: Array
    medians: Array
    flights: Mapping[str, Array]
    windows: Mapping[str, Array]


def luck_of(traffics: tuple[Traffic, ...], rates: Rates, seed: int, samples: NDArray[np.int64]) -> Luck:
    """The luck of some samples, enough for every one of the plans."""
    n = len(samples)
    shapes = [getattr(rates, name).shape for name in RATES]
    levels, shares, medians = np.empty((n, len(shapes))), np.empty((n, 2)), np.empty((n, 4))
    n_flights: dict[str, int] = {}
    for traffic in traffics:
        for number, line in enumerate(traffic.lines):
            n_flights[line] = max(n_flights.get(line, 0), len(traffic.of_line(number)))
    years = max(t.end for t in traffics) / YEAR_DAYS
    n_windows = _N_WINDOWS + round(_N_WINDOWS_PER_YEAR * years)
    places = dict.fromkeys(x for t in traffics for x in places_of(t))
    flights = {line: np.empty((n, count, _PER_FLIGHT)) for line, count in n_flights.items()}
    windows = {place: np.empty((n, n_windows, 2)) for place in places}
    for row, sample in enumerate(samples):
        s = stream(seed, int(sample), "rates")
        levels[row], shares[row], medians[row] = (
            s.standard_gamma(shapes),
            s.standard_gamma(rates.slip_share),
            s.standard_normal(4),
        )
        for line, numbers in flights.items():
            stream(seed, int(sample), f"flights of {line}").random(out=numbers[row])
        for place, numbers in windows.items():
            stream(seed, int(sample), f"times of {place}").random(out=numbers[row])
    return Luck(levels, shares, medians, flights, windows)


def places_of(traffic: Traffic) -> tuple[str, ...]:
    """Launchers and pads that the plan uses, as purposes of streams."""
    future = [k for k in range(traffic.n) if not traffic.is_known[k]]
    launchers = sorted({traffic.launcher[k] for k in future})
    pads = sorted({pad for k in future for pad in traffic.pads[k]})
    return (*(f"launcher {x}" for x in launchers), *(f"pad {x}" for x in pads))


def troubles_of(traffic: Traffic, rates: Rates, luck: Luck, changed: Changed | None = None) -> Troubles:
    """What goes wrong with a plan in these samples."""
    changed = changed or Changed()
    per = {
        name: luck.levels[:, i] * getattr(rates, name).scale * changed.factors.get(name, 1.0)
        for i, name in enumerate(RATES)
    }
    slip = luck.shares[:, 0] / luck.shares.sum(axis=1) * (not changed.is_without_slips)
    of_slip, of_stand, of_grounding, of_outage = luck.medians.T
    u = _by_flight(traffic, luck)
    with np.errstate(divide="ignore"):
        ages = -np.log1p(-u[:, :, [_UNUSABLE, _EARLY, _MEDICAL]])
        per_person = per["medical_return"][:, None] * traffic.n_crew
        return Troubles(
            np.where(
                u[:, :, _SLIP] < slip[:, None],
                _days(rates.slip, of_slip, u[:, :, _SLIP_DAYS], changed.slip_sigma),
                0.0,
            ),
            u[:, :, _ABORT] < per["abort"][:, None],
            _days(rates.stand_down_days, of_stand, u[:, :, _STAND_DOWN]),
            ages[:, :, 0] / per["unusable"][:, None] * YEAR_DAYS,
            np.minimum(ages[:, :, 1] / per["early_return"][:, None], ages[:, :, 2] / per_person) * YEAR_DAYS,
            _windows(luck, "launcher ", per["grounding"], rates.grounding_days, of_grounding),
            _windows(luck, "pad ", per["outage"], rates.outage_days, of_outage),
        )


def _by_flight(traffic: Traffic, luck: Luck) -> Array:
    """The numbers of each flight, (n, flights, 7)."""
    out = np.empty((len(luck.levels), traffic.n, _PER_FLIGHT))
    for number, line in enumerate(traffic.lines):
        flights = traffic.of_line(number)
        out[:, flights] = luck.flights[line][:, : len(flights)]
    return out


def _days(duration: Duration, normal: Array, u: Array, sigma: float = 1.0) -> Array:
    """Log-normal days, not longer than anything lasts."""
    mu = (duration.mean + duration.deviation * normal)[:, None]
    days: Array = np.minimum(np.exp(mu + sigma * duration.sigma * ndtri(u)), _DAYS_MAX)
    return days


def _windows(
    luck: Luck, prefix: str, per_year: Array, duration: Duration, normal: Array
) -> dict[str, Windows]:
    found = {}
    for place, u in luck.windows.items():
        if place.startswith(prefix):
            gaps = -np.log1p(-u[:, :, 0]) / per_year[:, None] * YEAR_DAYS
            found[place.removeprefix(prefix)] = (np.cumsum(gaps, axis=1), _days(duration, normal, u[:, :, 1]))
    return found
