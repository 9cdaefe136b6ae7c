"""Plots of the evaluation report, as SVG text that needs nothing from anywhere."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from orchestration.evaluation.measures import Estimate
from orchestration.pages.charts import COLOURS, STYLE, svg_of


def intervals(groups: Sequence[tuple[str, Mapping[str, Estimate]]], measure: str) -> str:
    """A dot with its 95% interval for each model, side by side for each group (a horizon, say)."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 2.8))
        models = list(groups[0][1])
        for place, model in enumerate(models):
            at = [group + (place - (len(models) - 1) / 2) * 0.11 for group in range(len(groups))]
            found = [each[1][model] for each in groups]
            axes.errorbar(
                at,
                [each.value for each in found],
                yerr=[
                    [max(each.value - each.low, 0) for each in found],
                    [max(each.high - each.value, 0) for each in found],
                ],
                fmt="o",
                markersize=4,
                capsize=2,
                color=COLOURS[place % len(COLOURS)],
                label=model,
            )
        axes.set_xticks(range(len(groups)), [name for name, _ in groups])
        axes.set_ylabel(measure)
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
        return svg_of(figure)


def reliability(
    curves: Mapping[str, Sequence[tuple[float, float, float, float, int]]], title: str
) -> str:
    """Foretold beside happened by bin: (foretold, happened, low, high, rows)."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(4.2, 3.4))
        axes.plot([0, 1], [0, 1], color="#999999", linewidth=0.8)
        for place, (name, bins) in enumerate(curves.items()):
            foretold, happened, low, high, _ = zip(*bins, strict=True)
            axes.errorbar(
                foretold,
                happened,
                yerr=[
                    [max(a - b, 0) for a, b in zip(happened, low, strict=True)],
                    [max(b - a, 0) for a, b in zip(happened, high, strict=True)],
                ],
                fmt="o-",
                markersize=3,
                linewidth=1,
                capsize=2,
                color=COLOURS[place % len(COLOURS)],
                label=name,
            )
        axes.set(xlabel="foretold", ylabel="happened", title=title, xlim=(0, 1), ylim=(0, 1))
        axes.legend(frameon=False)
        return svg_of(figure)


def lift(shares: Mapping[str, Sequence[float]], title: str) -> str:
    """What the best scored tenths of partners hold of the outcome: cumulated shares by tenth."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(4.2, 3.4))
        axes.plot([0, 1], [0, 1], color="#999999", linewidth=0.8)
        for place, (name, held) in enumerate(shares.items()):
            axes.plot(
                [tenth / len(held) for tenth in range(len(held) + 1)],
                [0, *held],
                color=COLOURS[place % len(COLOURS)],
                label=name,
            )
        axes.set(
            xlabel="share of partners, best score first",
            ylabel="share of the outcome",
            title=title,
        )
        axes.legend(frameon=False)
        return svg_of(figure)


def over_time(
    series: Mapping[str, Sequence[tuple[Any, float]]], measure: str, band: Sequence[float] = ()
) -> str:
    """A figure by the week it was made for, a line per name; `band` are levels to compare with."""
    with plt.rc_context(STYLE):
        figure, axes = plt.subplots(figsize=(7, 2.6))
        for level in band:
            axes.axhline(level, color="#999999", linewidth=0.8, linestyle="--")
        for place, (name, points) in enumerate(series.items()):
            axes.plot(
                [at for at, _ in points],
                [value for _, value in points],
                marker="o",
                markersize=3,
                linewidth=1,
                color=COLOURS[place % len(COLOURS)],
                label=name,
            )
        axes.set_ylabel(measure)
        _dates(axes)
        axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
        return svg_of(figure)


def _dates(axes: Axes) -> None:
    for label in axes.get_xticklabels():
        label.set(rotation=30, horizontalalignment="right")
