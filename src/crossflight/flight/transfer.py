"""Burns of least total delta-v between given instants: successive cone programmes on the full force model.

The craft is flown with the burns so far; a small change of any burn moves every later state by
state-transition matrices (differences of the propagator, in a plainer field: they need not be exact).  A
cone programme (Clarabel) then finds the burns with the least sum of magnitudes that meet the aims so
linearised, within a trust region; again, until the full model itself meets the aims to metres.

The miss of an aim is counted along the arc (`local_frame`), where even a phase of a hundred degrees is
nearly linear in the burns, so that few rounds suffice from a poor first guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.nodes import MU_M3_S2
from crossflight.errors import InputError, LimitError
from crossflight.flight.apsides import apogee_height_m, perigee_height_m
from crossflight.flight.local_frame import curvilinear_from_lvlh, lvlh_from_gcrf
from crossflight.flight.target_track import TargetTrack, flown

Array = NDArray[np.float64]

# Transition matrices need a percent, not a metre.  Over a day at 200 km that takes drag: a lower orbit decays
# faster; over a few hours it does not.
_STM_MODEL: Final = ForceModel(4, 4, sun=False, moon=False, drag=False)
_STM_MODEL_DRAG: Final = ForceModel(4, 4, sun=False, moon=False, drag=True)
_STM_DRAG_FROM_US: Final = 4 * 3_600_000_000
_STM_STEP_S: Final = 240.0
_NUDGE: Final = np.array([200.0] * 3 + [0.2] * 3)
# Prices of what is left of an aim: far above what a burn ever saves by leaving it.
_PRICE_POSITION: Final = 0.2  # m/s for a metre
_PRICE_VELOCITY: Final = 100.0  # m/s for a m/s
_PRICE_HEIGHT: Final = 0.05  # m/s for a metre
# A burn smaller than this is corrected as if it were so large.
_SMALL_M_S: Final = 0.02
# Many sets of burns have nearly the same total: half of this times the sum of squares, below 0.2 m/s in
# all, prefers the one without needlessly large burns and makes the answer single.
_SPREAD_S_M: Final = 1e-4
_TRUST_M_S: Final = 60.0
_TRUST_MIN_M_S: Final = 0.5
# Once a round changes the total by less than this, and misses by less, burns are only corrected: many sets
# of burns have the same total, and further rounds would go from one to another.
_SETTLED_M_S: Final = 0.1
_NEAR_M: Final = 30_000.0
_N_CORRECTIONS: Final = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """An instant at which a burn may be, how large it may be, and how dearly its size counts."""

    name: str
    at_us: int
    limit_m_s: float = float("inf")
    price: float = 1.0


@dataclass(frozen=True, slots=True)
class StateAim:
    """Be there: a state (6,) in the target's LVLH at `at_us`, the end of the transfer."""

    at_us: int
    lvlh: tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class CoellipticAim:
    """After the burn of slot `slot` fly `below_m` under the target's orbit, at the same shape.

    The target is looked up where it stood over the same place of the orbit, so that its oscillations in
    the Earth's field, which the craft shares, do not count.
    """

    slot: int
    below_m: float


@dataclass(frozen=True, slots=True)
class Transfer:
    """Burns that meet the aims.

    Attributes
    ----------
    dv_gcrf_m_s
        Shape (k, 3), one for each slot.
    before_gcrf, after_gcrf
        Shape (k, 6): states before and after the burns, flown in the full model.
    end_gcrf
        Shape (6,): the state at the end.
    miss_m, miss_m_s
        Largest miss of the aims, flown in the full model.
    perigee_m
        Shape (k + 1,): height of the osculating perigee over the equator's radius, at the start and after
        each burn.
    n_rounds
        Cone programmes solved.
    """

    slots: tuple[Slot, ...]
    dv_gcrf_m_s: Array
    before_gcrf: Array
    after_gcrf: Array
    end_gcrf: Array
    miss_m: float
    miss_m_s: float
    perigee_m: Array
    n_rounds: int

    @property
    def dv_total_m_s(self) -> float:
        """Sum of the burns' magnitudes."""
        return float(np.linalg.norm(self.dv_gcrf_m_s, axis=1).sum())


