"""The flown record of the station, 2018 to 2026, in the model's words.

`data/*.csv` are the project's own tables (docs/flown-record.md says what each column means and
where the sources disagree).  :mod:`~crossflight.history.table` reads them strictly,
:mod:`~crossflight.history.record` checks them against each other, :mod:`~crossflight.history.flown`
makes a plan, people and a scenario of them, :mod:`~crossflight.history.explained` holds the real
explanation of everything the checker reports about what was flown.
"""

from crossflight.history.assumptions import ASSUMPTIONS, NATIONALITY, Assumption, assumption_named
from crossflight.history.explained import Explanation, explain, explanations
from crossflight.history.flown import flown_people, flown_plan, flown_scenario
from crossflight.history.record import FlownFlight, FlownPerson, FlownSeatMove, Record, flown_record

__all__ = [
    "ASSUMPTIONS",
    "NATIONALITY",
    "Assumption",
    "Explanation",
    "FlownFlight",
    "FlownPerson",
    "FlownSeatMove",
    "Record",
    "assumption_named",
    "explain",
    "explanations",
    "flown_people",
    "flown_plan",
    "flown_record",
    "flown_scenario",
]
