"""The numbers of the U.S. Standard Atmosphere, 1976 (NOAA-S/T 76-1562), as ascents and entries use them."""

from __future__ import annotations

from typing import Final

G0_M_S2: Final = 9.80665
GAS_J_KG_K: Final = 8314.32 / 28.9644
GAMMA: Final = 1.4
SEA_PRESSURE_PA: Final = 101_325.0
# The Earth's radius with which the standard turns heights into geopotential ones.
RADIUS_M: Final = 6_356_766.0
# Geopotential height of a layer's base in m, its temperature in K, and the change of it in K/m.
LAYERS: Final = (
    (0.0, 288.15, -0.0065),
    (11_000.0, 216.65, 0.0),
    (20_000.0, 216.65, 0.001),
    (32_000.0, 228.65, 0.0028),
    (47_000.0, 270.65, 0.0),
    (51_000.0, 270.65, -0.0028),
    (71_000.0, 214.65, -0.002),
)
# Table I from 86 km on: height in m, density in kg/m3, pressure in Pa; farther up, where nobody asks for a
# pressure, heights and densities.
ROWS: Final = (
    (86_000.0, 6.958e-6, 3.7338e-1),
    (90_000.0, 3.416e-6, 1.8359e-1),
    (95_000.0, 1.393e-6, 7.5966e-2),
    (100_000.0, 5.604e-7, 3.2011e-2),
    (105_000.0, 2.325e-7, 1.4477e-2),
    (110_000.0, 9.708e-8, 7.1042e-3),
    (115_000.0, 4.289e-8, 4.0096e-3),
    (120_000.0, 2.222e-8, 2.5382e-3),
    (130_000.0, 8.152e-9, 1.2505e-3),
    (140_000.0, 3.831e-9, 7.2028e-4),
    (150_000.0, 2.076e-9, 4.5422e-4),
    (160_000.0, 1.233e-9, 3.0395e-4),
    (180_000.0, 5.194e-10, 1.5271e-4),
    (200_000.0, 2.541e-10, 8.4736e-5),
)
DENSITIES_ABOVE: Final = (
    (250_000.0, 6.073e-11), (300_000.0, 1.916e-11), (400_000.0, 2.803e-12), (500_000.0, 5.215e-13),
)  # fmt: skip
