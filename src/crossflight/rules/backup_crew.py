"""A rotation flight has a backup crew, on the ground and able to take every seat.

For each rotation flight launched in the plan whose vehicle type has backup crews
(`has_backup_crew`): of each partner as many people in `backup` as go up, one of them commander of
the vehicle type, each level operator or specialist in some segment at the launch (if the station
has segments), none in the crew and none in flight at the launch.  What they have learnt is for
rule training.

Values: none (vehicle types say which have backup crews).

Source: prime and backup crews of every Soyuz are named by Roscosmos; for other craft an input.
"""

from __future__ import annotations

from collections.abc import Iterator

from crossflight.model import Flight, Violation
from crossflight.rules.rule import Rule
from crossflight.rules.walk import Walk

RULE = Rule(
    id="backup_crew",
    title="backup crew",
    statement="A backup crew on the ground can take every seat of a rotation flight.",
    source="Roscosmos names a prime and a backup crew for each Soyuz; for other craft an input",
)


def check(walk: Walk) -> Iterator[Violation]:
    """Missing, impossible and unqualified backup crews."""
    for f in walk.by_launch:
        us = f.launch_utc.us
        if not walk.in_horizon(us):
            continue
        for subjects, message in _problems(walk, f):
            yield walk.violation(RULE.id, us, us, (*subjects, f.name), f"{f.name}: {message}")


def _problems(walk: Walk, f: Flight) -> Iterator[tuple[tuple[str, ...], str]]:
    us = f.launch_utc.us
    for name in dict.fromkeys(f.backup):
        if name not in walk.people:
            yield (name,), f"{name} in the backup crew is not among the people"
        if f.backup.count(name) > 1:
            yield (name,), f"{name} stands {f.backup.count(name)} times in the backup crew"
        if name in f.crew_up:
            yield (name,), f"{name} is in the crew and in its backup"
        elif any(s.launch_us <= us < _end(walk, s.landing_us) for s in walk.stays if s.person == name):
            yield (name,), f"{name} in the backup crew is in flight at the launch"
    kind = walk.types.get(f.vehicle_type)
    if f.kind != "rotation" or kind is None or not kind.has_backup_crew or not f.crew_up:
        return
    backup = [walk.people[n] for n in dict.fromkeys(f.backup) if n in walk.people and n not in f.crew_up]
    for partner in walk.scenario.partners:
        n_up = sum(walk.partner_of(p) == partner.name for p in dict.fromkeys(f.crew_up))
        n = sum(walk.partner_of(p.name) == partner.name for p in backup)
        if n < n_up:
            yield (partner.name,), f"{n} of {partner.name} in the backup crew, {n_up} in the crew"
    if not any(f.vehicle_type in p.commander_of for p in backup):
        yield (), f"nobody in the backup crew is commander of {f.vehicle_type}"
    if walk.scenario.station.segments:
        for p in backup:
            if not any(q.is_operator and q.is_current(f.launch_utc) for q in p.qualifications):
                yield (p.name,), f"{p.name} in the backup crew is operator of no segment at the launch"


def _end(walk: Walk, landing_us: int | None) -> int:
    return walk.end_us if landing_us is None else landing_us
