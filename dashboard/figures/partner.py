"""The texts and small tables of the page `partner`."""

from typing import Any

import pandas as pd
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
