"""The charts of the page `partner`."""

import pandas as pd
import plotly.graph_objects as go

from dashboard import look


def _beside_middle_half(frame: pd.DataFrame) -> go.Figure:
    """A figure by week of tenure that holds the middle half of the segment already."""
    figure = go.Figure()
    for column in ("upper_quartile", "lower_quartile"):
        figure.add_scatter(
            x=frame.tenure_week,
            y=frame[column],
            mode="lines",
            line={"width": 0},
            fill="tonexty" if column == "lower_quartile" else None,
            fillcolor="rgba(151,161,176,0.25)",
            name="middle half of the segment",
            showlegend=column == "lower_quartile",
            hoverinfo="skip",
        )
    return figure


def trajectory(frame: pd.DataFrame, milestones: pd.DataFrame, outcome: str) -> go.Figure:
    """The score by week of tenure, the middle half of the segment, and reached milestones."""
    if frame.score.notna().sum() == 0:
        return look.empty("No week of this partner has a score yet.")
    colour = look.OUTCOME_COLOURS[outcome]
    figure = _beside_middle_half(frame)
    figure.add_scatter(
        x=frame.tenure_week, y=frame["median"], mode="lines", name="median of the segment",
        line={"color": look.MUTED, "width": 1.5, "dash": "dot"},
        hovertemplate="median %{y:.1f}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=frame.tenure_week, y=frame.score, mode="lines", name="this partner",
        line={"color": colour, "width": 2.5},
        customdata=[[look.day(each)] for each in frame.week_start],
        hovertemplate="week %{x} (%{customdata[0]}): <b>%{y:.1f}</b><extra></extra>",
    )  # fmt: skip
    reached = milestones[milestones.reached_week.notna()]
    at = frame.set_index("tenure_week").score
    figure.add_scatter(
        x=reached.reached_week,
        y=[at.get(int(week), None) if week == week else None for week in reached.reached_week],
        mode="markers",
        name="milestone reached",
        marker={
            "size": 9, "symbol": "diamond", "line": {"width": 1, "color": "white"},
            "color": [look.UP if s == "reached in time" else look.DOWN for s in reached.status],
        },
        customdata=[[look.words(row.milestone), row.status] for row in reached.itertuples()],
        hovertemplate="%{customdata[0]}: %{customdata[1]} (week %{x})<extra></extra>",
    )  # fmt: skip
    figure.update_layout(legend=look.legend_above(), hovermode="closest")
    figure.update_yaxes(range=[0, 100], title_text=f"{outcome} score")
    figure.update_xaxes(title_text="week of the contract", rangemode="tozero")
    return look.finished(figure, left=50, bottom=44, top=28)


def drivers(frame: pd.DataFrame, outcome: str) -> go.Figure:
    """From nothing to the published score, metric by metric; a click shows the records behind."""
    if frame.empty:
        return look.empty("Nothing has been scored yet.")
    steps = list(frame.itertuples())
    names = [look.words(step.name) for step in steps]
    total = float(frame.points.sum())
    starts, so_far = [], 0.0
    for step in steps:
        starts.append(so_far)
        so_far += step.points
    figure = go.Figure()
    metric_steps = [i for i, step in enumerate(steps) if step.kind != "adjustment"]
    # What a metric could give is a pale bar behind what it gives.
    figure.add_bar(
        x=[steps[i].most_points for i in metric_steps],
        base=[starts[i] for i in metric_steps],
        y=[names[i] for i in metric_steps],
        orientation="h",
        marker_color=look.FAINT,
        name="not reached",
        hoverinfo="skip",
    )
    for kind, colour in look.LAYER_COLOURS.items():
        chosen = [i for i, step in enumerate(steps) if step.kind == kind]
        if not chosen:
            continue
        figure.add_bar(
            x=[steps[i].points for i in chosen],
            base=[starts[i] for i in chosen],
            y=[names[i] for i in chosen],
            orientation="h",
            marker_color=colour,
            name=kind,
            customdata=[
                [
                    "" if kind == "adjustment" else steps[i].name,
                    look.signed(steps[i].points, 2),
                    ""
                    if kind == "adjustment"
                    else f" of {steps[i].most_points:.1f}<br>{steps[i].evidence_state}",
                ]
                for i in chosen
            ],
            text=[
                look.signed(steps[i].points)
                if kind == "adjustment"
                else f"{steps[i].points:.1f} / {steps[i].most_points:.1f}"
                for i in chosen
            ],
            textposition="none",
            hovertemplate="<b>%{y}</b><br>%{customdata[1]} points%{customdata[2]}"
            "<extra>%{fullData.name}</extra>",
        )
    figure.add_bar(
        x=[total], base=[0], y=["published score"], orientation="h", name="published score",
        marker_color=look.OUTCOME_COLOURS[outcome], customdata=[["", look.number(total, 1), ""]],
        hovertemplate="published score: %{customdata[1]}<extra></extra>", showlegend=False,
    )  # fmt: skip
    for i, step in enumerate(steps):
        far = starts[i] + max(step.points, 0 if step.kind == "adjustment" else step.most_points)
        text = (
            look.signed(step.points)
            if step.kind == "adjustment"
            else f"{step.points:.1f} of {step.most_points:.1f}"
        )
        figure.add_annotation(
            x=max(far, starts[i]), y=names[i], text=text, showarrow=False, xanchor="left", xshift=4,
            font={"size": 10, "color": "#6D788A"},
        )  # fmt: skip
    figure.add_annotation(
        x=total, y="published score", text=f"<b>{total:.1f}</b>", showarrow=False,
        xanchor="left", xshift=4,
    )  # fmt: skip
    figure.update_layout(barmode="overlay", legend=look.legend_above(), bargap=0.25)
    figure.update_yaxes(
        categoryorder="array", categoryarray=[*names, "published score"][::-1], showgrid=False,
        tickfont={"size": 11}, title_text="",
    )  # fmt: skip
    figure.update_xaxes(range=[0, 112], tickvals=[0, 20, 40, 60, 80, 100], title_text="points")
    return look.finished(figure, left=190, bottom=44, top=28)


def metric_trajectory(frame: pd.DataFrame) -> go.Figure:
    if frame.empty or frame.metric_value.notna().sum() == 0:
        return look.empty("This metric was not observed in a week that is kept.")
    figure = _beside_middle_half(frame)
    figure.add_scatter(
        x=frame.tenure_week, y=frame.metric_value, mode="lines+markers", name="this partner",
        line={"color": look.INK, "width": 2}, marker={"size": 6},
        hovertemplate="week %{x}: %{y:.3~f}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(legend=look.legend_above())
    figure.update_xaxes(title_text="week of the contract", rangemode="tozero")
    return look.finished(figure, left=50, bottom=44, top=28)