@dataclass(frozen=True, slots=True)
class Problem:
    """What to solve: from a state, by burns at slots, to aims.

    Attributes
    ----------
    start_us, start_gcrf
        Instant and state (6,).
    end
        The aim at the end; its instant is after the last slot.
    ways
        Aims on the way.
    floor_m
        The osculating perigee stays above it after every burn (where the start allows).
    ceiling_m
        The osculating apogee stays below it after every burn, likewise.
    """

    track: TargetTrack
    model: ForceModel
    ballistic_m2_kg: float
    start_us: int
    start_gcrf: Array
    slots: tuple[Slot, ...]
    end: StateAim
    ways: tuple[CoellipticAim, ...] = ()
    floor_m: float = 160_000.0
    ceiling_m: float = float("inf")


def rtn_axes(state_gcrf: Array) -> Array:
    """Radial, along-track, cross-track of one state (6,), as rows in the GCRF."""
    r, v = state_gcrf[:3], state_gcrf[3:]
    radial = r / np.linalg.norm(r)
    cross = np.cross(r, v)
    cross /= np.linalg.norm(cross)
    return np.stack([radial, np.cross(cross, radial), cross])


def solve(
    problem: Problem,
    guess_m_s: Array,
    *,
    is_guess_rtn: bool = False,
    n_rounds_max: int = 14,
    miss_m: float = 1.0,
    miss_m_s: float = 0.002,
    trust_m_s: float = _TRUST_M_S,
    may_miss: bool = False,
) -> Transfer:
    """The burns of least total delta-v.

    Parameters
    ----------
    guess_m_s
        Shape (k, 3): burns to begin with, GCRF or RTN.
    miss_m, miss_m_s
        What the full model may miss the aims by.
    may_miss
        Give what there is after `n_rounds_max` rather than raise.

    Raises
    ------
    LimitError
        If the rounds do not converge.
    """
    trust = trust_m_s
    path = path_of(problem, guess_m_s, is_rtn=is_guess_rtn)
    matrices = transition_matrices(problem, path)
    misses = aim_misses(problem, path)
    n = 0
    while n < n_rounds_max and problem.slots:
        n += 1
        wanted = _cone_programme(problem, path, matrices, misses, trust)
        try:
            tried = path_of(problem, wanted, is_rtn=False)
        except InputError:  # the linear model let the craft fall down
            if trust <= _TRUST_MIN_M_S:
                raise
            trust /= 3.0
            continue
        tried_misses = aim_misses(problem, tried)
        if _price(tried_misses) > 2.0 * _price(misses) + 100.0 and trust > _TRUST_MIN_M_S:
            trust /= 3.0
            continue
        saved = path.total_m_s - tried.total_m_s
        path, misses = tried, tried_misses
        matrices = transition_matrices(problem, path)
        if abs(saved) < _SETTLED_M_S and _worst(misses)[0] < _NEAR_M:
            break
    for _ in range(_N_CORRECTIONS):
        position, velocity = _worst(misses)
        if (position <= miss_m and velocity <= miss_m_s) or not problem.slots:
            break
        path = path_of(problem, path.dv + _correction(problem, path, matrices, misses), is_rtn=False)
        misses = aim_misses(problem, path)
    position, velocity = _worst(misses)
    if not may_miss and (position > max(20.0, miss_m) or velocity > max(0.05, miss_m_s)):
        raise LimitError(
            f"no burns were found: after {n} rounds {position / 1000:.1f} km and {velocity:.2f} m/s "
            "are still missing",
            hint="Ask for another arrival or another profile.",
        )
    return Transfer(
        problem.slots,
        path.dv,
        path.before,
        path.after,
        path.end,
        position,
        velocity,
        perigee_height_m(np.vstack([problem.start_gcrf[None], path.after])),
        n,
    )


@dataclass(frozen=True, slots=True)
class Path:
    """Burns (k, 3), states before and after them (k, 6), the state at the end (6,); GCRF."""

    dv: Array
    before: Array
    after: Array
    end: Array

    @property
    def total_m_s(self) -> float:
        """Sum of the burns' magnitudes."""
        return float(np.linalg.norm(self.dv, axis=1).sum())


