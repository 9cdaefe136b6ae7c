"""The charts of the page `governance`."""

import pandas as pd
import plotly.graph_objects as go
from dash import html

from dashboard import look
from dashboard.figures import parts


def headline(checks: pd.DataFrame, sources: pd.DataFrame, versions: pd.DataFrame) -> html.Div:
    passed = int(checks[checks.status == "passed"].checks.sum())
    total = int(checks.checks.sum())
    newest = sources.week_start.max()
    unusual = int(((sources.week_start == newest) & (sources.verdict != "as usual")).sum())
    approved = versions[versions.status == "approved"]
    in_force = approved.framework_version.max() if len(approved) else None
    proposed = int((versions.status == "proposed").sum())
    return parts.cards(
        [
            parts.card(
                "Checks of this release",
                f"{look.number(passed)} of {look.number(total)}",
                "passed",
                look.UP if passed == total else look.DOWN,
            ),
            parts.card(
                "Sources unusual in the last week",
                look.number(unusual),
                f"of {look.number(sources.source.nunique())}",
                look.DOWN if unusual else look.UP,
            ),
            parts.card("Newest approved framework", look.number(in_force), f"{proposed} proposed"),
        ]
    )


def checks(frame: pd.DataFrame, failed: pd.DataFrame) -> html.Div:
    rows = [
        [row.gate, row.severity, row.status, look.number(row.checks)] for row in frame.itertuples()
    ]
    broken = [
        [row.check_name, row.severity, row.status, row.expected, row.observed, row.remedy]
        for row in failed.itertuples()
    ]
    return parts.titled(
        "Checks of the run that made this release",
        parts.table(["gate", "severity", "answer", "checks"], rows, numbers=(3,)),
        parts.table(
            ["check", "severity", "answer", "expected", "observed", "remedy"],
            broken,
            nothing="Every check passed.",
        ),
    )


def heat(frame: pd.DataFrame, name: str) -> go.Figure:
    """Distances from what is usual, a row a source or metric, a column a week."""
    if frame.empty:
        return look.empty("There is not enough history yet.")
    z = frame.pivot(index=name, columns="week_start", values="z").sort_index(ascending=False)
    verdict = frame.pivot(index=name, columns="week_start", values="verdict").loc[z.index]
    figure = go.Figure(
        go.Heatmap(
            z=z.to_numpy(),
            x=[f"{week:%Y-%m-%d}" for week in z.columns],
            y=[look.words(each) for each in z.index],
            customdata=verdict.to_numpy(),
            colorscale=[[0, look.DOWN], [0.5, "#F6F7F9"], [1, look.OUTCOME_COLOURS["revenue"]]],
            zmin=-5,
            zmax=5,
            hovertemplate="%{y}, week of %{x}<br>z = %{z:.1f}: %{customdata}<extra></extra>",
            colorbar={"thickness": 10},
            xgap=1,
            ygap=1,
        )
    )
    figure.update_yaxes(tickfont={"size": 11}, showgrid=False)
    figure.update_xaxes(showgrid=False, type="date")
    return look.finished(figure, left=180)


def populations(frame: pd.DataFrame) -> go.Figure:
    """How far distributions lie from those at approval, beside what chance alone would do."""
    frame = frame[frame.stability_index.notna()].sort_values("stability_index").tail(15)
    if frame.empty:
        return look.empty("No approved framework has a frozen reference yet.")
    colours = {"stable": look.UP}
    figure = go.Figure()
    figure.add_bar(
        x=frame.stability_index,
        y=[look.words(each) for each in frame.measure],
        orientation="h",
        name="distance",
        marker_color=[colours.get(each, look.BAND_COLOURS["medium"]) for each in frame.verdict],
        customdata=frame[["verdict"]].to_numpy(),
        hovertemplate="%{y}: %{x:.3f}, %{customdata[0]}<extra></extra>",
    )
    figure.add_scatter(
        x=frame.chance_limit,
        y=[look.words(each) for each in frame.measure],
        mode="markers",
        name="what chance alone may do",
        marker={"symbol": "line-ns-open", "size": 12, "color": look.INK},
        hovertemplate="chance: %{x:.3f}<extra></extra>",
    )
    figure.update_layout(legend=look.legend_above())
    figure.update_xaxes(title_text="population stability index")
    figure.update_yaxes(showgrid=False, tickfont={"size": 11})
    return look.finished(figure, left=180, bottom=44, top=28)


