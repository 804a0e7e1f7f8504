"""The picture of a plan or of the flown record: what the report draws, as plain data."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Container, Mapping, Sequence

from crossflight import __version__
from crossflight.app.chances import chances
from crossflight.model import Coverage, Plan, Scenario, TierResult, Violation, difference
from crossflight.report import lanes, strips, supplies, tables, training
from crossflight.report.flight_page import flights_page
from crossflight.report.flight_shape import FlightView
from crossflight.report.ghosts import add_ghosts
from crossflight.report.manifest import manifest
from crossflight.report.shape import (
    Chart,
    Figure,
    Group,
    Header,
    Lane,
    Page,
    Picture,
    Table,
    Timeline,
    TimelineKey,
)
from crossflight.report.strips import Episode, Era
from crossflight.rules import Walk, rule_title
from crossflight.times import Instant

SCHEMA = "crossflight.picture/1"
_HASH_SHOWN = 12  # hexadecimal digits; the JSON and the files have all 64
_SHOWN_BEFORE_DAYS = 200.0  # how far back the drawing goes for craft that are docked at the start


def plan_hash(text: str) -> str:
    """The hash of a plan's text, as ``sha256sum plan.yaml`` gives it."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def picture(
    scenario: Scenario,
    plan: Plan,
    violations: Sequence[Violation],
    coverage: Coverage,
    *,
    tiers: Sequence[TierResult] = (),
    eras: Sequence[Era] = (),
    episodes: Sequence[Episode] = (),
    title: str | None = None,
    plan_digest: str = "",
    beside: Sequence[Table] = (),
    pages: Sequence[Page] = (),
    baseline: Plan | None = None,
    baseline_name: str = "the baseline",
    explained: Container[Violation] = (),
    flown: Mapping[str, FlightView] | None = None,
) -> Picture:
    """Build the picture.

    Parameters
    ----------
    tiers
        The objective as solved; the plan's own provenance where none are given.
    eras, episodes
        Of the audit; with them the picture is one of the flown record.
    title
        The heading; the scenario's title where none is given.
    plan_digest
        Hash of the plan's text (:func:`plan_hash`).
    beside
        Tables that compare it with other plans.
    pages
        Pages of their own: stability.
    baseline, baseline_name
        Another plan of the scenario: where it has something otherwise it is drawn as a ghost and told in a
        table; what the page calls it.
    explained
        Violations somebody has explained, as the flown record's are.
    flown
        Flights of the plan as flown, by name.
    """
    walk = Walk(scenario, plan)
    solved = plan.provenance
    shown_tiers = tuple(tiers) or (solved.objective if solved else ())
    shown: list[Table] = []
    if eras or episodes:
        shown += [tables.era_table(eras), tables.episode_table(episodes)]
    else:
        shown.append(tables.tier_table(shown_tiers))
        if baseline is not None:
            shown.append(tables.difference_table(difference(baseline, plan), baseline_name))
        shown += beside
    shown += [
        tables.violation_table(violations),
        tables.waiver_table(plan),
        tables.flight_table(scenario, plan),
        tables.cargo_table(plan),
        *([tables.chance_table(lines)] if (lines := [c.line for c in chances(scenario, plan)]) else []),
        tables.cover_table(coverage),
        tables.covering_table(walk),
        tables.seat_table(coverage),
        tables.crew_table(walk),
        *supplies.supply_tables(walk),
        tables.port_table(scenario, plan),
        tables.people_table(walk),
        training.training_table(walk),
        tables.pad_table(scenario, plan),
        tables.calendar_table(scenario),
    ]
    open_ = [v for v in violations if v.is_failure and v not in explained]
    made: Picture = {
        "schema": SCHEMA,
        "kind": "audit" if eras or episodes else "plan",
        "title": title or scenario.title,
        "header": _header(scenario, plan, plan_digest),
        "figures": _figures(walk, violations, coverage, explained),
        "timeline": _timeline(walk, violations, coverage, eras, baseline, explained),
        "tables": shown,
        "pages": list(pages),
        "manifest": manifest(walk, [f"{rule_title(v.rule)}: {v.message}" for v in open_]),
    }
    if made["kind"] == "plan":
        made["pages"].append(flights_page(walk, violations, flown or {}))
    if eras:
        chart: Chart = {
            "title": "Days on which the loss of one craft would have left a segment alone",
            "rows": [
                {
                    "label": e.name,
                    "share": e.operator_n1_uncovered_share,
                    "text": f"{e.operator_n1_uncovered_share:.1%}",
                }
                for e in eras
            ],
        }
        made["chart"] = chart
    return made


def _header(scenario: Scenario, plan: Plan, plan_digest: str) -> Header:
    solved = plan.provenance if plan.provenance and plan.provenance.status != "flown" else None
    overrides: Mapping[str, str] = plan.overrides or scenario.overrides
    return {
        "scenario_name": scenario.name,
        "scenario_title": scenario.title,
        "scenario_hash": (scenario.digest or plan.scenario_digest)[:_HASH_SHOWN],
        "plan_hash": plan_digest[:_HASH_SHOWN],
        "version": solved.version if solved else __version__,
        "seed": str(solved.seed) if solved else "",
        "status": plan.provenance.status if plan.provenance else "not solved",
        "gap": _gap(solved.gap) if solved and solved.status in ("optimal", "feasible") else "",
        "known_utc": scenario.known_utc.date(),
        "from_utc": scenario.from_utc.date(),
        "to_utc": scenario.to_utc.date(),
        "overrides": [[path, value] for path, value in sorted(overrides.items())],
    }


