"""How far a release may move away from the one before it, and its newest week from the last.

A change of a few partners is forgiven: late records and corrections restate their history, and
that is published as a restatement. A change of the framework is announced, so that its movement
only warns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestration.database import literal
from orchestration.quality import bounds
from orchestration.quality.checks import FORGIVEN_ROWS, Check, make, percent

FIRST = "first release"
UNREADABLE = "the previous release could not be read"
FIND_OUT = (
    "Compare with the release before: which source, contract or formula changed? If the change is "
    "meant, publish it as a new framework version."
)


@dataclass(frozen=True)
class Before:
    """The release before: where its marts are. `tables` is empty for a first release."""

    tables: Mapping[str, str] = field(default_factory=dict)
    """Name of the relation here -> its full name in the attached file."""
    is_readable: bool = True
    framework_changed: bool = False


NOTHING_BEFORE = Before()


def rows_kept(relation: str, before: Before) -> Check:
    then = f"(select count(*) from {before.tables.get(relation)})"
    few = f"{then} - count(*) <= {FORGIVEN_ROWS}"
    return _compared(
        before,
        relation,
        "rows_kept",
        value=f"case when {few} then 1 else count(*) / {then}::double end",
        least=bounds.ROWS_KEPT.value,
        words=f"count(*) || ' rows; the release before has ' || {then}",
        expected=f"at least {percent(bounds.ROWS_KEPT.value)} as many rows as the release before "
        f"({FORGIVEN_ROWS} fewer are forgiven)",
        remedy="Find out which rows are gone: a source that did not arrive, or a lost join?",
    )


def scored_share_kept(relation: str, scored: str, before: Before) -> Check:
    def share(source: str) -> str:
        return f"(select count(*) filter (where {scored}) / nullif(count(*), 0)::double {source})"

    now, then = share(f"from {relation}"), share(f"from {before.tables.get(relation)}")
    fall = f"coalesce({then} - {now}, 0)"
    return _compared(
        before,
        relation,
        "scored_share_kept",
        value=f"case when {fall} * count(*) <= {FORGIVEN_ROWS} then 0 else {fall} end",
        most=bounds.SCORED_SHARE_FALL.value,
        words=f"format('share scored {{:.2f}}; before {{:.2f}}', {now}, {then})",
        expected="the share of partners with a score fell by no more than "
        f"{percent(bounds.SCORED_SHARE_FALL.value)} of the programme since the release before",
        remedy="Look at the reasons of the unscored ones: a source that did not arrive?",
    )


def movement(relation: str, outcome: str, before: Before) -> list[Check]:
    """Restatement of the history in common, and bands that changed in the newest week."""
    column = f"{outcome}_score"
    common = (
        f"(select now.partner_id, abs(now.{column} - past.{column}) as moved, "
        f"(now.{column} is null) <> (past.{column} is null) as appeared "
        f"from {relation} as now inner join {before.tables.get(relation)} as past "
        "using (partner_id, week_start))"
    )
    restated = f"count(*) filter (where appeared or moved > {bounds.CHANGED_BY.value})"
    share = f"coalesce({restated} / nullif(count(*), 0)::double, 0)"
    far = f"count(distinct partner_id) filter (where moved > {bounds.RESTATED_P99.value})"
    touched = (
        f"count(distinct partner_id) filter (where appeared or moved > {bounds.CHANGED_BY.value})"
    )
    p99 = "coalesce(quantile_cont(moved, 0.99), 0)"
    few = f"({FORGIVEN_ROWS} partners or fewer are forgiven)"
    measures = (
        (
            "restated_share",
            f"case when {touched} <= {FORGIVEN_ROWS} then 0 else {share} end",
            f"{restated} || ' of ' || count(*) || ' published scores restated'",
            bounds.RESTATED_SHARE,
            f"at most {percent(bounds.RESTATED_SHARE.value)} of published scores changed {few}",
        ),
        (
            "restated_median",
            "coalesce(median(moved), 0)",
            "format('median change {:.2f} points', coalesce(median(moved), 0))",
            bounds.RESTATED_MEDIAN,
            f"the median score published before moved by at most {bounds.RESTATED_MEDIAN.value:g}",
        ),
        (
            "restated_99th_percentile",
            f"case when {far} <= {FORGIVEN_ROWS} then 0 else {p99} end",
            f"format('99th percentile of changes {{:.2f}} points', {p99})",
            bounds.RESTATED_P99,
            f"99% of published scores moved by at most {bounds.RESTATED_P99.value:g} points {few}",
        ),
    )
    checks = [
        _compared(
            before,
            relation,
            about,
            column=column,
            value=f"(select {value} from {common})",
            most=bound.value,
            words=f"(select {words} from {common})",
            expected=expected,
            remedy=FIND_OUT,
        )
        for about, value, words, bound, expected in measures
    ]
    if before.framework_changed:
        checks = [check.with_severity("warn") for check in checks]
    return [*checks, _bands(relation, outcome)]


def _bands(relation: str, outcome: str) -> Check:
    column = f"{outcome}_band"
    newest = f"(select max(week_start) from {relation})"
    week_before = f"(select max(week_start) from {relation} where week_start < {newest})"
    pairs = (
        f"(select now.{column} <> past.{column} as has_changed from {relation} as now "
        f"inner join {relation} as past on now.partner_id = past.partner_id "
        f"and now.week_start = {newest} and past.week_start = {week_before} "
        f"where now.{column} is not null and past.{column} is not null)"
    )
    return make(
        "release",
        relation,
        "changed_since_last_week",
        column=column,
        value=f"case when {{unexpected}} <= {FORGIVEN_ROWS} then 0 "
        "else {unexpected} / {evaluated}::double end",
        most=bounds.BAND_CHANGES.value,
        words="{unexpected} || ' of ' || {evaluated} || ' partners changed band'",
        unexpected=f"(select count(*) filter (where has_changed) from {pairs})",
        evaluated=f"(select count(*) from {pairs})",
        expected=f"at most {percent(bounds.BAND_CHANGES.value)} of the partners changed their "
        f"{outcome} band in the newest week ({FORGIVEN_ROWS} are forgiven)",
        remedy=FIND_OUT,
    )


def _compared(
    before: Before,
    relation: str,
    about: str,
    *,
    value: str,
    words: str,
    expected: str,
    remedy: str,
    column: str | None = None,
    least: float | None = None,
    most: float | None = None,
) -> Check:
    """A check against the release before: passes without one, crashes on an unreadable one."""
    if not before.is_readable:
        value, words = "null", literal(UNREADABLE)
    elif relation not in before.tables:
        # Any number within the bounds: there is nothing to compare with.
        value, words = str(least if least is not None else 0), literal(FIRST)
    return make(
        "release",
        relation,
        about,
        column=column,
        value=value,
        least=least,
        most=most,
        words=words,
        expected=expected,
        remedy=remedy,
    )
