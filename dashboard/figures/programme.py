"""The charts of the page `programme`, which opens first and therefore has no Plotly in it."""

from typing import Any

import pandas as pd
from dash import html
from dash.development.base_component import Component

from dashboard import links, look, pick
from dashboard.figures import bars, parts


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


def cells(frame: pd.DataFrame) -> html.Div:
    """Partners by the two bands; a click on a cell lists them below."""
    title = "Partners by cell of the two bands (count, share)"
    if frame.empty:
        return parts.titled(title, parts.sentence("No partner with a score is left."))
    counted = {
        (row.revenue_band, row.engagement_band): int(row.partners) for row in frame.itertuples()
    }
    total, most = sum(counted.values()), max(counted.values())

    def cell(revenue: str, engagement: str) -> html.Button:
        count = counted.get((revenue, engagement), 0)
        name = f"{revenue} revenue, {engagement} engagement"
        return pick.button(
            "programme_cells",
            name,
            f"{count:,}\n{look.share(count / total)}",
            className="cell",
            style=look.shade(count / most),
            title=f"{name}: {count} partners; click to list them",
        )

    rows: list[Component] = []
    for revenue in reversed(look.BANDS):
        rows.append(html.Div(revenue, className="cell-band"))
        rows += [cell(revenue, engagement) for engagement in look.BANDS]
    return parts.titled(
        title,
        html.Div(
            [
                html.Div("revenue band", className="cells-side"),
                *rows,
                html.Div(className="cells-corner"),
                *(html.Div(engagement, className="cell-band") for engagement in look.BANDS),
                html.Div("engagement band", className="cells-foot"),
            ],
            className="cells",
        ),
    )


def scores(frame: pd.DataFrame) -> html.Div:
    """How many partners lie where, each outcome in a row, in the colours of the bands."""
    title = "Partners by score (count in steps of 5 points)"
    if frame.empty:
        return parts.titled(title, parts.sentence("No partner with a score is left."))
    counted = {
        (row.outcome, int(row.step), row.band): int(row.partners) for row in frame.itertuples()
    }
    most = int(frame.groupby(["outcome", "step"]).partners.sum().max())

    def column(outcome: str, step: int) -> html.Div:
        found = {band: counted.get((outcome, step, band), 0) for band in look.BANDS}
        count = sum(found.values())
        said = ", ".join(f"{number} {band}" for band, number in found.items() if number)
        return bars.column(
            [(look.BAND_COLOURS[band], number) for band, number in found.items()],
            most,
            f"{outcome} score {step} to {step + 5}: {count} partners ({said or 'none'})",
        )

    return parts.titled(
        title,
        bars.legend(look.BAND_COLOURS),
        *(
            bars.columns(
                [column(outcome, step) for step in range(0, 100, 5)],
                outcome,
                [str(tick) for tick in range(0, 101, 20)],
            )
            for outcome in ("revenue", "engagement")
        ),
    )


def movers(frame: pd.DataFrame, outcome: str) -> html.Div:
    """Points that scores rose or fell by; a click on a name opens the partner."""
    title = "Scores that moved most (points)"
    if frame.empty:
        return parts.titled(title, parts.sentence("Nobody's score moved in that time."))
    reach = float(frame.score_change.abs().max())
    return parts.titled(
        title,
        html.Div(
            [
                bars.change(
                    parts.link(row.partner_name, links.to_partner(row.partner_id, outcome=outcome)),
                    row.score_change,
                    reach,
                    look.signed(row.score_change),
                    f"{row.partner_name}: {row.score_before:.1f} to {row.score_now:.1f}; metrics "
                    f"{row.metric_points:+.1f}, weights {row.weight_points:+.1f}, smoothing and "
                    f"guardrail {row.smoothing_points + row.guardrail_points:+.1f}",
                )
                for row in frame.itertuples()
            ],
            className="changes",
        ),
    )


REVENUE = "Expected sourced revenue (reporting currency)"
BOOKED, TO_COME, OPEN_DEALS = "#1F4E79", "#8FB4D9", look.BAND_COLOURS["medium"]


