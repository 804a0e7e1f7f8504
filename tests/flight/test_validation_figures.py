"""The figures the project promises for opportunities, and the constants that come from the record."""

from __future__ import annotations

import numpy as np
import pytest

from crossflight.app.validation.ahead import HORIZONS, ahead_section, foreseen
from crossflight.app.validation.apollo import apollo_section
from crossflight.app.validation.element_pairs import element_pair_section
from crossflight.app.validation.flown_landings import dragon_section, landings, soyuz_section
from crossflight.app.validation.flown_launches import archive, launches, lead_of
from crossflight.app.validation.lift_offs import lift_off_section, profile_section
from crossflight.flight.ascent import ASCENTS
from crossflight.flight.descent import descent_of


@pytest.mark.parametrize("ascent", [a for a in ASCENTS if a.n_flown], ids=lambda a: a.name)
def test_leads_are_those_of_the_record(ascent) -> None:
    lead_s, sigma_s, n = lead_of(launches(), ascent)
    assert ascent.lead_s == pytest.approx(lead_s, abs=0.06)
    assert ascent.lead_sigma_s == pytest.approx(sigma_s, abs=0.06)
    assert ascent.n_flown == n


def test_descents_are_those_of_the_record() -> None:
    soyuz, flown = descent_of("soyuz-ms"), landings("soyuz-ms", 13.0)
    leads = np.degrees([x.lead_rad for x in flown])
    assert np.degrees(soyuz.lead_rad or 0) == pytest.approx(leads.mean(), abs=0.06)
    assert np.degrees(soyuz.lead_sigma_rad) == pytest.approx(leads.std(ddof=1), abs=0.06)
    after = [x.after_plane_s for x in flown]
    assert soyuz.after_plane_s == pytest.approx(np.mean(after), abs=1)
    assert soyuz.after_plane_from_s < min(after) < max(after) < soyuz.after_plane_to_s
    assert soyuz.n_flown == len(flown)
    dragon, splashdowns = descent_of("crew-dragon"), landings("crew-dragon", 60.0)
    after = [x.after_plane_s for x in splashdowns]
    assert dragon.after_plane_s == pytest.approx(np.mean(after), abs=1)
    assert dragon.after_plane_sigma_s == pytest.approx(np.std(after, ddof=1), abs=1)
    assert dragon.n_flown == len(splashdowns)


def test_lift_offs_are_as_near_as_promised_and_nearer_than_a_fixed_lead() -> None:
    figures = lift_off_section().figures
    assert figures["soyuz_all_rms_s"] < 9
    assert figures["soyuz_34-orbit_rms_s"] < 30
    assert figures["falcon_9_with_a_crew_rms_s"] < 16
    for group in ("soyuz_all", "soyuz_34-orbit", "falcon_9_with_a_crew"):
        assert figures[f"{group}_rms_s"] < figures[f"{group}_null_rms_s"] / 3


def test_no_flight_of_two_days_is_called_fast_and_no_fast_one_is_missed() -> None:
    figures = profile_section().figures
    assert figures["slow_called_fast"] == 0
    assert figures["fast_missed"] == 0
    assert figures["right"] == figures["n"] == 15


def test_foresight_is_as_good_as_promised_and_better_than_a_fixed_altitude() -> None:
    figures = ahead_section().figures
    for days, limit_min in ((30, 0.2), (90, 1.0), (180, 2.0), (365, 5.0)):
        assert figures[f"median_{days}_min"] <= limit_min
        assert figures[f"median_{days}_min"] < figures[f"null_{days}_min"] / 2
    assert figures["within_10_180"] >= 0.9


def test_sigmas_are_honest_over_all_horizons() -> None:
    inside = [abs(x.error_min) <= x.sigma_min for days, width in HORIZONS for x in foreseen(days, width)]
    assert 0.60 <= np.mean(inside) <= 0.75
    assert len(inside) > 70


def test_foresight_uses_only_what_was_known() -> None:
    for days, width in HORIZONS:
        assert all(x.age_days >= days - width for x in foreseen(days, width))


def test_landings_are_as_near_as_promised() -> None:
    soyuz = soyuz_section().figures
    assert soyuz["n"] == 4
    assert soyuz["worst_min"] < 3
    assert soyuz["most_a_day"] < 5
    dragon = dragon_section().figures
    assert dragon["n"] == 13
    assert dragon["worst_min"] < 10
    assert dragon["median_min"] < dragon["null_median_min"] / 3


def test_the_sigmas_of_the_station_ahead_are_those_measured_on_pairs() -> None:
    figures = element_pair_section().figures
    for days in (30, 60, 90, 180, 365):
        assert figures[f"node_{days}_claimed"] == pytest.approx(figures[f"node_{days}_measured"], rel=0.15)
    for days in (7, 14, 21, 30):
        assert figures[f"phase_{days}_claimed"] == pytest.approx(figures[f"phase_{days}_measured"], rel=0.25)


def test_apollo_leaves_within_what_its_assumed_lead_allows() -> None:
    figures = apollo_section().figures
    assert abs(figures["error_min"]) < 3 * figures["sigma_min"]
    assert abs(figures["error_min"]) < abs(figures["null_error_min"])


def test_the_archive_is_genuine_and_in_order() -> None:
    epochs = [e.epoch_utc.us for e in archive()]
    assert len(epochs) == 541
    assert epochs == sorted(epochs)
    assert {e.norad_id for e in archive()} == {25544}
