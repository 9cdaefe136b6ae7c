"""Charts as SVG text that needs nothing from anywhere: style, colours, and from figure to text."""

import io
from collections.abc import Sequence
from typing import Any

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot as plt
from matplotlib.figure import Figure

# Colours that people with any kind of colour vision tell apart (Okabe and Ito).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "partner-scoring",  # the same figures give the same file
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def svg_of(figure: Figure) -> str:
    """A figure as SVG text, closed afterwards."""
    written = io.StringIO()
    figure.savefig(written, format="svg", bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)
    text = written.getvalue()
    return text[text.index("<svg") :]


def line_in_band(
    points: Sequence[tuple[float, float | None, float | None, float | None, float | None]],
    labels: tuple[str, str, str],
    title: str,
    colour: str = COLOURS[0],
) -> str:
    """A line beside the quartiles of others: (at, own, lower quartile, median, upper quartile).

    `labels` are those of the line, of the band and of the axis. Where others are too few to tell,
    the band has a hole.
    """
    at, own, lower, median, upper = (
        [float("nan") if value is None else float(value) for value in column]
        for column in zip(*points, strict=True)
    )
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(5.4, 2.7))
        axes.fill_between(at, lower, upper, color="#cccccc", linewidth=0, label=labels[1])
        axes.plot(at, median, color="#888888", linewidth=0.8, linestyle="--")
        axes.plot(at, own, color=colour, linewidth=1.8, label=labels[0])
        axes.set(xlabel=labels[2], title=title, ylim=(0, 100))
        axes.legend(frameon=False, loc="lower right")
        return svg_of(figure)