def _gap(gap: float) -> str:
    return f"{gap:.2%}" if math.isfinite(gap) else "no bound"


def _figures(
    walk: Walk, violations: Sequence[Violation], coverage: Coverage, explained: Container[Violation]
) -> list[Figure]:
    plan = walk.plan
    failed = [v for v in violations if v.is_failure]
    n_open = sum(v not in explained for v in failed)
    n_soft = sum(v.severity == "soft" for v in violations)
    n_cargo = sum(f.kind == "cargo" for f in plan.flights)
    price = sum(w.price for w in plan.waivers)
    worst = max((s.n_without_nominal for s in coverage.seat_n1), default=0)
    uncovered, alone = coverage.operator_n1_uncovered_days, coverage.unattended_days
    made = [
        _figure(
            "violations",
            len(failed),
            "all explained" if failed and not n_open else "",
            tone="bad" if n_open else "note" if failed else "ok",
        ),
        _figure(
            "waivers",
            len(plan.waivers),
            f"price {price:g}" if plan.waivers else "",
            tone="warn" if plan.waivers else "ok",
        ),
    ]
    if walk.scenario.station.segments:
        made += [
            _figure("a segment unattended", f"{alone:.1f}", "d", tone="bad" if alone else "ok"),
            _figure("operator N-1 uncovered", f"{uncovered:.1f}", "d", tone="bad" if uncovered else "ok"),
        ]
    return [
        *made,
        _figure(
            "without a nominal seat, worst craft lost",
            worst,
            "people at most",
            tone="note" if worst else "ok",
        ),
        _figure("soft wishes missed", n_soft),
        _figure("crew flights", len(plan.flights) - n_cargo),
        _figure("cargo visits", n_cargo),
    ]


def _figure(label: str, value: object, unit: str = "", tone: str = "note") -> Figure:
    return {"label": label, "value": str(value), "unit": unit, "tone": tone}


def _timeline(
    walk: Walk,
    violations: Sequence[Violation],
    coverage: Coverage,
    eras: Sequence[Era],
    baseline: Plan | None,
    explained: Container[Violation],
) -> Timeline:
    scenario, plan = walk.scenario, walk.plan
    first = min((f.launch_utc for f in plan.flights), default=scenario.from_utc)
    start = max(min(first, scenario.from_utc), scenario.from_utc.plus_days(-_SHOWN_BEFORE_DAYS))
    cover = []
    if scenario.station.segments:
        cover += [strips.operator_lane(scenario, coverage), *strips.cover_lanes(walk)]
    cover.append(strips.seat_lane(coverage))
    cover += strips.finding_lanes(plan, violations, explained)
    traffic = _traffic(walk, start)
    if baseline is not None:
        for ident, found in _traffic(Walk(scenario, baseline), start).items():
            add_ghosts(traffic[ident], found, only_moved=ident == "people")
    groups: list[Group] = []
    if eras:
        groups.append(_group("eras", "Eras", "eras", [strips.era_lane(eras)]))
    groups += [
        _group("safety", "Safety", "operator-n1", cover),
        _group("crew", "Aboard", "crew", strips.crew_lanes(walk)),
        _group("ports", "Ports", "ports", traffic["ports"]),
        _group("craft", "Craft", "flights", traffic["craft"]),
        _group("people", "People", "people", traffic["people"]),
        _group("pads", "Pads", "pads", traffic["pads"]),
        _group("landings", "Landings", "flights", traffic["landings"]),
        _group("supplies", "Sun, supplies", "consumables", supplies.supply_lanes(walk, start)),
        _group("calendar", "Calendar", "calendar", strips.calendar_lanes(scenario)),
        _group("training", "Training", "training", training.training_lanes(walk)),
    ]
    groups = [g for g in groups if g["lanes"]]
    used = {b["tone"] for g in groups for lane in g["lanes"] for b in lane["bars"]}
    return {
        "start": start.iso(),
        "end": scenario.to_utc.iso(),
        "known": scenario.known_utc.iso(),
        "legend": [key for key in _legend(scenario) if key["tone"] in used],
        "groups": groups,
        "shades": strips.shades(scenario),
    }


def _traffic(walk: Walk, start: Instant) -> dict[str, list[Lane]]:
    """The lanes that two plans may have otherwise."""
    scenario, plan = walk.scenario, walk.plan
    return {
        "ports": lanes.port_lanes(scenario, plan),
        "craft": lanes.craft_lanes(scenario, plan),
        "people": lanes.people_lanes(walk),
        "pads": lanes.pad_lanes(scenario, plan, start),
        "landings": lanes.landing_lanes(scenario, plan, start),
    }


def _group(ident: str, title: str, table: str, found: list[Lane]) -> Group:
    return {"id": ident, "title": title, "table": table, "lanes": found}


def _legend(scenario: Scenario) -> list[TimelineKey]:
    partners = [(lanes.partner_tone(scenario, p.name), p.name) for p in scenario.partners]
    who = [*partners, ("visitor", "visitors"), ("cargo", "cargo")]
    state = [
        ("ok", "covered"),
        ("warn", "watch"),
        ("bad", "uncovered"),
        ("shade", "closed or forbidden"),
        ("ghost", "baseline"),
    ]
    return [
        *(TimelineKey(tone=tone, name=name, of="Who flies") for tone, name in who),
        *(TimelineKey(tone=tone, name=name, of="State") for tone, name in state),
        *training.centre_keys(scenario),
    ]
