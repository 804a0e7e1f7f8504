"""The JSON documents that scripts read; their shapes are a contract, pinned by tests/cli."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from crossflight.app.chances import Chance, chances
from crossflight.errors import CrossflightError, InputError
from crossflight.model import (
    Change,
    Coverage,
    Difference,
    Flight,
    Person,
    Pin,
    Plan,
    Scenario,
    Span,
    StageResult,
    TierResult,
    Violation,
    Waiver,
)
from crossflight.times import Instant

if TYPE_CHECKING:  # a check needs no solver
    from crossflight.app.alternatives import Compared
    from crossflight.planner import Conflict
    from crossflight.planner.earliest import Earliest

PLAN: Final = "crossflight.plan/1"
CHECK: Final = "crossflight.check/1"
DIFF: Final = "crossflight.diff/1"
READY: Final = "crossflight.ready/1"
INIT: Final = "crossflight.init/1"
ERROR: Final = "crossflight.error/1"

Json = dict[str, object]


def plan_document(
    scenario: Scenario,
    plan: Plan | None,
    coverage: Coverage | None,
    *,
    status: str,
    gap: float,
    wall_s: float,
    objective: Sequence[TierResult],
    stages: Sequence[StageResult],
    violations: Sequence[Violation],
    pins: Sequence[Pin] = (),
    conflict: Conflict | None = None,
    alternatives: Json | None = None,
) -> Json:
    """``crossflight.plan/1``.

    ``violations`` lists those that would make the plan fail, so it is empty for a written plan;
    ``crossflight check`` lists waived and soft ones too.  ``opportunities`` is empty where the
    scenario gives no orbit.  Without a plan ``gap`` and the days of ``coverage`` are null.
    """
    agencies = {p.name: p.agency for p in scenario.people}
    sites = {p.name: p.site for p in scenario.pads}
    flights = plan.flights if plan else ()
    return {
        "schema": PLAN,
        "scenario": {"name": scenario.name, "hash": scenario.digest},
        "status": status,
        "gap": _number(gap) if plan else None,
        "wall_s": round(wall_s, 3),
        "objective": [
            {"tier": t.tier, "value": _number(t.value), "bound": _number(t.bound)} for t in objective
        ],
        "stages": [{"name": s.name, "status": s.status, "wall_s": round(s.wall_s, 3)} for s in stages],
        "flights": [_flight(f, sites, agencies) for f in flights if f.kind != "cargo"],
        "cargo": [_cargo(f) for f in flights if f.kind == "cargo"],
        "opportunities": [chance_document(c) for c in (chances(scenario, plan) if plan else ())],
        "training": training_documents(scenario, plan),
        "coverage": _coverage(coverage),
        "waivers": [_waiver(w) for w in (plan.waivers if plan else ())],
        "violations": [violation_document(v) for v in violations if v.is_failure],
        "pins": [pin_document(p) for p in pins],
        "conflict": _conflict(conflict),
        "alternatives": alternatives,
    }


def alternatives_document(n: int, within: str, message: str, rows: Sequence[Compared]) -> Json:
    """The plans beside the best, and it; `message` says why they are fewer than `n`."""
    return {
        "wanted": n,
        "within": within,
        "message": message,
        "plans": [
            {
                "plan": f"{r.folder}/plan.yaml" if r.folder else "plan.yaml",
                "objective": [{"tier": t.tier, "value": _number(t.value)} for t in r.objective],
                **r.measures,
            }
            for r in rows
        ],
    }


def check_document(violations: Sequence[Violation]) -> Json:
    """``crossflight.check/1``; ``ok`` when no violation is hard or waivable."""
    return {
        "schema": CHECK,
        "ok": not any(v.is_failure for v in violations),
        "violations": [violation_document(v) for v in violations],
    }


def diff_document(before: Plan, after: Plan, found: Difference) -> Json:
    """``crossflight.diff/1``; days are those of crewed launches, all together."""
    return {
        "schema": DIFF,
        "before": {"name": before.scenario_name, "hash": before.scenario_digest},
        "after": {"name": after.scenario_name, "hash": after.scenario_digest},
        "days_moved": round(found.days_moved, 6),
        "changes": [change_document(c) for c in found.changes],
    }


def change_document(change: Change) -> Json:
    """One thing of one flight that differs; people who leave a crew are before, who join it after."""
    return {
        "flight": change.flight,
        "what": change.what,
        "before": _plain(change.before),
        "after": _plain(change.after),
        "days": None if change.days is None else round(change.days, 6),
    }


def _plain(value: Instant | str | tuple[str, ...] | None) -> object:
    if isinstance(value, Instant):
        return value.iso()
    return list(value) if isinstance(value, tuple) else value


def ready_document(
    scenario: Scenario,
    person: Person,
    from_utc: Instant,
    seats: Sequence[Earliest],
    notes: Sequence[str],
) -> Json:
    """``crossflight.ready/1``; ``launch_utc`` is null for a seat nobody can be ready for."""
    return {
        "schema": READY,
        "scenario": {"name": scenario.name, "hash": scenario.digest},
        "person": person.name,
        "agency": person.agency,
        "from_utc": from_utc.iso(),
        "seats": [_seat(s) for s in seats],
        "notes": list(notes),
    }


def _seat(seat: Earliest) -> Json:
    return {
        "vehicle_type": seat.vehicle_type,
        "is_commander": seat.is_commander,
        "launch_utc": _iso(seat.launch_utc),
        "limit": seat.limits,
        "courses": [
            {
                "course": step.course.name,
                "centre": step.course.centre,
                "is_refresher": step.is_refresher,
                "from_utc": step.from_utc.iso(),
                "to_utc": step.to_utc.iso(),
                "waits": [
                    {"from_utc": w.from_utc.iso(), "to_utc": w.to_utc.iso(), "why": w.why} for w in step.waits
                ],
            }
            for step in seat.steps
        ],
        "counted": [
            {
                "course": c.course.name,
                "centre": c.course.centre,
                "since_utc": c.since_utc.iso(),
                "until_utc": _iso(c.until_utc),
            }
            for c in seat.counted
        ],
    }


def training_documents(scenario: Scenario, plan: Plan | None) -> list[Json]:
    """The places in courses, in order."""
    centres = {c.name: c.centre for c in scenario.courses}
    return [
        {
            "person": slot.person,
            "course": slot.course,
            "centre": centres.get(slot.course),
            "from_utc": slot.from_utc.iso(),
            "to_utc": slot.to_utc.iso(),
            "flight": slot.flight,
        }
        for slot in (plan.training if plan else ())
    ]


def error_document(error: CrossflightError) -> Json:
    """``crossflight.error/1``; file, line and column are null where there is no place to point at."""
    where: Json = {"file": None, "line": None, "column": None}
    if isinstance(error, InputError):
        where = {"file": error.file or None, "line": error.line or None, "column": error.column or None}
    return {
        "schema": ERROR,
        "error": {"code": error.code, "message": error.message, "hint": error.hint, **where},
    }


def violation_document(violation: Violation) -> Json:
    """A violation."""
    return {
        "rule": violation.rule,
        "severity": violation.severity,
        "from_utc": violation.from_utc.iso(),
        "to_utc": violation.to_utc.iso(),
        "subjects": list(violation.subjects),
        "message": violation.message,
    }


def pin_document(pin: Pin) -> Json:
    """A pin; a person is pinned as a value of crew_up."""
    value = pin.value
    what = "crew_up" if pin.is_person else pin.what
    shown = list(value) if isinstance(value, tuple) else [value] if pin.is_person else str(value)
    return {"flight": pin.flight.name, "what": what, "value": shown}


def _conflict(found: Conflict | None) -> Json | None:
    if found is None:
        return None
    return {
        "pins": [pin_document(p) for p in found.pins],
        "minimal": found.is_minimal,
        "proven": found.is_proven,
        "rules": list(found.rules),
    }


def span_document(span: Span) -> Json:
    """A stretch of time with its length in days."""
    return {"from_utc": span.from_utc.iso(), "to_utc": span.to_utc.iso(), "days": round(span.days, 3)}


def _flight(flight: Flight, sites: dict[str, str], agencies: dict[str, str]) -> Json:
    return {
        "name": flight.name,
        "vehicle_type": flight.vehicle_type,
        "craft": flight.craft,
        "site": sites.get(flight.pad),
        "pad": flight.pad,
        "launch_utc": flight.launch_utc.iso(),
        "dock_utc": _iso(flight.dock_utc),
        "port": flight.port,
        "relocations": [
            {"utc": r.undock_utc.iso(), "from": r.from_port, "to": r.to_port} for r in flight.relocations
        ],
        "undock_utc": _iso(flight.undock_utc),
        "landing_utc": _iso(flight.landing_utc),
        "crew_up": [{"person": p, "agency": agencies.get(p)} for p in flight.crew_up],
        "crew_down": [{"person": p, "agency": agencies.get(p)} for p in flight.crew_down],
        "backup": [{"person": p, "agency": agencies.get(p)} for p in flight.backup],
    }


def _cargo(flight: Flight) -> Json:
    return {
        "name": flight.name,
        "vehicle_type": flight.vehicle_type,
        "dock_utc": _iso(flight.dock_utc),
        "undock_utc": _iso(flight.undock_utc),
        "port": flight.port,
    }


def chance_document(chance: Chance) -> Json:
    """What is computed of a flight's launch and landing; null where nothing is, or it has happened."""
    launch, profile, landing = chance.launch, chance.profile, chance.landing
    reboost = profile.reboost if profile else None
    return {
        "flight": chance.flight.name,
        "launch": launch
        and {
            "liftoff_utc": launch.liftoff_utc.iso(),
            "sigma_s": round(launch.sigma_s, 1),
            "inplane_utc": launch.inplane_utc.iso(),
            "phase_deg": round(launch.phase_deg, 2),
            "phase_known": launch.is_phase_known,
            "beta_deg": round(launch.beta_deg, 2),
            "azimuth_deg": round(launch.azimuth_deg, 2),
            "is_daylight_launch": launch.is_daylight_launch,
            "profile": profile and profile.name,
            "probability": round(profile.probability, 4) if profile else None,
            "reboost": reboost
            and {
                "burn_utc": reboost.burn_utc.iso(),
                "dv_m_s": round(reboost.dv_m_s, 3),
                "propellant_kg": round(reboost.propellant_kg, 1),
                "altitude_km": round(reboost.altitude_km, 3),
                "is_typical": reboost.is_typical,
            },
        },
        "landing": landing
        and {
            "zone": landing.zone,
            "deorbit_utc": landing.deorbit_utc.iso(),
            "landing_utc": landing.landing_utc.iso(),
            "sigma_s": round(landing.sigma_s, 1),
            "probability": round(landing.probability, 4),
            "beta_deg": round(landing.beta_deg, 2),
            "is_daylight": landing.is_daylight,
        },
    }


def _coverage(coverage: Coverage | None) -> Json:
    if coverage is None:
        return {"unattended_days": None, "operator_n1_uncovered_days": None, "seat_n1": []}
    return {
        "unattended_days": round(coverage.unattended_days, 6),
        "operator_n1_uncovered_days": round(coverage.operator_n1_uncovered_days, 6),
        "seat_n1": [
            {
                "from_utc": s.from_utc.iso(),
                "to_utc": s.to_utc.iso(),
                "craft": s.craft,
                "without_nominal": s.n_without_nominal,
                "without_any": s.n_without_any,
            }
            for s in coverage.seat_n1
        ],
    }


def _waiver(waiver: Waiver) -> Json:
    return {
        "rule": waiver.rule,
        "from_utc": waiver.from_utc.iso(),
        "to_utc": waiver.to_utc.iso(),
        "subjects": list(waiver.subjects),
        "price": waiver.price,
        "reason": waiver.reason,
    }


def _iso(at: Instant | None) -> str | None:
    return at.iso() if at else None


def _number(value: float) -> float | None:
    """JSON has no infinity: a bound that is not known is null."""
    return round(value, 6) if math.isfinite(value) else None
