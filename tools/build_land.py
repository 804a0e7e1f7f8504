"""Make report/assets/land_110m.json from the TopoJSON of the npm package world-atlas 2.0.2.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/build_land.py package/land-110m.json

Natural Earth 110 m land, public domain.  Rings of [east longitude, latitude] in degrees, two decimals.
"""

from __future__ import annotations

import json
import sys
from itertools import accumulate
from pathlib import Path

OUT = Path(__file__).parent.parent / "src/crossflight/report/assets/land_110m.json"


def main(source: str) -> None:
    """Write the file."""
    topology = json.loads(Path(source).read_text("utf-8"))
    (kx, ky), (x0, y0) = topology["transform"]["scale"], topology["transform"]["translate"]

    def points(number: int) -> list[list[float]]:
        arc = topology["arcs"][number if number >= 0 else ~number]
        xs, ys = accumulate(p[0] for p in arc), accumulate(p[1] for p in arc)
        found = [[round(x * kx + x0, 2), round(y * ky + y0, 2)] for x, y in zip(xs, ys, strict=True)]
        return found if number >= 0 else found[::-1]

    (land,) = topology["objects"]["land"]["geometries"]
    rings = []
    for polygon in land["arcs"]:
        for ring in polygon:
            whole: list[list[float]] = []
            for number in ring:
                whole += points(number)[bool(whole) :]
            rings.append(whole)
    text = ",\n".join(json.dumps(ring, separators=(",", ":")) for ring in rings)
    OUT.write_text(f"[\n{text}\n]\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
