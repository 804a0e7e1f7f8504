"""Made-up stations of any length: the same seed gives the same one, byte for byte.

For tests and benches, where one shipped scenario proves little.  The values are those of
``library/iss-2022.yaml`` varied by the seed, the names are invented, everything is an assumption.
A longer horizon continues a shorter one: people, announced flights and what is docked stay alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Final

from crossflight.model import (
    Agreement,
    AnnouncedFlight,
    Closure,
    Commodity,
    Craft,
    DockedFlight,
    Eva,
    Fact,
    Flight,
    ForbiddenDays,
    IntegratedSeat,
    Launcher,
    Pad,
    Partner,
    Person,
    Port,
    Qualification,
    RuleSetting,
    Scenario,
    Segment,
    Site,
    Station,
    Tier,
)
from crossflight.rules import REGISTRY
from crossflight.scenario.digest import digest_of
from crossflight.scenario.synthetic_types import usual_crews, vehicle_types
from crossflight.times import Instant

__all__ = ["synthetic"]

_DAY0: Final = Instant.of(2030, 1, 1)
_YEAR_DAYS: Final = 365.25
_YEARS_MAX: Final = 30.0
_PARTNERS: Final = ("USOS", "RS", "Annex")
_CAPSULES: Final = ("Aurora", "Boreas", "Celeste", "Dione", "Elara", "Fortuna", "Galene", "Hesper", "Iris")
# A circular orbit like the station's: inclination, and what the oblate Earth does to its node.
_INCLINATION_RAD: Final = math.radians(51.64)
_NODE_DEG_PER_DAY: Final = -4.99
_OBLIQUITY_RAD: Final = math.radians(23.44)
_BETA_MAX_DEG: Final = 60.0
# A person flies about once in so many days: a stay and the rest after it.
_CAREER_STEP_DAYS: Final = 760.0

_VALUES: Final[Mapping[str, Mapping[str, float | str]]] = {
    "operator_n1": {"binds_from_docking_of": ""},
    "seat_n1": {"n_without_nominal_max": 0.0},
    "handover": {"overlap_days_min": 5.0},
    "port_occupancy": {"gap_hours_min": 12.0},
    "docking_spacing": {"days_min": 3.0},
    "ground_time": {"days_min": 540.0},
    "training": {"days_before_launch": 14.0, "days_after_landing": 45.0},
    "career_dose": {"msv_per_day": 0.6, "msv_max": 600.0},
}
_PRICED: Final = {
    "operator_n1": RuleSetting("waivable", 10.0, _VALUES["operator_n1"]),
    "on_orbit_life": RuleSetting("waivable", 1.0),
}
_SOFT: Final = ("seat_n1", "seat_ledger", "handover")
_TIERS: Final = (
    Tier("waivers", {"waiver_price": 1.0}),
    Tier("coverage", {"unattended_segment_days": 1.0, "operator_n1_segment_days": 1.0}),
    Tier("announced flights moved", {"days_moved": 1.0}),
    Tier("price less worth of crew", {"flight_price": 1.0, "crew_shortfall_days": 2.0}),
    Tier(
        "comfort",
        {
            "handover_shortfall_days": 1.0,
            "seat_n1_person_days": 0.01,
            "n_relocations": 2.0,
            "ledger_imbalance": 1.0,
        },
    ),
)


def synthetic(years: float, n_providers: int, seed: int) -> Scenario:
    """A made-up station with everything a scenario can say; every rule is set.

    Parameters
    ----------
    years
        Length of the horizon, more than 0 and at most 30.
    n_providers
        Partners that fly crews: 1, one reusable capsule and no segments, as on a commercial
        station; 2, capsule and Soyuz-like craft with integrated crews, as on the ISS; 3, a
        partner more with a craft and two ports of its own.
    seed
        Varies ages and ports of what is docked, announced dates, prices, lives, turnarounds,
        when craft are ready, stock, the days with too high a beta angle, one pad's outage.

    Raises
    ------
    ValueError
        For a length or a number of providers out of range.
    """
    if not 0 < years <= _YEARS_MAX:
        raise ValueError(f"years {years} is not more than 0 and at most {_YEARS_MAX:g}")
    if n_providers not in (1, 2, 3):
        raise ValueError(f"n_providers {n_providers} is not 1, 2 or 3")
    made = _Maker(years, n_providers, seed).scenario()
    return replace(made, digest=digest_of(made))


def _at(day: float, hour: float = 0.0) -> Instant:
    return _DAY0.plus_s(round(day * 24 + hour) * 3600)


class _Maker:
    def __init__(self, years: float, n_providers: int, seed: int) -> None:
        self.n_days = max(1, round(years * _YEAR_DAYS))
        self.n = n_providers
        self.seed = seed
        self.partners = _PARTNERS[:n_providers]
        self.crews = usual_crews(n_providers)
        self.crewed = tuple(self.crews)
        self.nominal = {p: sum(c.get(p, 0) for c in self.crews.values()) for p in self.partners}
        self.n_nominal = sum(self.nominal.values())
        self.types = {t.name: t for t in vehicle_types(self.draw("types"), n_providers)}
        self.ages = self._ages()
        self.people = {p: self._people(p) for p in self.partners}
        self.waiting = {p: list(people) for p, people in self.people.items()}

    def draw(self, purpose: str) -> Random:
        """A random stream for one purpose, so that no value depends on how many others there are."""
        return Random(f"{self.n} {self.seed} {purpose}")  # noqa: S311  # a made-up station is no secret

    def scenario(self) -> Scenario:
        docked = tuple(self._docked())
        announced = tuple(a for a in self._announced() if a.launch_utc < _at(self.n_days - 2))
        visitors = [
            Person(n, "Visitors", commander_of=("capsule",) if i == 0 else (), is_visitor=True)
            for a in announced
            if a.kind == "visiting"
            for i, n in enumerate(a.crew)
        ]
        return Scenario(
            name=f"synthetic-{self.n_days}d-{self.n}p-{self.seed}",
            title=f"A made-up station of {self.n} crew provider(s), {self.n_days} days, seed {self.seed}",
            known_utc=_DAY0,
            from_utc=_DAY0,
            to_utc=_at(self.n_days),
            station=self._station(),
            partners=tuple(Partner(p, (p,)) for p in self.partners),
            sites=(
                Site("Steppe", 45.996, 63.564),
                Site("Cape", 28.6, -80.6),
                Site("Island", 37.834, -75.488),
            ),
            pads=self._pads(),
            launchers=tuple(Launcher(n, (p,)) for n, p in self._rockets().items()),
            vehicle_types=tuple(self.types.values()),
            rules=_rules(self.n),
            objective=_TIERS,
            craft=tuple(self._craft()),
            people=(*(p for people in self.people.values() for p in people), *visitors),
            agreements=self._agreements(),
            commodities=self._commodities(),
            docked=docked,
            announced=announced,
            forbidden_days=tuple(self._beta_cutouts()),
            life_left_days=30.0,
            facts=(Fact("", is_assumed=True),),
        )

    # -- station and ground -----------------------------------------------------------------

    def _station(self) -> Station:
        draw = self.draw("station")
        closed = draw.randint(120, 300)
        work = Closure(_at(closed), _at(closed + 14), "arm maintenance")
        ports = [
            Port("Node forward", "forward", "idss", "USOS"),
            Port("Node zenith", "zenith", "idss", "USOS"),
            Port("Node nadir", "nadir", "cbm", "USOS", is_berthing=True, closures=(work,)),
            Port("Lab nadir", "nadir", "cbm", "USOS", is_berthing=True),
        ]
        if self.n >= 2:
            ports += [Port(f"Service {a}", a, "probe-drogue", "RS") for a in ("aft", "zenith", "nadir")]
            ports += [Port("Hub nadir", "nadir", "probe-drogue", "RS")]
        if self.n == 3:
            ports += [Port(f"Annex {a}", a, "idss") for a in ("forward", "nadir")]
        segments = (Segment("USOS"), Segment("RS")) if self.n >= 2 else ()
        if not segments:
            ports = [replace(p, segment=None) for p in ports]
        evas = []
        for year in range(math.ceil(self.n_days / _YEAR_DAYS) if self.n >= 2 else 0):
            day = round(year * _YEAR_DAYS) + draw.randint(150, 210)
            if day < self.n_days:
                evas.append(Eva(f"EVA {year + 1}", _at(day, 13), _at(day, 21), ("Service zenith",)))
        return Station("Synthetic", tuple(ports), self.n_nominal + 4, self.nominal, segments, tuple(evas))

    def _rockets(self) -> dict[str, str]:
        rockets = {"cape-rocket": "cape-39", "island-rocket": "island-0"}
        if self.n >= 2:
            rockets["steppe-rocket"] = "steppe-31"
        if self.n == 3:
            rockets["shuttle-rocket"] = "cape-41"
        return rockets

    def _pads(self) -> tuple[Pad, ...]:
        """Pads with their turnarounds; one that flies crews is out once, after the first year's half."""
        draw = self.draw("pads")
        sites = {"cape-39": "Cape", "island-0": "Island", "steppe-31": "Steppe", "cape-41": "Cape"}
        turnarounds = {"cape-39": 14, "island-0": 60, "steppe-31": 14, "cape-41": 21}
        damaged = draw.choice([p for p in self._rockets().values() if p != "island-0"])
        first = draw.randint(300, 420)
        outage = Closure(_at(first), _at(first + draw.randint(25, 45)), "damaged at a launch")
        return tuple(
            Pad(
                p,
                sites[p],
                float(turnarounds[p] + draw.randint(-2, 2)),
                (outage,) if p == damaged else (),
            )
            for p in self._rockets().values()
        )

    def _beta_cutouts(self) -> Iterator[ForbiddenDays]:
        """Days with the Sun more than 60 deg off the orbital plane: computed, the node from the seed.

        sin(beta) is the Sun's direction on the orbit's normal; the node drifts about 5 deg a day
        against a Sun that moves 1 deg the other way, so beta swings with a period of 60 days and
        passes 60 deg only while the Sun is more than 8.4 deg off the equator.
        """
        node_deg = self.draw("beta").uniform(0, 360)
        too_high = [abs(_beta_deg(day, node_deg)) > _BETA_MAX_DEG for day in range(self.n_days + 1)]
        day = 0
        while day < self.n_days:
            end = day
            while end < self.n_days and too_high[end]:
                end += 1
            if end > day:
                yield ForbiddenDays(
                    _at(day), _at(end), ("launch", "dock"), "beta above 60 deg (synthetic node)"
                )
            day = max(end, day + 1)

    # -- craft ------------------------------------------------------------------------------

    def _craft(self) -> Iterator[Craft]:
        """Capsules with flights used, and one-way craft as they become ready; number 1 is docked."""
        draw = self.draw("craft")
        years = math.ceil(self.n_days / _YEAR_DAYS)
        for kind in ("capsule", "shuttle"):
            if kind in self.crewed:
                for i in range(4 + max(0, years - 4) // 2):
                    used = draw.randint(0, 2) if 0 < i < 4 else int(i == 0)
                    ready = None if i < 3 else _at(draw.randint(60, 200) if i == 3 else 365 + 700 * (i - 3))
                    yield Craft(_capsule(kind, i), kind, ready, used, 5)
        for i in range(3 + max(0, years - 2)):
            ready = None if i < 2 else _at(60 + 365 * (i - 2) + draw.randint(0, 60))
            used = draw.randint(0, 2) if i < 2 else 0
            yield Craft(f"Supply capsule {i + 1}", "cargo-capsule", ready, used, 5)
        share = self.n_nominal / 7
        steps = {"soyuz": 165.0, "progress": 85 / share, "cygnus": 180 / max(1.0, share)}
        begins = {"soyuz": self._relief_day("soyuz") - 25 if self.n >= 2 else 0, "progress": 10, "cygnus": 30}
        for kind, step in steps.items():
            if kind not in self.types:
                continue
            first = self.types[kind]
            yield Craft(f"{first.flight_name.format(n=1)} hull", kind, None, 1, 1)
            for i in range(math.ceil((self.n_days - begins[kind]) / step)):
                ready_day = max(0, round(begins[kind] + i * step + draw.uniform(-8, 8)))
                yield Craft(f"{first.flight_name.format(n=i + 2)} hull", kind, _at(ready_day), 0, 1)

    # -- flights ----------------------------------------------------------------------------

    def _ages(self) -> dict[str, int]:
        """Days since launch of what is docked; relief of two lines never falls in the same weeks."""
        draw = self.draw("ages")
        slots = [25, 60, 95] if self.n == 3 else [30, 85]
        draw.shuffle(slots)
        ages = {kind: slot + draw.randint(0, 20) for kind, slot in zip(self.crewed, slots, strict=False)}
        return ages | {"progress": draw.randint(30, 100), "cygnus": draw.randint(15, 50)}

    def _relief_day(self, kind: str) -> int:
        """Announced launch of the next craft of a line: some days before the docked one's life ends."""
        life = self.types[kind].on_orbit_life_days
        assert life is not None
        return round(life) - self.ages[kind] - 12 - self.draw(f"relief {kind}").randint(0, 8)

    def _crew(self, counts: Mapping[str, int]) -> tuple[str, ...]:
        """The next people waiting; a commander first, since every other one of a partner commands."""
        crew: list[str] = []
        for partner, n in counts.items():
            line = self.waiting[partner]
            if not crew:
                first = next(p for p in line if p.commander_of)
                line.remove(first)
                crew.append(first.name)
                n -= 1
            crew += [line.pop(0).name for _ in range(n)]
        return tuple(crew)

    def _docked(self) -> Iterator[DockedFlight]:
        draw = self.draw("docked")
        ports = {
            "capsule": draw.choice(("Node forward", "Node zenith")),
            # Not where the announced Progress has to go, or it would have to leave for it.
            "soyuz": draw.choice(("Service nadir", "Hub nadir")),
            "shuttle": draw.choice(("Annex forward", "Annex nadir")),
            "progress": "Service aft",
            "cygnus": draw.choice(("Node nadir", "Lab nadir")),
        }
        for kind, port in ports.items():
            if kind not in self.types:
                continue
            vehicle, age = self.types[kind], self.ages[kind]
            launch = _at(-age, 12)
            crew = self._crew(self.crews[kind]) if vehicle.is_crewed else ()
            name = vehicle.flight_name.format(n=1)
            pad = self._rockets()[vehicle.launcher]
            flight = Flight(
                name,
                "rotation" if crew else "cargo",
                kind,
                _capsule(kind, 0) if vehicle.is_reusable else f"{name} hull",
                pad,
                launch,
                launch.plus_s(vehicle.ascent_hours * 3600),
                port,
                crew_up=crew,
                crew_down=crew,
            )
            if kind == "progress":
                yield DockedFlight(flight, _at(max(90, 180 - age), 12), 60.0)
            else:
                yield DockedFlight(flight)

    def _announced(self) -> Iterator[AnnouncedFlight]:
        """The next flight of each crew line, a supply flight, a Progress, a private visit."""
        draw = self.draw("announced")
        for kind in self.crewed:
            vehicle = self.types[kind]
            named = self._crew(self.crews[kind])
            yield AnnouncedFlight(
                vehicle.flight_name.format(n=2),
                "rotation",
                kind,
                _at(self._relief_day(kind), 12),
                float(draw.randint(10, 15)),
                pad=self._rockets()[vehicle.launcher],
                crew=named if draw.random() < 0.6 else named[:2],
            )
        supply = _at(draw.randint(10, 18), 12)
        yield AnnouncedFlight("Supply-1", "cargo", "cargo-capsule", supply, 6.0, docked_days=33.0)
        if self.n < 2:
            return
        progress = _at(draw.randint(30, 60), 12)
        yield AnnouncedFlight("Progress-2", "cargo", "progress", progress, 10.0, craft="Progress-2 hull")
        visit = _at(self._relief_day("capsule") + draw.randint(75, 95), 12)
        if visit < _at(self.n_days - 60):
            guests = tuple(f"Visitor {i + 1}" for i in range(4))
            yield AnnouncedFlight(
                "Visit-1", "visiting", "capsule", visit, 20.0, docked_days=10.0, crew=guests
            )

    # -- people and agreements --------------------------------------------------------------

    def _people(self, partner: str) -> list[Person]:
        """Enough people for the horizon: all seats of the first two years, a fifth of those after."""
        draw = self.draw(f"people {partner}")
        per_day = sum(c.get(partner, 0) / 175 for c in self.crews.values())
        soon = 1.3 * per_day * min(self.n_days, _CAREER_STEP_DAYS)
        later = 0.2 * per_day * max(0.0, self.n_days - _CAREER_STEP_DAYS)
        own = tuple(k for k in self.crewed if self.types[k].provider == partner)
        segment = partner if partner in ("USOS", "RS") and self.n >= 2 else "USOS" if self.n >= 2 else None
        people = []
        for i in range(math.ceil(soon + later) + 4 + sum(c.get(partner, 0) for c in self.crews.values())):
            is_commander = i % 2 == 0
            # Those of the first crews have rested long enough to fly at once.
            rested = 1400 if i < 12 else 60
            landed = _at(-draw.randint(rested, rested + 1200), 6) if draw.random() < 0.5 else None
            people.append(
                Person(
                    f"{partner} {'pilot' if is_commander else 'specialist'} {i + 1}",
                    partner,
                    (Qualification(segment),) if segment else (),
                    commander_of=own if is_commander else (),
                    is_eva=draw.random() < 0.5,
                    is_unnamed=i >= 20,
                    landed_utc=landed,
                    dose_msv=0.0 if landed is None else float(draw.randint(80, 150)),
                )
            )
        return people

    def _agreements(self) -> tuple[Agreement, ...]:
        if self.n < 2:
            return ()
        seats = [IntegratedSeat("capsule", "RS"), IntegratedSeat("soyuz", "USOS")]
        if self.n == 3:
            seats.append(IntegratedSeat("shuttle", "USOS"))
        return (Agreement("integrated-flights", _at(-365), _at(self.n_days + 365), tuple(seats)),)

    def _commodities(self) -> tuple[Commodity, ...]:
        """Supplies for 125 to 150 days, propellant for half a year and a month's reserve."""
        draw = self.draw("stock")
        supplies = round(6 * self.n_nominal * draw.uniform(125, 150))
        food = Commodity("supplies", float(supplies), 6.0, reserve_days=45.0)
        if self.n < 2:
            return (food,)
        return (food, Commodity("propellant", float(round(8 * draw.uniform(200, 260))), 0.0, 8.0, 45.0))


def _capsule(kind: str, i: int) -> str:
    return _CAPSULES[i % 9] + (f" {i // 9 + 1}" if i >= 9 else "") + (" II" if kind == "shuttle" else "")


def _rules(n_providers: int) -> dict[str, RuleSetting]:
    """Every rule there is: hard unless it is a wish or has a price."""
    rules = {}
    for module in REGISTRY:
        rule = module.RULE.id
        soft = RuleSetting("soft" if rule in _SOFT else "hard", values=_VALUES.get(rule, {}))
        rules[rule] = _PRICED.get(rule, soft)
    if n_providers == 1:
        for rule in ("segment_operator", "operator_n1", "integrated_seat", "seat_ledger"):
            rules[rule] = replace(rules[rule], severity="off")
    return rules


def _beta_deg(day: float, node_deg: float) -> float:
    """Angle between the Sun and the orbital plane (Vallado 2013, section 5.1; mean Sun)."""
    j2000_days = _DAY0.days_since(Instant.of(2000, 1, 1, 12)) + day
    sun = math.radians(280.46 + 0.985647 * j2000_days)
    node = math.radians(node_deg + _NODE_DEG_PER_DAY * day)
    i, e = _INCLINATION_RAD, _OBLIQUITY_RAD
    on_normal = (
        math.cos(sun) * math.sin(node) * math.sin(i)
        - math.sin(sun) * math.cos(e) * math.cos(node) * math.sin(i)
        + math.sin(sun) * math.sin(e) * math.cos(i)
    )
    return math.degrees(math.asin(on_normal))
