"""The charts of the page `scenarios`."""

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dashboard import look
from dashboard.figures import parts


def headline(definition: pd.DataFrame, summary: pd.DataFrame) -> html.Div:
    """What is asked, and what it would do to the partners that are left."""
    if definition.empty:
        return html.Div("The release has no scenario of this name.", className="nothing")
    first = definition.iloc[0]
    partners = int(summary.partners.sum())
    mean = (
        float((summary.mean_difference * summary.partners).sum()) / partners if partners else None
    )
    before = summary.official_expected_revenue.sum(min_count=1)
    after = summary.scenario_expected_revenue.sum(min_count=1)
    change = look.NOTHING
    if not look.is_missing(before) and not look.is_missing(after):
        change = f"{look.money(before)} → {look.money(after)}"
    return html.Div(
        [
            html.Div(
                [
                    html.Div(first.question, className="partner-name"),
                    html.Div(f"{first.reason} ({first.owner})", className="partner-facts"),
                ],
                className="partner-who",
            ),
            parts.cards(
                [
                    parts.card("Mean change of the score", look.signed(mean, 2), "points"),
                    parts.card(
                        "Bands crossed",
                        f"▲ {look.number(summary.bands_up.sum())}  "
                        f"▼ {look.number(summary.bands_down.sum())}",
                        f"of {look.number(partners)} partners",
                    ),
                    parts.card("Expected revenue", change, "as predictions read scores"),
                ]
            ),
        ],
        className="partner-head",
    )


def changes(definition: pd.DataFrame) -> html.Div:
    return parts.titled(
        "What it changes",
        parts.table(
            ["what", "of", "where", "by", "why"],
            [
                [
                    row.changes,
                    look.words(row.name),
                    " · ".join(
                        look.words(each)
                        for each in (row.segment, row.outcome, row.part)
                        if not look.is_missing(each)
                    )
                    or "everywhere",
                    _by(row.factor, row.addition),
                    row.reason_of_change,
                ]
                for row in definition.itertuples()
            ],
        ),
    )


def _by(factor: float, addition: float) -> str:
    """A change in words: times a factor, plus an addition."""
    times = "" if look.is_missing(factor) or factor == 1 else f"times {look.number(factor, 2)}"
    plus = "" if look.is_missing(addition) or addition == 0 else look.signed(addition, 1)
    return f"{times} {plus}".strip() or look.NOTHING


def segments(frame: pd.DataFrame) -> go.Figure:
    """Mean change of the score, by segment."""
    if frame.empty:
        return look.empty("No partner with a score is left.")
    figure = go.Figure(
        go.Bar(
            x=frame.mean_difference,
            y=[look.plain(each) for each in frame.segment],
            orientation="h",
            marker_color=[look.UP if each >= 0 else look.DOWN for each in frame.mean_difference],
            text=[look.signed(each, 2) for each in frame.mean_difference],
            textposition="outside",
            cliponaxis=False,
            customdata=frame[["partners", "bands_up", "bands_down"]].to_numpy(),
            hovertemplate="%{y}: %{x:+.2f} points<br>%{customdata[0]} partners, "
            "%{customdata[1]} to a higher band, %{customdata[2]} to a lower one<extra></extra>",
        )
    )
    reach = max(float(frame.mean_difference.abs().max()) * 1.4, 0.1)
    figure.update_xaxes(range=[-reach, reach], title_text="points", zeroline=True)
    figure.update_yaxes(showgrid=False)
    return look.finished(figure, left=90, bottom=44)


def weights(frame: pd.DataFrame) -> go.Figure:
    """How far scores move on average when a weight is a little less or more."""
    if frame.empty:
        return look.empty("The release has no sensitivities.")
    top = frame.groupby("metric").mean_move.max().sort_values().tail(12).index
    figure = go.Figure()
    for direction, colour in (("less", look.DOWN), ("more", look.UP)):
        part = frame[frame.direction == direction].set_index("metric").reindex(top)
        figure.add_bar(
            x=part.mean_move,
            y=[look.words(each) for each in top],
            orientation="h",
            name=f"weighs {direction}",
            marker_color=colour,
            customdata=part[["most_move", "bands_changed"]].to_numpy(),
            hovertemplate="%{y}: %{x:.2f} on average, %{customdata[0]:.2f} at most, "
            "%{customdata[1]:.0f} bands changed",
        )
    figure.update_layout(barmode="group", legend=look.legend_above())
    figure.update_xaxes(title_text="points")
    figure.update_yaxes(showgrid=False, tickfont={"size": 11})
    return look.finished(figure, left=180, bottom=44, top=28)


def alternatives(frame: pd.DataFrame) -> html.Div:
    return parts.titled(
        "What other versions and methods would say",
        parts.table(
            ["framework", "role", "partners", "mean change", "largest", "bands changed"],
            [
                [
                    row.framework,
                    row.role,
                    look.number(row.partners),
                    look.signed(row.mean_difference, 2),
                    look.number(row.most_difference, 1),
                    look.number(row.bands_changed),
                ]
                for row in frame.itertuples()
            ],
            numbers=range(2, 6),
            nothing="No other version is evaluated.",
        ),
    )
