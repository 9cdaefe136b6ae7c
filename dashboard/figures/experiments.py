"""The charts of the page `experiments`."""

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dashboard import look
from dashboard.figures import parts

ROLE_COLOURS = {"primary": "#2563A8", "secondary": "#97A1B0", "guardrail": "#C9A227"}


def headline(verdicts: pd.DataFrame, plan: pd.DataFrame) -> html.Div:
    if plan.empty:
        return html.Div("No experiment is planned.", className="nothing")
    first = plan.iloc[0]
    shown = [
        html.Div(
            [
                html.Div(first.title, className="partner-name"),
                html.Div(f"{first.hypothesis} ({first.owner})", className="partner-facts"),
                html.Div(
                    [
                        parts.tag(f"registered {look.day(first.registered_on)}"),
                        parts.tag(f"to be looked at {look.day(first.planned_look_on)}"),
                    ],
                    className="tags",
                ),
            ],
            className="partner-who",
        )
    ]
    for row in verdicts.itertuples():
        shown.append(
            parts.cards(
                [
                    parts.card(
                        f"Recommendation: {row.arm}",
                        look.words(row.recommendation),
                        str(row.reason or ""),
                        look.UP if row.recommendation == "scale" else look.INK,
                    ),
                    parts.card(
                        f"Effect on {look.words(row.metric)}",
                        look.signed(row.difference, 2),
                        f"{look.share(row.confidence)} between {look.signed(row.difference_low, 2)}"
                        f" and {look.signed(row.difference_high, 2)}",
                    ),
                    parts.card(
                        "Partners",
                        f"{look.number(row.treatment_partners)} + "
                        f"{look.number(row.control_partners)}",
                        f"{look.number(row.contaminated)} contaminated; {look.words(row.state)}",
                    ),
                ]
            )
        )
    if verdicts.empty:
        shown.append(html.Div("It has no verdict yet.", className="nothing"))
    return html.Div(shown, className="partner-head")


def results(frame: pd.DataFrame) -> go.Figure:
    """Effects of the planned analyses, each against the smallest that would matter."""
    frame = frame[frame.is_planned & frame.difference.notna()]
    if frame.empty:
        return look.empty("There is nothing to compare yet.")
    scaled = []
    for row in frame.itertuples():
        unit = row.minimum_effect if row.minimum_effect == row.minimum_effect else 1.0
        scaled.append((row, abs(unit) or 1.0))
    labels = [f"{look.words(row.metric)} ({row.scale}, {row.role})" for row, _ in scaled]
    figure = go.Figure(
        go.Scatter(
            x=[row.difference / unit for row, unit in scaled],
            y=labels,
            mode="markers",
            marker={
                "size": 11,
                "color": [ROLE_COLOURS.get(row.role, look.INK) for row, _ in scaled],
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [(r.difference_high - r.difference) / unit for r, unit in scaled],
                "arrayminus": [(r.difference - r.difference_low) / unit for r, unit in scaled],
                "thickness": 1.6,
            },
            customdata=[
                [
                    look.signed(row.difference, 3), look.signed(row.difference_low, 3),
                    look.signed(row.difference_high, 3), row.method, look.number(row.p_value, 3),
                ]
                for row, _ in scaled
            ],
            hovertemplate="%{y}<br>%{customdata[0]} (%{customdata[1]} to %{customdata[2]})<br>"
            "%{customdata[3]}, p = %{customdata[4]}<extra></extra>",
        )
    )  # fmt: skip
    figure.add_vline(x=0, line_color=look.INK, line_width=1)
    figure.add_vline(x=1, line_color=look.UP, line_dash="dot", line_width=1)
    figure.add_vline(x=-1, line_color=look.DOWN, line_dash="dot", line_width=1)
    figure.update_xaxes(title_text="in smallest effects that would matter (dotted)")
    figure.update_yaxes(autorange="reversed", showgrid=False)
    return look.finished(figure, left=220, bottom=48)


def arms(frame: pd.DataFrame) -> html.Div:
    return parts.titled(
        "Arms",
        parts.table(
            [
                "arm", "role", "partners", "expected", "contaminated", "engagement before",
                "revenue before", "weeks of contract",
            ],
            [
                [
                    row.arm,
                    row.role,
                    look.number(row.partners),
                    look.number(row.expected_partners, 1),
                    look.number(row.contaminated),
                    look.number(row.engagement_before, 1),
                    look.number(row.revenue_before, 1),
                    look.number(row.tenure_weeks, 1),
                ]
                for row in frame.itertuples()
            ],
            numbers=range(2, 8),
            nothing="Nobody has been assigned.",
        ),
    )  # fmt: skip


def plan(frame: pd.DataFrame) -> html.Div:
    if frame.empty:
        return html.Div("No experiment is planned.", className="nothing")
    first = frame.iloc[0]
    return parts.titled(
        "What was registered before anybody was assigned",
        parts.table(
            ["metric", "role", "better", "smallest effect that matters", "why"],
            [
                [
                    look.words(row.metric),
                    row.role,
                    row.better,
                    look.number(row.minimum_effect, 2),
                    row.metric_reason,
                ]
                for row in frame.itertuples()
            ],
            numbers=(3,),
        ),
        note=f"Arms: {first.arms}. Power {look.share(first.power)}, "
        f"error {look.share(first.alpha)}.",
    )


def interventions(frame: pd.DataFrame) -> go.Figure:
    """Change of the score of those who took an intervention, less that of those who did not."""
    frame = frame[frame.difference.notna()].sort_values("difference")
    if frame.empty:
        return look.empty("No intervention has been followed for long enough.")
    figure = go.Figure(
        go.Scatter(
            x=frame.difference,
            y=[look.plain(look.words(each)) for each in frame.intervention],
            mode="markers",
            marker={
                "size": 10,
                "color": [
                    look.MUTED if "association" in each else look.UP for each in frame.evidence
                ],
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": frame.difference_high - frame.difference,
                "arrayminus": frame.difference - frame.difference_low,
                "thickness": 1.4,
            },
            customdata=frame[["taken", "not_taken", "evidence"]].to_numpy(),
            hovertemplate="%{y}: %{x:+.1f} points<br>%{customdata[0]} took it, "
            "%{customdata[1]} did not<br>%{customdata[2]}<extra></extra>",
        )
    )
    figure.add_vline(x=0, line_color=look.INK, line_width=1)
    figure.update_xaxes(title_text="points")
    figure.update_yaxes(showgrid=False)
    return look.finished(figure, left=190, bottom=44)
