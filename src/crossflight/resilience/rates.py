"""How often things go wrong and how long they last: priors, and what the flown record makes of them.

Events are Poisson in what they are exposed to, durations log-normal; each prior is conjugate, so a posterior
is the prior with the counts added.  A prior weighs half an event: it says where the rate lies while nothing
has happened and gives way once something has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from crossflight.history.incidents import (
    Exposure,
    Incident,
    IncidentKind,
    Slip,
    Span,
    exposure,
    incidents,
    slips,
)

# design of the flight rules, "rates": what was thought before anything was counted.
_ABORTS_PER_LAUNCH: Final = 0.012
_GROUNDINGS_PER_LAUNCH: Final = 0.02  # of fleet or pad, taken half and half
_LOSSES_PER_CRAFT_YEAR: Final = 0.105  # craft lost for return or gone early, taken half and half
_N_EVENTS_PRIOR: Final = 0.5  # [assumed]
# Models expected one medical return in three years, of six people; none came from 2000-11 to the beginning of
# the record: three aboard until 2009-05 (two for a while), six after.
_MEDICAL_PER_PERSON_YEAR: Final = 1 / 18
_PERSON_YEARS_BEFORE: Final = 80.0
# Slips 70 % times a log-normal of median 6 d and sigma 1.3 (flight rules); the weight, in flights: [assumed].
_SLIP_SHARE: Final = 0.7
_SLIP_DAYS: Final = 6.0
_SLIP_SIGMA: Final = 1.3
_N_SLIPS_PRIOR: Final = 2.0
# Medians, sigmas and weights of durations. [assumed]  A pad: outside estimates for 31 ran to two years.
_STAND_DOWN: Final = (60.0, 0.7, 1.0)
_GROUNDING: Final = (30.0, 1.0, 1.0)
_OUTAGE: Final = (120.0, 0.7, 1.0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its gamma prior and posterior; `unit` is what it is per.

    A share per launch is treated as a rate per launch: it is small.
    """

    unit: str
    prior_shape: float
    prior_exposure: float
    n_events: int
    exposure: float

    @property
    def shape(self) -> float:
        """Of the posterior."""
        return self.prior_shape + self.n_events

    @property
    def scale(self) -> float:
        """Of the posterior, per unit."""
        return 1 / (self.prior_exposure + self.exposure)

    @property
    def prior(self) -> float:
        """Mean of the prior, per unit."""
        return self.prior_shape / self.prior_exposure

    @property
    def mean(self) -> float:
        """Mean of the posterior, per unit."""
        return self.shape * self.scale


@dataclass(frozen=True, slots=True)
class Duration:
    """Log-normal days: `mu` is normal about `mean` with `deviation`, `sigma` is held.

    Held, because a sigma that is drawn too makes the mean infinite.
    """

    prior_median: float
    prior_sigma: float
    n: int
    mean: float
    deviation: float
    sigma: float

    @property
    def median(self) -> float:
        """Days."""
        return math.exp(self.mean)

    @classmethod
    def of(cls, prior: tuple[float, float, float], days: Sequence[float]) -> Duration:
        """The posterior of a prior (median, sigma, weight) and durations in days, each more than 0."""
        median, sigma, weight = prior
        logs = [math.log(x) for x in days]
        n = len(logs)
        at = math.log(median)
        average = sum(logs) / n if logs else at
        mean = (weight * at + n * average) / (weight + n)
        spread = sum((x - average) ** 2 for x in logs) + weight * n / (weight + n) * (average - at) ** 2
        sigma_after = math.sqrt((weight * sigma**2 + spread) / (weight + n))
        return cls(median, sigma, n, mean, sigma_after / math.sqrt(weight + n), sigma_after)


@dataclass(frozen=True, slots=True)
class Rates:
    """Everything that is sampled from.

    Attributes
    ----------
    slip_share
        Beta of who slips at all: (slipped, did not), prior weight included.
    slip
        Days of those who do.
    """

    abort: Rate
    grounding: Rate
    outage: Rate
    unusable: Rate
    early_return: Rate
    medical_return: Rate
    slip_share: tuple[float, float]
    slip: Duration
    stand_down_days: Duration
    grounding_days: Duration
    outage_days: Duration


# The rates by the names that tables show.
RATES: Final[tuple[str, ...]] = (
    "abort", "grounding", "outage", "unusable", "early_return", "medical_return",
)  # fmt: skip


def rates(
    without: Span | None = None,
    *,
    found: Sequence[Incident] | None = None,
    exposed: Exposure | None = None,
    slipped: Sequence[Slip] | None = None,
) -> Rates:
    """Posteriors from the record.

    Parameters
    ----------
    without
        A stretch of the record to leave out, so that it can be predicted.
    found, exposed, slipped
        What to count instead of the record.
    """
    x = exposed if exposed is not None else exposure(without)
    counted = [
        i
        for i in (incidents() if found is None else found)
        if i.is_counted and (without is None or not without[0] <= i.utc < without[1])
    ]
    known = [
        s.days
        for s in (slips() if slipped is None else slipped)
        if s.kind == "rotation" and (without is None or not without[0] <= s.planned_utc < without[1])
    ]

    def rate(kind: IncidentKind, unit: str, prior: float, exposed_to: float, before: float = 0.0) -> Rate:
        n = sum(i.kind == kind for i in counted)
        return Rate(unit, _N_EVENTS_PRIOR, _N_EVENTS_PRIOR / prior + before, n, exposed_to)

    def durations(kind: IncidentKind, prior: tuple[float, float, float]) -> Duration:
        return Duration.of(prior, [i.days for i in counted if i.kind == kind and i.days is not None])

    groundings = _GROUNDINGS_PER_LAUNCH / 2 * x.n_launches_per_fleet_year
    late = [d for d in known if d > 0]
    return Rates(
        rate("launch-abort", "launch", _ABORTS_PER_LAUNCH, x.n_launches),
        rate("fleet-grounded", "fleet-year", groundings, x.fleet_years),
        rate("pad-out", "pad-year", groundings, x.pad_years),
        rate("craft-unusable", "craft-year", _LOSSES_PER_CRAFT_YEAR / 2, x.craft_years),
        rate("early-return", "craft-year", _LOSSES_PER_CRAFT_YEAR / 2, x.craft_years),
        rate("medical-return", "person-year", _MEDICAL_PER_PERSON_YEAR, x.person_years, _PERSON_YEARS_BEFORE),
        (
            _SLIP_SHARE * _N_SLIPS_PRIOR + len(late),
            (1 - _SLIP_SHARE) * _N_SLIPS_PRIOR + len(known) - len(late),
        ),
        Duration.of((_SLIP_DAYS, _SLIP_SIGMA, _N_SLIPS_PRIOR), late),
        durations("launch-abort", _STAND_DOWN),
        durations("fleet-grounded", _GROUNDING),
        durations("pad-out", _OUTAGE),
    )
