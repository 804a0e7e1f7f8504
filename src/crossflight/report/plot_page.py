"""The look of plots: SVG by matplotlib, the same bytes from the same numbers, names shown as they stand."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito 2008: told apart whatever one's colour vision.
BLUE: Final = "#0072B2"
ORANGE: Final = "#D55E00"
GREEN: Final = "#009E73"
PINK: Final = "#CC79A7"
INK: Final = "#222222"
SOFT: Final = "#8a8a8a"
FAINT: Final = "#e4e4e4"
_WIDTH_IN: Final = 9.6
# Under a label, so that lines do not run through it.
_PAPER: Final = {"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.6}
_LOOK: Final[Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.5,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "lines.linewidth": 1.4,
    "svg.hashsalt": "crossflight",
    "svg.fonttype": "path",
    "path.simplify": True,
}


def shown(name: str, most: int = 60) -> str:
    """A name on one line, as long as a plot has room for."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}\N{HORIZONTAL ELLIPSIS}"


class Page:
    """One figure of some panels; made within the look, written as SVG.

    Parameters
    ----------
    title
        What there is to see, as a sentence.
    height_in
        The width is always the same.
    """

    def __init__(
        self, title: str, height_in: float, n_rows: int = 1, n_columns: int = 1, **panels: Any
    ) -> None:
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        self._look = rc_context(_LOOK)
        with self._look:
            self.figure: Figure = Figure(figsize=(_WIDTH_IN, height_in), layout="constrained")
            self.axes: list[Axes] = list(
                self.figure.subplots(n_rows, n_columns, squeeze=False, **panels).ravel()
            )
            self.figure.suptitle(shown(title, 110), x=0.01, ha="left", fontsize=12, fontweight="bold")

    def label(self, axes: Axes, text: str, at: tuple[float, float], colour: str = INK, **how: Any) -> None:
        """A word beside what it names."""
        how = {"fontsize": 8.5, "bbox": _PAPER, "textcoords": "offset points", "xytext": (5, 4), **how}
        axes.annotate(shown(text), at, color=colour, parse_math=False, **how)

    def svg(self) -> bytes:
        """The figure as a file."""
        from matplotlib import rc_context

        out = io.BytesIO()
        with rc_context(_LOOK):
            self.figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "crossflight"})
        return out.getvalue()
