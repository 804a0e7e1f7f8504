"""Cards for notebooks: static, escaped, whole."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from drawn_plan import CLOSING, FORMULA, MARKUP, RIGHT_TO_LEFT, at, drawn

from crossflight.app import notebook
from crossflight.app.check import CheckOutcome
from crossflight.app.flight_asked import Asked
from crossflight.app.fly import fly
from crossflight.app.plan import PlanOutcome
from crossflight.model import Flight, Plan
from crossflight.report.cards import flight_card, flown_card, plan_card

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(3)</script></svg>'


def parsed(card: str) -> ET.Element:
    """The card as a tree; whatever a name may hold, it is well-formed."""
    return ET.fromstring(card)


def texts(card: str) -> list[str]:
    return [e.text for e in parsed(card).iter() if e.text]


def test_a_plan_shows_ports_cover_and_crews() -> None:
    model = drawn()
    card = plan_card(model.plan, model.scenario, model.coverage)
    found = texts(card)
    for text in (
        "Bird Rock, 2030",
        "feasible",
        "operator N-1",
        "fore",
        "top",
        "aft",
        "Swift 2",
        "West",
        "East",
    ):
        assert text in found
    assert "Heron 7, 2030-03-01 to 2030-09-10 UTC: Liu Lang, Carla Crane" in found
    assert "4 crewed flights" in found
    tree = parsed(card)
    spans = [r for r in tree.iter("{http://www.w3.org/2000/svg}rect") if r.get("fill") == "#D55E00"]
    assert len(spans) == len(model.coverage.operator_n1_uncovered) > 0


def test_a_plan_without_its_scenario_is_drawn_as_far_as_it_is_known() -> None:
    model = drawn()
    found = texts(plan_card(model.plan))
    assert {"bird-rock", "fore", "Swift", "Heron"} <= set(found)
    assert "operator N-1" not in found
    assert plan_card(Plan("empty", "ab" * 32, ())).count("<svg") == 0


def test_where_operator_n1_holds_it_says_so() -> None:
    model = drawn()
    good = replace(model.coverage, operator_n1_uncovered=())
    assert "holds on every day" in texts(plan_card(model.plan, model.scenario, good))


@pytest.mark.parametrize(
    "card",
    [
        lambda: plan_card(drawn(hostile=True).plan, drawn(hostile=True).scenario),
        lambda: plan_card(drawn(hostile=True).plan),
        lambda: flight_card(replace(drawn(hostile=True).plan.flights[0], name=MARKUP, craft=CLOSING)),
        lambda: flown_card(
            MARKUP, [(FORMULA, CLOSING)], ("event",), [(MARKUP,), (RIGHT_TO_LEFT,)], {MARKUP: PICTURE}
        ),
    ],
)
def test_names_are_text_and_nothing_runs_or_is_fetched(card: Callable[[], str]) -> None:
    text = card()
    assert MARKUP not in text
    tags = {e.tag.split("}")[-1] for e in parsed(text).iter()}
    assert not tags & {"script", "style", "link", "iframe", "object", "a"}
    assert "<script" not in text
    for element in parsed(text).iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in {"src", "href"} or value.startswith("data:image/svg+xml;base64,")


def test_a_clipped_name_is_whole_in_its_title() -> None:
    long = replace(drawn().plan.flights[4], name="Mule with a very long name indeed")
    card = plan_card(Plan("bird-rock", "ab" * 32, (long, drawn().plan.flights[1])))
    assert "Mule with a very long name indeed, 2030-05-07 to 2030-07-07 UTC" in texts(card)


def test_a_flight_that_never_docked_has_a_card() -> None:
    lost = Flight("MS-10", "rotation", "Soyuz", "733", "1/5", at("2018-10-11T08:40"), crew_up=("Aleksey",))
    assert {"2018-10-11 08:40", "Aleksey", "none"} <= set(texts(flight_card(lost)))


def test_use_cases_draw_what_they_return() -> None:
    model = drawn()
    checked = CheckOutcome(model.scenario, model.plan, model.violations, model.coverage)
    assert "violations" in texts(checked._repr_html_())
    outcome = PlanOutcome(model.scenario, "feasible", "", 1.0, model.plan, coverage=model.coverage)
    assert outcome._repr_html_() == notebook.judged_card(model.scenario, model.plan, model.coverage, ())
    assert PlanOutcome(model.scenario, "unknown", "out of time", 1.0)._repr_html_() is None


def test_the_extension_tells_ipython_how_to_draw_the_model() -> None:
    """As IPython calls it; IPython itself is no dependency."""
    how: dict[type, Callable[..., str]] = {}
    html = SimpleNamespace(for_type=how.__setitem__)
    notebook.load_ipython_extension(
        SimpleNamespace(display_formatter=SimpleNamespace(formatters={"text/html": html}))
    )
    model = drawn()
    assert set(how) == {Plan, Flight}
    assert how[Plan](model.plan) == plan_card(model.plan)
    assert how[Flight](model.plan.flights[0]) == flight_card(model.plan.flights[0])


def test_a_flown_flight_draws_itself() -> None:
    """The quickest there is: Soyuz 18-1's abort."""
    asked = Asked(
        "soyuz-ms", "baikonur-31", "archive", "rassvet", liftoff="2022-09-21T13:54:50", abort_at_s=295.0
    )
    card = fly(asked)._repr_html_()
    for text in ("aborted", "lift-off", "2022-09-21 13:54 UTC", "landing", "2022-09-21 13:54:50"):
        assert text in card
    assert card.count('src="data:image/svg+xml;base64,') == 1  # the ground track
