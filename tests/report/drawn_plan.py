"""A small station with everything the report draws, and the names nobody should have."""

from __future__ import annotations

from dataclasses import dataclass

from crossflight.model import (
    Centre,
    Closure,
    Course,
    Coverage,
    Craft,
    Eva,
    Flight,
    ForbiddenDays,
    Launcher,
    Pad,
    Partner,
    Person,
    Plan,
    Port,
    Provenance,
    Qualification,
    Relocation,
    RuleSetting,
    Scenario,
    SeatMove,
    Segment,
    Site,
    Station,
    TierResult,
    Trained,
    TrainingSlot,
    VehicleType,
    Violation,
    Waiver,
)
from crossflight.rules import REGISTRY, coverage
from crossflight.times import Instant

MARKUP = "<img src=x onerror=alert(1)>"
FORMULA = "=1+1"
RIGHT_TO_LEFT = ("رائد فضاء طويل الاسم " * 15)[:300]
CLOSING = "</script><script>alert(2)</script>\u2028&amp;"


def at(text: str) -> Instant:
    return Instant.parse(text)


@dataclass(frozen=True)
class Drawn:
    scenario: Scenario
    plan: Plan
    violations: tuple[Violation, ...]
    coverage: Coverage


def drawn(*, status: str = "feasible", hostile: bool = False) -> Drawn:
    anna, boris, liu = (
        (MARKUP, FORMULA, RIGHT_TO_LEFT) if hostile else ("Anna Adler", "Boris Brun", "Liu Lang")
    )
    why = CLOSING if hostile else "beta angle"
    east, west = Qualification("East"), Qualification("West")
    people = (
        Person(anna, "AA", (west,), commander_of=("Swift",)),
        Person(boris, "BB", (east,), commander_of=("Heron",)),
        Person(liu, "AA", (west,)),
        Person("Carla Crane", "BB", (east,)),
        Person(
            "Dan Dove", "AA", (west,), trained=(Trained((CLOSING if hostile else "nest",), at("2030-02-10")),)
        ),
        Person("Vera Visitor", "private", is_visitor=True),
    )
    station = Station(
        "Bird Rock",
        (
            Port("fore", "forward", "ring", closures=(Closure(at("2030-05-01"), at("2030-05-20"), why),)),
            Port("top", "zenith", "ring"),
            Port("aft", "aft", "cone", to_utc=at("2030-12-01")),
        ),
        8,
        {"West": 2, "East": 1},
        (Segment("West"), Segment("East")),
        (Eva("EVA 1", at("2030-04-10T08:00"), at("2030-04-10T15:00"), ("top",)),),
    )
    scenario = Scenario(
        name="bird-rock",
        title=CLOSING if hostile else "Bird Rock, 2030",
        known_utc=at("2030-01-01"),
        from_utc=at("2030-01-01"),
        to_utc=at("2031-01-01"),
        station=station,
        partners=(Partner("West", ("AA",)), Partner("East", ("BB",))),
        sites=(Site("Cape", 28.0, -80.0),),
        pads=(Pad("Pad 1", "Cape", 20.0, (Closure(at("2030-08-01"), at("2030-09-01"), "paint"),)),),
        launchers=(Launcher("Big", ("Pad 1",)),),
        vehicle_types=(
            VehicleType(
                "Swift",
                "West",
                "Big",
                "ring",
                n_seats_nominal=3,
                is_reusable=True,
                on_orbit_life_days=150,
                suit="W",
            ),
            VehicleType(
                "Heron",
                "East",
                "Big",
                "ring",
                n_seats_nominal=3,
                n_seats_contingency=1,
                on_orbit_life_days=200,
                suit="E",
            ),
            VehicleType("Mule", "West", "Big", "cone"),
        ),
        rules={m.RULE.id: RuleSetting("soft") for m in REGISTRY},
        craft=(Craft("Wren", "Swift"), Craft("Heron 7", "Heron", unusable_from_utc=at("2030-07-01"))),
        people=people,
        centres=(Centre("Harbour"), Centre(MARKUP if hostile else "Hill")),
        courses=(
            Course(CLOSING if hostile else "nest", "Harbour", 60, 3, current_days=400, refresher_days=20),
            Course("wings", MARKUP if hostile else "Hill", 30, vehicle_types=("Swift",)),
        ),
        forbidden_days=(ForbiddenDays(at("2030-06-10"), at("2030-06-20"), ("launch", "dock"), why),),
        digest="ab" * 32,
    )
    flights = (
        Flight(
            "Swift 1",
            "rotation",
            "Swift",
            "Wren",
            "Pad 1",
            at("2029-11-20T10:00"),
            at("2029-11-21T10:00"),
            "fore",
            (Relocation(at("2030-02-01T10:00"), at("2030-02-01T11:00"), "fore", "top"),),
            at("2030-04-09T10:00"),
            at("2030-04-09T20:00"),
            (anna, boris),
            (anna,),
        ),
        Flight(
            "Heron 7",
            "rotation",
            "Heron",
            "Heron 7",
            "Pad 1",
            at("2030-03-01T10:00"),
            at("2030-03-01T16:00"),
            "fore",
            (),
            at("2030-09-10T10:00"),
            at("2030-09-10T14:00"),
            (liu, "Carla Crane"),
            (liu, "Carla Crane", boris),
        ),
        Flight(
            "Tour 1",
            "visiting",
            "Swift",
            "Wren",
            "Pad 1",
            at("2030-10-01"),
            at("2030-10-02"),
            "top",
            (),
            at("2030-10-12"),
            at("2030-10-13"),
            ("Vera Visitor",),
            ("Vera Visitor",),
        ),
        Flight(
            "Swift 2",
            "rotation",
            "Swift",
            "Wren",
            "Pad 1",
            at("2030-11-20"),
            at("2030-11-21"),
            "fore",
            (),
            None,
            None,
            ("Dan Dove",),
            (),
            ("Carla Crane",),
        ),
        Flight(
            "Mule 3",
            "cargo",
            "Mule",
            "Mule 3",
            "Pad 1",
            at("2030-05-05"),
            at("2030-05-07"),
            "aft",
            (),
            at("2030-07-07"),
            at("2030-07-08"),
        ),
    )
    plan = Plan(
        scenario.name,
        scenario.digest,
        flights,
        (SeatMove(at("2030-03-05"), boris, "Swift 1", "Heron 7", "contingency"),),
        (Waiver("on_orbit_life", at("2030-04-05"), at("2030-04-10"), ("Swift 1",), 4.5, why),),
        training=(
            TrainingSlot("Dan Dove", "wings", at("2030-09-20"), at("2030-10-20"), "Swift 2"),
            TrainingSlot("Carla Crane", "wings", at("2030-10-01"), at("2030-10-31"), "Swift 2"),
            TrainingSlot(
                "Dan Dove", CLOSING if hostile else "nest", at("2030-08-31"), at("2030-09-20"), "Swift 2"
            ),
        ),
        overrides={"station.n_crew_max": "8"},
        provenance=Provenance(
            "0.1.0", 7, status, 0.125, (TierResult("waivers", 4.5, 4.5), TierResult("price", 200.0, 175.0))
        ),
    )
    violations = (
        Violation("docking_spacing", "hard", at("2030-03-01"), at("2030-03-01"), ("Heron 7",), "too near"),
        Violation("on_orbit_life", "waived", at("2030-04-05"), at("2030-04-09"), ("Swift 1",), why),
    )
    return Drawn(scenario, plan, violations, coverage(scenario, plan))
