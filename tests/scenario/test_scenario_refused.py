"""Every slip in a scenario is one error that points at it and says the way out."""

import pytest
from input_errors import Refused

from crossflight.errors import InputError, ReferenceInputError, SchemaError
from crossflight.rules import REGISTRY
from crossflight.scenario import TEMPLATE, read_scenario_text
from crossflight.scenario.references import RULES

PORT = "{name: fore, axis: forward, system: ring, segment: core}"
CRAFT = "{name: Alba, vehicle_type: shuttlecraft, n_flights_used: 1, n_flights_allowed: 5}"
SITE = "{name: Cape, latitude_deg: 28.5, longitude_deg: -80.6}"
LIFE = "on_orbit_life_days: 210"

# what to replace, by what, the kind of error, what it says, what stands where it points
SLIPS: dict[str, tuple[str, str, type[InputError], str, str]] = {
    # keys
    "unknown key": ("n_crew_max: 8", "n_crew_mx: 8", SchemaError, "did you mean 'n_crew_max'?", "n_crew_mx"),
    "unknown key at the top": (
        "\nlife_left_days",
        "\nlive_left_days",
        SchemaError,
        "'life_left_days'",
        "live_left",
    ),
    "a derived key": ("schema:", "digest: abc\nschema:", SchemaError, "unknown key 'digest'", "digest"),
    "missing key": (
        "    turnaround_days: 14\n",
        "",
        SchemaError,
        "'turnaround_days' of 'pad-1' is missing",
        "name: pad-1",
    ),
    "missing key at the top": ("known_utc: 2029-12-15 ", "", SchemaError, "'known_utc'", "schema"),
    "another schema": (
        "scenario/1",
        "scenario/2",
        SchemaError,
        "not crossflight.scenario/1",
        "crossflight.scenario/2",
    ),
    "no schema": ("schema: crossflight.scenario/1", "", SchemaError, "begin with `schema:", "name: small"),
    # types
    "text for a number": (LIFE, "on_orbit_life_days: long", SchemaError, "not the text 'long'", "long"),
    "a quoted number": (LIFE, "on_orbit_life_days: '210'", SchemaError, "take away the quotes", "'210'"),
    "true for a number": (LIFE, "on_orbit_life_days: true", SchemaError, "not true", "true"),
    "NO for a number": (LIFE, "on_orbit_life_days: NO", SchemaError, "not the text 'NO'", "NO"),
    "not a number": (LIFE, "on_orbit_life_days: .nan", SchemaError, "finite", ".nan"),
    "infinite": (LIFE, "on_orbit_life_days: 1e999", SchemaError, "finite", "1e999"),
    "negative life": (LIFE, "on_orbit_life_days: -210", SchemaError, "more than 0 d", "-210"),
    "no life": (LIFE, "on_orbit_life_days: 0", SchemaError, "more than 0 d", "0"),
    "a life of ages": (LIFE, "on_orbit_life_days: 1e300", SchemaError, "at most 36525 d", "1e300"),
    "nearly ascent": (LIFE, f"{LIFE}\n    asent: soyuz-2.1a", SchemaError, "did you mean 'ascent'?", "asent"),
    "nearly landing zones": (
        LIFE,
        f"{LIFE}\n    landing_zone: [kazakhstan]",
        SchemaError,
        "did you mean 'landing_zones'?",
        "landing_zone",
    ),
    "a profile without an ascent": (
        LIFE,
        f"{LIFE}\n    profile: 2-orbit",
        SchemaError,
        "'shuttlecraft' has a profile but no ascent | add `ascent:`",
        "2-orbit",
    ),
    "zones without a descent": (
        LIFE,
        f"{LIFE}\n    landing_zones: [kazakhstan]",
        SchemaError,
        "'shuttlecraft' has landing_zones but no descent | add `descent:`",
        "[kazakhstan",
    ),
    "a descent to nowhere": (
        LIFE,
        f"{LIFE}\n    descent: soyuz-ms",
        SchemaError,
        "'shuttlecraft' has a descent but no landing_zones",
        "soyuz-ms",
    ),
    "a zone twice": (
        LIFE,
        f"{LIFE}\n    descent: soyuz-ms\n    landing_zones: [kazakhstan, kazakhstan]",
        SchemaError,
        "'kazakhstan' stands twice",
        "kazakhstan]",
    ),
    "zones as a text": (
        LIFE,
        f"{LIFE}\n    descent: soyuz-ms\n    landing_zones: kazakhstan",
        SchemaError,
        "a list should stand here",
        "kazakhstan",
    ),
    "nearly elements": (
        "n_crew_max: 8",
        "element: {line1: a, line2: b}\n  n_crew_max: 8",
        SchemaError,
        "did you mean 'elements'?",
        "element",
    ),
    "one line of elements": (
        "n_crew_max: 8",
        "elements: {line1: a}\n  n_crew_max: 8",
        SchemaError,
        "key 'line2' is missing",
        "{line1",
    ),
    "nearly line": (
        "n_crew_max: 8",
        "elements: {line1: a, lin2: b}\n  n_crew_max: 8",
        SchemaError,
        "did you mean 'line2'?",
        "lin2",
    ),
    "elements of later": (
        "n_crew_max: 8",
        "elements: {line1: a, line2: b, published: 2031-01-01}\n  n_crew_max: 8",
        SchemaError,
        "after known_utc",
        "2031",
    ),
    "opportunities in a file": (
        "schema:",
        "opportunities: {}\nschema:",
        SchemaError,
        "unknown key 'opportunities'",
        "opportunities",
    ),
    "negative mass": ("supplies: 3000", "supplies: -3", SchemaError, "at least 0", "-3"),
    "negative seats": ("North: 3, South: 1}   #", "North: -3}   #", SchemaError, "at least 0 people", "-3"),
    "half a seat": ("n_seats_nominal: 4", "n_seats_nominal: 4.5", SchemaError, "a whole number", "4.5"),
    "a whole float": ("n_seats_nominal: 4", "n_seats_nominal: 4.0", SchemaError, "write 4", "4.0"),
    "far north": ("latitude_deg: 28.5", "latitude_deg: 128.5", SchemaError, "at most 90 deg", "128.5"),
    "number for a name": ("name: Cape,", "name: 39,", SchemaError, "put it in quotes", "39"),
    "nothing for a name": ("name: Cape,", "name: ,", SchemaError, "not nothing", ","),
    "list for a name": ("name: Cape,", "name: [Cape],", SchemaError, "not a list", "[Cape]"),
    "text for a list": ("ports: [fore, aft] ", "ports: fore ", SchemaError, "write [a, b]", "fore"),
    "text for a mapping": (
        "upmass_kg: {supplies: 3000}",
        "upmass_kg: 3000",
        SchemaError,
        "{name: value}",
        "3000",
    ),
    "text for an item": (f"- {SITE}", "- Cape", SchemaError, "its keys are name, latitude_deg", "Cape"),
    "yes for true": ("is_autonomous: true ", "is_autonomous: yes ", SchemaError, "true or false", "yes"),
    "unknown choice": (
        "kind: rotation  ",
        "kind: rotaton  ",
        SchemaError,
        "did you mean 'rotation'?",
        "rotaton",
    ),
    "unknown severity": (
        "capsule: {severity: hard}",
        "capsule: {severity: 1}",
        SchemaError,
        "hard, waivable",
        "1}",
    ),
    "nothing for a list": (
        "forbidden_days:  ",
        "forbidden_days: ~\nprice:  ",
        SchemaError,
        "[] for none",
        "~",
    ),
    # names
    "empty name": ("name: Cape,", "name: '',", SchemaError, "an empty name", "''"),
    "blank name": ("name: Cape,", "name: ' ',", SchemaError, "an empty name", "' '"),
    "space around a name": ("name: Cape,", "name: 'Cape ',", SchemaError, "space around", "'Cape '"),
    "long name": ("name: Cape,", f"name: {'C' * 201},", SchemaError, "at most 200", "CCC"),
    "escaped bell": ("name: Cape,", 'name: "C\\a",', SchemaError, "U+0007", '"C'),
    "escaped line break": ("name: Cape,", 'name: "C\\nx",', SchemaError, "line break", '"C'),
    "empty key": ("upmass_kg: {supplies: 3000}", "upmass_kg: {'': 1}", SchemaError, "an empty name", "''"),
    "endless source": (SITE, SITE[:-1] + f", source: {'s' * 5001}}}", SchemaError, "at most 5000", "sss"),
    # times
    "no time": ("from_utc: 2030-01-01 ", "from_utc: soon ", SchemaError, "2022-09-21T13:54:50Z", "soon"),
    "no such day": (
        "from_utc: 2030-01-01 ",
        "from_utc: 2030-02-30 ",
        SchemaError,
        "not a UTC time",
        "2030-02-30",
    ),
    "a local time": (
        "2030-03-25T12:00",
        "2030-03-25T12:00+03:00",
        SchemaError,
        "no local times",
        "2030-03-25T12:00+",
    ),
    "another age": ("from_utc: 2030-01-01 ", "from_utc: 1030-01-01 ", SchemaError, "1950 and 2200", "1030"),
    "number for a time": ("from_utc: 2030-01-01 ", "from_utc: 2030 ", SchemaError, "a UTC time", "2030"),
    # names of nothing
    "segment": (
        "system: ring, segment: core}",
        "system: ring, segment: cor}",
        ReferenceInputError,
        "'core'?",
        "cor}",
    ),
    "port of an EVA": (
        "free_ports: [berth]",
        "free_ports: [birth]",
        ReferenceInputError,
        "'berth'?",
        "birth",
    ),
    "port of a type": ("ports: [fore, aft] ", "ports: [fore, aff] ", ReferenceInputError, "'aft'?", "aff"),
    "partner of the crew": ("South: 1}   #", "Suth: 1}   #", ReferenceInputError, "'South'?", "Suth"),
    "partner of a pattern": (
        "- {North: 3, South: 1}",
        "- {Nort: 3}",
        ReferenceInputError,
        "'North'?",
        "Nort",
    ),
    "provider": ("provider: North   ", "provider: West   ", ReferenceInputError, "known here:", "West"),
    "site": ("site: Cape", "site: Cap", ReferenceInputError, "no site 'Cap'", "Cap"),
    "pad of a launcher": ("pads: [pad-1]", "pads: [pad-2]", ReferenceInputError, "'pad-1'?", "pad-2"),
    "launcher": ("launcher: lifter\n", "launcher: liter\n", ReferenceInputError, "'lifter'?", "liter"),
    "commodity": (
        "upmass_kg: {supplies:",
        "upmass_kg: {suplies:",
        ReferenceInputError,
        "'supplies'?",
        "suplies",
    ),
    "type of a craft": (
        CRAFT,
        CRAFT.replace("craft,", "crft,"),
        ReferenceInputError,
        "'shuttlecraft'?",
        "shuttlecrft",
    ),
    "agency": ("Jon Aster, agency: NSA", "Jon Aster, agency: NASA", ReferenceInputError, "'NSA'?", "NASA"),
    "segment of a person": (
        "{segment: core, level",
        "{segment: cor, level",
        ReferenceInputError,
        "'core'?",
        "cor,",
    ),
    "commander of": (
        "of: [shuttlecraft]}",
        "of: [shuttle]}",
        ReferenceInputError,
        "'shuttlecraft'?",
        "shuttle]",
    ),
    "partner of a seat": ("partner: South,", "partner: Soth,", ReferenceInputError, "'South'?", "Soth"),
    "seats of a partner": (
        "partner: South,",
        "partner: South, n_seats_max: 0,",
        SchemaError,
        "at most 0 seats are fewer than at least 1",
        "0, n_seats_min: 1}",
    ),
    "exempt flight": (
        "ledger_bound:",
        "exempt_flights: [Crew-9]\n    ledger_bound:",
        ReferenceInputError,
        "Crew",
        "Crew-9",
    ),
    "docked craft": ("craft: Alba", "craft: Alva", ReferenceInputError, "'Alba'?", "Alva"),
    "docked port": ("port: fore", "port: for", ReferenceInputError, "'fore'?", "for"),
    "docked crew": ("crew_up: [Ana", "crew_up: [Anna", ReferenceInputError, "'Ana Ribeiro'?", "Anna"),
    "announced crew": ("Ivo Hale]", "Ivo Hal]", ReferenceInputError, "'Ivo Hale'?", "Ivo Hal]"),
    "announced craft": ("craft: Brisa", "craft: Brise", ReferenceInputError, "'Brisa'?", "Brise"),
    "forbidden type": (
        "why: holidays",
        "why: x, vehicle_types: [X]",
        ReferenceInputError,
        "no vehicle type 'X'",
        "X]",
    ),
    "rule": (
        "  handover:",
        "  handovr: {severity: off}\n  handover:",
        ReferenceInputError,
        "'handover'?",
        "handovr",
    ),
    "value of a rule": (
        "overlap_days_min: 5",
        "overlap_min: 5",
        ReferenceInputError,
        "'overlap_days_min'?",
        "overlap_min",
    ),
    "value of another": (
        "pad: {severity: hard}",
        "pad: {severity: hard, values: {x: 1}}",
        ReferenceInputError,
        "'x'",
        "x: 1",
    ),
    "flight of a rule": (
        'docking_of: ""',
        "docking_of: Crew-22",
        ReferenceInputError,
        "'Crew-2'?",
        "Crew-22",
    ),
    "term": ("days_moved: 1", "day_moved: 1", ReferenceInputError, "'days_moved'?", "day_moved"),
    # training
    "centre twice": ("name: Hillcrest}", "name: Bayside}", SchemaError, "centre 'Bayside' stands", "Bayside"),
    "course twice": ("name: command,", "name: shuttlecraft,", SchemaError, "stands twice", "shuttlecraft"),
    "centre": ("centre: Bayside", "centre: Baysid", ReferenceInputError, "'Bayside'?", "Baysid"),
    "prerequisite": (
        "prerequisites: [station systems]",
        "prerequisites: [station]",
        ReferenceInputError,
        "no course 'station'",
        "station]",
    ),
    "segment of a course": ("segments: [core]", "segments: [cor]", ReferenceInputError, "'core'?", "cor]"),
    "type of a course": (
        "vehicle_types: [shuttlecraft]}",
        "vehicle_types: [shuttle]}",
        ReferenceInputError,
        "'shuttlecraft'?",
        "shuttle]",
    ),
    "partner of a course": (
        "segments: [core], current",
        "partners: [Nord], current",
        ReferenceInputError,
        "no partner 'Nord'",
        "Nord",
    ),
    "no such course": (
        "courses: [station systems]",
        "courses: [systems]",
        ReferenceInputError,
        "'systems'",
        "systems]",
    ),
    "course twice in a list": (
        "courses: [station systems]",
        "courses: [station systems, station systems]",
        SchemaError,
        "twice in this list",
        "station systems]",
    ),
    "prerequisites in a circle": (
        "duration_days: 30, n_places: 6,",
        "duration_days: 30, n_places: 6, prerequisites: [command],",
        SchemaError,
        "lead back to it",
        "[",
    ),
    "course of no length": ("duration_days: 30", "duration_days: 0", SchemaError, "more than 0 d", "0"),
    "course of a life": ("duration_days: 30", "duration_days: 9999", SchemaError, "at most 3652.5 d", "9999"),
    "no places": ("n_places: 6", "n_places: 0", SchemaError, "a course without places", "0"),
    "long refresher": (
        "refresher_days: 10",
        "refresher_days: 31",
        SchemaError,
        "31 d is more than the course's 30 d",
        "31",
    ),
    "in two courses": (
        "courses: [station systems], finished_utc: 2029-11-30",
        "courses: [station systems, command], finished_utc: 2030-01-30",
        SchemaError,
        "is in two courses when the scenario begins",
        "2030-01-30",
    ),
    "in a course for ever": (
        "finished_utc: 2029-11-30",
        "finished_utc: 2031-11-30",
        SchemaError,
        "is after the horizon",
        "2031-11-30",
    ),
    "in a course while aboard": (
        "{name: Jon Aster, agency: NSA,",
        "{name: Jon Aster, agency: NSA, trained: [{courses: [command], finished_utc: 2030-01-09}],",
        SchemaError,
        "until 2030-01-09, but aboard",
        "2030-01-09",
    ),
    "in a course too long to fly": (
        "{name: Ivo Hale, agency: NSA,",
        "{name: Ivo Hale, agency: NSA, trained: [{courses: [command], finished_utc: 2030-03-09}],",
        SchemaError,
        "until 2030-03-09, too late for 'Crew-2'",
        "2030-03-09",
    ),
    # rules
    "no rule": (
        "  capsule: {severity: hard}\n",
        "",
        SchemaError,
        "rule 'capsule' is missing",
        "flight_times",
    ),
    "text for a value": (
        "days_min: 300",
        "days_min: many",
        SchemaError,
        "a number should stand here",
        "many",
    ),
    "number for a flight": ('docking_of: ""', "docking_of: 3", SchemaError, "name of a flight", "3"),
    # twice
    "port twice": ("name: aft,", "name: fore,", SchemaError, "port 'fore' stands twice", "fore"),
    "craft twice": ("name: Brisa, v", "name: Alba, v", SchemaError, "the first is on line", "Alba"),
    "person twice": ("name: Jon Aster", "name: Ana Ribeiro", SchemaError, "stands twice", "Ana Ribeiro"),
    "agency twice": ("[SSA]", "[SSA, NSA]", SchemaError, "under 'North' already", "NSA"),
    "docked and announced": ("- name: Crew-2", "- name: Crew-1", SchemaError, "is docked already", "Crew-1"),
    "crew twice": (
        "[Ruth Okafor, Ivo Hale]",
        "[Ruth Okafor, Ruth Okafor]",
        SchemaError,
        "twice in this list",
        "Ruth",
    ),
    # dates
    "no horizon": (
        "to_utc: 2031-01-01\n",
        "to_utc: 2030-01-01\n",
        SchemaError,
        "is not after from_utc",
        "2030-01-01",
    ),
    "outage backwards": ("to_utc: 2030-09-20", "to_utc: 2030-08-20", SchemaError, "[from, to)", "2030-08-20"),
    "announced too early": (
        "2030-03-25T12:00",
        "2029-03-25T12:00",
        SchemaError,
        "outside the horizon",
        "2029-03-25",
    ),
    "announced too late": (
        "2030-03-25T12:00",
        "2031-03-25T12:00",
        SchemaError,
        "outside the horizon",
        "2031-03-25",
    ),
    "docked too late": (
        "2029-10-02T12:00",
        "2030-10-02T12:00",
        SchemaError,
        "after the scenario begins",
        "2030-10-02",
    ),
    "docked before launch": (
        "2029-10-02T12:00",
        "2029-09-02T12:00",
        SchemaError,
        "before its launch",
        "2029-09-02",
    ),
    "published too late": (
        SITE,
        SITE[:-1] + ", published: 2030-02-01}",
        SchemaError,
        "sites.Cape was published",
        "2030-02-01",
    ),
    "value published too late": (
        LIFE,
        "on_orbit_life_days: {value: 210, published: 2029-12-16}",
        SchemaError,
        "on_orbit_life_days was published on 2029-12-16, after known_utc 2029-12-15",
        "2029-12-16",
    ),
    # seats and ports
    "crowded pattern": (
        "- {North: 3, South: 1}",
        "- {North: 4, South: 1}",
        SchemaError,
        "a crew of 5",
        "{North: 4",
    ),
    "empty pattern": ("- {North: 3, South: 1}", "- {North: 0}", SchemaError, "a crew of nobody", "{North: 0"),
    "crowded flight": (
        "n_seats_nominal: 4",
        "n_seats_nominal: 1",
        SchemaError,
        "the 1 seats of",
        "{North: 3",
    ),
    "crowded announced": (
        "crew: [Ruth Okafor, Ivo Hale]",
        "crew: [Ruth Okafor, Ivo Hale, Jon Aster, Mia Lund, Tomas Vega]",
        SchemaError,
        "5 people do not fit the 4 seats",
        "[Ruth",
    ),
    "another system": (PORT, PORT.replace("ring", "hook"), SchemaError, "port 'fore' has 'hook'", "fore"),
    "no such system": (
        "system: clamp\n",
        "system: hook\n",
        SchemaError,
        "no port has the system 'hook'",
        "hook",
    ),
    "another type": ("craft: Brisa", "craft: Freighter 1", SchemaError, "is a 'freighter'", "Freighter 1"),
    "stays backwards": (
        "docked_days_max: 90",
        "docked_days_max: 9",
        SchemaError,
        "below docked_days_min",
        "9",
    ),
}


