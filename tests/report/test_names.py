"""Names as people say them."""

import pytest

from crossflight.report.names import flight_name, pad_name, spoken


@pytest.mark.parametrize(
    ("vehicle", "flight", "said"),
    [
        ("soyuz-ms", "MS-22", "Soyuz MS-22"),
        ("soyuz-ms", "", "Soyuz MS"),
        ("crew-dragon", "Crew-5", "Crew-5 (Crew Dragon)"),
        ("Heron", "Heron 7", "Heron 7"),
        ("apollo-csm", "ASTP", "ASTP (Apollo CSM)"),
    ],
)
def test_a_flight_is_called_with_its_craft(vehicle: str, flight: str, said: str) -> None:
    assert flight_name(vehicle, flight) == said


@pytest.mark.parametrize(
    ("pad", "said"),
    [
        ("baikonur-31", "Baikonur, pad 31"),
        ("ksc-39a", "KSC, pad 39A"),
        ("wallops-0a", "Wallops, pad 0A"),
        ("Pad 1", "Pad 1"),
        ("<img src=x>-1", "<img src=x>-1"),
        ("kourou", "Kourou"),
    ],
)
def test_a_pad_is_called_with_its_site(pad: str, said: str) -> None:
    assert pad_name(pad) == said


def test_what_somebody_has_written_stays() -> None:
    assert spoken("Bird Rock") == "Bird Rock"
    assert spoken("htv-x") == "HTV-X"