# Of one aim: the miss (m,), and its derivative (m, 6) by the state it is measured at.
Miss = tuple[Array, Array]


def path_of(problem: Problem, dv_m_s: Array, *, is_rtn: bool) -> Path:
    """Fly burns (k, 3), GCRF or RTN, in the full model."""
    dv = np.array(dv_m_s, np.float64)
    before, after = np.empty((len(dv), 6)), np.empty((len(dv), 6))
    y, at_us = problem.start_gcrf, problem.start_us
    for k, slot in enumerate(problem.slots):
        y = before[k] = _flown(problem, at_us, y, slot.at_us)
        if is_rtn:
            dv[k] = dv[k] @ rtn_axes(y)
        after[k] = y
        after[k, 3:] += dv[k]
        y, at_us = after[k], slot.at_us
    return Path(dv, before, after, _flown(problem, at_us, y, problem.end.at_us))


def _flown(problem: Problem, at_us: int, y: Array, to_us: int) -> Array:
    state: Array = flown(problem.model, problem.ballistic_m2_kg, at_us, y[None], to_us)[0]
    return state


def transition_matrices(problem: Problem, path: Path) -> list[Array]:
    """Transition matrices (6, 6) from after each burn to the next burn, the last one to the end."""
    nudges = np.concatenate([np.diag(_NUDGE), -np.diag(_NUDGE)])
    ends = [*[s.at_us for s in problem.slots[1:]], problem.end.at_us][: len(problem.slots)]
    found = []
    for slot, y, end_us in zip(problem.slots, path.after, ends, strict=True):
        is_long = problem.model.drag and end_us - slot.at_us > _STM_DRAG_FROM_US
        model = _STM_MODEL_DRAG if is_long else _STM_MODEL
        around = flown(model, problem.ballistic_m2_kg, slot.at_us, y + nudges, end_us, step_s=_STM_STEP_S)
        found.append(((around[:6] - around[6:]) / (2 * _NUDGE[:, None])).T)
    return found


def aim_misses(problem: Problem, path: Path) -> list[Miss]:
    """Of every aim; the end's first."""
    on_the_way = [_coelliptic_miss(problem, aim, path.after[aim.slot]) for aim in problem.ways]
    return [_end_miss(problem, path.end), *on_the_way]


def _around(y: Array) -> Array:
    """A state and its neighbours, shape (13, 6)."""
    return np.concatenate([y[None], y + np.diag(_NUDGE), y - np.diag(_NUDGE)])


def _with_slope(values: Array) -> Miss:
    """The first of values (13, m) at `_around`, and the derivative by the state."""
    slope: Array = ((values[1:7] - values[7:]) / (2 * _NUDGE[:, None])).T
    return values[0], slope


def _end_miss(problem: Problem, y: Array) -> Miss:
    target = problem.track.states(problem.end.at_us)
    radius = float(np.linalg.norm(target[0, :3]))
    wanted = curvilinear_from_lvlh(radius, np.array([problem.end.lvlh]))
    return _with_slope(curvilinear_from_lvlh(radius, lvlh_from_gcrf(target, _around(y))) - wanted)


def _coelliptic_miss(problem: Problem, aim: CoellipticAim, y: Array) -> Miss:
    """Height, climb and axis (as speed along) against the target at the same place of the orbit."""
    around = _around(y)
    r = around[:, :3]
    radius = np.linalg.norm(r, axis=1)
    up = r / radius[:, None]
    t_us = np.full(len(around), problem.slots[aim.slot].at_us, np.int64)
    for _ in range(3):
        target = problem.track.states(t_us)
        momentum = np.cross(target[:, :3], target[:, 3:])
        ahead = np.cross(momentum, target[:, :3])
        ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
        distance = np.linalg.norm(target[:, :3], axis=1)
        rate = np.linalg.norm(momentum, axis=1) / distance**2
        angle = np.arctan2(np.sum(r * ahead, axis=1), np.sum(r * target[:, :3], axis=1) / distance)
        t_us = np.clip(
            t_us + np.rint(angle / rate * 1e6).astype(np.int64),
            problem.track.from_utc.us,
            problem.track.to_utc.us,
        )
    target = problem.track.states(t_us)
    distance = np.linalg.norm(target[:, :3], axis=1)
    climb = np.sum(target[:, :3] * target[:, 3:], axis=1) / distance
    own_climb = np.sum(up * around[:, 3:], axis=1)
    # Where the height cannot be met any more, the axis still can: it is what the phase depends on.
    longer = _axis_m(around) - _axis_m(target) + aim.below_m
    miss = (radius - distance + aim.below_m, own_climb - climb, longer * rate / 2)
    return _with_slope(np.stack(miss, axis=1))


