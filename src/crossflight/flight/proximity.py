"""The last kilometres to a port, flown closed-loop by one sample or a thousand at once.

The craft moves as `proximity_truth` says, in a linear model or in the full force model.
Guidance knows navigated states and Clohessy and Wiltshire.  All samples step together every two seconds,
each in its own stage.  Nothing is ever summed over samples, so any chunking gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import UsageError
from crossflight.flight import proximity_guidance as guidance
from crossflight.flight import proximity_result as results
from crossflight.flight import safety
from crossflight.flight.approach import Close, FlyAround, Glide, Hold, Hop, approach_of, usual_arrival
from crossflight.flight.craft import Craft
from crossflight.flight.docking import Contacts, failed_checks, first_contact, limits_of, nose_swing
from crossflight.flight.keep_out import SPHERE_M, is_in_corridor, is_violated, norm
from crossflight.flight.local_frame import (
    Target,
    curvilinear_from_lvlh,
    lvlh_from_curvilinear,
    lvlh_from_gcrf,
)
from crossflight.flight.ports import DockingPort
from crossflight.flight.proximity_errors import Errors, Misfortune, errors_of
from crossflight.flight.proximity_ledger import Ledger
from crossflight.flight.proximity_result import ProximityResult, RecordedPath
from crossflight.flight.proximity_truth import FullModel, FullTruth, LinearTruth, Truth
from crossflight.flight.relative_motion import aimed_velocity, cw_transition
from crossflight.model.trajectory import CraftState

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

CYCLE_S: Final = 2.0
# [assumed] shortest opening of a thruster's valves; smaller corrections than one of them are let be.
PULSE_MIN_S: Final = 0.03
_N_DEAD_PULSES: Final = 1.0
_TIME_MAX_S: Final = 4 * 3600.0
_RANGE_MAX_M: Final = 50_000.0
_RETREAT_M_S: Final = 0.5
_RETREAT_TO_M: Final = SPHERE_M + 20.0
# [assumed] The box is checked over this stretch; nearer, contact is surer than an abort.
_LAST_CHECK_M: Final = 2.0
_LAST_CHANCE_M: Final = 0.5
# Only so many samples leave states to judge safety from, and only every minute.
N_JUDGED: Final = 64
_SNAPSHOT_S: Final = 60.0
_PATH_S: Final = 10.0
_NO_HANDOVER: Final = "outside the hand-over box at arrival"
_BAD_CONTACT: Final = results.REASONS.index("contact outside the box")


def arrival_of(craft: CraftState, station: CraftState) -> tuple[Array, Target]:
    """The relative state (6,), LVLH, and the target's orbit, of two states at one instant.

    Raises
    ------
    UsageError
        If the instants differ.
    """
    if craft.utc != station.utc:
        raise UsageError(f"the craft's state is of {craft.utc} and the station's of {station.utc}")
    at_station = np.concatenate([station.r_gcrf_m, station.v_gcrf_m_s])
    at_craft = np.concatenate([craft.r_gcrf_m, craft.v_gcrf_m_s])
    return lvlh_from_gcrf(at_station, at_craft)[0], Target.of_state(at_station)


def fly_proximity(
    arrival_lvlh: Array,
    target: Target,
    port: DockingPort,
    craft: Craft,
    *,
    seed: int = 0,
    samples: Sequence[int] | Indices | None = None,
    errors: Errors | None = None,
    mass_kg: float | None = None,
    propellant_kg: float | Array | None = None,
    recorded: Sequence[int] = (0,),
    full: FullModel | None = None,
    is_judged: bool = True,
) -> ProximityResult:
    """Fly from an arrival to contact.

    Parameters
    ----------
    arrival_lvlh
        Relative states (n, 6) or one (6,) for all, m and m/s, LVLH of the station's centre of mass.
    samples
        Numbers (n,) of the samples: with `seed` they say which errors each meets.
    errors
        Those usual for the craft where None.
    mass_kg, propellant_kg
        At arrival; the craft's own where None; propellant for all, or (n,).
    recorded
        Positions in `samples` of those whose paths and burns are kept.
    full
        Fly in the full force model, from this state of the station; None flies in the linear one.
    is_judged
        Whether trajectory safety is judged (half a second).

    Raises
    ------
    UsageError
        For a port that does not take the craft, states that are not finite or farther than 50 km.
    """
    y = np.atleast_2d(np.asarray(arrival_lvlh, np.float64))
    ids = np.arange(len(y)) if samples is None else np.asarray(samples, np.int64)
    if y.ndim != 2 or y.shape[1:] != (6,) or len(y) not in (1, len(ids)) or not len(ids):
        raise UsageError(f"arrivals of shape {y.shape} do not fit {len(ids)} samples of (n, 6)")
    if not np.isfinite(y).all():
        raise UsageError("an arrival is six finite numbers: place in m, velocity in m/s")
    farthest = float(norm(y.T[:3]).max())
    if farthest > _RANGE_MAX_M:
        raise UsageError(
            f"an arrival {farthest / 1000:.1f} km from the station is farther than "
            f"{_RANGE_MAX_M / 1000:.0f} km",
            hint="the far rendezvous ends within a few kilometres",
        )
    mass = craft.mass_kg if mass_kg is None else mass_kg
    if not mass > 0.0:
        raise UsageError(f"a craft of {mass} kg cannot fly")
    start = np.broadcast_to(y, (len(ids), 6))
    begin = np.ascontiguousarray(curvilinear_from_lvlh(target.radius_m, start).T)
    met = errors_of(craft.docking) if errors is None else errors
    flight = _Flight(begin, ids, target, port, craft, seed, met, mass, recorded, full)
    result = flight.flown(craft.propellant_kg if propellant_kg is None else propellant_kg)
    if not is_judged:
        return result
    return replace(result, verdicts=safety.verdicts(result, target, craft, mass, start.T))


class _Flight:
    """The samples in flight: everything of shape (..., n)."""

    def __init__(
        self,
        begin: Array,
        ids: Indices,
        target: Target,
        port: DockingPort,
        craft: Craft,
        seed: int,
        errors: Errors,
        mass_kg: float,
        recorded: Sequence[int],
        full: FullModel | None,
    ) -> None:
        n = begin.shape[1]
        self._y, self._ids, self._target, self._port, self._craft = begin, ids, target, port, craft
        self._approach = approach_of(craft, port)
        self._port_m = np.asarray(port.position_m)[:, None]
        self._axis = np.asarray(port.axis)[:, None]
        self._stages = self._approach.stages
        self._box = limits_of(craft.docking)
        self._misfortune = Misfortune(errors, seed, ids, CYCLE_S)
        ballistic = craft.drag_area_m2 * craft.drag_coefficient / mass_kg
        self._truth: Truth
        if full is None:
            self._truth = LinearTruth(target, ballistic, self._misfortune, CYCLE_S)
        else:
            self._truth = FullTruth(full, target, ballistic, CYCLE_S, int(_TIME_MAX_S / CYCLE_S))
        self._mass_kg = mass_kg
        self._dv_min = craft.thrusters.thrust_n * PULSE_MIN_S / mass_kg
        self._recorded = [i for i in recorded if 0 <= i < n]
        self._retreat = len(self._stages)
        self._ledger = Ledger(self._approach, craft, mass_kg, n)
        # Where a second try begins: from wherever it retreated to, once more around to the axis.
        self._again = max(k for k, stage in enumerate(self._stages) if isinstance(stage, FlyAround))
        self._stage = np.zeros(n, np.int64)
        self._clock = np.zeros(n, np.int64)  # cycles in the stage
        self._outcome = np.zeros(n, np.int8)
        self._reason = np.zeros(n, np.int8)
        self._end_t_s = np.full(n, np.nan)
        self._first_reason = np.zeros(n, np.int8)
        self._first_contact_t_s = np.full(n, np.nan)
        self._closest = np.full(n, np.inf)
        self._is_violated = np.zeros(n, np.bool_)
        self._contact = np.full((8, n), np.nan)
        self._snapshots: list[tuple[float, Array, Indices, Indices]] = []
        self._path: list[tuple[float, Array, Indices]] = []

    def flown(self, propellant_kg: float | Array) -> ProximityResult:
        """Fly until every sample has docked or holds."""
        self._propellant_kg = np.broadcast_to(propellant_kg, self._ids.shape)
        for cycle in range(int(_TIME_MAX_S / CYCLE_S)):
            flying = self._outcome == results.FLYING
            if not flying.any():
                break
            t_s = cycle * CYCLE_S
            self._misfortune.step()
            self._keep(cycle, t_s, flying)
            nav = self._misfortune.navigated(self._y, norm(self._y[:3] - self._port_m))
            for k in range(len(self._stages) + 1):
                # Who is waved off this cycle flies no more, whatever the stage.
                is_here = (self._stage == k) & (self._outcome == results.FLYING)
                index = np.flatnonzero(is_here)
                if len(index):
                    self._guide(k, cycle, t_s, index, nav[:, index])
            self._drift(cycle, t_s, flying)
        late = self._outcome == results.FLYING
        self._outcome[late], self._reason[late] = results.ABORTED, 8
        self._end_t_s[late] = _TIME_MAX_S
        return self._result()

    # -- guidance ---------------------------------------------------------------------------------

    def _guide(self, k: int, cycle: int, t_s: float, index: Indices, nav: Array) -> None:
        if k == self._retreat:
            self._guide_retreat(cycle, t_s, index, nav)
            return
        stage = self._stages[k]
        if isinstance(stage, Hop):
            self._guide_hop(k, stage, t_s, index, nav)
            return
        pulse_s = guidance.PULSE_S[type(stage)]
        due = (self._clock[index] == 0) | (cycle % int(pulse_s / CYCLE_S) == 0)
        index, nav = index[due], nav[:, due]
        if not len(index):
            return
        rate = self._target.rate_rad_s
        if isinstance(stage, Close):
            wanted, is_over = guidance.close_velocity(stage, nav)
        elif isinstance(stage, FlyAround):
            wanted, is_over = guidance.fly_around_velocity(stage, nav, rate)
        elif isinstance(stage, Hold):
            place = self._port.place_m(stage.distance_m + self._approach.nose_m)
            wanted = guidance.hold_velocity(place, nav)
            is_over = self._clock[index] * CYCLE_S >= stage.duration_s
        else:
            seen = nav.copy()
            if stage.to_m == 0.0:
                # Cameras see the docking interface itself: its swing is steered out.
                attitude = self._misfortune.attitude_rad[:, index]
                seen[:3] += nose_swing(self._port, self._approach.nose_m, attitude)
            wanted, left, off = guidance.glide_velocity(self._port, stage, self._approach.nose_m, seen)
            is_over = (left <= stage.to_m) & (stage.to_m > 0.0)
            failed = self._failed(stage, index, nav, wanted, left, off)
            self._send_back(index[failed > 0], failed[failed > 0], t_s)
        if isinstance(stage, Close | FlyAround):
            intruding = norm(nav[:3]) < SPHERE_M
            self._send_back(index[intruding], np.full(int(intruding.sum()), 9, np.int8), t_s)
        set_now = guidance.with_drift_cancelled(rate, nav[:3], wanted, pulse_s)
        engine = self._craft.main if isinstance(stage, Close) else self._craft.thrusters
        self._pulse(k, index, set_now - nav[3:], engine.thrust_n / self._mass_kg * pulse_s)
        self._advance(index[is_over & (self._stage[index] == k)], t_s)

    def _guide_hop(self, k: int, stage: Hop, t_s: float, index: Indices, nav: Array) -> None:
        if k == 0:
            index, nav = self._taken_over(t_s, index, nav)
        n_cycles = round(stage.revolutions * self._target.period_s / CYCLE_S)
        clock = self._clock[index]
        for at, name in [
            (0, stage.name),
            *((round(share * self._target.period_s / CYCLE_S), "mid-course") for share in stage.re_aim),
        ]:
            here = clock == at
            if here.any():
                phi = cw_transition(self._target.rate_rad_s, (n_cycles - at) * CYCLE_S)
                now = nav[:, here]
                dv = aimed_velocity(phi, now[:3], np.asarray(stage.to_m), now[3:]) - now[3:]
                flown = self._misfortune.thrust(self._spread(index[here], dv))[:, index[here]]
                self._y[3:, index[here]] += flown
                self._ledger.impulse(k, name, t_s, index[here], flown)
        self._advance(index[clock >= n_cycles], t_s)

    def _taken_over(self, t_s: float, index: Indices, nav: Array) -> tuple[Indices, Array]:
        """Of samples at arrival those near enough to begin; the others are waved off and fly no approach."""
        usual = usual_arrival(self._approach, self._target.rate_rad_s)
        is_off = (self._clock[index] == 0) & ~guidance.is_in_handover_box(nav, usual)
        if is_off.any():
            off = index[is_off]
            self._send_back(off, np.full(len(off), results.REASONS.index(_NO_HANDOVER), np.int8), t_s)
            wanted = guidance.wave_off_velocity(self._target.rate_rad_s, nav[:, is_off])
            self._pulse(self._retreat, off, wanted - nav[3:, is_off], np.inf)
            # Who goes nowhere near holds no place to be reached: a cycle later it is on its way.
            self._outcome[off], self._end_t_s[off] = results.ABORTED, t_s + CYCLE_S
        return index[~is_off], nav[:, ~is_off]

    def _guide_retreat(self, cycle: int, t_s: float, index: Indices, nav: Array) -> None:
        pulse_s = guidance.PULSE_S[Glide]
        due = (self._clock[index] == 0) | (cycle % int(pulse_s / CYCLE_S) == 0)
        index, nav = index[due], nav[:, due]
        if not len(index):
            return
        out = guidance.retreat_velocity(self._port, _RETREAT_M_S, nav)
        radial = nav[:3] / norm(nav[:3]) * _RETREAT_M_S
        wanted = np.where(is_in_corridor(self._port, nav[:3]), out, radial)
        set_now = guidance.with_drift_cancelled(self._target.rate_rad_s, nav[:3], wanted, pulse_s)
        limit = self._craft.thrusters.thrust_n / self._mass_kg * pulse_s
        self._pulse(self._retreat, index, set_now - nav[3:], limit)
        done = index[norm(nav[:3]) > _RETREAT_TO_M]
        if len(done):
            is_again = self._may_try_again(done)
            self._try_again(done[is_again], t_s)
            done = done[~is_again]
            has_met = ~np.isnan(self._contact[0, done])
            self._outcome[done] = np.where(has_met, results.MISSED, results.ABORTED)
            self._end_t_s[done] = t_s

    def _may_try_again(self, index: Indices) -> NDArray[np.bool_]:
        """Whose first try this was, with as much propellant left as it took from the fly-around on."""
        left = self._propellant_kg - self._ledger.burnt_kg(self._ledger.dv_m_s())
        needed = self._ledger.burnt_kg(self._ledger.dv_m_s(self._again))
        again: NDArray[np.bool_] = (self._ledger.n_try[index] == 0) & (left >= needed)[index]
        return again

    def _try_again(self, index: Indices, t_s: float) -> None:
        """Around to the axis and in once more; the craft points anew, its navigation is off as it was."""
        self._ledger.n_try[index] = 1
        self._first_reason[index], self._reason[index] = self._reason[index], 0
        self._first_contact_t_s[index] = self._contact[0, index]
        self._contact[:, index] = np.nan
        self._misfortune.point_anew(index)
        self._stage[index], self._clock[index] = self._again, -1
        self._ledger.begin(self._again, index, t_s)

    def _failed(
        self, stage: Glide, index: Indices, nav: Array, wanted: Array, left: Array, off: Array
    ) -> NDArray[np.int8]:
        """Which check (index into `REASONS`) each fails on the way in; 0 for none."""
        axis = self._axis
        closing = -(axis * nav[3:]).sum(axis=0)
        across = norm(nav[3:] + closing * axis)
        speed = norm((axis * wanted).sum(axis=0) * axis)
        failed = np.zeros(len(index), np.int8)
        failed[closing > np.maximum(2.0 * speed, speed + 0.3)] = 2
        failed[~is_in_corridor(self._port, nav[:3])] = 1
        if stage.to_m > 0.0:
            return failed
        last = (left <= _LAST_CHECK_M) & (left >= _LAST_CHANCE_M)
        attitude = self._misfortune.attitude_rad[:, index]
        rates = self._misfortune.attitude_rate_rad_s[:, index]
        for reason, is_bad in failed_checks(self._box, closing, across, off, attitude, rates).items():
            failed[last & is_bad] = results.REASONS.index(reason)
        return failed

    def _send_back(self, index: Indices, reason: NDArray[np.int8], t_s: float) -> None:
        self._stage[index], self._clock[index] = self._retreat, -1
        self._reason[index] = reason
        self._ledger.begin(self._retreat, index, t_s)

    def _advance(self, index: Indices, t_s: float) -> None:
        self._stage[index] += 1
        self._clock[index] = -1  # counted up to 0 before the next cycle
        self._ledger.begin(self._stage[index], index, t_s)

    def _spread(self, index: Indices, dv: Array) -> Array:
        whole = np.zeros((3, self._y.shape[1]))
        whole[:, index] = dv
        return whole

    def _pulse(self, k: int, index: Indices, dv: Array, dv_max: float) -> None:
        """Whole pulses along the three axes, none where less than one would do."""
        dv = guidance.bounded(dv, dv_max)
        dv = np.where(
            np.abs(dv) < _N_DEAD_PULSES * self._dv_min, 0.0, np.rint(dv / self._dv_min) * self._dv_min
        )
        flown = self._misfortune.thrust(self._spread(index, dv))[:, index]
        self._y[3:, index] += flown
        self._ledger.pulse(k, index, flown)

    # -- motion -----------------------------------------------------------------------------------

    def _drift(self, cycle: int, t_s: float, flying: NDArray[np.bool_]) -> None:
        before = self._y
        # Who has docked or holds moves no more: nothing is propagated into nonsense.
        after = np.where(flying, self._truth.step(before, cycle), before)
        self._y = after
        self._clock += 1
        final = flying & (self._stage == len(self._stages) - 1)
        if final.any():
            self._touch(np.flatnonzero(final), before, t_s)
        still = self._outcome == results.FLYING
        self._is_violated |= still & is_violated(self._port, after[:3])
        outside = still & ~is_in_corridor(self._port, after[:3])
        self._closest = np.where(outside, np.minimum(self._closest, norm(after[:3])), self._closest)

    def _touch(self, index: Indices, before: Array, t_s: float) -> None:
        met, share, found = first_contact(
            self._port,
            self._approach.nose_m,
            before[:, index],
            self._y[:, index],
            self._misfortune.attitude_rad[:, index],
            self._misfortune.attitude_rate_rad_s[:, index],
        )
        index = index[met]
        if not len(index):
            return
        for row, values in zip(self._contact, (t_s + share * CYCLE_S, *found), strict=True):
            row[index] = values
        self._end_t_s[index] = self._contact[0, index]
        is_good = self._contacts().is_within[index]
        self._outcome[index[is_good]] = results.DOCKED
        bad = index[~is_good]
        if len(bad):
            # Nothing latches: it stands still where it touched [assumed], and backs off.
            self._y[:, bad] = before[:, bad] + (self._y - before)[:, bad] * share[~is_good]
            closing = (self._axis * self._y[3:, bad]).sum(axis=0)
            self._y[3:, bad] -= closing * self._axis
            self._send_back(bad, np.full(len(bad), _BAD_CONTACT, np.int8), t_s)
            self._clock[bad] = 0  # this cycle is over

    # -- what is kept -----------------------------------------------------------------------------

    def _keep(self, cycle: int, t_s: float, flying: NDArray[np.bool_]) -> None:
        if cycle % int(_SNAPSHOT_S / CYCLE_S) == 0:
            is_judged = np.arange(len(self._ids)) < N_JUDGED
            index = np.flatnonzero(flying & is_judged & (self._stage < self._retreat))
            self._snapshots.append((t_s, self._y[:, index], self._stage[index], self._ids[index]))
        if self._recorded and cycle % int(_PATH_S / CYCLE_S) == 0:
            states = self._y[:, self._recorded].copy()
            states[:, ~flying[self._recorded]] = np.nan
            self._path.append((t_s, states, self._stage[self._recorded].copy()))

    def _contacts(self) -> Contacts:
        t_s, closing, lateral, y, z, angle, roll, rate = self._contact
        return Contacts(t_s, closing, lateral, y, z, angle, roll, rate, self._box)

    def _result(self) -> ProximityResult:
        total = self._ledger.dv_m_s()
        burnt = self._ledger.burnt_kg(total)
        short = (burnt > self._propellant_kg) & (self._outcome == results.DOCKED)
        self._outcome[short], self._reason[short] = results.ABORTED, 10
        kept = self._snapshots
        snapshots = np.concatenate([s[1] for s in kept], axis=1) if kept else np.zeros((6, 0))
        return ProximityResult(
            approach=self._approach,
            port=self._port,
            samples=self._ids,
            outcome=self._outcome,
            reason=self._reason,
            end_t_s=self._end_t_s,
            contacts=self._contacts(),
            dv_m_s=total,
            propellant_kg=burnt,
            stage_t_s=self._ledger.of_try(0)[:-1],
            second_t_s=self._ledger.of_try(1)[:-1],
            retreat_t_s=np.stack([self._ledger.of_try(0)[-1], self._ledger.of_try(1)[-1]]),
            first_reason=self._first_reason,
            first_contact_t_s=self._first_contact_t_s,
            closest_m=self._closest,
            is_keep_out_violated=self._is_violated,
            snapshots_t_s=np.concatenate([np.full(len(s[2]), s[0]) for s in kept]),
            snapshots_lvlh=lvlh_from_curvilinear(self._target.radius_m, snapshots.T).T,
            snapshots_stage=np.concatenate([s[2] for s in kept]),
            snapshots_sample=np.concatenate([s[3] for s in kept]),
            burns=tuple(self._ledger.burns(i) for i in self._recorded),
            paths=tuple(self._recorded_path(j, i) for j, i in enumerate(self._recorded)),
        )

    def _recorded_path(self, j: int, i: int) -> RecordedPath:
        there = [(t, y[:, j], s[j]) for t, y, s in self._path if np.isfinite(y[0, j])]
        t_s, states, stages = (np.array(part) for part in zip(*there, strict=True))
        return RecordedPath(
            int(self._ids[i]), t_s, lvlh_from_curvilinear(self._target.radius_m, states), stages
        )
