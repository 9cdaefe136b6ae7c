"""The release gate: what must hold of the marts before a release is published.

Looks at the marts in the working database and, where there is one, at the release before. The
columns and types of marts are dbt contracts and are not repeated here; bounds are in `bounds`.
"""

from collections.abc import Callable

from orchestration.database import literal
from orchestration.quality import bounds
from orchestration.quality.checks import Check, Summary, make, percent
from orchestration.quality.movement import (
    NOTHING_BEFORE,
    Before,
    movement,
    rows_kept,
    scored_share_kept,
)

OUTCOMES = ("revenue", "engagement")
STATUSES = ("unscored", "provisional", "published", "stale", "terminated")
BANDS = ("high", "medium", "low")
RECOMMENDATIONS = ("scale", "revert", "continue", "inconclusive")
SCORECARDS = "marts.partner_scorecards"
HISTORY = "marts.partner_score_history"
CONTRIBUTIONS = "marts.partner_score_contributions"
PARTNERS = "marts.partner_directory"
DEFINITIONS = "marts.metric_registry"
PREDICTIONS = "marts.partner_predictions"
EXPERIMENTS = "marts.experiment_verdicts"
ESTIMATES = "marts.experiment_results"

BUILD = "Look at the model and its dbt tests; build again when it is mended."
SCORED = "status in ('provisional', 'published', 'stale')"


def summaries(before: Before = NOTHING_BEFORE) -> list[Summary]:
    """The checks of every mart that the gate looks at."""
    return [
        Summary(
            "release",
            relation,
            tuple(checks(before)),
            f"rows_now as (select * from {relation})",
            "rows_now",
        )
        for relation, checks in CHECKS.items()
    ]


def _scorecards(before: Before) -> list[Check]:
    scored = f"count(*) filter (where {SCORED})"
    active = "count(*) filter (where status <> 'terminated')"
    checks = [
        make(
            "release",
            SCORECARDS,
            "rows",
            value="count(*)",
            least=1,
            words="count(*) || ' partners'",
            evaluated="count(*)",
            expected="the release holds partners",
            remedy=BUILD,
        ),
        *_keys(SCORECARDS, "partner_id"),
        _none(SCORECARDS, "present", "segment", "segment is null", "has a segment"),
        _none(
            SCORECARDS,
            "present",
            "framework_version",
            "framework_version is null and status <> 'unscored'",
            "that has a score names the framework version that gave it",
        ),
        _vocabulary(SCORECARDS, "status", STATUSES, may_be_null=False),
        _range(SCORECARDS, "coverage", bounds.SHARE_LEAST, bounds.SHARE_MOST),
        _none(
            SCORECARDS,
            "explained",
            "status_reason",
            "status = 'unscored' and coalesce(trim(status_reason), '') = ''",
            "that is unscored says why",
        ),
        _none(
            SCORECARDS,
            "known_partner",
            "partner_id",
            f"partner_id not in (select partner_id from {PARTNERS} where partner_id is not null)",
            f"is a partner of {PARTNERS}",
        ),
        make(
            "release",
            SCORECARDS,
            "one_week",
            column="week_start",
            # A terminated partner keeps the scorecard of its last week; others may have none yet.
            value=f"count(distinct week_start) filter (where {SCORED})",
            most=1,
            words=f"count(distinct week_start) filter (where {SCORED}) || ' weeks'",
            expected="all scores of partners in the programme are of one week",
            remedy=BUILD,
        ),
        *_weeks(SCORECARDS),
        make(
            "release",
            SCORECARDS,
            "scored_share",
            value=f"case when {{evaluated}} = 0 then 1 else {scored} / {{evaluated}}::double end",
            least=bounds.SCORED_SHARE.value,
            severity="warn",
            words=f"{scored} || ' of ' || {{evaluated}} || ' partners scored'",
            evaluated=active,
            expected=f"at least {percent(bounds.SCORED_SHARE.value)} of the partners have a score",
            remedy="Look at the reasons of the unscored ones: young partners, or missing sources?",
        ),
    ]
    for outcome in OUTCOMES:
        score, band = f"{outcome}_score", f"{outcome}_band"
        checks += [
            _range(SCORECARDS, score, bounds.SCORE_LEAST, bounds.SCORE_MOST),
            _none(
                SCORECARDS,
                "present",
                score,
                f"status <> 'unscored' and {score} is null",
                f"has its {score} unless it is unscored",
            ),
            _vocabulary(SCORECARDS, band, BANDS),
            _none(
                SCORECARDS,
                "present",
                band,
                f"{score} is not null and status <> 'unscored' and {band} is null",
                "that has a score has its band",
            ),
        ]
    return [*checks, scored_share_kept(SCORECARDS, SCORED, before), rows_kept(SCORECARDS, before)]


