"""Launchers as they are built: stages, engines, what they throw away; each number sourced or marked assumed.

Two launchers share everything where one data sheet covers both; Falcon 9 with its booster on a drone ship
and back at the launch site differ in the propellant kept for the booster's way home and in nothing else.
No number here was fitted to a flown ascent.  [as known] marks a number of a named document that was not
read again for this; [assumed] one that has no document.  Where a data sheet gives a load and a burn time,
the burn time
rules when the engines stop, and what is left in the tanks goes overboard with the stage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from crossflight.errors import UsageError

G0_M_S2: Final = 9.80665
_LBF_N: Final = 4.4482216


@dataclass(frozen=True, slots=True)
class Motor:
    """The engines of a stage taken together, at full thrust.

    Thrust falls with pressure from the vacuum's to the sea's as the exit area says; what flows out does not
    change with it.
    """

    thrust_vacuum_n: float
    thrust_sea_n: float
    specific_impulse_vacuum_s: float

    @property
    def flow_kg_s(self) -> float:
        """Propellant flow at full thrust."""
        return self.thrust_vacuum_n / (self.specific_impulse_vacuum_s * G0_M_S2)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage.

    Attributes
    ----------
    dry_kg, propellant_kg
        At lift-off; of all of them where a stage is several strap-ons.
    kept_kg
        Propellant that is not for the ascent: residuals, and what a booster needs to come home.
    burn_s
        When the engines stop by the clock, counted from their ignition; None: when the propellant is used.
    steps
        Pairs of (seconds since ignition, level of thrust from then on).
    acceleration_limit_m_s2
        The engines throttle so that the crew feels no more than this; None: they do not throttle.
    transonic
        Level of thrust between two Mach numbers: (from, to, level); None: full thrust.
    coast_s
        From the last stage's cut-off to this one's ignition.
    drops_after_s
        From cut-off to separation.
    vented_kg
        What leaves in the course of the burn and gives no thrust of its own: the peroxide of the turbines.
    """

    name: str
    motor: Motor
    dry_kg: float
    propellant_kg: float
    kept_kg: float = 0.0
    burn_s: float | None = None
    steps: tuple[tuple[float, float], ...] = ()
    acceleration_limit_m_s2: float | None = None
    transonic: tuple[float, float, float] | None = None
    coast_s: float = 0.0
    drops_after_s: float = 0.0
    vented_kg: float = 0.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class Jettison:
    """A part thrown away on the way, at a time after lift-off."""

    name: str
    mass_kg: float
    at_s: float
    source: str


@dataclass(frozen=True, slots=True)
class Insertion:
    """The orbit a launcher aims at: heights above the equatorial radius; cut-off is at the perigee."""

    perigee_m: float
    apogee_m: float
    source: str


@dataclass(frozen=True, slots=True)
class Launcher:
    """A launcher.

    Attributes
    ----------
    strap_ons
        What burns beside the first of `stages` from lift-off; None: nothing does.
    stages
        In the order of burning.
    fixed_kg
        What flies to orbit with the last stage beside the craft.
    area_m2
        Cross-section that the drag coefficient belongs to.
    separation_s
        From cut-off to the craft's separation.
    """

    name: str
    strap_ons: Stage | None
    stages: tuple[Stage, ...]
    jettisons: tuple[Jettison, ...]
    fixed_kg: float
    area_m2: float
    insertion: Insertion
    separation_s: float
    source: str


# Drag coefficient at no angle of attack by Mach number: a launcher's usual shape (peak just above Mach 1,
# as in Sutton and Biblarz, fig. 4-3, for the V-2); values [assumed], one table for all.
DRAG: Final = (
    (0.0, 0.30), (0.6, 0.30), (0.9, 0.42), (1.1, 0.56), (1.4, 0.52), (2.0, 0.42), (3.0, 0.32), (5.0, 0.25),
    (8.0, 0.20),
)  # fmt: skip

