"""Apollo to Soyuz 19, 15 July 1975: a target that is no station, a launcher nothing was fitted to."""

from __future__ import annotations

from crossflight.app.validation.lift_offs import NULL_LEAD_S
from crossflight.app.validation.section import Section
from crossflight.app.windows import windows
from crossflight.times import Instant

# SP-4012, volume 3, table 2-54.
REAL_UTC = Instant.of(1975, 7, 15, 19, 50, 1)


def apollo_section() -> Section:
    """The opportunity of that day against the real lift-off."""
    found = windows("soyuz-19", "ksc-39b", "apollo-csm", None, None, None, 1.0).opportunities
    best = min(found, key=lambda o: abs(o.liftoff_utc.s_since(REAL_UTC)))
    error = best.liftoff_utc.s_since(REAL_UTC) / 60
    null = best.inplane_utc.plus_s(-NULL_LEAD_S).s_since(REAL_UTC) / 60
    return Section(
        "apollo",
        "Apollo to Soyuz 19, 15 July 1975",
        "Soyuz 19's plane follows from its own lift-off at 12:20:00 UTC by the law of today's Soyuz, "
        "Saturn IB's lead is assumed to lie between those of the launchers that leave Florida today, with "
        "a sigma of a minute. n = 1.",
        ("real lift-off", "predicted", "sigma min", "error min", "null error min"),
        (
            (
                REAL_UTC.iso()[11:19],
                best.liftoff_utc.plus_s(0.5).iso()[11:19],
                f"{best.sigma_s / 60:.1f}",
                f"{error:+.1f}",
                f"{null:+.1f}",
            ),
        ),
        {"error_min": error, "null_error_min": null, "sigma_min": best.sigma_s / 60},
    )
