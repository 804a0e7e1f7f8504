"""An ISS-like station with a legal plan of any length, built from the model, and a small one."""

from __future__ import annotations

from dataclasses import replace

from crossflight.model import (
    Agreement,
    AnnouncedFlight,
    Closure,
    Commodity,
    Craft,
    DockedFlight,
    Eva,
    Flight,
    IntegratedSeat,
    Launcher,
    Pad,
    Partner,
    Person,
    Plan,
    Port,
    Qualification,
    Relocation,
    RuleSetting,
    Scenario,
    SeatMove,
    Segment,
    Site,
    Station,
    VehicleType,
)
from crossflight.rules import REGISTRY
from crossflight.times import Instant

T0 = Instant.of(2030, 1, 1)

VALUES: dict[str, dict[str, float | str]] = {
    "operator_n1": {"binds_from_docking_of": ""},
    "seat_n1": {"n_without_nominal_max": 4},
    "handover": {"overlap_days_min": 5},
    "port_occupancy": {"gap_hours_min": 12},
    "docking_spacing": {"days_min": 2},
    "eva_day": {"clear_hours": 12},
    "ground_time": {"days_min": 540},
    "career_dose": {"msv_per_day": 0.5, "msv_max": 600},
}


def day(n: float) -> Instant:
    return T0.plus_days(n)


def rule_settings(**severities: str) -> dict[str, RuleSetting]:
    ids = [module.RULE.id for module in REGISTRY]
    return {i: RuleSetting(severities.get(i, "hard"), 1.0, VALUES.get(i, {})) for i in ids}


SOYUZ = VehicleType(
    "Soyuz",
    "RS",
    "Soyuz-2",
    "probe-drogue",
    n_seats_nominal=3,
    suit="Sokol",
    on_orbit_life_days=200,
    life_waiver_days=45,
    ascent_hours=6,
    price=80,
)
DRAGON = VehicleType(
    "Dragon",
    "USOS",
    "Falcon 9",
    "idss",
    n_seats_nominal=4,
    n_seats_contingency=2,
    suit="SpaceX",
    is_autonomous=True,
    is_reusable=True,
    turnaround_days=120,
    on_orbit_life_days=210,
    life_waiver_days=30,
    price=220,
)
PROGRESS = VehicleType(
    "Progress",
    "RS",
    "Soyuz-2",
    "probe-drogue",
    is_autonomous=True,
    price=60,
    upmass_kg={"water": 1500.0},
    ascent_hours=6,
)
CYGNUS = VehicleType(
    "Cygnus", "USOS", "Falcon 9", "cbm", is_autonomous=True, price=100, upmass_kg={"water": 1800.0}
)

STATION = Station(
    "Example station",
    ports=(
        Port(
            "Rassvet",
            "nadir",
            "probe-drogue",
            "RS",
            closures=(Closure(day(300), day(310), "camera work"),),
        ),
        Port("Poisk", "zenith", "probe-drogue", "RS"),
        Port("Prichal", "nadir", "probe-drogue", "RS"),
        Port("Zvezda aft", "aft", "probe-drogue", "RS"),
        Port("Forward", "forward", "idss", "USOS"),
        Port("Zenith", "zenith", "idss", "USOS"),
        Port("Unity nadir", "nadir", "cbm", "USOS", is_berthing=True),
        Port("Pirs", "nadir", "probe-drogue", "RS", to_utc=day(-500)),
    ),
    n_crew_max=12,
    n_crew_nominal={"RS": 3, "USOS": 4},
    segments=(Segment("USOS"), Segment("RS")),
    evas=(Eva("EVA 1", day(115.3), day(115.6), ("Rassvet",)),),
)


class _Builder:
    """Collects people, craft and flights while the traffic is laid out."""

    def __init__(self) -> None:
        self.people: list[Person] = []
        self.craft: dict[str, Craft] = {}

    def crew(self, partner: str, n: int, commands: str) -> tuple[str, ...]:
        """New people of a partner; the first commands the vehicle type."""
        names = []
        for i in range(n):
            name = f"{partner} {len(self.people) + 1}"
            agency = {"RS": "Roscosmos", "USOS": ("NASA", "JAXA", "ESA")[i % 3]}[partner]
            self.people.append(
                Person(
                    name, agency, (Qualification(partner),), (commands,) if i == 0 else (), is_unnamed=True
                )
            )
            names.append(name)
        return tuple(names)

    def visitors(self, n: int, commands: str) -> tuple[str, ...]:
        names = []
        for i in range(n):
            name = f"Visitor {len(self.people) + 1}"
            self.people.append(
                Person(name, "Axiom Space", commander_of=(commands,) if i == 0 else (), is_visitor=True)
            )
            names.append(name)
        return tuple(names)

    def soyuz_crew(self) -> tuple[str, ...]:
        return self.crew("RS", 2, "Soyuz") + self.crew("USOS", 1, "")

    def dragon_crew(self) -> tuple[str, ...]:
        return self.crew("USOS", 3, "Dragon") + self.crew("RS", 1, "")


