"""The charts of the page `segments`."""

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dashboard import look
from dashboard.figures import parts

PALETTE = ("#2563A8", "#C8553D", "#1F8A70", "#7B4FA3", "#C9A227", "#3E495B", "#5FA3C7", "#A05A7B")


def scores(frame: pd.DataFrame) -> go.Figure:
    """Boxes of both scores of each group."""
    if frame.empty:
        return look.empty("No partner with a score is left.")
    figure = go.Figure()
    for outcome, colour in look.OUTCOME_COLOURS.items():
        part = frame[frame.outcome == outcome]
        figure.add_box(
            x=[look.plain(each) for each in part.group_name],
            lowerfence=part.lowest,
            q1=part.lower_quartile,
            median=part["median"],
            q3=part.upper_quartile,
            upperfence=part.highest,
            name=outcome,
            marker_color=colour,
        )
    figure.update_layout(boxmode="group", legend=look.legend_above())
    figure.update_yaxes(range=[0, 100], title_text="score")
    return look.finished(figure, left=50, top=28)


def summary(frame: pd.DataFrame) -> html.Div:
    return parts.titled(
        "Groups beside each other",
        parts.table(
            [
                "group", "partners", "scored", "mean revenue", "mean engagement", "both high",
                "to coach", "expected revenue", "observed",
            ],
            [
                [
                    row.group_name,
                    look.number(row.partners),
                    look.number(row.scored),
                    look.number(row.revenue_score, 1),
                    look.number(row.engagement_score, 1),
                    look.share(row.both_high),
                    look.number(row.to_coach),
                    look.money(row.expected_revenue),
                    look.share(row.coverage),
                ]
                for row in frame.itertuples()
            ],
            numbers=range(1, 9),
        ),
    )  # fmt: skip


def metrics(frame: pd.DataFrame) -> go.Figure:
    """Where groups are strong and weak: mean metric scores, 80 is the target."""
    if frame.empty:
        return look.empty("No metric of these partners was observed.")
    wide = frame.pivot(index=["layer", "metric"], columns="group_name", values="metric_score")
    order = {"strategy": 0, "execution": 1, "results": 2}
    wide = wide.loc[sorted(wide.index, key=lambda each: (order[each[0]], each[1]), reverse=True)]
    figure = go.Figure(
        go.Heatmap(
            z=wide.to_numpy(),
            x=[look.plain(each) for each in wide.columns],
            y=[look.words(metric) for _, metric in wide.index],
            customdata=[[layer] * len(wide.columns) for layer, _ in wide.index],
            text=[["" if v != v else f"{v:.0f}" for v in row] for row in wide.to_numpy()],
            texttemplate="%{text}",
            textfont={"size": 11},
            colorscale=[[0, "#D98B79"], [0.5, "#F6F1E4"], [0.8, "#8CC7B5"], [1, "#1F8A70"]],
            zmin=0,
            zmax=100,
            hovertemplate="%{y} (%{customdata}), %{x}: %{z:.1f}<extra></extra>",
            colorbar={"thickness": 10, "title": {"text": ""}},
            xgap=2,
            ygap=2,
        )
    )
    figure.update_yaxes(tickfont={"size": 11}, showgrid=False)
    figure.update_xaxes(showgrid=False, tickangle=0)
    return look.finished(figure, left=180)


def trajectories(frame: pd.DataFrame, outcome: str) -> go.Figure:
    if frame.empty:
        return look.empty("No group is large enough for a usual score.")
    figure = go.Figure()
    for place, (cohort, part) in enumerate(frame.groupby("cohort")):
        figure.add_scatter(
            x=part.tenure_week, y=part["median"], mode="lines", name=look.plain(cohort),
            line={"color": PALETTE[place % len(PALETTE)], "width": 2},
            customdata=part.partners.to_frame().to_numpy(),
            hovertemplate="week %{x}: %{y:.1f} of %{customdata[0]} partners",
        )  # fmt: skip
    figure.update_layout(legend=look.legend_above())
    figure.update_yaxes(range=[0, 100], title_text=f"median {outcome} score")
    figure.update_xaxes(title_text="week of the contract")
    return look.finished(figure, left=50, bottom=44, top=28)


def milestones(frame: pd.DataFrame) -> go.Figure:
    if frame.share_reached.notna().sum() == 0:
        return look.empty("No group is large enough for shares.")
    figure = go.Figure()
    for place, (segment, part) in enumerate(frame.groupby("segment")):
        figure.add_bar(
            x=part.share_reached,
            y=[look.words(each) for each in part.milestone],
            orientation="h",
            name=look.plain(segment),
            marker_color=PALETTE[place % len(PALETTE)],
            customdata=part[["expected_week", "partners"]].to_numpy(),
            hovertemplate="%{y}: %{x:.0%} by week %{customdata[0]} of %{customdata[1]} partners",
        )
    figure.update_layout(barmode="group", legend=look.legend_above(), bargap=0.25)
    figure.update_yaxes(
        categoryorder="array", showgrid=False,
        categoryarray=[look.words(m) for m in frame.milestone.unique()][::-1],
    )  # fmt: skip
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    return look.finished(figure, left=150, top=28)
