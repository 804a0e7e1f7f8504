"""A launcher with its craft as a sequence of phases: what burns together, until when, what drops then.

Strap-ons and core burning together are one phase, and the core alone the next; a change of an engine's
level of thrust begins a phase as well.  A phase ends when its propellant is used, which guidance and flight
find in the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

from crossflight.flight.launchers import Launcher, Stage


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of powered flight with one set of engines.

    Attributes
    ----------
    stage
        Name of the stage that burns to the end of it.
    burn_kg
        Propellant it may burn, and what is vented meanwhile.
    coast_s
        Without thrust before it.
    drops_kg, drops_after_s, dropped
        What goes overboard after its end: mass, how long after, and what it is called; empty for nothing.
    kept_kg
        Propellant that stays in the tanks at its end and is no part of `burn_kg`.
    ignites
        Whether engines start with it.
    """

    stage: str
    thrust_vacuum_n: float
    thrust_sea_n: float
    flow_kg_s: float
    burn_kg: float
    coast_s: float = 0.0
    drops_kg: float = 0.0
    drops_after_s: float = 0.0
    dropped: str = ""
    kept_kg: float = 0.0
    acceleration_limit_m_s2: float | None = None
    transonic: tuple[float, float, float] | None = None
    ignites: bool = True

    @property
    def exhaust_m_s(self) -> float:
        """Exhaust speed in vacuum, by all that flows out."""
        return self.thrust_vacuum_n / self.flow_kg_s


def burnable_kg(stage: Stage) -> float:
    """Propellant a stage burns on the way up, if it burns to the end."""
    loaded = stage.propellant_kg - stage.kept_kg
    return loaded if stage.burn_s is None else min(loaded, stage.burn_s * stage.motor.flow_kg_s)


def _flow_kg_s(stage: Stage) -> float:
    """All that leaves a stage at full thrust, what is vented with it."""
    return stage.motor.flow_kg_s * (1 + stage.vented_kg / burnable_kg(stage))


def phases(launcher: Launcher) -> tuple[Phase, ...]:
    """The phases of a launcher's ascent."""
    first, *later = launcher.stages
    found: list[Phase] = []
    used_kg = 0.0
    if launcher.strap_ons is not None:
        beside = launcher.strap_ons
        together_s = burnable_kg(beside) / beside.motor.flow_kg_s
        used_kg = together_s * _flow_kg_s(first)
        found.append(_together(beside, first, together_s))
    found += _phases_of(first, used_kg, is_running=bool(found))
    for stage in later:
        found += _phases_of(stage, 0.0, is_running=False)
    return tuple(found)


def liftoff_mass_kg(launcher: Launcher, craft_kg: float) -> float:
    """Mass at lift-off with a craft of `craft_kg`."""
    stages = (*launcher.stages, *((launcher.strap_ons,) if launcher.strap_ons else ()))
    thrown_kg: float = sum(j.mass_kg for j in launcher.jettisons)
    stages_kg: float = sum(s.dry_kg + s.propellant_kg + s.vented_kg for s in stages)
    return craft_kg + launcher.fixed_kg + thrown_kg + stages_kg


def _together(beside: Stage, first: Stage, together_s: float) -> Phase:
    a, b = beside.motor, first.motor
    flow = _flow_kg_s(beside) + _flow_kg_s(first)
    return Phase(
        beside.name,
        a.thrust_vacuum_n + b.thrust_vacuum_n,
        a.thrust_sea_n + b.thrust_sea_n,
        flow,
        burn_kg=flow * together_s,
        drops_kg=beside.dry_kg + beside.propellant_kg - burnable_kg(beside),
        drops_after_s=beside.drops_after_s,
        dropped=beside.name,
        kept_kg=beside.propellant_kg - burnable_kg(beside),
    )


def _phases_of(stage: Stage, used_kg: float, *, is_running: bool) -> list[Phase]:
    """The phases of one stage that has lost `used_kg` already."""
    motor = stage.motor
    steps = stage.steps or ((0.0, 1.0),)
    left_kg = burnable_kg(stage) + stage.vented_kg - used_kg
    found: list[Phase] = []
    for k, (from_s, level) in enumerate(steps):
        is_last = k == len(steps) - 1
        flow = _flow_kg_s(stage) * level
        burn_kg = left_kg if is_last else min(left_kg, flow * (steps[k + 1][0] - from_s))
        left_kg -= burn_kg
        kept_kg = stage.propellant_kg - burnable_kg(stage)
        found.append(
            Phase(
                stage.name,
                motor.thrust_vacuum_n * level,
                motor.thrust_sea_n * level,
                flow,
                burn_kg,
                coast_s=stage.coast_s if k == 0 else 0.0,
                drops_kg=stage.dry_kg + kept_kg if is_last else 0.0,
                drops_after_s=stage.drops_after_s if is_last else 0.0,
                dropped=stage.name if is_last else "",
                kept_kg=kept_kg,
                acceleration_limit_m_s2=stage.acceleration_limit_m_s2,
                transonic=stage.transonic,
                ignites=k == 0 and not is_running,
            )
        )
    return found
