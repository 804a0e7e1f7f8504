"""Make report/assets/earth-day.webp and earth-night.webp from pictures in the npm package three-globe 2.45.2.

    npm pack three-globe@2.45.2 && tar xzf three-globe-2.45.2.tgz
    python tools/build_earth.py package/example/img

Day: NASA's Blue Marble Next Generation with topography and bathymetry; night: NASA's city lights (2012).
NASA's pictures are in the public domain.  Of the night only the lights are kept: what is redder than blue.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path(__file__).parent.parent / "src/crossflight/report/assets"
SIZE = (2048, 1024)


def main(source: str) -> None:
    """Write both files."""
    place = Path(source)
    day = Image.open(place / "earth-blue-marble.jpg").convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
    day.save(OUT / "earth-day.webp", quality=65, method=6)
    night = np.asarray(Image.open(place / "earth-night.jpg").convert("RGB"), dtype=np.float64)
    lights = np.clip((night[..., 0] - 0.75 * night[..., 2] - 12.0) * 2.2, 0, 255).astype(np.uint8)
    Image.fromarray(lights).resize(SIZE, Image.Resampling.LANCZOS).save(
        OUT / "earth-night.webp", quality=55, method=6
    )


if __name__ == "__main__":
    main(sys.argv[1])
