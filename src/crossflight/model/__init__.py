"""Frozen dataclasses: station, vehicles, people, agreements, scenario, flights, plan, results.

No input or output, no solver.  Every quantity carries its unit in its name; every instant is a
:class:`crossflight.times.Instant` in UTC; every interval is half-open.
"""

from crossflight.model.agreement import Agreement, IntegratedSeat
from crossflight.model.difference import Change, Difference, difference
from crossflight.model.flight import (
    Flight,
    Plan,
    Provenance,
    Relocation,
    SeatMove,
    StageResult,
    TierResult,
    Waiver,
)
from crossflight.model.opportunity import (
    LandingOpportunity,
    LaunchOpportunity,
    Opportunities,
    Reboost,
    RendezvousProfile,
)
from crossflight.model.people import Partner, Person, Qualification
from crossflight.model.pin import PINNED_FIELDS, Pin, pins
from crossflight.model.result import Coverage, SeatN1Span, Span, Violation
from crossflight.model.scenario import (
    AnnouncedFlight,
    Commodity,
    DockedFlight,
    Fact,
    ForbiddenDays,
    RuleSetting,
    Scenario,
    Tier,
)
from crossflight.model.station import Closure, Eva, Port, Segment, Station, StationElements
from crossflight.model.training import Centre, Course, Trained, TrainingSlot
from crossflight.model.vehicles import Craft, Launcher, Pad, Site, VehicleType

__all__ = [
    "PINNED_FIELDS",
    "Agreement",
    "AnnouncedFlight",
    "Centre",
    "Change",
    "Closure",
    "Commodity",
    "Course",
    "Coverage",
    "Craft",
    "Difference",
    "DockedFlight",
    "Eva",
    "Fact",
    "Flight",
    "ForbiddenDays",
    "IntegratedSeat",
    "LandingOpportunity",
    "LaunchOpportunity",
    "Launcher",
    "Opportunities",
    "Pad",
    "Partner",
    "Person",
    "Pin",
    "Plan",
    "Port",
    "Provenance",
    "Qualification",
    "Reboost",
    "Relocation",
    "RendezvousProfile",
    "RuleSetting",
    "Scenario",
    "SeatMove",
    "SeatN1Span",
    "Segment",
    "Site",
    "Span",
    "StageResult",
    "Station",
    "StationElements",
    "Tier",
    "TierResult",
    "Trained",
    "TrainingSlot",
    "VehicleType",
    "Violation",
    "Waiver",
    "difference",
    "pins",
]
