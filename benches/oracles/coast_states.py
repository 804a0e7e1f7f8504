"""Where the coasting arcs of MS-22 and Crew-5 begin: after insertion and after each burn, as flown.

python benches/oracles/coast_states.py
"""

from __future__ import annotations

import json
import sys

from crossflight.app.validation.flights_reflown import reflown


def main() -> None:
    """Print names, instants (microseconds of UTC since 1970) and states in the GCRF."""
    names, epochs_us, states = [], [], []
    for flight in ("MS-22", "Crew-5"):
        far = reflown(flight).rendezvous.result
        # The last state is the arrival, where the approach begins.
        for before, state in zip(("insertion", *(b.name for b in far.burns)), far.states, strict=False):
            names.append(f"{flight}, after {before}")
            epochs_us.append(state.utc.us)
            states.append([*state.r_gcrf_m.tolist(), *state.v_gcrf_m_s.tolist()])
    json.dump({"names": names, "epochs_utc_us": epochs_us, "states_m_m_s": states}, sys.stdout)


if __name__ == "__main__":
    main()