_STRAP_ONS: Final = Stage(
    "strap-ons",
    Motor(4 * 1_021_300.0, 4 * 838_500.0, 320.2),
    dry_kg=4 * (44_413.0 - 39_160.0 - 1_190.0),
    propellant_kg=4 * 39_160.0,
    burn_s=118.0,
    vented_kg=4 * 1_190.0,
    source="four blocks B, V, G, D: 44 413 kg with 27 900 kg of oxygen, 11 260 kg of kerosene and 1190 kg of "
    "peroxide, burning 118 s (Soyuz CSG User's Manual, issue 2, 2012) [as known]; RD-107A 838.5 kN at sea, "
    "1021.3 kN "
    "and 320.2 s in vacuum (data sheet of the Soyuz-FG)",
)
_CORE: Final = Stage(
    "core",
    Motor(990_180.0, 792_480.0, 320.6),
    dry_kg=99_765.0 - 90_100.0 - 2_630.0,
    propellant_kg=90_100.0,
    burn_s=286.0,
    vented_kg=2_630.0,
    source="block A: 99 765 kg with 63 800 kg of oxygen, 26 300 kg of kerosene and 2630 kg of peroxide, "
    "burning 286 s (Soyuz CSG User's Manual) [as known]; RD-108A 792.5 kN at sea, 990.2 kN and 320.6 s in "
    "vacuum (data "
    "sheet of the Soyuz-FG)",
)
_THIRD: Final = Stage(
    "third stage",
    Motor(297_930.0, 297_930.0, 326.0),
    dry_kg=2_410.0,
    propellant_kg=22_890.0,
    kept_kg=0.005 * 22_890.0,  # [assumed]
    source="block I: 25 300 kg, empty 2410 kg; RD-0110 297.93 kN, 326 s (data sheet of the Soyuz-FG); hot "
    "staging; residuals half a per cent [assumed]",
)
_SOYUZ_AT: Final = (
    Jettison("escape tower", 1_935.0, 114.0, "jettisoned at 114 s (published timelines); mass [assumed]"),
    Jettison("fairing", 2_950.0, 157.5, "jettisoned at 157.5 s (published timelines); mass [assumed]"),
)

SOYUZ_21A: Final = Launcher(
    "soyuz-2.1a",
    _STRAP_ONS,
    (_CORE, _THIRD),
    _SOYUZ_AT,
    fixed_kg=0.0,
    area_m2=29.4,  # four strap-ons of 2.68 m and a core of 2.95 m
    insertion=Insertion(195_000.0, 241_000.0, "190-200 x 230-252 km, flight.md: its middle"),
    separation_s=3.3,
    source="stages as each says; separation 3.3 s after cut-off (published timelines)",
)
# The same blocks and engines: the 2.1a has another control system.
SOYUZ_FG: Final = replace(SOYUZ_21A, name="soyuz-fg")

# Entry burn of three engines for 20 s and landing burn of one for 28 s at 900 kN a piece of public webcasts
# and the DM-1 timeline (landing burn 9:24 to 9:52), and half a per cent of residuals [all assumed]: 18 t,
# 8 t, 2 t.  It was looked at beside the published cut-off of 2:35 when it was set, so that cut-off tests
# little.
_DRONE_SHIP_KEPT_KG: Final = 28_000.0
# The same, and a boost-back burn of three engines for 36 s [assumed].
_LAUNCH_SITE_KEPT_KG: Final = 60_000.0
_FALCON_SECOND: Final = Stage(
    "second stage",
    Motor(981_000.0, 981_000.0, 348.0),
    dry_kg=4_000.0,
    propellant_kg=107_500.0,
    kept_kg=0.005 * 107_500.0,
    acceleration_limit_m_s2=4.0 * G0_M_S2,
    coast_s=7.0,
    source="Merlin 1D vacuum 981 kN (220 500 lbf), 348 s (SpaceX, Falcon User's Guide) [as known]; older "
    "pages "
    "have 934 kN, with which it would burn 18 s longer; 4.0 t empty, 107.5 t of propellant (Spaceflight 101, "
    "Falcon 9 FT) [as known]; ignition 7 s after cut-off of the first stage (2:35, 2:42: DM-1 timeline, "
    "NASA, "
    "March 2019); 4 g at most [assumed]; residuals half a per cent [assumed]",
)
_FALCON_FIRST: Final = Stage(
    "first stage",
    Motor(8_227_000.0, 7_607_000.0, 311.0),
    dry_kg=22_200.0,
    propellant_kg=411_000.0,
    kept_kg=_DRONE_SHIP_KEPT_KG,
    acceleration_limit_m_s2=3.0 * G0_M_S2,
    transonic=(0.8, 1.2, 0.8),
    drops_after_s=3.0,
    source="7607 kN at sea, 8227 kN in vacuum (SpaceX), 311 s; 22.2 t empty, 411 t of propellant "
    "(Spaceflight 101, Falcon 9 FT) [as known]; throttles near its end to limit the acceleration (NASA), "
    "about 3 g at "
    "staging (Hurley, June 2020); throttles about Mach 1 (same), to 80 % [assumed]; separation 3 s after "
    "cut-off (DM-1 timeline)",
)

