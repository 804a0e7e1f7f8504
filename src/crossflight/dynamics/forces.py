"""The forces on a satellite as expressions: EGM2008, Sun, Moon, and drag in NRLMSISE-00.

What depends on time alone (the Earth's turn, Sun and Moon, space weather) enters as parameters, which
`surroundings` computes once for all states; the expressions hold only what depends on the state.  That
makes them compile in a second and run several times faster than with the series of time inside.

The density is heyoka's thermoNET of NRLMSISE-00 (within 4 % of it, Izzo and others 2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from crossflight.dynamics.bodies import MOON_MU_M3_S2, SUN_MU_M3_S2
from crossflight.dynamics.frames import EARTH_RATE_RAD_S
from crossflight.errors import InputError

if TYPE_CHECKING:
    import heyoka

# Raised with every change of the expressions: compiled code of another version is not used.
VERSION: Final = 1
DEGREE_MAX: Final = 70

# Layout of the parameters.
ROTATION: Final = slice(0, 9)  # GCRF to ITRF, by rows
SUN: Final = slice(9, 12)  # m, GCRF
MOON: Final = slice(12, 15)  # m, GCRF
WEATHER: Final = slice(15, 19)  # F10.7 of the day before, its 81-day mean, Ap, days since 1 January
BALLISTIC: Final = 19  # Cd A / m times the density factor, m2/kg
N_PARAMETERS: Final = 20


@dataclass(frozen=True, slots=True)
class ForceModel:
    """Which forces act; the key of their compiled code.

    Attributes
    ----------
    degree, order
        Of the EGM2008 field; degree 0 is a point mass.
    sun, moon
        As point masses.
    drag
        With NRLMSISE-00 and the table of space weather.
    """

    degree: int = 20
    order: int = 20
    sun: bool = True
    moon: bool = True
    drag: bool = True

    def __post_init__(self) -> None:
        """Refuse a field there is none of.

        Raises
        ------
        InputError
            If degree and order are not 0 <= order <= degree <= 70.
        """
        if not 0 <= self.order <= self.degree <= DEGREE_MAX:
            raise InputError(
                f"a gravity field of degree {self.degree} and order {self.order} is not one: "
                f"0 <= order <= degree <= {DEGREE_MAX}",
                hint="Degree and order 36 serve an orbit at 400 km to metres a day.",
            )

    def text(self) -> str:
        """``20x20+sun+moon+drag``."""
        parts = [f"{self.degree}x{self.order}"]
        parts += [name for name in ("sun", "moon", "drag") if getattr(self, name)]
        return "+".join(parts)


def acceleration(
    model: ForceModel,
) -> tuple[list[heyoka.expression], list[heyoka.expression]]:
    """The variables (x, y, z, vx, vy, vz; m, m/s; GCRF) and the acceleration's expressions (m/s2)."""
    import heyoka as hy

    r = list(hy.make_vars("x", "y", "z"))
    v = list(hy.make_vars("vx", "vy", "vz"))
    rows = [[hy.par[3 * i + j] for j in range(3)] for i in range(3)]
    columns = [list(column) for column in zip(*rows, strict=True)]
    r_itrf = _turned(rows, r)
    total = list(hy.model.egm2008_acc(r_itrf, model.degree, model.order))
    if model.drag:
        drag = _drag(r_itrf, _turned(rows, v))
        total = [a + b for a, b in zip(total, drag, strict=True)]
    total = _turned(columns, total)
    for is_there, place, mu in ((model.sun, SUN, SUN_MU_M3_S2), (model.moon, MOON, MOON_MU_M3_S2)):
        if is_there:
            body = [hy.par[i] for i in range(place.start, place.stop)]
            total = [a + b for a, b in zip(total, _third_body(r, body, mu), strict=True)]
    return [*r, *v], total


def _turned(rows: list[list[heyoka.expression]], u: list[heyoka.expression]) -> list[heyoka.expression]:
    return [row[0] * u[0] + row[1] * u[1] + row[2] * u[2] for row in rows]


def _third_body(
    r: list[heyoka.expression], body: list[heyoka.expression], mu_m3_s2: float
) -> list[heyoka.expression]:
    """Pull of a point mass less its pull on the Earth."""
    import heyoka as hy

    to_body = [b - x for b, x in zip(body, r, strict=True)]
    near = hy.sum([d * d for d in to_body]) ** -1.5
    far = hy.sum([b * b for b in body]) ** -1.5
    return [mu_m3_s2 * (d * near - b * far) for d, b in zip(to_body, body, strict=True)]


def _drag(r_itrf: list[heyoka.expression], v_turned: list[heyoka.expression]) -> list[heyoka.expression]:
    """Drag in an atmosphere that turns with the Earth: -1/2 rho (Cd A / m) |w| w, in the ITRF."""
    import heyoka as hy

    height_m, latitude, longitude = hy.model.cart2geo(r_itrf)
    f107, f107_mean, ap, day = (hy.par[i] for i in range(WEATHER.start, WEATHER.stop))
    density = hy.model.nrlmsise00_tn([height_m / 1000.0, latitude, longitude], f107, f107_mean, ap, day)
    wind = [
        v_turned[0] + EARTH_RATE_RAD_S * r_itrf[1],
        v_turned[1] - EARTH_RATE_RAD_S * r_itrf[0],
        v_turned[2],
    ]
    speed = hy.sqrt(hy.sum([w * w for w in wind]))
    scale = -0.5 * hy.par[BALLISTIC] * density * speed
    return [scale * w for w in wind]
