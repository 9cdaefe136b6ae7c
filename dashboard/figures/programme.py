"""The charts of the page `programme`."""

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dashboard import look
from dashboard.figures import parts


def headlines(frame: pd.DataFrame) -> html.Div:
    row = frame.iloc[0]
    return parts.cards(
        [
            parts.card(
                "Partners with a score",
                look.number(row.scored),
                f"of {look.number(row.partners)}; the rest are new or gone",
            ),
            parts.card(
                "High revenue, high engagement",
                look.number(row.both_high),
                "grow with them",
                look.BAND_COLOURS["high"],
            ),
            parts.card(
                "High revenue, low engagement",
                look.number(row.to_coach),
                "coach and train now",
                look.BAND_COLOURS["medium"],
            ),
            parts.card(
                "Low revenue, low engagement",
                look.number(row.both_low),
                "decide their role",
                look.BAND_COLOURS["low"],
            ),
            parts.card(
                "Expected revenue",
                look.money(row.expected_revenue),
                f"from {look.number(row.predicted)} predictions",
            ),
            parts.card(
                "Weight that was observed",
                look.share(row.coverage),
                f"{look.share(row.confidence)} from own records",
            ),
        ]
    )


def cells(frame: pd.DataFrame) -> go.Figure:
    """Partners by the two bands; a click on a cell lists them below."""
    if frame.empty:
        return look.empty("No partner with a score is left.")
    counted = {
        (row.revenue_band, row.engagement_band): int(row.partners) for row in frame.itertuples()
    }
    revenue = list(look.BANDS)
    engagement = list(look.BANDS)
    z = [[counted.get((r, e), 0) for e in engagement] for r in revenue]
    total = sum(counted.values())
    figure = go.Figure(
        go.Heatmap(
            z=z,
            x=engagement,
            y=revenue,
            # Dash passes no custom data of a heatmap on, but what is shown for a cell.
            hovertext=[[f"{r} revenue, {e} engagement" for e in engagement] for r in revenue],
            text=[[f"<b>{n}</b><br>{look.share(n / total)}" for n in row] for row in z],
            texttemplate="%{text}",
            textfont={"size": 16},
            hovertemplate="%{hovertext}<br>%{z} partners<extra>click to list them</extra>",
            colorscale=look.SCALE,
            showscale=False,
            xgap=4,
            ygap=4,
        )
    )
    figure.update_yaxes(title_text="revenue band", showgrid=False)
    figure.update_xaxes(title_text="engagement band", showgrid=False)
    return look.finished(figure, left=76, bottom=48)


def scores(frame: pd.DataFrame) -> go.Figure:
    """How many partners lie where, each outcome in a row, in the colours of the bands."""
    if frame.empty:
        return look.empty("No partner with a score is left.")
    from plotly.subplots import make_subplots

    outcomes = ("revenue", "engagement")
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.12)
    for row, outcome in enumerate(outcomes, start=1):
        for band in look.BANDS:
            part = frame[(frame.outcome == outcome) & (frame.band == band)]
            figure.add_bar(
                x=part.step + 2.5,
                y=part.partners,
                width=4.6,
                name=band,
                legendgroup=band,
                showlegend=row == 1,
                marker_color=look.BAND_COLOURS[band],
                customdata=[[f"{s:.0f} to {s + 5:.0f}"] for s in part.step],
                hovertemplate=f"{outcome} %{{customdata[0]}}: %{{y}} partners, {band}"
                "<extra></extra>",
                row=row,
                col=1,
            )
        figure.update_yaxes(title_text=outcome, row=row, col=1, rangemode="tozero")
    figure.update_layout(barmode="stack", legend=look.legend_above(), bargap=0)
    figure.update_xaxes(range=[0, 100], dtick=20)
    figure.update_xaxes(title_text="score, in steps of 5 points", row=2, col=1)
    return look.finished(figure, left=50, bottom=44, top=28)


def movers(frame: pd.DataFrame) -> go.Figure:
    """Points that scores rose or fell by; a click opens the partner."""
    if frame.empty:
        return look.empty("Nobody's score moved in that time.")
    frame = frame.iloc[::-1]
    names = [f"{look.plain(name)}" for name in frame.partner_name]
    figure = go.Figure(
        go.Bar(
            x=frame.score_change,
            y=list(range(len(frame))),
            orientation="h",
            marker_color=[look.UP if each > 0 else look.DOWN for each in frame.score_change],
            text=[look.signed(each) for each in frame.score_change],
            textposition="outside",
            cliponaxis=False,
            showlegend=False,
            customdata=[
                [row.partner_id, name, row.score_before, row.score_now, row.metric_points,
                 row.weight_points, row.smoothing_points + row.guardrail_points]
                for row, name in zip(frame.itertuples(), names, strict=True)
            ],
            hovertemplate="<b>%{customdata[1]}</b><br>%{customdata[2]:.1f} to %{customdata[3]:.1f}"
            "<br>metrics %{customdata[4]:+.1f}, weights %{customdata[5]:+.1f}, "
            "smoothing and guardrail %{customdata[6]:+.1f}<extra>click to open</extra>",
        )
    )  # fmt: skip
    reach = float(frame.score_change.abs().max()) * 1.25
    figure.update_yaxes(
        tickmode="array",
        tickvals=list(range(len(frame))),
        ticktext=names,
        showgrid=False,
        tickfont={"size": 11},
    )
    figure.update_xaxes(range=[-reach, reach], zeroline=True, title_text="points")
    return look.finished(figure, left=170, bottom=44)