FALCON_9_DRONE_SHIP: Final = Launcher(
    "falcon-9-droneship",
    None,
    (_FALCON_FIRST, _FALCON_SECOND),
    (),
    fixed_kg=0.0,
    area_m2=12.6,  # Dragon's 4 m
    insertion=Insertion(191_000.0, 215_000.0, "191 x 215 km, flight.md"),
    separation_s=121.0,
    source="stages as each says; Dragon separates 121 s after cut-off (8:59, 11:00: DM-1 timeline)",
)
FALCON_9_LAUNCH_SITE: Final = replace(
    FALCON_9_DRONE_SHIP,
    name="falcon-9-rtls",
    stages=(replace(_FALCON_FIRST, kept_kg=_LAUNCH_SITE_KEPT_KG), _FALCON_SECOND),
)

SATURN_IB: Final = Launcher(
    "saturn-ib",
    None,
    (
        Stage(
            "S-IB",
            Motor(8 * 1_030_200.0, 1_666_460.0 * _LBF_N, 289.0),
            dry_kg=42_000.0,
            propellant_kg=402_000.0,
            drops_after_s=1.3,
            source="1 666 460 lbf at sea (Skylab 4 press data); H-1 1030.2 kN and 289 s in vacuum, empty "
            "42 t (public data sheets) [as known]; propellant at lift-off, all eight engines to the end "
            "[assumed]",
        ),
        Stage(
            "S-IVB",
            Motor(229_714.0 * _LBF_N, 229_714.0 * _LBF_N, 424.0),
            dry_kg=10_600.0,
            propellant_kg=103_900.0,
            kept_kg=1_000.0,
            steps=((0.0, 1.0), (325.0, 198_047.0 / 229_714.0)),
            coast_s=2.7,
            source="229 714 lbf, then 198 047 lbf (Skylab 4 press data); 424 s, change of the mixture after "
            "325 s, residuals of 1 t [assumed]; 114.5 t, empty 10.6 t (public data sheets) [as known]",
        ),
    ),
    (Jettison("escape tower", 4_100.0, 165.0, "[assumed], general knowledge"),),
    fixed_kg=1_980.0 + 1_800.0,  # instrument unit, adapter; general knowledge [assumed]
    area_m2=33.5,  # 6.53 m
    insertion=Insertion(150_000.0, 168_000.0, "[assumed], general knowledge of Apollo-Soyuz"),
    separation_s=1000.0,
    source="stages as each says; the craft stays with the stage for more than an hour, here 1000 s [assumed]",
)

LAUNCHERS: Final[tuple[Launcher, ...]] = (
    SOYUZ_21A,
    SOYUZ_FG,
    FALCON_9_DRONE_SHIP,
    FALCON_9_LAUNCH_SITE,
    SATURN_IB,
)


def launcher_named(name: str) -> Launcher:
    """The launcher of that name: the names of `ascent.ASCENTS`, where stage data are known.

    Raises
    ------
    UsageError
        If there is none.
    """
    for launcher in LAUNCHERS:
        if launcher.name == name:
            return launcher
    raise UsageError(
        f"there are no stage data of a launcher {name!r}",
        hint=f"known: {', '.join(x.name for x in LAUNCHERS)}",
    )
