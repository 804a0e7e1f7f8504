"""A thousand flights of one plan: errors of insertion, navigation, burns and air, from insertion to contact.

They are flown in chunks of fixed size: far in the full force model (`samples_far`), near in the linear
relative model (`proximity`).  Each sample has a stream of its own for each purpose.  So neither the number
of samples nor of workers changes a byte of any, and finished chunks can be kept for a run that goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import crossflight
from crossflight.chunks import Columns, Kept, key_of, run_chunks
from crossflight.dynamics.compiled import code_text
from crossflight.errors import UsageError
from crossflight.flight.craft import Craft
from crossflight.flight.local_frame import Target
from crossflight.flight.ports import DockingPort
from crossflight.flight.proximity import fly_proximity
from crossflight.flight.proximity_errors import errors_of
from crossflight.flight.proximity_result import ProximityResult
from crossflight.flight.rendezvous import RendezvousPlan
from crossflight.flight.rendezvous_gains import Gain, gains
from crossflight.flight.samples_far import FarFlight, FlightErrors, Guidance, by_gains, fly_far
from crossflight.flight.target_track import TargetTrack
from crossflight.times import Instant

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

N_MAX: Final = 20_000
SCALE_MAX: Final = 20.0
# Always flown whole: compiled and vectorised code may round the last of an odd number differently.
CHUNK: Final = 250
# Who comes this far off has to be planned anew; the approach does not take it.
FARTHEST_M: Final = 45_000.0
_G0: Final = 9.80665


@dataclass(frozen=True, slots=True)
class FlownSamples:
    """Samples (n,) as flown.

    Attributes
    ----------
    sample
        Their numbers.
    is_docked, contact_utc_us
        Whether it docked, and when (0 where it did not).
    dv_m_s
        From insertion to contact or retreat.
    arrival_miss_m
        Off the planned arrival; of a craft that came down, from where it was.
    min_perigee_m
        Lowest osculating perigee after insertion and each burn.
    is_keep_out_violated
        Whether it was in the keep-out sphere outside its corridor.
    is_second_try
        Whether it came a second time after a retreat.
    contact_y_m, contact_z_m, closing_m_s, lateral_m_s, angle_deg, roll_deg
        Of the contact of its last try, offsets across the port's axis; NaN where there was none.
    is_within_limits
        Whether that was within the limits of the docking system.
    insertion_radial_m, ...
        The errors drawn at insertion, and the factor on the air's density times the ballistic coefficient.
    """

    sample: NDArray[np.int64]
    is_docked: Mask
    contact_utc_us: NDArray[np.int64]
    dv_m_s: Array
    arrival_miss_m: Array
    min_perigee_m: Array
    is_keep_out_violated: Mask
    is_second_try: Mask
    contact_y_m: Array
    contact_z_m: Array
    closing_m_s: Array
    lateral_m_s: Array
    angle_deg: Array
    roll_deg: Array
    is_within_limits: Mask
    insertion_radial_m: Array
    insertion_along_m: Array
    insertion_cross_m: Array
    insertion_radial_m_s: Array
    insertion_along_m_s: Array
    insertion_cross_m_s: Array
    air_factor: Array

    @property
    def n(self) -> int:
        """How many."""
        return len(self.is_docked)

    def columns(self) -> dict[str, NDArray[Any]]:
        """All of it by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def docking_at(self, share: float) -> Instant | None:
        """By when that share of the docked had docked; None where none did."""
        times = np.sort(self.contact_utc_us[self.is_docked])
        if not len(times):
            return None
        return Instant(int(times[min(len(times) - 1, int(share * len(times)))]))