def _history(before: Before) -> list[Check]:
    checks = [
        *_keys(HISTORY, "partner_id", "week_start"),
        _vocabulary(HISTORY, "status", STATUSES, may_be_null=False),
        _range(HISTORY, "coverage", bounds.SHARE_LEAST, bounds.SHARE_MOST),
        _none(
            HISTORY, "not_negative", "tenure_week", "tenure_week < 0", "has a tenure of 0 or more"
        ),
        *_weeks(HISTORY),
    ]
    for outcome in OUTCOMES:
        for kind in ("raw_score", "smoothed_score", "score"):
            column = f"{outcome}_{kind}"
            checks.append(_range(HISTORY, column, bounds.SCORE_LEAST, bounds.SCORE_MOST))
        checks.append(_vocabulary(HISTORY, f"{outcome}_band", BANDS))
        checks += movement(HISTORY, outcome, before)
    return [*checks, rows_kept(HISTORY, before)]


def _contributions(before: Before) -> list[Check]:
    newest = (
        f"(partner_id, week_start) in (select partner_id, max(week_start) from {HISTORY} "
        "group by partner_id)"
    )
    raw = " union all ".join(
        f"select partner_id, week_start, '{outcome}' as outcome, "
        f"{outcome}_raw_score - {outcome}_overlay as score "
        f"from {HISTORY} where {newest} and {outcome}_raw_score is not null"
        for outcome in OUTCOMES
    )
    sums = (
        "select partner_id, week_start, outcome, sum(contribution) as total "
        f"from {CONTRIBUTIONS} group by all"
    )
    compared = f"({raw}) full join ({sums}) using (partner_id, week_start, outcome)"
    differ = f"coalesce(abs(total - score) > {bounds.SUM_TOLERANCE.value}, true)"
    return [
        *_keys(CONTRIBUTIONS, "partner_id", "outcome", "metric"),
        _vocabulary(CONTRIBUTIONS, "outcome", OUTCOMES, may_be_null=False),
        _none(CONTRIBUTIONS, "present", "contribution", "contribution is null", "is a number"),
        make(
            "release",
            CONTRIBUTIONS,
            "sum_to_score",
            value="{unexpected}",
            most=0,
            words="{unexpected} || ' of ' || {evaluated} || ' scores are no sum of their parts'",
            unexpected=f"(select count(*) from {compared} where {differ})",
            evaluated=f"(select count(*) from {compared})",
            expected="the contributions of each partner's newest week and its overlay add up to "
            "its raw score, "
            f"within {bounds.SUM_TOLERANCE.value}",
            remedy="Look at the contributions model: a metric is missing or counted twice.",
        ),
        rows_kept(CONTRIBUTIONS, before),
    ]


def _partners(before: Before) -> list[Check]:
    return [
        *_keys(PARTNERS, "partner_id"),
        _none(
            PARTNERS,
            "has_scorecard",
            "partner_id",
            f"partner_id not in (select partner_id from {SCORECARDS} where partner_id is not null)",
            f"has a row in {SCORECARDS}: a score, or the reason why there is none",
        ),
        rows_kept(PARTNERS, before),
    ]


def _predictions(before: Before) -> list[Check]:
    checks = [
        *_keys(PREDICTIONS, "partner_id"),
        _none(
            PREDICTIONS,
            "ordered",
            "expected_revenue_low",
            "expected_revenue_low < 0 or expected_revenue_high < expected_revenue_low",
            "has an interval that begins at 0 or above and ends above that, where it has one",
        ),
        _none(
            PREDICTIONS,
            "not_negative",
            "expected_revenue",
            "not expected_revenue >= 0",
            "expects no revenue below 0",
        ),
        _none(
            PREDICTIONS,
            "explained",
            "revenue_missing",
            "expected_revenue is null and coalesce(trim(revenue_missing), '') = ''",
            "without an expected revenue says what is missing",
        ),
    ]
    for name in ("engagement", "productive"):
        likelihood = f"{name}_likelihood"
        checks += [
            _range(PREDICTIONS, likelihood, bounds.SHARE_LEAST, bounds.SHARE_MOST),
            _none(
                PREDICTIONS,
                "explained",
                f"{name}_missing",
                f"{likelihood} is null and coalesce(trim({name}_missing), '') = ''",
                f"without a {likelihood} says what is missing",
            ),
        ]
    return [*checks, rows_kept(PREDICTIONS, before)]


