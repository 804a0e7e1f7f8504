"""Propagation side by side in one run, and published ephemerides hindcast.

    python benches/propagation.py [--states N] [--oem FILE ...]

First the speeds: ours, heyoka's own batch integrator and, where it is installed, satkit, on states like the
station's for a day under 20 x 20 gravity, Sun, Moon and drag; on one thread, in CPU seconds, each with its
error against heyoka's Taylor integrator at 1e-15 on some of the states.  Then what compiling and reloading
take, in processes of their own.  With ephemerides, the table of errors ahead of a fit.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import heyoka as hy
import numpy as np

sys.path.insert(0, str(Path(__file__).parent / "oracles"))
import heyoka_taylor
import station_states

from crossflight.dynamics.compiled import right_hand_side
from crossflight.dynamics.forces import ForceModel
from crossflight.dynamics.hindcast import HindcastCase, ephemeris_hindcast
from crossflight.dynamics.propagation import propagate
from crossflight.dynamics.time_scales import J2000_US, tt_us
from crossflight.formats.oem import read_oem
from crossflight.formats.oem_facts import station_facts
from crossflight.times import Instant

EPOCH = Instant.parse(station_states.EPOCH_UTC)
DAY_US = 86_400_000_000
BALLISTIC = heyoka_taylor.BALLISTIC_M2_KG
N_JUDGED = 16
N_PEER = 32


@contextmanager
def cpu_s() -> Iterator[Callable[[], float]]:
    begin = time.process_time()
    yield lambda: time.process_time() - begin


def say(name: str, n: int, seconds: float, off_m: np.ndarray | None, remark: str = "") -> None:
    error = "-" if off_m is None else f"{off_m.max() * 1000:.1f} mm (n {len(off_m)})"
    print(f"{name:44} {n:5} {seconds / n * 1000:9.2f} {n / seconds:9.1f}   {error:18} {remark}", flush=True)


def distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    k = min(len(a), len(b))
    return np.linalg.norm(a[:k, :3] - b[:k, :3], axis=1)


def speeds(n: int) -> None:
    hy.set_nthreads(1)
    states = station_states.states(n)
    model = ForceModel()
    print(f"{'engine':44} {'n':>5} {'ms each':>9} {'days/s':>9}   worst after a day")
    with cpu_s() as took:
        taylor = heyoka_taylor.integrator(20, 20, has_bodies=True, has_drag=True)
        compile_s = took()
    with cpu_s() as took:
        reference = heyoka_taylor.day_later(taylor, EPOCH, states[:N_JUDGED], BALLISTIC)
        say("heyoka Taylor 1e-15, the reference", N_JUDGED, took(), None, f"compiled in {compile_s:.1f} s")
    right_hand_side(model)
    for step_s in (240.0, 180.0, 120.0):
        with cpu_s() as took:
            after = propagate(
                model, EPOCH.us, states, EPOCH.us + DAY_US, ballistic_m2_kg=BALLISTIC, step_s=step_s
            )[:, 0]
            say(f"crossflight, {step_s:.0f} s steps", n, took(), distances(after, reference))
    with cpu_s() as took:
        one = propagate(model, EPOCH.us, states[0], EPOCH.us + DAY_US, ballistic_m2_kg=BALLISTIC)[:, 0]
        say("crossflight, one state alone", 1, took(), distances(one, reference))
    batch(states[:N_PEER], reference)
    satkit(states[:N_PEER])


def batch(states: np.ndarray, reference: np.ndarray) -> None:
    """Heyoka's batch integrator at 1e-12, as wide as the processor's vectors."""
    width = hy.recommended_simd_size()
    with cpu_s() as took:
        dynamics = hy.model.eo_dynamics(
            max_geo_degree=20,
            max_geo_order=20,
            iau2006_thresh=heyoka_taylor.IAU2006,
            elp2000_thresh=heyoka_taylor.ELP2000,
            vsop2013_thresh=heyoka_taylor.VSOP2013,
            Cb=hy.par[0],
        )
        taylor = hy.taylor_adaptive_batch(dynamics, np.zeros((6, width)), tol=1e-12, compact_mode=True)
        compile_s = took()
    epoch_s = (int(tt_us(EPOCH.us)[0]) - J2000_US) / 1e6
    after = []
    with cpu_s() as took:
        for begin in range(0, len(states), width):
            taylor.set_time(epoch_s)
            taylor.state[:] = states[begin : begin + width].T / 1e3
            taylor.pars[:] = BALLISTIC
            taylor.propagate_until(epoch_s + 86_400.0)
            after.append(taylor.state.T * 1e3)
        seconds = took()
    name = f"heyoka Taylor 1e-12, batch of {width}"
    say(name, len(states), seconds, distances(np.vstack(after), reference), f"compiled in {compile_s:.1f} s")


def satkit(states: np.ndarray) -> None:
    """Satkit's two best integrators; its atmosphere and weather are its own, so no error is given."""
    try:
        import satkit as sk
        from satkit_zonal import data_folder
    except ImportError as e:
        print(f"satkit: not installed ({e.name}); pip install satkit satkit-data astropy-iers-data")
        return
    sk.utils.set_offline(True)
    sk.utils.set_datadir(str(data_folder()))
    epoch = sk.time(2022, 1, 4, 0, 0, 0.0)
    properties = sk.satproperties(cdaoverm=BALLISTIC)
    for name, integrator in (("Gauss-Jackson 8, 60 s", "gauss_jackson8"), ("RKV98 1e-12", "rkv98")):
        settings = sk.propsettings(
            abs_error=1e-9,
            rel_error=1e-12,
            gravity_model=sk.gravmodel.egm2008,
            gravity_degree=20,
            gravity_order=20,
            use_relativistic_correction=False,
            tide_model=sk.tidemodel.none,
            enable_interp=False,
            integrator=getattr(sk.integrator, integrator),
        )
        sk.propagate(states[0], epoch, duration_secs=600.0, propsettings=settings, satproperties=properties)
        with cpu_s() as took:
            for state in states:
                sk.propagate(
                    state, epoch, duration_secs=86_400.0, propsettings=settings, satproperties=properties
                )
            say(f"satkit {sk.__version__} {name}", len(states), took(), None, "another atmosphere")