def _axis_m(y: Array) -> Array:
    """Osculating semi-major axes (n,) of states (n, 6)."""
    axis: Array = 1 / (2 / np.linalg.norm(y[:, :3], axis=1) - np.sum(y[:, 3:] ** 2, axis=1) / MU_M3_S2)
    return axis


def _is_position(n: int) -> NDArray[np.bool_]:
    """Which components of a miss are metres: three of six at the end, the first of three on the way."""
    return np.arange(n) < n // 2


def _worst(misses: Sequence[Miss]) -> tuple[float, float]:
    position = max(float(np.abs(m[_is_position(len(m))]).max()) for m, _ in misses)
    velocity = max(float(np.abs(m[~_is_position(len(m))]).max()) for m, _ in misses)
    return position, velocity


def _price(misses: Sequence[Miss]) -> float:
    return sum(float(_prices(len(m)) @ np.abs(m)) for m, _ in misses)


def _prices(n: int) -> Array:
    return np.where(_is_position(n), _PRICE_POSITION, _PRICE_VELOCITY)


def _cone_programme(
    problem: Problem, path: Path, matrices: Sequence[Array], misses: Sequence[Miss], trust_m_s: float
) -> Array:
    """Burns (k, 3) of least total delta-v in the model linearised about `path`.

    Variables: burns, their magnitudes, what is left of each aim both ways, what is left of each height.
    """
    import clarabel
    from scipy import sparse

    k = len(problem.slots)
    by_burn = _responses(matrices)
    aim_rows, aim_miss = linear_aims(problem, matrices, misses)
    prices = _prices_of(misses)
    n_aim = len(aim_miss)
    limited = [i for i, slot in enumerate(problem.slots) if slot.limit_m_s < trust_m_s + 1e3]
    bounds = _height_rows(problem, path, by_burn)
    n_low = len(bounds)
    n = 3 * k + k + 2 * n_aim + n_low
    at_size, at_left, at_low = 3 * k, 4 * k, 4 * k + 2 * n_aim
    cost = np.zeros(n)
    cost[at_size:at_left] = [slot.price for slot in problem.slots]
    cost[at_left:at_low] = np.concatenate([prices, prices])
    cost[at_low:] = _PRICE_HEIGHT
    now = path.dv.ravel()
    scale = np.where(prices == _PRICE_POSITION, 1e-3, 1.0)

    equal = np.zeros((n_aim, n))
    equal[:, : 3 * k] = aim_rows
    equal[:, at_left : at_left + n_aim] = np.eye(n_aim)
    equal[:, at_left + n_aim : at_low] = -np.eye(n_aim)
    equal_to = aim_rows @ now - aim_miss

    low = np.zeros((n_low, n))
    low[:, : 3 * k] = -np.array([row for row, _ in bounds])
    low[:, at_low:] = -np.eye(n_low)
    low_to = np.array([left - row @ now for row, left in bounds])
    positive = np.zeros((n - at_left + len(limited), n))
    positive[: n - at_left, at_left:] = -np.eye(n - at_left)
    positive_to = np.zeros(len(positive))
    for row, i in enumerate(limited, start=n - at_left):
        positive[row, at_size + i] = 1.0
        positive_to[row] = problem.slots[i].limit_m_s

    cones_of = np.zeros((8 * k, n))
    cones_to = np.zeros(8 * k)
    for i in range(k):
        burn = slice(3 * i, 3 * i + 3)
        cones_of[4 * i, at_size + i] = -1.0
        cones_of[4 * i + 1 : 4 * i + 4, burn] = -np.eye(3)
        cones_to[4 * k + 4 * i] = trust_m_s
        cones_of[4 * k + 4 * i + 1 : 4 * k + 4 * i + 4, burn] = -np.eye(3)
        cones_to[4 * k + 4 * i + 1 : 4 * k + 4 * i + 4] = -now[burn]

    stacked = np.vstack([equal * scale[:, None], low * 1e-3, positive, cones_of])
    right = np.concatenate([equal_to * scale, low_to * 1e-3, positive_to, cones_to])
    cones = [
        clarabel.ZeroConeT(n_aim),
        clarabel.NonnegativeConeT(n_low + len(positive)),
        *[clarabel.SecondOrderConeT(4)] * (2 * k),
    ]
    spread = np.zeros(n)
    spread[: 3 * k] = _SPREAD_S_M
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_threads = 1
    solution = clarabel.DefaultSolver(
        sparse.diags_array(spread).tocsc(), cost, sparse.csc_matrix(stacked), right, cones, settings
    ).solve()
    x = np.asarray(solution.x, np.float64)[: 3 * k]
    if not np.isfinite(x).all():
        raise LimitError(
            f"the cone programme of {k} burns has no solution ({solution.status})",
            hint="Ask for another arrival or another profile.",
        )
    return x.reshape(k, 3)


