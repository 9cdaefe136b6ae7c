"""The charts and texts of the page `partner`."""

from typing import Any

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dashboard import look
from dashboard.figures import parts

UNKNOWN = "The release has no partner of this identifier."


def headline(frame: pd.DataFrame) -> html.Div:
    """Who it is, how it stands, what to expect of it."""
    if frame.empty:
        return html.Div(UNKNOWN, className="nothing")
    row = frame.iloc[0]
    facts = [row.segment, row.tier, row.region, row.country, row.industry]
    where = " · ".join(look.words(each) for each in facts if not look.is_missing(each))
    return html.Div(
        [
            html.Div(
                [
                    html.Div(row.partner_name, className="partner-name"),
                    html.Div(f"{row.partner_id} · {where}", className="partner-facts"),
                    html.Div(
                        [
                            parts.tag(row.status),
                            parts.tag(f"week {look.number(row.tenure_week)} of its contract"),
                            parts.tag(f"framework {look.number(row.framework_version)}"),
                        ],
                        className="tags",
                    ),
                ],
                className="partner-who",
            ),
            parts.cards(
                [
                    _score(row, "revenue"),
                    _score(row, "engagement"),
                    parts.card(
                        "Expected revenue",
                        look.money(row.expected_revenue),
                        "no interval"
                        if look.is_missing(row.expected_revenue_low)
                        else f"80% between {look.money(row.expected_revenue_low)} "
                        f"and {look.money(row.expected_revenue_high)}",
                    ),
                    parts.card(
                        "Likely to be productive",
                        look.share(row.productive_likelihood),
                        f"to be engaged {look.share(row.engagement_likelihood)}",
                    ),
                ]
            ),
        ],
        className="partner-head",
    )


def _score(row: pd.Series, outcome: str) -> html.Div:
    trend = row[f"{outcome}_trend"]
    arrow = {"improving": "▲", "declining": "▼", "flat": "▬"}.get(trend, "")
    slope = row[f"{outcome}_slope"]
    said = "no trend yet" if trend == "insufficient" else look.words(trend)
    note: list[Any] = [parts.band(row[f"{outcome}_band"]), f" {arrow} {said}"]
    if arrow in ("▲", "▼"):
        note.append(f", {look.signed(slope)} a week")
    return html.Div(
        [
            html.Div(f"{outcome.capitalize()} score", className="card-title-line"),
            html.Div(
                look.number(row[f"{outcome}_score"], 1),
                className="card-number",
                style={"color": look.OUTCOME_COLOURS[outcome]},
            ),
            html.Div(note, className="card-note"),
        ],
        className="number-card",
    )


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


def reasons(frame: pd.DataFrame, changes: pd.DataFrame) -> html.Div:
    """Why, what would reach the next band, and what changed."""
    if frame.empty:
        return html.Div(UNKNOWN, className="nothing")
    row = frame.iloc[0]

    def points(text: str | None) -> html.Ul:
        listed = [] if look.is_missing(text) else str(text).split("; ")
        return html.Ul([html.Li(each) for each in listed or ["none stands out"]])

    moved = [
        [
            each.outcome,
            "since last week" if each.weeks_back == 1 else f"in {each.weeks_back} weeks",
            f"{look.number(each.score_before, 1)} → {look.number(each.score_now, 1)}",
            html.Span(
                look.signed(each.score_change),
                style={"color": look.UP if each.score_change >= 0 else look.DOWN},
            ),
        ]
        for each in changes.itertuples()
    ]
    return parts.titled(
        "Why it stands there",
        html.Div(
            [
                html.Div([html.H4("Strengths"), points(row.strengths)]),
                html.Div([html.H4("Gaps"), points(row.gaps)]),
                html.Div(
                    [
                        html.H4("What reaches the next band"),
                        html.Ul(
                            [
                                html.Li([html.B("revenue: "), _next(row, "revenue")]),
                                html.Li([html.B("engagement: "), _next(row, "engagement")]),
                            ]
                        ),
                    ]
                ),
            ],
            className="reasons",
        ),
        parts.table(["score", "", "", "change"], moved, numbers=(2, 3)),
        html.Div(row.status_reason, className="figure-note")
        if not look.is_missing(row.status_reason)
        else None,
    )


def _next(row: pd.Series, outcome: str) -> str:
    step = row[f"{outcome}_next_step"]
    if not look.is_missing(step):
        return str(step)
    return "in the highest band" if row[f"{outcome}_band"] == "high" else look.NOTHING


