"""Sampling against what was flown: each era predicted from the rest of the record, and a regular traffic."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from crossflight.app.audit import AUDIT_TO, CREW_DRAGON_UTC, INTEGRATED_UTC, SCENARIO
from crossflight.app.validation.section import Section
from crossflight.history import flown_plan, flown_scenario
from crossflight.history.flown import RECORD_FROM
from crossflight.history.incidents import Exposure, exposure
from crossflight.model import (
    Closure,
    Craft,
    Flight,
    Launcher,
    Pad,
    Person,
    Plan,
    Qualification,
    Scenario,
)
from crossflight.resilience.campaign import Campaign, Samples, sample
from crossflight.resilience.estimate import Estimate, estimate
from crossflight.resilience.rates import Rates, rates
from crossflight.resilience.traffic import Traffic, traffic_of
from crossflight.rules import Walk, coverage_walk
from crossflight.scenario import read_scenario
from crossflight.times import Instant

ERAS: Final = (
    ("Soyuz only", RECORD_FROM, CREW_DRAGON_UTC),
    ("no cosmonauts on Dragon", CREW_DRAGON_UTC, INTEGRATED_UTC),
    ("integrated crews", INTEGRATED_UTC, AUDIT_TO),
)
N_SAMPLES: Final = 4000
# A pad that is out for longer has been given up; a shorter outage of an era is what is to be predicted.
_GIVEN_UP_DAYS: Final = 365.0

_DAY0: Final = Instant.of(2030, 1, 1)
_YEARS: Final = 5
_HALF_YEAR_DAYS: Final = 182.625
_OVERLAP_DAYS: Final = 8.0  # of the Dragon handovers measured, the most frequent
_DRAGON_BEFORE_DAYS: Final = 45.0  # [assumed]
# What a prototype gave for such a traffic with the priors alone.
_PROTOTYPE: Final = {"own side only": "171", "integrated": "4.3", "integrated, Dragon 8 months": "7.1"}


def stress_eras_section(n: int = N_SAMPLES) -> Section:
    """The eras of the audit: days unattended and uncovered, real and predicted."""
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {}
    for name, from_utc, to_utc in ERAS:
        scenario, plan = era(from_utc, to_utc)
        real = coverage_walk(Walk(scenario, plan))
        found = _sampled(traffic_of(scenario, plan), rates((from_utc, to_utc)), n)
        e, n1 = estimate(found.unattended_any), estimate(found.uncovered)
        rows.append(
            (
                name,
                f"{to_utc.days_since(from_utc):.0f}",
                f"{real.unattended_days:.0f}",
                f"{e.mean:.1f}",
                _range(e),
                f"{e.none_share:.2f}",
                f"{real.operator_n1_uncovered_days:.0f}",
                f"{n1.mean:.0f}",
                _range(n1),
            )
        )
        key = name.replace(" ", "_").lower()
        figures |= {
            f"{key}_unattended_real": real.unattended_days,
            f"{key}_unattended_mean": e.mean,
            f"{key}_unattended_high": e.range95[1],
            f"{key}_none_share": e.none_share,
        }
    return Section(
        "stress-eras",
        "Unattended days of the flown eras",
        f"The traffic of each era as flown is the plan, with rates from the rest of the record; {n} samples. "
        "In brackets the middle 95 % of the samples. What was flown had already been delayed once, and its "
        "planners planned anew where the fixed policy does not, so the samples should lie above the record. "
        "A model that expects nothing to go wrong predicts 0 days in each.",
        (
            "era", "days", "unattended, real", "predicted", "95 % of samples", "share without",
            "operator N-1, real", "predicted", "95 % of samples",
        ),
        tuple(rows),
        figures,
    )  # fmt: skip


def regular_traffic_section(n: int = N_SAMPLES) -> Section:
    """Five years of regular traffic: what integrated crews are worth, by priors and by posteriors."""
    prior = rates(
        found=(), exposed=Exposure(0, 0.0, 0.0, 0.0, 0.0, exposure().n_launches_per_fleet_year), slipped=()
    )
    cases = (
        ("own side only", False, 6),
        ("integrated", True, 6),
        ("integrated, Dragon 8 months", True, 8),
    )
    rows: list[tuple[str, ...]] = []
    figures: dict[str, float] = {}
    for name, is_integrated, months in cases:
        traffic = traffic_of(*regular_traffic(is_integrated=is_integrated, dragon_months=months))
        row = [name, _PROTOTYPE[name]]
        for which, given in (("prior", prior), ("posterior", rates())):
            e = estimate(_sampled(traffic, given, n).unattended_any)
            row += [f"{e.mean:.1f} ± {e.mean - e.ci95[0]:.1f}", f"{e.cvar95:.0f}", f"{e.none_share:.2f}"]
            key = name.replace(", ", "_").replace(" ", "_").lower()
            figures[f"{key}_{which}"] = e.mean
        rows.append(tuple(row))
    return Section(
        "stress-traffic",
        "Unattended days in five years of regular traffic",
        "A Soyuz and a Crew Dragon every half year (Dragon every eight months in the last row), handovers of "
        f"{_OVERLAP_DAYS:g} days; {n} samples of five years under the fixed policy, mean with its 95 % "
        "interval, CVaR95 and the share without any such day. The first column is what a prototype gave with "
        "the priors.",
        (
            "seats", "prototype", "priors: days", "CVaR95", "share without", "posteriors: days", "CVaR95",
            "share without",
        ),
        tuple(rows),
        figures,
    )  # fmt: skip


def era(from_utc: Instant, to_utc: Instant) -> tuple[Scenario, Plan]:
    """A stretch of the record as a scenario and its plan, without the outages that came in it."""
    scenario = read_scenario(SCENARIO)
    pads = tuple(replace(p, outages=tuple(o for o in p.outages if _is_given_up(o))) for p in scenario.pads)
    scenario = flown_scenario(replace(scenario, pads=pads), from_utc=from_utc, to_utc=to_utc)
    return scenario, flown_plan(scenario)


def _is_given_up(outage: Closure) -> bool:
    return outage.to_utc.days_since(outage.from_utc) > _GIVEN_UP_DAYS


def regular_traffic(
    *, is_integrated: bool, dragon_months: int = 6, years: int = _YEARS
) -> tuple[Scenario, Plan]:
    """A station with a Soyuz every half year and a Crew Dragon every `dragon_months`, invented people."""
    base = read_scenario(SCENARIO)
    end = _DAY0.plus_days(365.25 * years)
    kinds = (
        ("soyuz-ms", "MS", "baikonur-31", "Prichal nadir", 0.0, _HALF_YEAR_DAYS, 0.15),
        (
            "crew-dragon", "Crew", "ksc-39a", "Harmony forward", -_DRAGON_BEFORE_DAYS,
            _HALF_YEAR_DAYS * dragon_months / 6, 1.0,
        ),
    )  # fmt: skip
    own = {"soyuz-ms": ("RS", 3, "USOS"), "crew-dragon": ("USOS", 4, "RS")}
    flights, people, craft = [], [], []
    for kind, prefix, pad, port, offset, every, ascent in kinds:
        side, n_seats, other = own[kind]
        for k in range(int(365.25 * years / every) + 2):
            dock = _DAY0.plus_days(offset - 10.0 + every * k)
            undock = dock.plus_days(every + _OVERLAP_DAYS)
            name = f"{prefix}-{k + 1}"
            crew = tuple(f"{name} {i + 1}" for i in range(n_seats))
            for i, person in enumerate(crew):
                segment = other if is_integrated and i == n_seats - 1 else side
                agency = "Roscosmos" if segment == "RS" else "NASA"
                people.append(Person(person, agency, (Qualification(segment),)))
            craft.append(Craft(name, kind))
            has_left = undock < end
            if dock < end:
                flights.append(
                    Flight(
                        name, "rotation", kind, name, pad, dock.plus_days(-ascent), dock, port, (),
                        undock if has_left else None, undock.plus_days(0.5) if has_left else None, crew, crew,
                    )
                )  # fmt: skip
    scenario = replace(
        base,
        name="regular traffic",
        from_utc=_DAY0,
        known_utc=_DAY0,
        to_utc=end,
        people=tuple(people),
        craft=tuple(craft),
        docked=(),
        announced=(),
        pads=(Pad("baikonur-31", "Baikonur", 12.0), *(p for p in base.pads if p.site != "Baikonur")),
        launchers=(Launcher("soyuz", ("baikonur-31",)), *(x for x in base.launchers if x.name != "soyuz")),
    )
    return scenario, Plan(scenario.name, scenario.digest, tuple(flights))


def _sampled(traffic: Traffic, given: Rates, n: int) -> Samples:
    return sample(Campaign((traffic,), given, 0), n).plans[0]


def _range(e: Estimate) -> str:
    low, high = (float(np.round(x)) for x in e.range95)
    return f"{low:.0f} to {high:.0f}"