def fairness(frame: pd.DataFrame) -> go.Figure:
    """Observed over expected, by group; 1 is as expected."""
    if frame.empty:
        return look.empty("No group is large enough to be judged.")
    figure = go.Figure()
    for outcome, part in frame.groupby("outcome"):
        figure.add_scatter(
            x=part.ratio,
            y=[f"{look.words(r.attribute)}: {look.plain(r.group_name)}" for r in part.itertuples()],
            mode="markers",
            name=look.words(outcome),
            error_x={
                "type": "data", "symmetric": False, "thickness": 1,
                "array": part.ratio_high - part.ratio, "arrayminus": part.ratio - part.ratio_low,
            },
            customdata=part[["verdict", "partners"]].to_numpy(),
            hovertemplate="%{y}: %{x:.2f}<br>%{customdata[0]}, %{customdata[1]} partners",
        )  # fmt: skip
    figure.add_vline(x=1, line_color=look.INK, line_width=1)
    figure.update_layout(legend=look.legend_above(), scattermode="group")
    figure.update_xaxes(title_text="what came / what was expected", range=[0, 2.2])
    figure.update_yaxes(showgrid=False, tickfont={"size": 11})
    return look.finished(figure, left=170, bottom=44, top=28)


def versions(frame: pd.DataFrame) -> html.Div:
    return parts.titled(
        "Versions of the framework",
        parts.table(
            ["version", "status", "based on", "from", "approved by", "sealed", "why"],
            [
                [
                    look.number(row.framework_version),
                    row.status,
                    look.number(row.based_on),
                    look.day(row.effective_from),
                    look.words(row.approved_by),
                    look.day(row.sealed_on),
                    row.reason,
                ]
                for row in frame.itertuples()
            ],
        ),
    )


def decisions(frame: pd.DataFrame) -> html.Div:
    return parts.titled(
        "Decision log",
        parts.table(
            ["on", "decision", "version", "decided by", "why"],
            [
                [
                    look.day(row.decided_on),
                    row.decision,
                    look.number(row.framework_version),
                    row.decided_by,
                    row.reason,
                ]
                for row in frame.itertuples()
            ],
        ),
    )


def reviews(frame: pd.DataFrame, set_aside: pd.DataFrame) -> html.Div:
    return parts.titled(
        "Records set aside",
        parts.table(
            ["source", "state", "why", "records"],
            [
                [row.source_entity, row.state, row.reason, look.number(row.records)]
                for row in set_aside.itertuples()
            ],
            numbers=(3,),
            nothing="Every record that landed counts.",
        ),
        html.H3("Reviews that come next", className="figure-title"),
        parts.table(
            ["what", "owner", "due", "days left"],
            [
                [
                    f"{look.words(row.item_kind)}: {look.words(row.item)}",
                    row.owner,
                    look.day(row.review_due),
                    look.number(row.days_left),
                ]
                for row in frame.head(8).itertuples()
            ],
            numbers=(3,),
        ),
    )


def signals(frame: pd.DataFrame) -> html.Div:
    return parts.titled(
        "Does anybody play for its score? Questions, never verdicts",
        parts.table(
            ["partner", "signal", "about", "what", "records", "observed", "expected"],
            [
                [
                    row.partner_name,
                    look.words(row.signal),
                    look.words(row.about),
                    look.words(row.verdict),
                    look.number(row.records),
                    look.number(row.observed, 2),
                    look.number(row.expected, 2),
                ]
                for row in frame.itertuples()
            ],
            numbers=(4, 5, 6),
            nothing="Nobody's records look like it.",
        ),
    )