def _finish(flights: list[Flight], moves: list[SeatMove]) -> list[Flight]:
    """Crews down as the seat moves make them."""
    seats = {p: f.name for f in flights for p in f.crew_up}
    for move in sorted(moves, key=lambda m: m.utc):
        seats[move.person] = move.to_flight
    return [replace(f, crew_down=tuple(p for p, name in seats.items() if name == f.name)) for f in flights]


def iss_like(n_half_years: int = 4) -> tuple[Scenario, Plan]:
    """Two partners, two crewed types, each relieved every 180 days, cargo and one visit a year.

    The plan is legal with every rule hard.
    """
    b = _Builder()
    horizon = 180 * n_half_years
    crewed: list[Flight] = []
    for k in range(-1, n_half_years):
        launch = 60.0 + 180 * k
        is_last = k == n_half_years - 1
        name = f"Soyuz {k + 2}"
        b.craft[name] = Craft(name, "Soyuz")
        port = "Rassvet" if k % 2 == 0 else "Prichal"
        move = ()
        if k == 0:
            move = (Relocation(day(106.1), day(106.2), "Rassvet", "Poisk"),)
        away = None if is_last else launch + 180.25 + 7
        crewed.append(
            Flight(
                name,
                "rotation",
                "Soyuz",
                name,
                "Site 31",
                day(launch),
                day(launch + 0.25),
                port,
                move,
                None if away is None else day(away),
                None if away is None else day(away + 0.15),
                b.soyuz_crew(),
            )
        )
        launch = 150.0 + 180 * k
        name = f"Crew-{k + 2}"
        capsule = ("Endurance", "Freedom", "Grace")[k % 3]
        b.craft[capsule] = Craft(capsule, "Dragon", n_flights_used=1, n_flights_allowed=15)
        away = None if is_last else launch + 181 + 6
        crewed.append(
            Flight(
                name,
                "rotation",
                "Dragon",
                capsule,
                "LC-39A",
                day(launch),
                day(launch + 1),
                "Zenith" if k % 2 == 0 else "Forward",
                (),
                None if away is None else day(away),
                None if away is None else day(away + 0.7),
                b.dragon_crew(),
            )
        )
    others: list[Flight] = []
    for i, launch in enumerate(range(20, horizon - 100, 90)):
        name = f"Progress {i + 1}"
        b.craft[name] = Craft(name, "Progress")
        others.append(
            Flight(
                name,
                "cargo",
                "Progress",
                name,
                "Site 31",
                day(launch),
                day(launch + 0.25),
                "Zvezda aft",
                (),
                day(launch + 85),
                day(launch + 85.2),
            )
        )
    for i, launch in enumerate(range(40, horizon - 130, 180)):
        name = f"Cygnus {i + 1}"
        b.craft[name] = Craft(name, "Cygnus")
        others.append(
            Flight(
                name,
                "cargo",
                "Cygnus",
                name,
                "SLC-40",
                day(launch),
                day(launch + 2),
                "Unity nadir",
                (),
                day(launch + 90),
            )
        )
    b.craft["Resilience"] = Craft("Resilience", "Dragon", n_flights_used=2, n_flights_allowed=15)
    for i, launch in enumerate(range(100, horizon - 60, 360)):
        others.append(
            Flight(
                f"Visit {i + 1}",
                "visiting",
                "Dragon",
                "Resilience",
                "LC-39A",
                day(launch),
                day(launch + 1),
                "Zenith",
                (),
                day(launch + 11),
                day(launch + 11.7),
                b.visitors(4, "Dragon"),
            )
        )
    moves = [
        # Before the plan begins: a NASA pair swaps seats.
        SeatMove(day(-10), crewed[0].crew_up[2], "Soyuz 1", "Crew-1"),
        SeatMove(day(-10), crewed[1].crew_up[1], "Crew-1", "Soyuz 1"),
    ]
    if n_half_years >= 3:
        # A long stay: the newcomer on Soyuz 4 goes home in Soyuz 3 instead of its own.
        moves += [
            SeatMove(day(423), crewed[4].crew_up[2], "Soyuz 3", "Soyuz 4"),
            SeatMove(day(423), crewed[6].crew_up[2], "Soyuz 4", "Soyuz 3"),
        ]
    flights = sorted(_finish(crewed + others, moves), key=lambda f: f.launch_utc)
    by_name = {f.name: f for f in flights}
    docked = tuple(
        DockedFlight(
            replace(by_name[name], undock_utc=None, landing_utc=None), by_name[name].undock_utc, 10.0
        )
        for name in ("Soyuz 1", "Crew-1")
    )
    announced = tuple(
        AnnouncedFlight(
            name,
            by_name[name].kind,  # type: ignore[arg-type] - none of them is uncrewed
            by_name[name].vehicle_type,
            by_name[name].launch_utc,
            10.0,
            crew=by_name[name].crew_up[:1],
            docked_days=10.0 if name == "Visit 1" else None,
        )
        for name in ("Soyuz 2", "Crew-2", "Visit 1")
    )
    scenario = Scenario(
        name="iss-like",
        title="Example",
        known_utc=T0,
        from_utc=T0,
        to_utc=day(horizon),
        station=STATION,
        partners=(Partner("RS", ("Roscosmos",)), Partner("USOS", ("NASA", "ESA", "JAXA"))),
        sites=(Site("Baikonur", 45.9, 63.3), Site("KSC", 28.6, -80.6)),
        pads=(Pad("Site 31", "Baikonur", 10), Pad("LC-39A", "KSC", 10), Pad("SLC-40", "KSC", 10)),
        launchers=(Launcher("Soyuz-2", ("Site 31",)), Launcher("Falcon 9", ("LC-39A", "SLC-40"))),
        vehicle_types=(SOYUZ, DRAGON, PROGRESS, CYGNUS),
        rules=rule_settings(),
        craft=tuple(b.craft.values()),
        people=tuple(b.people),
        agreements=(
            Agreement(
                "Integrated flights",
                day(-400),
                day(horizon + 400),
                (IntegratedSeat("Soyuz", "USOS"), IntegratedSeat("Dragon", "RS")),
            ),
        ),
        commodities=(Commodity("water", 3000.0, 2.0, 1.0, 45),),
        docked=docked,
        seat_moves=tuple(moves[:2]),
        announced=announced,
        life_left_days=30,
        digest="example",
    )
    return scenario, Plan("iss-like", "example", tuple(flights), tuple(moves))