def actions(frame: pd.DataFrame) -> html.Div:
    """At most three actions, each with its reason and who does it by when."""
    shown = []
    for row in frame.itertuples():
        colour = {"overdue": look.DOWN, "recommended": look.BAND_COLOURS["medium"]}.get(
            row.state, look.MUTED
        )
        shown.append(
            html.Div(
                [
                    html.Div(
                        [
                            html.B(row.title if not look.is_missing(row.title) else row.state),
                            parts.tag(row.state, colour),
                            parts.tag(row.owner_role),
                            None
                            if look.is_missing(row.due_on)
                            else parts.tag(f"by {look.day(row.due_on)}", colour),
                        ],
                        className="tags",
                    ),
                    html.Div("" if look.is_missing(row.what) else row.what),
                    html.Div(row.reason, className="figure-note"),
                    html.Div(
                        " ".join(
                            f"{text.rstrip('.')}."
                            for text in (row.expected_effect, row.effect_evidence)
                            if not look.is_missing(text)
                        ),
                        className="figure-note",
                    ),
                ],
                className="action",
            )
        )
    if not shown:
        shown.append(html.Div("This release recommends no actions.", className="nothing"))
    return parts.titled("What to do", html.Div(shown, className="actions"))


def notices(flags: pd.DataFrame, entitlements: pd.DataFrame) -> html.Div:
    """What was flagged and what has been earned."""
    rows = [
        [
            f"flag: {look.words(row.flag)}",
            look.words(row.state),
            row.reason,
            "" if look.is_missing(row.expires_on) else f"until {look.day(row.expires_on)}",
        ]
        for row in flags.itertuples()
    ]
    rows += [
        [
            f"fund: {look.words(row.fund)}",
            look.words(row.status),
            row.reason,
            f"{look.number(row.amount)} {row.currency}",
        ]
        for row in entitlements.itertuples()
    ]
    return parts.titled(
        "Flags and entitlements",
        parts.table(["what", "state", "why", ""], rows, nothing="Nothing is flagged or earned."),
    )


def milestones(frame: pd.DataFrame) -> html.Div:
    return parts.titled(
        "Milestones",
        parts.table(
            ["milestone", "expected", "reached", "status", "of its segment"],
            [
                [
                    look.words(row.milestone),
                    f"week {look.number(row.expected_week)}",
                    look.NOTHING
                    if look.is_missing(row.reached_week)
                    else f"week {look.number(row.reached_week)}",
                    html.Span(
                        row.status,
                        style={
                            "color": look.UP
                            if row.status == "reached in time"
                            else look.DOWN
                            if row.status in ("overdue", "reached late")
                            else look.INK
                        },
                    ),
                    look.share(row.cohort_share_reached),
                ]
                for row in frame.itertuples()
            ],
            numbers=(4,),
            nothing="No milestone is tracked.",
        ),
    )


def evidence(frame: pd.DataFrame, card: pd.DataFrame) -> html.Div:
    """Data quality of one partner: how much of each score was observed."""
    rows = [
        [row.outcome, row.evidence_state, look.number(row.metrics), look.share(row.weight)]
        for row in frame.itertuples()
    ]
    note = ""
    if not card.empty:
        first = card.iloc[0]
        note = (
            f"{look.share(first.coverage)} of the weight was observed; "
            f"{look.share(first.confidence)} rests on the partner's own record."
        )
    return parts.titled(
        "What the scores rest on",
        parts.table(
            ["score", "state", "metrics", "weight"],
            rows,
            numbers=(2, 3),
            nothing="Nothing has been scored yet.",
        ),
        note=note,
    )


def metric(frame: pd.DataFrame, name: str) -> html.Div:
    """What a driver means and what it is here."""
    if frame.empty:
        return html.Div("The release has no metric of this name.", className="nothing")
    row = frame.iloc[0]
    window = (
        "since the contract began"
        if look.is_missing(row.window_weeks)
        else f"the last {look.number(row.window_weeks)} weeks"
    )
    facts = [
        ["value", look.in_unit(row.metric_value, row.unit)],
        ["metric score", look.number(row.metric_score, 1)],
        [
            "points given",
            f"{look.number(row.contribution, 2)} of "
            f"{look.number(None if look.is_missing(row.weight) else row.weight * 100, 1)}",
        ],
        ["state", look.words(row.evidence_state)],
        ["looks back on", window],
        ["mean of its segment", look.in_unit(row.segment_expected, row.unit)],
        [
            "percentile in its segment",
            f"{look.number(row.segment_percentile)} among {look.number(row.segment_peers)}",
        ],
        ["better is", row.better],
        ["read from", row.sources],
        ["owner", row.owner],
    ]
    return parts.titled(
        look.words(name).capitalize(),
        html.P(row.definition),
        parts.table(["", ""], facts),
    )


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
