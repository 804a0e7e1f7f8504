"""The Validation chapter's figures on opportunities and on flying, section by section."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from crossflight.app.validation.section import Section
from crossflight.errors import UsageError

SCHEMA: Final = "crossflight.validate/1"


def _lift_off() -> tuple[Section, ...]:
    from crossflight.app.validation.lift_offs import lift_off_section

    return lift_off_section(), lift_off_section(is_foresight=True)


def _profiles() -> tuple[Section, ...]:
    from crossflight.app.validation.lift_offs import docking_section, profile_section

    return profile_section(), docking_section()


def _ahead() -> tuple[Section, ...]:
    from crossflight.app.validation.ahead import ahead_section

    return ahead_section(), ahead_section(is_crewed_only=False)


def _pairs() -> tuple[Section, ...]:
    from crossflight.app.validation.element_pairs import element_pair_section

    return (element_pair_section(),)


def _landings() -> tuple[Section, ...]:
    from crossflight.app.validation.flown_landings import dragon_section, soyuz_section

    return soyuz_section(), soyuz_section(is_foresight=True), dragon_section()


def _apollo() -> tuple[Section, ...]:
    from crossflight.app.validation.apollo import apollo_section

    return (apollo_section(),)


def _ephemerides() -> tuple[Section, ...]:
    from crossflight.app.validation.ephemerides import ephemeris_section

    return (ephemeris_section(),)


def _engines() -> tuple[Section, ...]:
    from crossflight.app.validation.engines import engine_section, speed_section

    return engine_section(), speed_section()


def _dockings() -> tuple[Section, ...]:
    from crossflight.app.validation.flights_dockings import dockings_section
    from crossflight.app.validation.flights_samples import keep_out_section

    return dockings_section(), keep_out_section()


def _crew_1() -> tuple[Section, ...]:
    from crossflight.app.validation.flights_schedules import crew_1_section, dragon_approach_section

    return crew_1_section(), dragon_approach_section()


def _ms_03() -> tuple[Section, ...]:
    from crossflight.app.validation.flights_ms_03 import ms_03_section

    return (ms_03_section(),)


def _flight_landings() -> tuple[Section, ...]:
    from crossflight.app.validation.flights_landings import flight_landings_section

    return (flight_landings_section(),)


def _ascent() -> tuple[Section, ...]:
    from crossflight.app.validation.flights_ascents import ascent_section, lead_section

    return ascent_section(), lead_section()


def _samples() -> tuple[Section, ...]:
    from crossflight.app.validation.flights_samples import (
        retargeted_section,
        samples_section,
        scale_section,
    )

    return samples_section(), scale_section(), retargeted_section()


def _coasts() -> tuple[Section, ...]:
    from crossflight.app.validation.flights_coasts import coasts_section

    return (coasts_section(),)


def _apollo_flight() -> tuple[Section, ...]:
    from crossflight.app.validation.apollo_flight import apollo_flight_section

    return (apollo_flight_section(),)


def _eras() -> tuple[Section, ...]:
    from crossflight.app.validation.stress_eras import regular_traffic_section, stress_eras_section

    return stress_eras_section(), regular_traffic_section()


def _replays() -> tuple[Section, ...]:
    from crossflight.app.validation.replays import replay_sections

    return replay_sections()


Parts = Mapping[str, Callable[[], tuple[Section, ...]]]
OPPORTUNITIES: Final[Parts] = {
    "lift-off": _lift_off,
    "profiles": _profiles,
    "ahead": _ahead,
    "pairs": _pairs,
    "landings": _landings,
    "apollo": _apollo,
    "engines": _engines,
    "ephemerides": _ephemerides,
}
FLYING: Final[Parts] = {
    "ascent": _ascent,
    "dockings": _dockings,
    "crew-1": _crew_1,
    "ms-03": _ms_03,
    "flight-landings": _flight_landings,
    "samples": _samples,
    "coasts": _coasts,
    "apollo-flight": _apollo_flight,
}
STRESS: Final[Parts] = {"eras": _eras}
REPLAYS: Final[Parts] = {"replays": _replays}
PARTS: Final[Parts] = {**OPPORTUNITIES, **FLYING, **STRESS, **REPLAYS}


def sections(part: str | None, on_part: Callable[[str], None]) -> Iterator[Section]:
    """The sections of one part or of all, one by one as they are computed.

    Raises
    ------
    UsageError
        If there is no such part.
    """
    if part is not None and part not in PARTS:
        raise UsageError(f"there is no part {part!r}", hint=f"parts: {', '.join(PARTS)}")
    for name in PARTS if part is None else (part,):
        on_part(name)
        yield from PARTS[name]()


def markdown(section: Section) -> str:
    """A section as the Validation chapter has it."""
    lines = [f"### {section.title}", "", section.text, "", f"| {' | '.join(section.columns)} |"]
    lines.append("|" + " --- |" * len(section.columns))
    lines += [f"| {' | '.join(row)} |" for row in section.rows]
    return "\n".join(lines) + "\n"


def document(found: list[Section]) -> dict[str, object]:
    """The JSON document ``crossflight.validate/1``."""
    return {
        "schema": SCHEMA,
        "sections": [
            {
                "name": s.name,
                "title": s.title,
                "text": s.text,
                "columns": list(s.columns),
                "rows": [list(row) for row in s.rows],
                "figures": {k: v if math.isfinite(v) else None for k, v in s.figures.items()},
            }
            for s in found
        ],
    }