_PROCESS = """
import time
begin = time.perf_counter()
from crossflight.dynamics.propagation import propagate
from crossflight.dynamics.forces import ForceModel
import heyoka
imported = time.perf_counter()
from crossflight.dynamics.compiled import right_hand_side
right_hand_side(ForceModel({degree}, {degree}))
print(imported - begin, time.perf_counter() - imported)
"""


def compile_times() -> None:
    print(f"\n{'first and second process':44} {'import s':>9} {'ready s':>9} {'file MB':>9}")
    for degree in (20, 36):
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "CROSSFLIGHT_CACHE": str(Path(folder) / "cache")}
            for which in ("first", "second"):
                said = subprocess.run(
                    [sys.executable, "-c", _PROCESS.format(degree=degree)],
                    env=environment,
                    capture_output=True,
                    text=True,
                    check=True,
                ).stdout.split()
                size = sum(f.stat().st_size for f in Path(folder).rglob("forces-*")) / 1e6
                name = f"{degree} x {degree}, Sun, Moon, drag: {which}"
                print(f"{name:44} {float(said[0]):9.2f} {float(said[1]):9.2f} {size:9.1f}", flush=True)


def hindcast_cases(paths: list[Path]) -> list[HindcastCase]:
    cases = []
    for path in paths:
        for arc in read_oem(path.read_bytes(), path.name).arcs:
            facts = station_facts(arc)
            stated = None
            if facts.mass_kg and facts.drag_area_m2 and facts.drag_coefficient:
                stated = facts.drag_area_m2 * facts.drag_coefficient / facts.mass_kg
            burns = tuple(event.ignition_utc for event in facts.events if event.dv_m_s > 0)
            cases.append(HindcastCase(path.stem, arc, burns, stated))
    return cases


def hindcast(paths: list[Path]) -> None:
    begin = time.monotonic()
    rows = ephemeris_hindcast(hindcast_cases(paths))
    print(f"\npublished ephemerides, 6 h of fit, errors in metres rms ({time.monotonic() - begin:.0f} s)")
    print(f"{'left out':8} {'h':>4} {'model':40} {'n':>4} {'along':>9} {'median':>9} {'cross':>7}  by file")
    for row in rows:
        files = ", ".join(f"{name[-7:]} {a:.0f}/{c:.2f} (n {n})" for name, n, a, c in row.by_case)
        out = "events" if row.is_without_events else "burns"
        print(
            f"{out:8} {row.hours_ahead:4.0f} {row.model:40} {row.n_arcs:4} {row.along_rms_m:9.1f} "
            f"{row.along_median_m:9.1f} {row.cross_rms_m:7.2f}  {files}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--states", type=int, default=1000)
    parser.add_argument("--oem", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    speeds(options.states)
    compile_times()
    if options.oem:
        hindcast(options.oem)


if __name__ == "__main__":
    main()