def _experiments(before: Before) -> list[Check]:
    # A mart without an experiment is no fault.
    return [
        *_keys(EXPERIMENTS, "experiment", "arm"),
        _vocabulary(EXPERIMENTS, "recommendation", RECOMMENDATIONS, may_be_null=False),
        _none(
            EXPERIMENTS,
            "explained",
            "reason",
            "coalesce(trim(reason), '') = ''",
            "gives the reason of its recommendation",
        ),
        _none(
            EXPERIMENTS,
            "by_the_plan",
            "recommendation",
            "recommendation = 'scale' and (state <> 'looked at' or difference is null)",
            "that says scale has been looked at as planned and has an estimate",
        ),
    ]


def _estimates(before: Before) -> list[Check]:
    return [
        *_keys(ESTIMATES, "experiment", "metric", "arm", "scale", "is_adjusted"),
        _range(ESTIMATES, "p_value", bounds.SHARE_LEAST, bounds.SHARE_MOST),
        _none(
            ESTIMATES,
            "ordered",
            "difference_low",
            "not difference between difference_low and difference_high",
            "has its estimate within its interval, where it has one",
        ),
        _none(
            ESTIMATES,
            "no_peeking",
            "difference",
            "state <> 'looked at' and difference is not null",
            "has no estimate before the planned look",
        ),
    ]


def _definitions(before: Before) -> list[Check]:
    return [
        *_keys(DEFINITIONS, "metric"),
        _none(DEFINITIONS, "present", "owner", "coalesce(trim(owner), '') = ''", "has an owner"),
    ]


CHECKS: dict[str, Callable[[Before], list[Check]]] = {
    SCORECARDS: _scorecards,
    HISTORY: _history,
    CONTRIBUTIONS: _contributions,
    PARTNERS: _partners,
    DEFINITIONS: _definitions,
    PREDICTIONS: _predictions,
    EXPERIMENTS: _experiments,
    ESTIMATES: _estimates,
}


def _none(relation: str, about: str, column: str, condition: str, rule: str) -> Check:
    """No row may meet the condition; `rule` goes on after 'every row …'."""
    return make(
        "release",
        relation,
        about,
        column=column,
        value="{unexpected}",
        most=0,
        words="{unexpected} || ' of ' || {evaluated} || ' rows break this'",
        unexpected=f"count(*) filter (where {condition})",
        evaluated="count(*)",
        expected=f"every row {rule}",
        remedy=BUILD,
    )


def _weeks(relation: str) -> list[Check]:
    column = "week_start"
    monday = f"isodow(week_start) <> 1 or (week_start is null and {SCORED})"
    return [_none(relation, "monday", column, monday, "has a week that starts on a Monday")]


def _range(relation: str, column: str, least: bounds.Bound, most: bounds.Bound) -> Check:
    # `not between` and not `<` or `>`: NaN is above every number in DuckDB and is caught too.
    outside = f"{column} not between {least.value} and {most.value}"
    rule = f"has {column} from {least.value} to {most.value}, where it has one"
    return _none(relation, "in_range", column, outside, rule)


def _vocabulary(
    relation: str, column: str, values: tuple[str, ...], *, may_be_null: bool = True
) -> Check:
    listed = ", ".join(map(literal, values))
    known = f"coalesce({column} in ({listed}), {str(may_be_null).lower()})"
    rule = f"has {column} {', '.join(values)}" + (" or none" if may_be_null else "")
    return _none(relation, "vocabulary", column, f"not {known}", rule)


def _keys(relation: str, *columns: str) -> list[Check]:
    key = f"({', '.join(columns)})" if len(columns) > 1 else columns[0]
    unique = make(
        "release",
        relation,
        "unique",
        column=columns[0] if len(columns) == 1 else None,
        value="{unexpected}",
        most=0,
        words="{unexpected} || ' of ' || {evaluated} || ' rows have a key that another row has'",
        unexpected=f"count(*) - count(distinct {key})",
        evaluated="count(*)",
        expected=f"{', '.join(columns)} is there once",
        remedy=BUILD,
    )
    return [
        *(_none(relation, "present", name, f"{name} is null", f"has {name}") for name in columns),
        unique,
    ]