def forecast(frame: pd.DataFrame) -> html.Div:
    """Revenue of coming quarters: booked, to come, the 80% interval, and what open deals imply."""
    if frame.forecast_revenue.isna().all():
        return parts.titled(REVENUE, parts.sentence("No forecast yet: too few outcomes are known."))
    amounts = frame[["booked_revenue", "forecast_revenue", "low_80", "high_80", "pipeline_implied"]]
    frame = frame.assign(**amounts.astype(float))
    widest = float(frame[amounts.columns].max().max()) * 1.02

    def row(each: Any) -> html.Div:
        booked = 0.0 if look.is_missing(each.booked_revenue) else each.booked_revenue
        said = [f"{look.money(booked)} booked, {look.number(each.partners)} partners"]
        if not look.is_missing(each.low_80):
            said.append(f"80% between {look.money(each.low_80)} and {look.money(each.high_80)}")
        if not look.is_missing(each.pipeline_implied):
            said.append(f"open deals imply {look.money(each.pipeline_implied)}")
        return bars.row(
            f"{each.quarter} (running)" if each.is_running else each.quarter,
            [(BOOKED, booked), (TO_COME, each.forecast_revenue - booked)],
            widest,
            look.money(each.forecast_revenue),
            "; ".join(said),
            [
                *bars.interval(each.low_80, each.high_80, widest),
                *bars.mark(each.pipeline_implied, widest, OPEN_DEALS),
            ],
        )

    return parts.titled(
        REVENUE,
        bars.legend(
            {"booked": BOOKED, "still to come": TO_COME}, {"implied by open deals": OPEN_DEALS}
        ),
        html.Div([row(each) for each in frame.itertuples()], className="bars"),
    )


def expected(frame: pd.DataFrame) -> html.Div:
    """Expected revenue by segment, stacked by the revenue band it comes from."""
    if frame.empty:
        return parts.titled(REVENUE, parts.sentence("No partner that is left has a prediction."))
    frame = frame.assign(expected_revenue=frame.expected_revenue.astype(float))
    totals = frame.groupby("segment").expected_revenue.sum().sort_values(ascending=False)
    by_band = frame.set_index(["segment", "revenue_band"])
    rows = []
    for segment, total in totals.items():
        of_segment = by_band.loc[segment]
        said = [
            f"{band} {look.money(of_segment.expected_revenue[band])} of "
            f"{look.number(of_segment.partners[band])} partners"
            for band in look.BANDS
            if band in of_segment.index
        ]
        rows.append(
            bars.row(
                segment,
                [
                    (look.BAND_COLOURS[band], of_segment.expected_revenue.get(band, 0.0))
                    for band in look.BANDS
                ],
                float(totals.max()),
                look.money(total),
                title="; ".join(said),
            )
        )
    return parts.titled(
        REVENUE, bars.legend(look.BAND_COLOURS), html.Div(rows, className="bars bars-close")
    )


def data_status(frame: pd.DataFrame, checks: pd.DataFrame) -> html.Div:
    """Each source: how far it reaches, and whether it is late."""
    late = int(frame.is_stale.sum())
    silent = int((~frame.has_records).sum())
    return parts.titled(
        "How fresh the data is",
        html.Div(
            [
                parts.tag(f"{len(frame) - late - silent} sources in time", look.UP),
                parts.tag(f"{late} late", look.DOWN if late else look.MUTED),
                parts.tag(f"{silent} without records", look.DOWN if silent else look.MUTED),
                *(tag for row in checks.itertuples() for tag in _checked(row)),
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


def _checked(row: Any) -> list[Component]:
    return [
        parts.tag(
            f"{look.number(row.passed)} checks passed, {look.number(row.not_passed)} not",
            look.DOWN if row.not_passed else look.UP,
        ),
        parts.tag(f"{look.number(row.unusual)} unusual now", look.DOWN if row.unusual else look.UP),
        parts.tag(f"{look.number(row.set_aside)} records set aside", look.MUTED),
    ]