def commercial() -> tuple[Scenario, Plan]:
    """One provider, two ports, no segments, no agreement."""
    b = _Builder()
    crews = [b.crew("USOS", 3, "Ferry") for _ in range(4)]
    people = tuple(replace(p, qualifications=()) for p in b.people)
    ferry = VehicleType(
        "Ferry", "USOS", "Rocket", "idss", n_seats_nominal=4, suit="Own", on_orbit_life_days=120, price=50
    )
    flights = []
    for k in range(4):
        launch, away = -30.0 + 90 * k, -30.0 + 90 * k + 97
        flights.append(
            Flight(
                f"Ferry {k + 1}",
                "rotation",
                "Ferry",
                f"Hull {k + 1}",
                "Pad 1",
                day(launch),
                day(launch + 1),
                ("Node A", "Node B")[k % 2],
                (),
                None if k == 3 else day(away),
                None if k == 3 else day(away + 0.5),
                crews[k],
                crews[k],
            )
        )
    first = replace(flights[0], undock_utc=None, landing_utc=None)
    scenario = Scenario(
        name="commercial",
        title="Commercial station",
        known_utc=T0,
        from_utc=T0,
        to_utc=day(300),
        station=Station(
            "Outpost", (Port("Node A", "forward", "idss"), Port("Node B", "aft", "idss")), 8, {"USOS": 3}
        ),
        partners=(Partner("USOS", ("NASA", "ESA", "JAXA")),),
        sites=(Site("Cape", 28.5, -80.5),),
        pads=(Pad("Pad 1", "Cape", 20),),
        launchers=(Launcher("Rocket", ("Pad 1",)),),
        vehicle_types=(ferry,),
        rules=rule_settings(),
        craft=tuple(Craft(f"Hull {k + 1}", "Ferry") for k in range(4)),
        people=people,
        docked=(DockedFlight(first),),
        digest="example",
    )
    return scenario, Plan("commercial", "example", tuple(flights))
