"""The audit reproduces the published measures and says what they depend on."""

import pytest

from crossflight.app.audit import (
    AUDIT_TO,
    CREW_DRAGON_UTC,
    INTEGRATED_UTC,
    AuditResult,
    audit,
    audit_json,
    audit_picture,
    explained_violations,
)
from crossflight.errors import UsageError
from crossflight.history import ASSUMPTIONS, flown_plan, flown_record, flown_scenario
from crossflight.model import Scenario
from crossflight.rules import Walk, check
from crossflight.times import Instant


@pytest.fixture(scope="module")
def result(flown_library: Scenario) -> AuditResult:
    return audit("nationality", scenario=flown_library)


def test_eras_change_at_the_dockings_that_changed_the_station() -> None:
    record = flown_record()
    assert record.flight("Crew-1").dock_utc == CREW_DRAGON_UTC
    assert record.flight("Crew-5").dock_utc == INTEGRATED_UTC


def test_shares_are_those_of_the_published_measure(result: AuditResult) -> None:
    shares = [e.operator_n1_uncovered_share for e in result.eras]
    assert shares == pytest.approx([0.495, 0.928, 0.052], abs=0.005)
    assert [e.unattended_share for e in result.eras] == [0.0, 0.0, 0.0]
    assert [e.from_utc for e in result.eras[1:]] == [e.to_utc for e in result.eras[:-1]]
    assert result.eras[-1].to_utc == AUDIT_TO


def test_episodes_add_up_to_the_shares(result: AuditResult) -> None:
    uncovered = sum(e.days for e in result.episodes if e.metric == "operator_n1")
    assert uncovered == pytest.approx(sum(e.days * e.operator_n1_uncovered_share for e in result.eras))


def test_two_late_episodes_with_dates_and_causes(result: AuditResult) -> None:
    late = [e for e in result.episodes if e.from_utc > INTEGRATED_UTC]
    assert [(e.from_utc.date(), e.to_utc.date()) for e in late] == [
        ("2023-01-18", "2023-03-03"),
        ("2026-01-14", "2026-02-14"),
    ]
    liner, medical = late
    assert liner.days == pytest.approx(44.3, abs=0.1)
    assert "the seat of Francisco Rubio moved from MS-22 to Crew-5" in liner.cause
    assert "only Crew-5 seated operators of the USOS" in liner.cause
    assert "Ended when Crew-6 docked" in liner.cause
    assert medical.days == pytest.approx(30.9, abs=0.1)
    assert "Began when Crew-11 undocked" in medical.cause
    assert "only MS-28 seated operators of the USOS and the RS" in medical.cause
    assert "Ended when Crew-12 docked" in medical.cause


def test_the_end_of_the_first_is_said_to_be_unverified(result: AuditResult) -> None:
    liner = next(e for e in result.episodes if e.from_utc.date() == "2023-01-18")
    assert "to 2023-02-26 (" in liner.uncertainty
    medical = next(e for e in result.episodes if e.from_utc.date() == "2026-01-14")
    assert medical.uncertainty == ""


def test_every_episode_names_what_began_and_ended_it(result: AuditResult) -> None:
    assert len(result.episodes) == 13
    for e in result.episodes:
        assert e.cause.startswith("Began when ")
        assert "Ended when " in e.cause
        assert "only " in e.cause
        assert "the seats changed" not in e.cause


def test_every_note_belongs_to_an_episode(result: AuditResult) -> None:
    assert sum(bool(e.note) for e in result.episodes) == 6


@pytest.mark.parametrize("name", [a.name for a in ASSUMPTIONS])
def test_json_of_every_assumption(name: str, flown_library: Scenario) -> None:
    found = audit_json(audit(name, scenario=flown_library))
    assert found["schema"] == "crossflight.audit/1"
    assert found["assumption"] == name
    assert [e["name"] for e in found["eras"]] == [
        "Soyuz only",
        "Crew Dragon without cosmonauts",
        "integrated crews",
    ]
    for era in found["eras"]:
        assert 0.0 <= era["operator_n1_uncovered_share"] <= 1.0
    for e in found["episodes"]:
        assert e["metric"] in ("operator_n1", "unattended")
        days = Instant.parse(e["to_utc"]).days_since(Instant.parse(e["from_utc"]))
        assert e["days"] == pytest.approx(days, abs=1e-4)


def test_newcomers_cost_cover_and_cross_training_brings_it(flown_library: Scenario) -> None:
    base, strict, trained = (
        [e.operator_n1_uncovered_share for e in audit(a.name, scenario=flown_library).eras]
        for a in ASSUMPTIONS
    )
    assert all(s > b for s, b in zip(strict, base, strict=True))
    assert all(t <= b for t, b in zip(trained, base, strict=True))
    # Without Rubio's liner episode, which cosmonauts able to run the USOS would have covered.
    assert trained[2] == pytest.approx(30.913 / 1455.124, abs=1e-4)


def test_sensitivities_say_what_else_the_record_can_mean(result: AuditResult) -> None:
    taxi, leak, early, late = result.sensitivities
    assert taxi.operator_n1_uncovered_shares[1] == pytest.approx(0.9445, abs=1e-3)
    assert leak.operator_n1_uncovered_shares[2] == pytest.approx(0.0750, abs=1e-3)
    assert early.operator_n1_uncovered_shares[2] < result.eras[2].operator_n1_uncovered_share
    assert late.operator_n1_uncovered_shares[0] == result.eras[0].operator_n1_uncovered_share


def test_unknown_assumption_is_refused_with_the_near_name(flown_library: Scenario) -> None:
    with pytest.raises(UsageError) as caught:
        audit("nationalty", scenario=flown_library)
    assert caught.value.hint == "did you mean nationality?"


def test_the_picture_has_eras_and_episodes(result: AuditResult, flown_library: Scenario) -> None:
    made = audit_picture(result, scenario=flown_library)
    assert made["kind"] == "audit"
    groups = [g["id"] for g in made["timeline"]["groups"]]
    assert groups[0] == "eras"
    assert {"ports", "craft", "people"} <= set(groups)
    assert len(made["chart"]["rows"]) == 3


def test_the_picture_shows_the_explained_violations(result: AuditResult, flown_library: Scenario) -> None:
    scenario = flown_scenario(flown_library)
    plan = flown_plan(scenario)
    shown = explained_violations(Walk(scenario, plan))
    reported = check(scenario, plan)
    assert all(is_explained for _, is_explained in shown)
    assert [(v.rule, v.from_utc) for v, _ in shown] == [(v.rule, v.from_utc) for v in reported]
    for was, (now, _) in zip(reported, shown, strict=True):
        assert now.message.startswith(f"{was.message}. ")
    made = audit_picture(result, scenario=flown_library)
    table = next(t for t in made["tables"] if t["id"] == "violations")
    assert len(table["rows"]) == len(shown)
