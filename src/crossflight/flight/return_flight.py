"""The way home: from undocking over the deorbit burn and the entry to the touchdown, and how sure it is.

Given are the station's state at undocking, the craft, the zone and the mode; everything else comes out: on
which revolution to land, when to burn, what the entry feels like, where and when the craft touches down.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from crossflight.dynamics.earth import RADIUS_M
from crossflight.dynamics.forces import ForceModel
from crossflight.errors import InputError, UsageError
from crossflight.flight.craft import Craft, EntryBody
from crossflight.flight.deorbit import BURN_STEP_S, COAST_STEP_S, Descending, Thrust, propellant_kg
from crossflight.flight.entry import BankLaw, EntryFlown, EntryShape, fly_entry, height_m
from crossflight.flight.entry_corridor import EntryCorridor, entry_corridor
from crossflight.flight.entry_guidance import EntryReference, SteeredEntry, entry_reference, level
from crossflight.flight.parachute import ChuteDescent, descend, unit_itrf
from crossflight.flight.plane import Place
from crossflight.flight.return_log import ReturnArc, ReturnLog
from crossflight.flight.return_phasing import PhasingBurn, phasing
from crossflight.flight.return_profile import ReturnProfile, return_profile
from crossflight.flight.return_scatter import Nominal, ReturnErrors, ReturnScatter, scatter
from crossflight.flight.return_targeting import Aim, Coast, Homeward, misses
from crossflight.model.trajectory import CraftState, FlightEvent, FlownBurn, Touchdown
from crossflight.times import Instant

Floats = NDArray[np.float64]

MODES: Final = ("lifting", "ballistic")
# [assumed] half of the propellant is gone when a craft undocks.
_PROPELLANT_GONE: Final = 0.5
_AFTER_LAST_S: Final = 3 * 3600.0
_N_SAMPLES: Final = 200
# States kept: of the entry one in so many steps of a second; of free flight no more than so many apart.
_EVERY: Final = 5
_KEPT_S: Final = 30.0
# The springs' push at undocking, as the path tells it.
_PUSH_S: Final = 1.0
_PUBLIC_INTERFACE_M: Final = 100_000.0


@dataclass(frozen=True, slots=True)
class ReturnResult:
    """A return as flown.

    Attributes
    ----------
    events, burns, arcs
        In order of time; arcs are states from undocking to touchdown, half a minute apart or less.
    miss_m, miss_along_m, miss_across_m
        From the zone's place to the touchdown: all of it, ahead along the track, to the left.
    undocking_to_deorbit_s
        An outcome, where nothing was said of the landing.
    peak_g, peak_heat_w_m2, heat_j_m2
        Greatest load; heating of the shield's stagnation point and its sum.
    n_reversals
        How often the bank changed sides.
    corridor
        Angle of entry and its bounds.
    propellant_kg
        Of all burns.
    scatter
        The samples behind the touchdown's sigmas; None where none were asked for.
    """

    mode: str
    zone: str
    events: tuple[FlightEvent, ...]
    burns: tuple[FlownBurn, ...]
    arcs: tuple[ReturnArc, ...]
    touchdown: Touchdown
    miss_m: float
    miss_along_m: float
    miss_across_m: float
    undocking_to_deorbit_s: float
    peak_g: float
    peak_heat_w_m2: float
    heat_j_m2: float
    n_reversals: int
    corridor: EntryCorridor
    propellant_kg: float
    scatter: ReturnScatter | None

    @property
    def samples(self) -> tuple[CraftState, ...]:
        """The states of all arcs."""
        return tuple(s for arc in self.arcs for s in arc.states)

    def event(self, name: str) -> FlightEvent:
        """The event of a name.

        Raises
        ------
        UsageError
            If there is none.
        """
        for event in self.events:
            if event.name == name:
                return event
        raise UsageError(
            f"the return has no event {name!r}", hint=f"it has: {', '.join(e.name for e in self.events)}"
        )


def fly_return(
    station: CraftState,
    craft: Craft,
    zone: Place,
    *,
    mode: str = "lifting",
    aimed_as: str | None = None,
    undock_utc: Instant | None = None,
    landing_utc: Instant | None = None,
    mass_kg: float | None = None,
    profile: ReturnProfile | None = None,
    wind_m_s: tuple[float, float] = (0.0, 0.0),
    density_factor: float = 1.0,
    errors: ReturnErrors | None = None,
    n_samples: int = _N_SAMPLES,
    seed: int = 1,
    model: ForceModel | None = None,
) -> ReturnResult:
    """Fly home.

    Parameters
    ----------
    station
        Of which the craft undocks; its mass is not used.
    mode
        `lifting` steers to the zone; `ballistic` rolls the lift away.
    aimed_as
        The mode the deorbit burn was timed for; `mode` if it is not given.  A craft aimed to lift that comes
        down ballistically lands far short.
    undock_utc
        If later than the station's state.
    landing_utc
        Near which to land, as an opportunity says; otherwise on the first pass after the profile's wait.
    mass_kg
        At undocking; otherwise with half of its propellant gone [assumed].
    profile
        Instead of the vehicle's own.
    wind_m_s
        East and north, at all heights.
    density_factor
        On the standard atmosphere during the entry that is flown; guidance and aim do not know of it.
    n_samples
        Of the ellipse; 0 leaves it away, with sigmas of zero.

    Raises
    ------
    UsageError
        For a mode there is none of, a craft that does not come down.
    InputError
        With the numbers: no revolution passes the zone, too little propellant, an entry outside its corridor,
        states or parameters that are not finite.
    """
    aimed_as = mode if aimed_as is None else aimed_as
    for name in (mode, aimed_as):
        if name not in MODES:
            raise UsageError(f"there is no mode of entry {name!r}", hint=f"known: {', '.join(MODES)}")
    body = craft.entry
    if body is None:
        raise UsageError(f"{craft.name} has no entry body: nothing is known of how it comes down")
    profile = return_profile(craft.vehicles[0]) if profile is None else profile
    undock = station.utc if undock_utc is None else undock_utc
    mass_kg = craft.mass_kg - _PROPELLANT_GONE * craft.propellant_kg if mass_kg is None else mass_kg
    _require_sense(station, undock, craft, body, mass_kg, (*wind_m_s, density_factor), landing_utc)
    longest_s = profile.longest_s if landing_utc is None else landing_utc.s_since(undock)
    flow = Descending(model or ForceModel(), station.utc, undock.plus_s(longest_s + _AFTER_LAST_S))
    ground_m = profile.ground_height_m
    vertical = body.lift_to_drag * math.cos(profile.bank_rad)
    lift = vertical if aimed_as == "lifting" else 0.0
    home = Homeward(flow, craft, body, profile, zone, lift, ground_m)
    trip = _Trip(home, flow.seconds(undock), mass_kg)
    trip.depart(station)
    landing_s = None if landing_utc is None else flow.seconds(landing_utc)
    coast, aim = trip.aimed(landing_s)
    trip.burn(coast, aim)
    air = EntryShape(
        home.shape.ballistic_m2_kg, np.asarray(body.lift_to_drag if mode == "lifting" else 0.0),
        np.asarray(density_factor, np.float64), home.shape.nose_radius_m, np.array(wind_m_s, np.float64),
    )  # fmt: skip
    return trip.come_down(coast, aim, air, mode, vertical, errors or ReturnErrors(), n_samples, seed)


def _require_sense(
    station: CraftState, undock: Instant, craft: Craft, body: EntryBody, mass_kg: float,
    numbers: tuple[float, ...], landing: Instant | None,
) -> None:  # fmt: skip
    values = np.concatenate((station.r_gcrf_m, station.v_gcrf_m_s, numbers))
    if values.shape != (9,) or not np.isfinite(values).all():
        raise InputError("the station's state, the wind or the density factor is not finite")
    radius_km = float(np.linalg.norm(station.r_gcrf_m)) / 1000
    if not 6_530 < radius_km < 8_400:
        raise InputError(
            f"a station {radius_km:.0f} km from the Earth's centre is not in a low orbit, 6530 to 8400 km",
            hint="Positions are in metres.",
        )
    if not abs(numbers[0]) <= 100 or not abs(numbers[1]) <= 100 or not 0.1 <= numbers[2] <= 10:
        raise InputError(
            f"a wind of {numbers[0]:g}, {numbers[1]:g} m/s or a density factor of {numbers[2]:g} is outside "
            "100 m/s, or 0.1 to 10"
        )
    if undock < station.utc or undock.days_since(station.utc) > 7:
        raise InputError(
            f"undocking at {undock} is not within a week after the station's state of {station.utc}"
        )
    if not body.mass_kg < mass_kg <= 2 * craft.mass_kg:
        raise InputError(
            f"a {craft.name} of {mass_kg:.0f} kg at undocking is not between its capsule's "
            f"{body.mass_kg:.0f} kg and {2 * craft.mass_kg:.0f} kg"
        )
    if landing is not None and not 3600 < landing.s_since(undock) <= 4 * 86_400:
        raise InputError(f"landing at {landing} is not an hour to four days after undocking at {undock}")


class _Trip:
    """One return under way: what happened so far."""

    def __init__(self, home: Homeward, undock_s: float, mass_kg: float) -> None:
        self.home, self.flow = home, home.flow
        self.undock_s, self.mass_kg = undock_s, mass_kg
        self.propellant_kg = 0.0
        self.t_s, self.y = undock_s, np.zeros((6, 1))
        self.log = ReturnLog(home.flow)

    def _ballistic(self) -> float:
        craft = self.home.craft
        return craft.drag_area_m2 * craft.drag_coefficient / self.mass_kg

    def _coast(self, y: Floats, from_s: float, to_s: float) -> Floats:
        """Free flight of a state (6, 1) with all modules, in the arc under way; the state at its end."""
        return self._fall(y, from_s, to_s, np.array([self._ballistic()]), self.mass_kg)

    def depart(self, station: CraftState) -> None:
        """Undock and separate."""
        craft, flow = self.home.craft, self.flow
        y = np.concatenate((station.r_gcrf_m, station.v_gcrf_m_s))[:, None].astype(np.float64)
        start_s = flow.seconds(station.utc)
        self.y = flow.march(y, start_s, self.undock_s - start_s, np.array([self._ballistic()]), COAST_STEP_S)
        self.log.begin("after undocking", self.undock_s, self.y[:, 0], self.mass_kg)
        for small in self.home.profile.departure:
            at_s = self.undock_s + small.after_undocking_s
            if at_s > self.t_s:
                self.y = self._coast(self.y, self.t_s, at_s)
                self.t_s = at_s
            size = float(np.linalg.norm(small.dv_rtn_m_s))
            self.y[3:, 0] += _axes(self.y[:, 0]) @ np.array(small.dv_rtn_m_s)
            if small.after_undocking_s == 0:  # springs push the craft off
                self.log.happens(at_s, small.name, f"pushed off at {size:.2f} m/s")
                self.t_s = at_s + _PUSH_S
                self.y = self._coast(self.y, at_s, self.t_s)
            else:
                self.log.happens(at_s, f"{small.name}-burn", f"{size:.2f} m/s")
                spent = propellant_kg(craft.thrusters, self.mass_kg, size)
                duration = self.mass_kg * size / craft.thrusters.thrust_n
                self._burnt(f"{small.name} burn", at_s, size, duration, spent, small.dv_rtn_m_s)
                self.log.begin(f"after the {small.name} burn", at_s, self.y[:, 0], self.mass_kg)

    def _burnt(
        self,
        name: str,
        at_s: float,
        dv: float,
        duration: float,
        spent: float,
        rtn: tuple[float, float, float],
    ) -> None:
        self.log.burnt(name, at_s, dv, duration, spent, rtn)
        self.propellant_kg += spent
        self.mass_kg -= spent

    def aimed(self, landing_s: float | None) -> tuple[Coast, Aim]:
        """Choose the revolution, and the ignition on it."""
        home, profile = self.home, self.home.profile
        if profile.is_phasing:
            found = phasing(home, self.y, self.t_s, self.mass_kg, self.undock_s, landing_s)
            coast, aim = found.coast, found.aim
            y, from_s = self.y, self.t_s
            for number, one in enumerate(found.burns, 1):
                self._coast(y, from_s, one.ignition_s)
                self._phasing_burn(number, one)
                y, from_s = one.after, one.ignition_s
                self.log.begin(f"after phasing burn {number}", from_s, y[:, 0], self.mass_kg)
        else:
            to_s = (landing_s or self.undock_s + profile.longest_s) + 3600.0
            coast = home.coast(self.y, self.t_s, to_s, self.mass_kg, self._ballistic())
            aim = home.polished(coast, self._ignition_s(coast, landing_s, to_s))
        from_s, to_s = float(coast.t_s[0]), float(aim.descent.ignition_s[0])
        t_s = np.linspace(from_s, to_s, max(2, math.ceil((to_s - from_s) / _KEPT_S) + 1))[1:]
        for t, state in zip(t_s, home.state_at(coast, t_s).T, strict=True):
            self.log.keep(float(t), state, self.mass_kg)
        return coast, aim

    def _phasing_burn(self, number: int, one: PhasingBurn) -> None:
        engine = self.home.craft.main
        size = abs(one.dv_m_s)
        spent = propellant_kg(engine, one.mass_kg, size)
        duration = one.mass_kg * size / engine.thrust_n
        self.log.happens(one.ignition_s, f"phasing-burn-{number}", f"{size:.1f} m/s")
        self._burnt(f"phasing burn {number}", one.ignition_s, size, duration, spent, (0.0, -one.dv_m_s, 0.0))

    def _ignition_s(self, coast: Coast, landing_s: float | None, to_s: float) -> float:
        """Of the revolution that passes the zone next, or nearest to a landing."""
        home, profile = self.home, self.home.profile
        period = home.period_s(coast)
        wait_s = profile.wait_s if landing_s is None else landing_s - self.undock_s - period / 2
        # A revolution before the earliest: where exactly one lands is only found out by flying.
        first_s = max(self.undock_s + wait_s - period - 3600.0, float(coast.t_s[0]))
        found = home.every_revolution(coast, first_s, to_s - 3600.0)
        late = found.touchdown_s >= self.undock_s + wait_s
        if landing_s is not None:
            late &= found.touchdown_s <= landing_s + period / 2
        right = found.is_northbound | profile.is_southbound
        usable = late & right & ~found.is_skipped & (np.abs(found.along_m) < 10_000.0)
        near = usable & (np.abs(found.across_m) <= profile.reach_m)
        if near.any():
            return float(found.descent.ignition_s[int(np.argmax(near))])
        if found.is_skipped.any():  # flown once more, it says how shallow it is
            home.polished(coast, float(found.descent.ignition_s[int(np.argmax(found.is_skipped))]))
        across = np.where(usable, np.abs(found.across_m), np.inf)
        what = f"; the nearest passes {across.min() / 1000:.0f} km beside it" if usable.any() else ""
        raise InputError(
            f"no revolution from {self.flow.instant(self.undock_s + wait_s)} on passes within "
            f"{profile.reach_m / 1000:.0f} km of {home.zone.name}{what}",
            hint="Undock on another day, or choose another zone.",
        )

    def burn(self, coast: Coast, aim: Aim) -> None:
        """The deorbit burn, and how the modules part."""
        descent, engine, profile = aim.descent, self.home.craft.main, self.home.profile
        at_s, dv = float(descent.ignition_s[0]), float(descent.dv_m_s[0])
        duration = float(descent.duration_s[0])
        spent = propellant_kg(engine, descent.mass_kg, dv)
        left = self.home.craft.propellant_kg * (1 - _PROPELLANT_GONE) - self.propellant_kg
        if spent > left:
            raise InputError(
                f"the deorbit burn of {dv:.1f} m/s takes {spent:.0f} kg of propellant, of which "
                f"{left:.0f} kg are left"
            )
        if profile.module_height_m is None:
            self.log.happens(at_s - profile.modules_before_s, "trunk-jettison")
        self.mass_kg = descent.mass_kg
        self.log.happens(at_s, "deorbit-ignition", f"{dv:.1f} m/s")
        y = self.home.state_at(coast, descent.ignition_s)
        self.log.begin("deorbit burn", at_s, y[:, 0], self.mass_kg)
        whole = np.array([coast.ballistic_m2_kg * coast.mass_kg / descent.mass_kg])
        n = max(1, math.ceil(duration / BURN_STEP_S))
        thrust = Thrust(engine, np.asarray(at_s), np.asarray(descent.mass_kg), np.asarray(1.0))
        flow_kg_s = spent / duration
        for j in range(n):
            y = self.flow.step(y, at_s + j * duration / n, duration / n, whole, thrust)
            t = at_s + (j + 1) * duration / n
            self.log.keep(t, y[:, 0], descent.mass_kg - flow_kg_s * (t - at_s))
        self._burnt("deorbit burn", at_s, dv, duration, spent, (0.0, -dv, 0.0))
        t, to_s = at_s + duration, float(descent.modules_s[0])
        self.log.happens(t, "deorbit-cut-off")
        self.log.begin("after the deorbit burn", t, y[:, 0], self.mass_kg)
        self._fall(y, t, to_s, whole, self.mass_kg)
        body_kg = self.home.body.mass_kg
        if profile.module_height_m is not None:
            self.log.happens(to_s, "module-separation", f"at {profile.module_height_m / 1000:.1f} km")
        capsule = np.array([float(self.home.shape.ballistic_m2_kg)])
        self._fall(descent.modules, to_s, float(descent.interface_s[0]), capsule, body_kg)
        self.mass_kg = body_kg

    def _fall(self, y: Floats, from_s: float, to_s: float, ballistic: Floats, mass_kg: float) -> Floats:
        """Free flight of a state (6, 1), kept in the arc under way; the state at its end."""
        n = math.ceil((to_s - from_s) / _KEPT_S)
        for j in range(n):
            y = self.flow.step(y, from_s + j * (to_s - from_s) / n, (to_s - from_s) / n, ballistic)
            self.log.keep(from_s + (j + 1) * (to_s - from_s) / n, y[:, 0], mass_kg)
        return y

    def come_down(
        self, coast: Coast, aim: Aim, air: EntryShape, mode: str, vertical: float, errors: ReturnErrors,
        n_samples: int, seed: int,
    ) -> ReturnResult:  # fmt: skip
        """The entry, the parachutes and the ellipse."""
        home, profile, at_s = self.home, self.home.profile, float(aim.descent.interface_s[0])
        state = self.flow.to_itrf(aim.descent.interface, at_s)
        is_lifting = mode == "lifting"
        limit_g = profile.load_limit_g if is_lifting else profile.ballistic_limit_g
        corridor = entry_corridor(state[0], home.shape, vertical if is_lifting else 0.0, limit_g)
        corridor.require_inside()
        reference: EntryReference | None = None
        law: BankLaw = level
        if is_lifting:
            lift = home.body.lift_to_drag
            reference = entry_reference(
                state[0], home.shape, lift, profile.bank_rad, profile.parachutes, home.ground_m
            )
            law = SteeredEntry(reference, home.goal[None], profile.bank_rad)
        angle = math.degrees(corridor.angle_rad)
        self.log.happens(at_s, "entry-interface", f"120 km, {corridor.speed_m_s:.0f} m/s, -{angle:.2f} deg")
        flown = fly_entry(state, air, law, profile.parachutes.drogue_height_m, is_recorded=True)
        if flown.is_skipped[0]:
            raise InputError(
                f"the entry {angle:.2f} deg below the horizontal skips out of the air",
                hint="The air is thinner, or the lift greater, than what the burn was made for.",
            )
        landed = descend(flown.state, profile.parachutes, air, home.ground_m, is_recorded=True)
        down_s = at_s + float(flown.t_s[0] + landed.touchdown_s[0])
        self._entry_events(flown, landed, at_s, down_s, mode)
        latitude, longitude = float(landed.latitude_rad[0]), float(landed.longitude_rad[0])
        self._last_arcs(flown, landed, at_s)
        ahead, left, _ = misses(flown.state, landed.latitude_rad, landed.longitude_rad, home.goal)
        nominal = Nominal(aim, reference, air, flown.state[0], down_s, latitude, longitude)
        spread = scatter(home, coast, nominal, errors, n_samples, seed) if n_samples else None
        touchdown = Touchdown(
            self.flow.instant(down_s), math.degrees(latitude), math.degrees(longitude),
            0.0 if spread is None else spread.along_sigma_m / 1000,
            0.0 if spread is None else spread.across_sigma_m / 1000,
        )  # fmt: skip
        between = unit_itrf(landed.latitude_rad, landed.longitude_rad)[0] - home.goal
        result = ReturnResult(
            mode=mode,
            zone=home.zone.name,
            events=self.log.events,
            burns=self.log.burns,
            arcs=self.log.arcs,
            touchdown=touchdown,
            miss_m=2 * RADIUS_M * math.asin(min(1.0, float(np.linalg.norm(between)) / 2)),
            miss_along_m=-float(ahead[0]),
            miss_across_m=-float(left[0]),
            undocking_to_deorbit_s=float(aim.descent.ignition_s[0]) - self.undock_s,
            peak_g=float(flown.peak_g[0]),
            peak_heat_w_m2=float(flown.peak_heat_w_m2[0]),
            heat_j_m2=float(flown.heat_j_m2[0]),
            n_reversals=int(flown.n_reversals[0]),
            corridor=corridor,
            propellant_kg=self.propellant_kg,
            scatter=spread,
        )
        _require_finite(result)
        return result

    def _entry_events(
        self, flown: EntryFlown, landed: ChuteDescent, at_s: float, down_s: float, mode: str
    ) -> None:
        heights = np.array([float(height_m(y[:, :3])[0]) for _, y, _, _ in flown.samples])
        t = np.array([t for t, _, _, _ in flown.samples])
        low = int(np.argmax(heights < _PUBLIC_INTERFACE_M))
        part = (heights[low - 1] - _PUBLIC_INTERFACE_M) / (heights[low - 1] - heights[low])
        self.log.happens(at_s + float(t[low - 1] + part * (t[low] - t[low - 1])), "100-km")
        peak = f"{flown.peak_g[0]:.1f} g at {np.interp(flown.peak_g_s[0], t, heights) / 1000:.0f} km"
        self.log.happens(at_s + float(flown.peak_g_s[0]), "peak-load", peak)
        open_s, chutes = at_s + float(flown.t_s[0]), self.home.profile.parachutes
        self.log.happens(open_s, "drogue-parachute", f"at {chutes.drogue_height_m / 1000:.1f} km")
        main = f"at {chutes.main_height_m / 1000:.1f} km"
        self.log.happens(open_s + float(landed.main_s[0]), "main-parachute", main)
        self.log.happens(down_s, "landing", f"{mode} entry")

    def _last_arcs(self, flown: EntryFlown, landed: ChuteDescent, at_s: float) -> None:
        """Keep the entry and the way under each parachute down to the ground."""
        assert landed.drogue_path is not None
        assert landed.main_path is not None
        open_s, mass_kg = at_s + float(flown.t_s[0]), self.mass_kg
        for t, y, _, _ in flown.samples[_EVERY::_EVERY]:
            self.log.keep(at_s + t, self.flow.to_gcrf(y, at_s + t)[0], mass_kg)
        self.log.keep(open_s, self.flow.to_gcrf(flown.state, open_s)[0], mass_kg)
        for name, (t_s, y) in (("drogue", landed.drogue_path), ("main", landed.main_path)):
            states = self.flow.to_gcrf(y, open_s + t_s)
            self.log.begin(f"{name} parachute", open_s + float(t_s[0]), states[0], mass_kg)
            for t, state in zip(t_s[1:], states[1:], strict=True):
                self.log.keep(open_s + float(t), state, mass_kg)


def _axes(y: Floats) -> Floats:
    """Radial, along-track and cross-track as columns, of a state (6,)."""
    radial = y[:3] / np.linalg.norm(y[:3])
    cross = np.cross(y[:3], y[3:])
    cross /= np.linalg.norm(cross)
    return np.stack((radial, np.cross(cross, radial), cross), axis=1)


def _require_finite(result: ReturnResult) -> None:
    """NaN never leaves."""
    numbers = [
        result.touchdown.latitude_deg, result.touchdown.longitude_deg, result.touchdown.along_sigma_km,
        result.touchdown.across_sigma_km, result.miss_m, result.peak_g, result.peak_heat_w_m2,
        result.heat_j_m2, result.propellant_kg,
    ]  # fmt: skip
    if not np.isfinite(numbers).all():
        raise InputError("the return has no end that can be told in numbers: its entry is no entry")