def forecast(frame: pd.DataFrame) -> go.Figure:
    """Revenue of coming quarters: booked, to come, the 80% interval, and what open deals imply."""
    if frame.forecast_revenue.isna().all():
        return look.empty("No forecast yet: too few outcomes are known.")
    figure = go.Figure()
    quarters = [
        f"{look.plain(row.quarter)}{' (running)' if row.is_running else ''}"
        for row in frame.itertuples()
    ]
    total = frame.forecast_revenue.astype(float)
    booked = frame.booked_revenue.astype(float).fillna(0)
    figure.add_bar(
        x=quarters, y=booked, name="booked", marker_color="#1F4E79",
        hovertemplate="%{x}: %{y:.3~s} booked<extra></extra>",
    )  # fmt: skip
    figure.add_bar(
        x=quarters,
        y=total - booked,
        name="still to come",
        marker_color="#8FB4D9",
        error_y={
            "type": "data",
            "symmetric": False,
            "array": (frame.high_80 - total).astype(float),
            "arrayminus": (total - frame.low_80).astype(float),
            "color": look.INK,
            "thickness": 1.4,
        },
        customdata=[
            [look.money(row.forecast_revenue), look.money(row.low_80), look.money(row.high_80),
             look.number(row.partners)]
            for row in frame.itertuples()
        ],
        hovertemplate="%{x}: <b>%{customdata[0]}</b> of %{customdata[3]} partners<br>"
        "80% between %{customdata[1]} and %{customdata[2]}<extra></extra>",
    )  # fmt: skip
    figure.add_scatter(
        x=quarters, y=frame.pipeline_implied, mode="markers", name="implied by open deals",
        marker={"symbol": "diamond", "size": 10, "color": look.BAND_COLOURS["medium"]},
        hovertemplate="%{x}: open deals imply %{y:.3~s}<extra></extra>",
    )  # fmt: skip
    for quarter, amount in zip(quarters, total, strict=True):
        figure.add_annotation(
            x=quarter, y=amount, text=f"<b>{look.money(amount)}</b>", showarrow=False,
            xanchor="left", xshift=8, yshift=9,
        )  # fmt: skip
    figure.update_layout(barmode="stack", legend=look.legend_above(), bargap=0.45)
    figure.update_yaxes(tickformat="~s", rangemode="tozero")
    figure.update_xaxes(showgrid=False)
    return look.finished(figure, left=50, top=28)


def expected(frame: pd.DataFrame) -> go.Figure:
    """Expected revenue by segment, stacked by the revenue band it comes from."""
    if frame.empty:
        return look.empty("No partner that is left has a prediction.")
    totals = frame.groupby("segment").expected_revenue.sum().sort_values()
    figure = go.Figure()
    for band in look.BANDS:
        part = frame[frame.revenue_band == band].set_index("segment").reindex(totals.index)
        figure.add_bar(
            y=[look.plain(each) for each in totals.index],
            x=part.expected_revenue.fillna(0),
            orientation="h",
            name=f"{band} band",
            marker_color=look.BAND_COLOURS[band],
            customdata=[
                [look.money(r.expected_revenue), look.number(r.partners)] for r in part.itertuples()
            ],
            hovertemplate="%{y}: %{customdata[0]} of %{customdata[1]} partners"
            f"<extra>{band} band</extra>",
        )
    for segment, total in totals.items():
        figure.add_annotation(
            x=total, y=look.plain(segment), text=f"<b>{look.money(total)}</b>", showarrow=False,
            xanchor="left", xshift=6,
        )  # fmt: skip
    figure.update_layout(barmode="stack", legend=look.legend_above())
    figure.update_xaxes(tickformat="~s", range=[0, float(totals.max()) * 1.18])
    figure.update_yaxes(showgrid=False)
    return look.finished(figure, left=84, top=28)


def data_status(frame: pd.DataFrame, checks: pd.DataFrame) -> html.Div:
    """Each source: how far it reaches, and whether it is late."""
    row = checks.iloc[0]
    late = int(frame.is_stale.sum())
    silent = int((~frame.has_records).sum())
    return parts.titled(
        "How fresh the data is",
        html.Div(
            [
                parts.tag(f"{len(frame) - late - silent} sources in time", look.UP),
                parts.tag(f"{late} late", look.DOWN if late else look.MUTED),
                parts.tag(f"{silent} without records", look.DOWN if silent else look.MUTED),
                parts.tag(
                    f"{look.number(row.passed)} checks passed, {look.number(row.not_passed)} not",
                    look.DOWN if row.not_passed else look.UP,
                ),
                parts.tag(
                    f"{look.number(row.unusual)} unusual now",
                    look.DOWN if row.unusual else look.UP,
                ),
                parts.tag(f"{look.number(row.set_aside)} records set aside", look.MUTED),
            ],
            className="tags",
        ),
        parts.table(
            ["source", "newest event", "records landed", "set aside", ""],
            [
                [
                    each.source,
                    look.day(each.newest_event_at),
                    look.number(each.rows_landed),
                    look.number(each.rows_quarantined),
                    "late" if each.is_stale else "" if each.has_records else "no records",
                ]
                for each in frame.itertuples()
            ],
            numbers=(2, 3),
        ),
    )
