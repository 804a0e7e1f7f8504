"""Plans and flights draw themselves in a notebook.

What use cases return (`PlanOutcome`, `CheckOutcome`, `FlightOutcome`) has ``_repr_html_`` and is drawn by any
notebook as it is.  `Plan` and `Flight` belong to the model, which knows of no drawing; after ::

    %load_ext crossflight.app.notebook

IPython draws them too: it is told from here how, so that the model imports nothing.  Cards are static: no
script, nothing to fetch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crossflight.model import Coverage, Flight, Plan, Scenario, Violation
from crossflight.report.cards import flight_card, flown_card, plan_card

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crossflight.app.flight_outcome import FlightOutcome

# Those that say most of a flight at a glance.
_PICTURES = ("ground-track.svg", "altitude-range.svg", "approach.svg")


def load_ipython_extension(ipython: Any) -> None:
    """``%load_ext crossflight.app.notebook``: the model's plans and flights are drawn from now on."""
    html = ipython.display_formatter.formatters["text/html"]
    html.for_type(Plan, plan_card)
    html.for_type(Flight, flight_card)


def judged_card(
    scenario: Scenario, plan: Plan, coverage: Coverage | None, violations: Sequence[Violation]
) -> str:
    """A plan with the checker's word on it."""
    n_failed = sum(v.is_failure for v in violations)
    facts = [("violations", str(n_failed))]
    if coverage is not None and scenario.station.segments:
        facts += [
            ("a segment unattended", f"{coverage.unattended_days:.1f} d"),
            ("operator N-1 uncovered", f"{coverage.operator_n1_uncovered_days:.1f} d"),
        ]
    return plan_card(plan, scenario, coverage, facts)


def flown_flight_card(o: FlightOutcome) -> str:
    """A flight as flown, with its events and pictures."""
    from crossflight.app.flight_pictures import pictures

    left_kg = o.propellant_left_kg
    facts = [
        ("outcome", o.outcome),
        ("profile", o.profile),
        ("lift-off", f"{o.ascent.liftoff_utc.minute()} UTC"),
        *([("contact", f"{o.contact.utc.minute()} UTC")] if o.contact else []),
        *([("landing", f"{o.touchdown.utc.minute()} UTC")] if o.touchdown else []),
        ("delta-v", f"{o.dv_total_m_s:.1f} m/s"),
        *([] if left_kg is None else [("propellant left", f"{left_kg:.0f} kg")]),
        *(("rule broken", j.name) for j in o.judgements if not j.is_ok),
    ]
    rows = [(e.utc.iso()[:19].replace("T", " "), e.name, o.light(e.utc), e.note) for e in o.events]
    drawn = pictures(o)
    return flown_card(
        f"{o.craft.name} from {o.pad.name} to {o.port.name}",
        facts,
        ("UTC", "event", "light", ""),
        rows,
        {name: drawn[name] for name in _PICTURES if name in drawn},
    )
