"""A flight as flown: its phases, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from crossflight.dynamics.events import PENUMBRA, SUNLIT, UMBRA, shadow
from crossflight.flight.ascent_flight import AscentResult
from crossflight.flight.craft import Craft
from crossflight.flight.flight_phases import Arc, FlownPhase
from crossflight.flight.plane import Place
from crossflight.flight.ports import DockingPort
from crossflight.flight.proximity_result import ProximityResult
from crossflight.flight.return_flight import ReturnResult
from crossflight.flight.samples import FlownSamples, SampledFlight
from crossflight.flight.simulate import (
    CONTACT,
    ApproachExit,
    AscentExit,
    DockedExit,
    RendezvousExit,
    ReturnExit,
)
from crossflight.flight.target_track import TargetTrack
from crossflight.model.opportunity import LaunchOpportunity
from crossflight.model.orbit import ElementSet
from crossflight.model.trajectory import Contact, FlightEvent, FlownBurn, Touchdown
from crossflight.report.shape import Table
from crossflight.times import Instant

LIGHTS: Final = {SUNLIT: "sun", PENUMBRA: "penumbra", UMBRA: "shadow"}
# The phases in which the craft burns what it carried up; the return counts its own.
_ON_TANKS: Final = ("rendezvous", "approach")
_LIGHT_SPAN_US: Final = 5_600_000_000
_LIGHT_STEP_US: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """A rule of the flight and whether it held."""

    name: str
    is_ok: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PlannedFlight:
    """A flight of a plan, and what its sheet says of it."""

    name: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class FlightOutcome:
    """A flight as flown, phase by phase; `home` and `contact` where it came so far.

    Attributes
    ----------
    outcome
        `docked`, or `aborted`: the last phase says how.
    profile
        As planned.
    planned_utc
        Lift-off of the plan, where one was flown: the elements of the day move it.
    propellant_left_kg
        Of the craft's own tanks, at the end; None after an abort of the ascent, which leaves them behind.
    sampled
        What its samples were flown by, where there are any.
    flight
        The flight of a plan that it is.
    """

    vehicle: str
    craft: Craft
    pad: Place
    port: DockingPort
    profile: str
    elements: ElementSet
    source: str
    opportunity: LaunchOpportunity
    track: TargetTrack
    phases: tuple[FlownPhase, ...]
    judgements: tuple[Judgement, ...]
    samples: FlownSamples | None = None
    planned_utc: Instant | None = None
    sampled: SampledFlight | None = None
    flight: PlannedFlight | None = None
    seed: int = 0

    @property
    def outcome(self) -> str:
        """How it ended."""
        return "docked" if self._contact_phase is not None else "aborted"

    @property
    def _contact_phase(self) -> FlownPhase | None:
        return next((p for p in self.phases if p.exit.name == CONTACT), None)

    @property
    def ascent(self) -> AscentResult:
        """The way up."""
        first = self.phases[0].exit
        assert isinstance(first, AscentExit)
        return first.result

    @property
    def is_inserted(self) -> bool:
        """Whether the ascent ended in orbit."""
        first = self.phases[0].exit
        return not isinstance(first, AscentExit) or first.abort is None

    @property
    def rendezvous(self) -> tuple[RendezvousExit, ...]:
        """The rendezvous, and those it fell back to."""
        return tuple(p.exit for p in self.phases if isinstance(p.exit, RendezvousExit))

    @property
    def profile_flown(self) -> str | None:
        """The profile that came to its end, after a missed burn another; None where the ascent ended it."""
        return self.rendezvous[-1].plan.profile if self.rendezvous else None

    @property
    def approach(self) -> ProximityResult | None:
        """The approach, if there was one."""
        return next((p.exit.result for p in self.phases if isinstance(p.exit, ApproachExit)), None)

    @property
    def approach_from(self) -> Instant | None:
        """When it began."""
        return next((p.entry.utc for p in self.phases if isinstance(p.exit, ApproachExit)), None)

    @property
    def home(self) -> ReturnResult | None:
        """The way home, if it was flown."""
        return next((p.exit.result for p in self.phases if isinstance(p.exit, ReturnExit)), None)

    @property
    def n_uncertain_landings(self) -> int:
        """Landing opportunities before the one flown that are not sure to come."""
        return next((p.exit.n_uncertain for p in self.phases if isinstance(p.exit, DockedExit)), 0)

    @property
    def touchdown(self) -> Touchdown | None:
        """Where it came down, from orbit or after an abort of the ascent."""
        first = self.phases[0].exit
        if isinstance(first, AscentExit) and first.abort is not None:
            return first.abort.touchdown
        return None if self.home is None else self.home.touchdown

    @property
    def contact(self) -> Contact | None:
        """First contact with the port, good or bad."""
        approach, begin = self.approach, self.approach_from
        return None if approach is None or begin is None else approach.contacts.contact(0, begin)

    @property
    def events(self) -> tuple[FlightEvent, ...]:
        """All events in the order of time."""
        return tuple(sorted((e for p in self.phases for e in p.exit.events), key=lambda e: e.utc.us))

    @property
    def burns(self) -> tuple[FlownBurn, ...]:
        """All burns of the craft in the order of time."""
        return tuple(sorted((b for p in self.phases for b in p.exit.burns), key=lambda b: b.utc.us))

    @property
    def arcs(self) -> tuple[Arc, ...]:
        """The path, arc by arc."""
        return tuple(a for p in self.phases for a in p.exit.arcs)

    @property
    def dv_total_m_s(self) -> float:
        """Of every burn from insertion to contact, and home again."""
        return sum(b.dv_m_s for b in self.burns)

    @property
    def dv_to_contact_m_s(self) -> float | None:
        """Of every burn from insertion to contact; None where there was no docking."""
        docked = self._contact_phase
        if docked is None:
            return None
        up = self.phases[: self.phases.index(docked) + 1]
        return sum(b.dv_m_s for p in up for b in p.exit.burns)

    @property
    def propellant_left_kg(self) -> float | None:
        """In the craft's own tanks at the end; None if it never got to use them."""
        if not self.is_inserted:
            return None
        used = [p.entry.mass_kg - p.exit.state.mass_kg for p in self.phases if p.phase.name in _ON_TANKS]
        home = self.home
        return self.craft.propellant_kg - sum(used) - (0.0 if home is None else home.propellant_kg)

    @property
    def min_perigee_km(self) -> float | None:
        """Lowest osculating perigee from insertion to arrival."""
        return min((x.result.min_perigee_m / 1000 for x in self.rendezvous), default=None)

    def _repr_html_(self) -> str:
        """A card for notebooks."""
        from crossflight.app.notebook import flown_flight_card

        return flown_flight_card(self)

    def light(self, utc: Instant) -> str:
        """`sun`, `penumbra` or `shadow` at an instant of the path; empty outside it."""
        state = next((y for y in (a.state_at(utc) for a in self.arcs) if y is not None), None)
        if state is None:
            return ""
        return LIGHTS[int(shadow(utc.us, state[None, :3])[0])]

    def sunlit_near(self, utc: Instant) -> tuple[Instant, Instant] | None:
        """The stretch in the Sun, at the target, that holds an instant or is nearest to it.

        Looked for over a revolution either way, to ten seconds; None in months without shadow or light.
        """
        t_us = utc.us + np.arange(-_LIGHT_SPAN_US, _LIGHT_SPAN_US + 1, _LIGHT_STEP_US)
        t_us = t_us[(t_us >= self.track.from_utc.us) & (t_us <= self.track.to_utc.us)]
        is_lit = shadow(t_us, self.track.states(t_us)[:, :3]) == SUNLIT
        edges = np.flatnonzero(np.diff(np.concatenate(([False], is_lit, [False])).astype(np.int8)))
        stretches = [(int(t_us[a]), int(t_us[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
        if not stretches or is_lit.all():
            return None
        first, last = min(stretches, key=lambda s: max(s[0] - utc.us, utc.us - s[1], 0))
        return Instant(first), Instant(last)