def _height_rows(
    problem: Problem, path: Path, by_burn: Sequence[Sequence[Array]]
) -> list[tuple[Array, float]]:
    """Of every perigee, and every apogee where a ceiling is given: derivative (3 k,), and metres left."""
    found = []
    for heights_m, sign, limit_m in (
        (perigee_height_m, 1.0, problem.floor_m),
        (apogee_height_m, -1.0, problem.ceiling_m),
    ):
        for j in range(len(problem.slots)) if np.isfinite(limit_m) else ():
            height, slope = _with_slope(sign * heights_m(_around(path.after[j]))[:, None])
            row = np.hstack([slope @ response for response in by_burn[j]])[0]
            found.append((row, float(height[0]) - sign * limit_m))
    return found


def _correction(problem: Problem, path: Path, matrices: Sequence[Array], misses: Sequence[Miss]) -> Array:
    """The change of the burns (k, 3) that meets the aims and is least, each burn by its own size."""
    rows, miss = linear_aims(problem, matrices, misses)
    weight = np.repeat(np.linalg.norm(path.dv, axis=1) + _SMALL_M_S, 3)
    scale = 1.0 / np.where(_prices_of(misses) == _PRICE_POSITION, 1000.0, 1.0)
    least = np.linalg.lstsq(rows * weight * scale[:, None], -miss * scale, rcond=1e-10)[0]
    change: Array = (weight * least).reshape(-1, 3)
    return change


def _prices_of(misses: Sequence[Miss]) -> Array:
    return np.concatenate([_prices(len(m)) for m, _ in misses])


def linear_aims(problem: Problem, matrices: Sequence[Array], misses: Sequence[Miss]) -> tuple[Array, Array]:
    """Derivative (m, 3 k) of all misses by the burns, and the misses (m,)."""
    k = len(problem.slots)
    by_burn = _responses(matrices)
    after = [k, *[w.slot for w in problem.ways]]
    rows = [
        np.hstack([slope @ by_burn[j][i] for i in range(k)])
        for (_, slope), j in zip(misses, after, strict=True)
    ]
    return np.vstack(rows), np.concatenate([m for m, _ in misses])


def _responses(matrices: Sequence[Array]) -> list[list[Array]]:
    """Derivatives (6, 3) of the state after burn j (row j; the last row: at the end) by burn i."""
    k = len(matrices)
    found = []
    so_far: list[Array] = []
    for j in range(k):
        so_far = [matrices[j - 1] @ m for m in so_far] + [np.eye(6)[:, 3:]]
        found.append(so_far + [np.zeros((6, 3))] * (k - 1 - j))
    found.append([matrices[-1] @ m for m in so_far])
    return found