@dataclass(frozen=True, slots=True)
class SampledFlight:
    """All that determines the samples of a plan; made by `of`.

    Attributes
    ----------
    n_loaded
        So many burns are made as planned: loaded before launch.
    answer
        Gains, for each burn.
    """

    plan: RendezvousPlan
    track: TargetTrack
    port: DockingPort
    craft: Craft
    seed: int
    n_loaded: int
    errors: FlightErrors
    answer: tuple[Gain, ...]

    @classmethod
    def of(
        cls,
        plan: RendezvousPlan,
        track: TargetTrack,
        port: DockingPort,
        craft: Craft,
        seed: int,
        *,
        n_loaded: int = 0,
        errors: FlightErrors | None = None,
    ) -> SampledFlight:
        """With the gains of the plan.

        Raises
        ------
        UsageError
            If the scale of the errors is out of range.
        """
        used = FlightErrors() if errors is None else errors
        if not 0 <= used.scale <= SCALE_MAX:
            raise UsageError(f"an error scale of {used.scale:g} is not between 0 and {SCALE_MAX:g}")
        answer = gains(plan.problem, plan.transfer)
        return cls(plan, track, port, craft, seed, n_loaded, used, answer)

    def key(self) -> str:
        """Of all that determines the samples, this machine's code included."""
        return key_of(
            self, CHUNK, crossflight.__version__, np.__version__, code_text(self.plan.problem.model)
        )

    def far(self, numbers: NDArray[np.int64], guidance: Guidance | None = None) -> FarFlight:
        """From insertion to arrival; by gains where no other guidance is given."""
        used = self.by_gains() if guidance is None else guidance
        return fly_far(self.plan, self.track, self.seed, numbers, self.errors, used)

    def by_gains(self) -> Guidance:
        """The guidance of thousands of samples."""
        return by_gains(self.plan, self.answer, self.n_loaded)

    def near(
        self, far: FarFlight, numbers: NDArray[np.int64], *, is_recorded: bool = False
    ) -> ProximityResult:
        """From arrival to contact, of those that arrived."""
        station = self.track.states(self.plan.problem.end.at_us)[0]
        return fly_proximity(
            far.arrival_lvlh,
            Target.of_state(station),
            self.port,
            self.craft,
            seed=self.seed,
            samples=numbers,
            errors=errors_of(self.craft.docking, self.errors.scale),
            mass_kg=self.plan.arrival.mass_kg,
            propellant_kg=self.left_kg(far.dv_m_s),
            recorded=range(len(numbers)) if is_recorded else (),
            is_judged=is_recorded,
        )

    def left_kg(self, dv_m_s: Array) -> Array:
        """Usable propellant (n,) after that many m/s from insertion."""
        start_kg = self.plan.start.mass_kg
        speed = self.craft.main.specific_impulse_s * _G0
        burnt: Array = -start_kg * np.expm1(-dv_m_s / speed)
        return self.craft.propellant_kg - (self.craft.mass_kg - start_kg) - burnt

    def chunk(self, number: int) -> Columns:
        """The columns of a chunk, always of `CHUNK` samples."""
        numbers = np.arange(number * CHUNK, (number + 1) * CHUNK)
        return self.columns(numbers, self.far(numbers))

    def columns(self, numbers: NDArray[np.int64], far: FarFlight) -> dict[str, NDArray[Any]]:
        """The fields of `FlownSamples`."""
        n = len(numbers)
        nothing = np.full(n, np.nan)
        found: dict[str, NDArray[Any]] = {
            "sample": numbers,
            "is_docked": np.zeros(n, np.bool_),
            "contact_utc_us": np.zeros(n, np.int64),
            "dv_m_s": far.dv_m_s.copy(),
            "arrival_miss_m": far.miss_m,
            "min_perigee_m": far.min_perigee_m,
            "is_keep_out_violated": np.zeros(n, np.bool_),
            "is_second_try": np.zeros(n, np.bool_),
            **{name: nothing.copy() for name in _OF_CONTACT},
            "is_within_limits": np.zeros(n, np.bool_),
            **dict(zip(_OF_INSERTION, far.insertion_rtn.T.copy(), strict=True)),
            "air_factor": far.air_factor,
        }
        arrived = np.flatnonzero(has_arrived(far))
        if len(arrived):
            near = self.near(far.only(arrived), numbers[arrived])
            contact_us = np.rint(np.where(near.is_docked, near.end_t_s, 0.0) * 1e6).astype(np.int64)
            found["is_docked"][arrived] = near.is_docked
            found["contact_utc_us"][arrived] = np.where(
                near.is_docked, self.plan.problem.end.at_us + contact_us, 0
            )
            found["dv_m_s"][arrived] += near.dv_m_s
            found["is_keep_out_violated"][arrived] = near.is_keep_out_violated
            found["is_second_try"][arrived] = near.is_second_try
            for name, of_contacts in _OF_CONTACT.items():
                found[name][arrived] = getattr(near.contacts, of_contacts)
            found["is_within_limits"][arrived] = near.contacts.is_within
        return found


_OF_CONTACT: Final = {
    "contact_y_m": "y_m",
    "contact_z_m": "z_m",
    "closing_m_s": "closing_m_s",
    "lateral_m_s": "lateral_m_s",
    "angle_deg": "angle_deg",
    "roll_deg": "roll_deg",
}
_OF_INSERTION: Final = (
    "insertion_radial_m",
    "insertion_along_m",
    "insertion_cross_m",
    "insertion_radial_m_s",
    "insertion_along_m_s",
    "insertion_cross_m_s",
)


def has_arrived(far: FarFlight) -> Mask:
    """Who is in orbit and near enough for an approach to be thought of."""
    near: Mask = ~far.is_lost & (np.linalg.norm(far.arrival_lvlh[:, :3], axis=1) < FARTHEST_M)
    return near


def fly_samples(
    flight: SampledFlight,
    n: int,
    *,
    workers: int = 1,
    folder: Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> FlownSamples:
    """Fly the first `n` samples from insertion to contact.

    Parameters
    ----------
    workers
        Processes; fewer where there are fewer chunks.
    folder
        Where finished chunks are kept until all are there, and taken from.
    on_progress
        Called with the number of samples flown and of all.

    Raises
    ------
    UsageError
        If `n` or `workers` is out of range, or the folder cannot be written.
    """
    if not 1 <= n <= N_MAX:
        raise UsageError(f"{n} samples are asked for; 1 to {N_MAX} are flown")
    kept = None if folder is None else Kept(folder, flight.key())

    def say(done: int, _: int) -> None:
        if on_progress is not None:
            on_progress(min(done * CHUNK, n), n)

    chunks = run_chunks(flight.chunk, -(-n // CHUNK), workers=workers, kept=kept, on_progress=say)
    if kept is not None:
        kept.drop()
    return FlownSamples(
        **{f.name: np.concatenate([c[f.name] for c in chunks])[:n] for f in fields(FlownSamples)}
    )