@pytest.mark.parametrize(("old", "new", "kind", "says", "at"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_refused_where_it_stands(
    refused: Refused, old: str, new: str, kind: type[InputError], says: str, at: str
) -> None:
    assert old in TEMPLATE
    text = TEMPLATE.replace(old, new, 1)
    error = refused(kind, says, read_scenario_text, text, "slip.yaml")
    assert error.file == "slip.yaml"
    line = text.splitlines()[error.line - 1]
    assert error.excerpt == line[:200]
    assert line[error.column - 1 :].startswith(at), f"{error.message} points at {line[error.column - 1 :]!r}"


def test_every_rule_must_be_named(refused: Refused) -> None:
    assert set(RULES) == {module.RULE.id for module in REGISTRY}
    for rule in RULES:
        kept = [line for line in TEMPLATE.splitlines() if not line.startswith(f"  {rule}: {{severity")]
        assert len(kept) == len(TEMPLATE.splitlines()) - 1
        refused(SchemaError, f"rule {rule!r} is missing", read_scenario_text, "\n".join(kept))


@pytest.mark.parametrize(
    "name", ["<img src=x onerror=alert(1)>", "=1+1", "{{7*7}}", "NO", "12:30:45", "Ω 字 😀", "a.b"]
)
def test_hostile_but_printable_names_are_names(name: str) -> None:
    text = TEMPLATE.replace("Ana Ribeiro", f"'{name}'")
    scenario = read_scenario_text(text)
    assert scenario.people[0].name == name
    assert scenario.docked[0].flight.crew_up[0] == name
