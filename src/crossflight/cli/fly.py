"""``crossflight fly``: from lift-off to contact, and home again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossflight.errors import EXIT_OK, EXIT_VIOLATIONS

if TYPE_CHECKING:
    from crossflight.app.flight_outcome import FlightOutcome
    from crossflight.times import Instant


def command(
    plan: Annotated[
        str | None,
        typer.Argument(metavar="[PLAN", help="A plan.yaml, - for stdin; else say it with options."),
    ] = None,
    flight: Annotated[str | None, typer.Argument(metavar="FLIGHT]", help="A flight of the plan.")] = None,
    vehicle: Annotated[
        str | None, typer.Option(metavar="TYPE", help="soyuz-ms, crew-dragon or apollo-csm.")
    ] = None,
    site: Annotated[
        str | None, typer.Option(metavar="PAD", help="A pad, as baikonur-31, ksc-39a or ksc-39b.")
    ] = None,
    elements: Annotated[
        str | None,
        typer.Option(
            metavar="FILE", help="TLE or OMM of the station, - for stdin; archive: the ISS; soyuz-19."
        ),
    ] = None,
    liftoff: Annotated[
        str | None, typer.Option(metavar="UTC", help="Lift-off; else the first computed one.")
    ] = None,
    port: Annotated[
        str | None,
        typer.Option(
            metavar="PORT",
            help="rassvet, poisk, prichal, zvezda-aft, harmony-forward, harmony-zenith, soyuz-19.",
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(metavar="NAME", help="2-orbit, 18-orbit, ...; else the fastest.")
    ] = None,
    recovery: Annotated[
        str | None, typer.Option(metavar="MODE", help="Falcon 9's first stage: droneship or rtls (usual).")
    ] = None,
    return_zone: Annotated[
        str | None,
        typer.Option("--return", metavar="ZONE", help="Come home to it, a day after docking or later."),
    ] = None,
    samples: Annotated[
        int,
        typer.Option(metavar="N", help="Fly N more from insertion to contact, with errors of everything."),
    ] = 0,
    docking: Annotated[
        str | None, typer.Option(metavar="UTC", help="When to dock; else by the profile's hours.")
    ] = None,
    miss_burn: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A burn that does not happen, as 'burn 2'; may be given again."),
    ] = None,
    abort_at: Annotated[
        float | None, typer.Option(metavar="SECONDS", help="The capsule leaves the launcher then.")
    ] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Of navigation and thrust errors.")] = 0,
    workers: Annotated[
        int, typer.Option(metavar="N", help="Processes for samples; the result does not depend on them.")
    ] = 1,
    error_scale: Annotated[
        float, typer.Option(metavar="X", help="All errors times X, of the flight and of the samples.")
    ] = 1.0,
    replay: Annotated[
        int | None, typer.Option(metavar="K", help="Show sample K of the seed instead of the flight.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write OEM, OPM, CZML, tables and plots.")
    ] = None,
    is_json: Annotated[bool, typer.Option("--json", help="Print the flight as JSON.")] = False,
) -> int:
    """Fly a flight: ascent, rendezvous, approach, contact and return; exit 1 if it does not dock."""
    from dataclasses import replace

    from crossflight.app.flight_asked import Sampling, of_plan
    from crossflight.app.flight_files import files_of
    from crossflight.app.fly import fly
    from crossflight.app.fly_output import document
    from crossflight.app.folder import refuse_unwritable, write_files
    from crossflight.cli.failure import InterruptedByUserError
    from crossflight.cli.progress import CountLine, say_compiling
    from crossflight.cli.terminal import emit_json, say

    if out is not None:
        refuse_unwritable(out)
    asked = replace(
        of_plan(plan, flight, vehicle, site, elements, liftoff, port, profile, recovery),
        docking=docking,
        return_zone=return_zone,
        missed_burns=tuple(miss_burn or ()),
        abort_at_s=abort_at,
    )
    line = CountLine("samples")
    folder = None if out is None or not samples else out / "samples-in-work"
    sampling = Sampling(samples, seed, workers, error_scale, folder, replay, line)
    try:
        outcome = fly(asked, sampling, say_compiling)
    except KeyboardInterrupt:
        is_kept = folder is not None and folder.is_dir()
        kept = f"the same command goes on from what is in {folder}" if is_kept else "nothing was written"
        raise InterruptedByUserError(f"interrupted; {kept}") from None
    finally:
        line.clear()
    # The flight first: a file that cannot be written must not take it away.
    if is_json:
        emit_json(document(outcome))
    else:
        _show(outcome)
    if out is not None:
        for path in write_files(out, files_of(outcome)):
            say(f"wrote {path}")
    return EXIT_OK if outcome.outcome == "docked" else EXIT_VIOLATIONS


def _show(o: FlightOutcome) -> None:
    from crossflight.app.flight_words import clock, second
    from crossflight.cli.terminal import out, table

    liftoff = o.ascent.liftoff_utc
    flown = "" if o.profile_flown in (o.profile, None) else f", flown as {o.profile_flown}"
    out(f"{o.craft.name} from {o.pad.name} to {o.port.name}, {o.profile}{flown}: {o.outcome}")
    spare = f"; {o.ascent.margin_kg:.0f} kg left in the launcher" if o.is_inserted else ""
    out(f"{o.source}, epoch {o.elements.epoch_utc.iso()}; phase {o.opportunity.phase_deg:.1f} deg{spare}")
    if o.planned_utc is not None:
        off_s = liftoff.s_since(o.planned_utc)
        out(
            f"lift-off {abs(off_s):.0f} s {'after' if off_s > 0 else 'before'} the plan's, "
            "as these elements have it"
        )
    rows = [
        (
            second(e.utc),
            clock(e.utc.s_since(liftoff)),
            e.name,
            o.light(e.utc),
            e.note,
        )
        for e in o.events
    ]
    table("Events", ("UTC", "mission time", "event", "light", ""), rows, right=("mission time",))
    burns = [
        (
            second(b.utc),
            b.name,
            o.light(b.utc),
            f"{b.dv_m_s:.2f}",
            f"{b.duration_s:.0f}",
            *(f"{x:+.2f}" for x in b.dv_rtn_m_s),
            b.note,
        )
        for b in o.burns
    ]
    columns = ("UTC", "burn", "light", "m/s", "s", "radial", "along", "cross", "")
    if burns:
        table("Burns", columns, burns, right=columns[3:-1])
    if o.propellant_left_kg is not None:
        to_contact = "" if o.dv_to_contact_m_s is None else f" ({o.dv_to_contact_m_s:.1f} to contact)"
        out(f"delta-v {o.dv_total_m_s:.1f} m/s{to_contact}, {o.propellant_left_kg:.0f} kg of propellant left")
    if o.contact is not None:
        c = o.contact
        within = "within" if c.is_within_limits else "OUTSIDE"
        out(
            f"contact at {c.closing_m_s:.3f} m/s, {c.lateral_m * 100:.1f} cm and {c.angle_deg:.1f} deg off: "
            f"{within} the {c.limits} limits"
        )
        out(_light(o, c.utc))
    t = o.touchdown
    if t is not None:
        miss = f", {o.home.miss_m / 1000:.1f} km from the zone's centre" if o.home is not None else ""
        out(
            f"touchdown {t.latitude_deg:.3f} N {t.longitude_deg:.3f} E{miss}; "
            f"one sigma {t.along_sigma_km:.1f} by {t.across_sigma_km:.1f} km"
        )
        if o.n_uncertain_landings:
            out(f"{o.n_uncertain_landings} landing opportunities before this one are not sure to come")
    if o.samples is not None:
        from crossflight.app.fly_output import samples_document
        from crossflight.flight.samples_worst import worst_samples

        s = samples_document(o.samples)
        n_again = s["docked_at_second_try"]
        again = f", {n_again} of them at a second try" if n_again else ""
        spread = f", 90 % of them from {s['p05_dock_utc']} to {s['p95_dock_utc']}" if s["docked"] else ""
        out(
            f"{s['n']} samples: {s['docked'] or 'none'} docked{again}{spread}; "
            f"delta-v {s['dv_p50_m_s']} m/s, 99 % within {s['dv_p99_m_s']}; "
            f"{s['keep_out_violations']} in the keep-out sphere outside the corridor"
        )
        worst = worst_samples(o.samples, 1)
        out("worst: " + ", ".join(f"--replay {w.sample} ({w.why} {w.value:.4g})" for w in worst))
    for j in o.judgements:
        out(f"{'ok  ' if j.is_ok else 'FAIL'} {j.name}: {j.detail}")


def _light(o: FlightOutcome, contact: Instant) -> str:
    lit = o.sunlit_near(contact)
    if lit is None:
        return f"contact in {o.light(contact)}, as the whole revolution"
    around = " to ".join(at.iso()[11:19] for at in lit)
    return f"contact in {o.light(contact)}; the station is in the Sun from {around}"
