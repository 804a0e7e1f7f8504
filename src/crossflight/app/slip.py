"""Use case: a flight slips; what each day of it means."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from crossflight.app.check import STDIN, read_from
from crossflight.app.document import violation_document
from crossflight.app.folder import refuse_unwritable, write_files
from crossflight.app.near_flights import with_opportunities_near
from crossflight.errors import UsageError
from crossflight.formats.csv_table import csv_bytes
from crossflight.model import Flight, Plan, Provenance, Scenario
from crossflight.resilience.slip import SlipDay, Verdict, relieved_by, slip_days
from crossflight.rules import Walk, coverage_walk
from crossflight.scenario import plan_text, read_text
from crossflight.scenario.near import near_hint
from crossflight.scenario.text_file import scenario_text
from crossflight.times import Instant

SCHEMA: Final = "crossflight.slip/1"
_DAYS: Final = re.compile(r"(-?\d{1,3})(?:\.\.(-?\d{1,3}))?", re.ASCII)
_DAYS_MIN, _DAYS_MAX = -30, 120
# Ways home are computed for three days from an instant on.
_HOME_EVERY_DAYS: Final = 3


@dataclass(frozen=True, slots=True)
class SlipOutcome:
    """The days of a slip; `plan_alone` has the figures of the plan as it is."""

    scenario: Scenario
    plan: Plan
    flight: Flight
    relieved: Flight | None
    unattended_days: float
    operator_n1_days: float
    rows: tuple[SlipDay, ...]
    files: tuple[Path, ...] = ()

    def last_accepted(self, *, is_waiting: bool = False) -> int | None:
        """The last day up to which every day with a launch holds (or does if the relieved craft waits)."""
        last = None
        for row in self.rows:
            if row.alone is None:
                continue
            if not (row.is_accepted_waiting if is_waiting else row.is_accepted):
                break
            last = row.days
        return last


def slip(
    plan_name: str,
    flight_name: str,
    days_text: str = "0..14",
    *,
    scenario_name: str | None = None,
    out: Path | None = None,
) -> SlipOutcome:
    """What a plan comes to if one of its flights is launched on another day, for each of some days.

    Parameters
    ----------
    plan_name, scenario_name
        As for `crossflight.app.check.read`.
    days_text
        ``FIRST..LAST``, days after the planned launch date, or one number.
    out
        A folder for slip.json, slip.csv, scenario.yaml and the plan of each day.

    Raises
    ------
    InputError
        If a file is wrong, or the plan is of another scenario.
    UsageError
        For a flight that is not there or has been launched, and for days that are none.
    """
    days = parse_days(days_text)
    if plan_name == STDIN == scenario_name:
        raise UsageError("plan and scenario cannot both come from standard input")
    if out is not None:
        refuse_unwritable(out)
    text, file = read_text(plan_name)
    scenario, plan = read_from(text, file, plan_name, scenario_name)
    flight = _flight(scenario, plan, flight_name, days)
    scenario = with_opportunities_near(scenario, plan, _also(scenario, plan, flight, days))
    cover = coverage_walk(Walk(scenario, plan))
    outcome = SlipOutcome(
        scenario,
        plan,
        flight,
        relieved_by(scenario, plan, flight),
        cover.unattended_days,
        cover.operator_n1_uncovered_days,
        tuple(slip_days(scenario, plan, flight, days)),
    )
    if out is None:
        return outcome
    beside = Path(plan_name).parent / "scenario.yaml"
    where = scenario_name or (str(beside) if plan_name != STDIN and beside.exists() else plan.scenario_name)
    return replace(outcome, files=write_files(out, _texts(outcome, scenario_text(where)[0])))


def parse_days(text: str) -> range:
    """The days of ``FIRST..LAST`` or of one number.

    Raises
    ------
    UsageError
        If they are none.
    """
    match = _DAYS.fullmatch(text.strip())
    hint = "write --days 0..14, or --days=-3..7 for days before the planned launch too"
    if match is None:
        raise UsageError(f"--days {text!r} is not FIRST..LAST", hint=hint)
    first = int(match[1])
    last = first if match[2] is None else int(match[2])
    if first > last:
        raise UsageError(f"--days {text}: {first} comes after {last}", hint=hint)
    if first < _DAYS_MIN or last > _DAYS_MAX:
        raise UsageError(f"--days {text} is not within {_DAYS_MIN}..{_DAYS_MAX}", hint=hint)
    return range(first, last + 1)


def _flight(scenario: Scenario, plan: Plan, name: str, days: range) -> Flight:
    """The flight that slips."""
    found = next((f for f in plan.flights if f.name == name), None)
    if found is None:
        hint = near_hint(name, [f.name for f in plan.flights])
        raise UsageError(f"there is no flight {name!r} in the plan", hint=hint)
    if name in {d.flight.name for d in scenario.docked} or found.launch_utc < scenario.from_utc:
        raise UsageError(
            f"{name} was launched on {found.launch_utc.date()}, before the plan begins: it cannot slip",
            hint="name a flight that is still to be launched",
        )
    first = found.launch_utc.floor_day().plus_days(days[0])
    if first >= scenario.to_utc or first.plus_days(len(days)) <= scenario.from_utc:
        raise UsageError(
            f"none of these days is within the scenario, {scenario.from_utc.date()} to "
            f"{scenario.to_utc.date()}; {name} is planned for {found.launch_utc.date()}"
        )
    return found


def _also(scenario: Scenario, plan: Plan, flight: Flight, days: range) -> Iterator[Flight]:
    """Flights for which opportunities are computed beside those of the plan."""
    first = min(0, days[0])
    n_days = max(days[-1], 0) - first
    early = flight.launch_utc.plus_days(first)
    up_days = 0.0 if flight.dock_utc is None else flight.dock_utc.days_since(flight.launch_utc)
    yield replace(flight, launch_utc=early, dock_utc=early.plus_days(n_days + up_days), landing_utc=None)
    docked = {d.flight.name for d in scenario.docked}
    for old in (relieved_by(scenario, plan, flight), flight if flight.kind == "visiting" else None):
        if old is None or old.landing_utc is None:
            continue
        # Of a craft that waits only the ways home are wanted.
        only = next((d.flight for d in scenario.docked if d.flight.name == old.name), old)
        begin = first if old is flight else 0
        for n in range(begin, n_days + begin + 1 + _HOME_EVERY_DAYS, _HOME_EVERY_DAYS):
            yield replace(only, landing_utc=old.landing_utc.plus_days(n))
    assert flight.name not in docked


# -- what is written ----------------------------------------------------------------------------


def document(outcome: SlipOutcome) -> dict[str, object]:
    """The JSON document ``crossflight.slip/1``."""
    o = outcome
    return {
        "schema": SCHEMA,
        "scenario": {"name": o.scenario.name, "hash": o.scenario.digest},
        "flight": o.flight.name,
        "vehicle_type": o.flight.vehicle_type,
        "planned": {"launch_utc": o.flight.launch_utc.iso(), "dock_utc": _iso(o.flight.dock_utc)},
        "relieves": None if o.relieved is None else o.relieved.name,
        "as_planned": {
            "unattended_days": round(o.unattended_days, 3),
            "operator_n1_uncovered_days": round(o.operator_n1_days, 3),
        },
        "last_accepted_day": o.last_accepted(),
        "last_accepted_day_waiting": o.last_accepted(is_waiting=True),
        "days": [_row(o, r) for r in o.rows],
    }


def _row(o: SlipOutcome, r: SlipDay) -> dict[str, object]:
    launch, profile = r.launch, r.profile
    return {
        "days": r.days,
        "date": r.date_utc.date(),
        "has_opportunity": r.launch_utc is not None,
        "why": r.why,
        "launch_utc": _iso(r.launch_utc),
        "sigma_s": None if launch is None else round(launch.sigma_s, 1),
        "phase_known": None if launch is None else launch.is_phase_known,
        "phase_deg": None if launch is None else round(launch.phase_deg, 2),
        "beta_deg": None if launch is None else round(launch.beta_deg, 2),
        "profile": None if profile is None else profile.name,
        "probability": None if profile is None else round(profile.probability, 3),
        "dock_utc": _iso(r.dock_utc),
        "is_within_announced_window": r.is_announced,
        "relieved_life_left_days": None if r.life_left_days is None else round(r.life_left_days, 3),
        "alone": None if r.alone is None else _verdict(o, r.alone),
        "relieved_waits_days": round(r.waits_days, 3),
        "waiting": None if r.waiting is None else _verdict(o, r.waiting),
    }


def _verdict(o: SlipOutcome, v: Verdict) -> dict[str, object]:
    return {
        "ok": not v.failures,
        "handover_days": None if v.handover_days is None else round(v.handover_days, 3),
        "unattended_days": round(v.unattended_days, 3),
        "operator_n1_uncovered_days": round(v.operator_n1_days, 3),
        "must_move": list(v.must_move(o.flight.name)),
        "violations": [violation_document(x) for x in (*v.failures, *v.wishes)],
    }


COLUMNS: Final = (
    "days", "date", "lift-off UTC", "profile", "docking UTC", "handover d", "life left d", "N-1 d",
    "unattended d", "verdict", "relieved waits d", "then",
)  # fmt: skip


def lines(outcome: SlipOutcome) -> Iterator[tuple[str, ...]]:
    """Each day under `COLUMNS`."""
    for r in outcome.rows:
        v = r.alone
        if v is None or r.launch_utc is None:
            yield (f"{r.days:+d}", r.date_utc.date(), "none", *[""] * 6, r.why, "", "")
            continue
        chance = ""
        if r.profile is not None and r.launch is not None and not r.launch.is_phase_known:
            chance = f" ({r.profile.probability:.0%})"
        yield (
            f"{r.days:+d}",
            r.date_utc.date(),
            r.launch_utc.iso()[11:19],
            "-" if r.profile is None else r.profile.name + chance,
            "-" if r.dock_utc is None else r.dock_utc.minute(),
            "-" if v.handover_days is None else f"{v.handover_days:.1f}",
            "-" if r.life_left_days is None else f"{r.life_left_days:.1f}",
            _change(v.operator_n1_days, outcome.operator_n1_days),
            _change(v.unattended_days, outcome.unattended_days),
            verdict_text(v, outcome.flight.name),
            f"{r.waits_days:.1f}" if r.waiting is not None else "",
            "" if r.waiting is None else verdict_text(r.waiting, outcome.flight.name),
        )


def verdict_text(v: Verdict, flight: str) -> str:
    """The first thing that breaks and who stands in the way, in words."""
    if not v.failures:
        missed = dict.fromkeys(x.rule for x in v.wishes if x.severity == "soft")
        return "holds" + (f"; misses {', '.join(missed)}" if missed else "")
    first = v.failures[0]
    others = [name for name in v.must_move(flight) if name not in first.message]
    more = f" ({len(v.failures)} in all)" if len(v.failures) > 1 else ""
    also = f"; in the way too: {', '.join(others)}" if others else ""
    return f"{first.rule}: {first.message}{more}{also}"


def _change(value: float, planned: float) -> str:
    """A figure of the whole plan, and by how much it is more or less than planned."""
    by = value - planned
    return f"{value:.1f}" + (f" ({by:+.1f})" if abs(by) >= 0.05 else "")


def _texts(o: SlipOutcome, source: str) -> dict[str, str | bytes]:
    """What the folder holds: the table twice, the scenario, and the plan of each day."""
    files: dict[str, str | bytes] = {
        "slip.json": json.dumps(document(o), indent=2, allow_nan=False) + "\n",
        "slip.csv": csv_bytes([COLUMNS, *lines(o)]),
        "scenario.yaml": source,
    }
    for r in o.rows:
        for verdict, ending in ((r.alone, ""), (r.waiting, "-waiting")):
            if verdict is not None and r.days:
                files[f"plan{r.days:+04d}{ending}.yaml"] = plan_text(_edited(verdict.plan))
    return files


def _edited(plan: Plan) -> Plan:
    """The plan without the proof of another."""
    made = plan.provenance
    if made is None:
        return plan
    return replace(plan, provenance=Provenance(made.version, made.seed, "edited", made.gap))


def _iso(at: Instant | None) -> str | None:
    return None if at is None else at.iso()


def summary(outcome: SlipOutcome) -> Sequence[str]:
    """What the table comes to, in sentences."""
    o, name = outcome, outcome.flight.name
    alone, waiting = o.last_accepted(), o.last_accepted(is_waiting=True)
    said = [
        f"{name} holds on no day"
        if alone is None
        else f"{name}: with nothing else moved the plan holds to day {alone:+d}"
    ]
    if o.relieved is not None and waiting is not None and (alone is None or waiting > alone):
        said.append(f"if {o.relieved.name} waits for it, to day {waiting:+d}")
    broken = next((r for r in o.rows if r.alone is not None and not r.is_accepted_waiting), None)
    if broken is not None:
        last = broken.waiting or broken.alone
        assert last is not None
        said.append(f"day {broken.days:+d} breaks {verdict_text(last, name)}")
    return said
