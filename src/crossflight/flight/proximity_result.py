"""What came of an approach: events, burns, paths, contacts and verdicts, for one sample or a thousand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.flight.approach import Approach
from crossflight.flight.docking import Contacts
from crossflight.flight.local_frame import rtn_from_lvlh
from crossflight.flight.ports import DockingPort
from crossflight.model.trajectory import FlightEvent, FlownBurn
from crossflight.times import Instant

Array = NDArray[np.float64]

# Outcomes, as `ProximityResult.outcome` numbers them.
FLYING: Final = 0
DOCKED: Final = 1
ABORTED: Final = 2
MISSED: Final = 3
# What a retreat is called, and what comes before the names of a second try.
RETREAT: Final = "retreat"
SECOND: Final = "second-"
MISSED_CONTACT: Final = "missed-contact"
OUTCOMES: Final = ("flying", "docked", "aborted", "missed")
REASONS: Final = (
    "",
    "outside the corridor",
    "too fast along the axis",
    "off the axis at the last check",
    "moving across the axis at the last check",
    "closing speed out of bounds at the last check",
    "attitude out of bounds at the last check",
    "contact outside the box",
    "took too long",
    "inside the keep-out sphere before the corridor",
    "too little propellant",
    "outside the hand-over box at arrival",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule of trajectory safety held, and the numbers."""

    rule: str
    is_ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class StageBurn:
    """The pulses of one sample in one stage.

    `dv_lvlh_m_s` is the vector sum, `dv_m_s` the sum of sizes; a hop's impulses stand alone.
    """

    name: str
    t_s: float
    dv_m_s: float
    dv_lvlh_m_s: tuple[float, float, float]
    duration_s: float
    n_pulses: int
    propellant_kg: float


@dataclass(frozen=True, slots=True)
class RecordedPath:
    """The path of one sample: seconds (m,), LVLH states (m, 6) and the stage each belongs to (m,)."""

    sample: int
    t_s: Array
    states_lvlh: Array
    stage: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ProximityResult:
    """An approach as flown by n samples.

    Attributes
    ----------
    outcome, reason
        Shape (n,): index into `OUTCOMES` and `REASONS`.
    end_t_s
        Contact, or where the craft holds after its last retreat.
    contacts
        Of the last try.
    dv_m_s, propellant_kg
        Shape (n,): of the whole approach.
    stage_t_s, second_t_s
        Shape (k, n): when each stage of the first and of the second try began; NaN where it never did.
    retreat_t_s
        Shape (2, n): when the retreats from them began.
    first_reason, first_contact_t_s
        Shape (n,): why a first try failed that a second followed, and when it had touched (NaN: it had not).
    closest_m
        Shape (n,): least distance from the station's centre of mass before the last stage.
    is_keep_out_violated
        Shape (n,): whether it was in the keep-out sphere outside the corridor.
    snapshots_t_s, snapshots_lvlh, snapshots_stage, snapshots_sample
        States from which safety is judged: (m,), (6, m), (m,), (m,).
    """

    approach: Approach
    port: DockingPort
    samples: NDArray[np.int64]
    outcome: NDArray[np.int8]
    reason: NDArray[np.int8]
    end_t_s: Array
    contacts: Contacts
    dv_m_s: Array
    propellant_kg: Array
    stage_t_s: Array
    second_t_s: Array
    retreat_t_s: Array
    first_reason: NDArray[np.int8]
    first_contact_t_s: Array
    closest_m: Array
    is_keep_out_violated: NDArray[np.bool_]
    snapshots_t_s: Array
    snapshots_lvlh: Array
    snapshots_stage: NDArray[np.int64]
    snapshots_sample: NDArray[np.int64]
    burns: tuple[tuple[StageBurn, ...], ...] = ()
    paths: tuple[RecordedPath, ...] = ()
    verdicts: tuple[Verdict, ...] = field(default=())

    @property
    def is_docked(self) -> NDArray[np.bool_]:
        """Shape (n,)."""
        docked: NDArray[np.bool_] = self.outcome == DOCKED
        return docked

    def events(self, index: int, begin_utc: Instant) -> list[FlightEvent]:
        """The events of the sample at `index`, in the order of time."""
        reasons = (self.first_reason[index] or self.reason[index], self.reason[index])
        found = []
        for prefix, stages, retreat, reason in zip(
            ("", SECOND), (self.stage_t_s, self.second_t_s), self.retreat_t_s, reasons, strict=True
        ):
            begins = np.vstack((stages, retreat))
            named = [*((stage.event, "") for stage in self.approach.stages), (RETREAT, REASONS[reason])]
            found += [
                FlightEvent(prefix + name, begin_utc.plus_s(float(t)), note)
                for (name, note), t in zip(named, begins[:, index], strict=True)
                if name and not np.isnan(t)
            ]
        touched = float(self.first_contact_t_s[index])
        if not np.isnan(touched):
            found.append(FlightEvent(MISSED_CONTACT, begin_utc.plus_s(touched), REASONS[reasons[0]]))
        contact = self.contacts.contact(index, begin_utc)
        if contact is not None:
            found.append(FlightEvent("contact", contact.utc, REASONS[self.reason[index]]))
        if int(self.outcome[index]) != DOCKED:
            end = begin_utc.plus_s(float(self.end_t_s[index]))
            found.append(FlightEvent("hold-after-abort", end, REASONS[self.reason[index]]))
        return sorted(found, key=lambda e: e.utc.us)

    @property
    def is_second_try(self) -> NDArray[np.bool_]:
        """Shape (n,): who came a second time."""
        second: NDArray[np.bool_] = np.any(~np.isnan(self.second_t_s), axis=0)
        return second

    def flown_burns(self, index: int, begin_utc: Instant) -> list[FlownBurn]:
        """The burns of the recorded sample at `index` of `burns`."""
        out = []
        for b in self.burns[index]:
            radial, along, across = rtn_from_lvlh(np.array(b.dv_lvlh_m_s)).tolist()
            out.append(
                FlownBurn(
                    b.name,
                    begin_utc.plus_s(b.t_s),
                    b.dv_m_s,
                    b.duration_s,
                    b.propellant_kg,
                    (radial, along, across),
                )
            )
        return out
