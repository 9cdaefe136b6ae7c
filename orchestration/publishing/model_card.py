"""The model card of a release: what scores and predictions are for, rest on, and were worth.

Every figure is read from the release itself, so card and release cannot say different things.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

# What a card is written from; a release without these marts has none.
NEEDED = ("metric_registry", "partner_scorecards", "prediction_backtest", "prediction_fits")

BACKTEST = """
    select
        segment, outcome, partners, origins, auc, brier, calibration_slope, spearman,
        interval_coverage, first_origin, last_origin
    from marts.prediction_backtest
    where period = 'all' and predictor = 'prediction' and partners > 0
    order by segment != 'all', segment, outcome
"""
FITS = """
    select
        outcome, segment, method, basis, framework_version, fitted_versions, partners::bigint,
        events::bigint, own_share, first_week, last_week
    from marts.prediction_fits where is_newest and (partners > 0 or segment = 'all')
    order by outcome, segment != 'all', segment
"""
STATUSES = "select status, count(*) from marts.partner_scorecards group by all order by all"
METRICS = """
    select layer, count(*), string_agg(distinct owner, ', ' order by owner)
    from marts.metric_registry group by layer order by layer
"""


def model_card(manifest: Mapping[str, Any], database: Path) -> str | None:
    """The card as Markdown, from the manifest and the database file of a release."""
    if not set(NEEDED) <= set(manifest["marts"]):
        return None
    with duckdb.connect(str(database), read_only=True) as connection:
        backtest, fits, statuses, metrics = (
            connection.execute(sql).fetchall() for sql in (BACKTEST, FITS, STATUSES, METRICS)
        )
    run = manifest["run"]
    # Whose contract begins later has a scorecard and no score yet.
    partners = sum(count for _, count in statuses)
    return f"""# Model card of release {manifest["release_id"]}

## What it is
A revenue and an engagement score (0 to 100) for each partner: a weighted sum of metrics that
anybody can recompute, with weights that people agreed on (framework
{", ".join(run["framework_versions"])}). Predictions are calibrations of these scores on what
happened to partners of this programme with such a score before: a curve for each outcome and
segment, nothing else. As of {run["as_of"]}, {partners} partners: {_listed(statuses)}.

## What it is for
Deciding where to put training, marketing money, co-selling and executive time, together with the
reasons that each score states. Not for ending a contract, for pay, or for judging people: a score
says what a partner did with us, not how good it is at anything else. A provisional score drives no
money.

## What it rests on
| layer | metrics | owners |
|---|---:|---|
{_table(metrics)}

Names of people are replaced by keyed hashes before anything is computed. Where a source is
missing its metrics are left out and the rest weigh more: {_breadth(run)} of the framework can be
measured here.

## What the predictions were fitted on
`all` is every partner; a segment borrows from it as far as its own outcomes are few (own share).
Weeks are counted once for each partner. Where the framework version that scores now (read by) is
not the one that scored then (fitted on), a score is read off a curve of another scale, which no
backtest below has seen yet.

| outcome | segment | method | as | read by | fitted on | weeks | events | own share | from | to |
|---|---|---|---|---:|---|---:|---:|---:|---|---|
{_table(fits)}

## What they were worth so far
Each month the past was predicted with what was known then, and held against what came: AUC .5 is
chance and 1 perfect; a slope of 1 is calibrated; of 80% intervals 80% should hold.
Empty: not known.

| segment | outcome | partner-months | months | AUC | Brier | slope | Spearman | held | from | to |
|---|---|---:|---:|---:|---:|---:|---:|---:|---|---|
{_table(backtest)}

## What to be careful about
- Partners that differ from all before them are predicted like those they resemble in score.
- A partner is counted in many weeks; intervals in `marts.prediction_calibration` allow for it.
- What people do because of a score changes what comes: only an experiment tells it apart.
- Segments with few outcomes get bands, not numbers; columns in `_missing` say what is unknown.

Definitions are in `marts.metric_registry`, the checks of this release in `marts.quality_checks`.
"""


def _table(rows: Sequence[Sequence[Any]]) -> str:
    if not rows:
        return "| nothing known yet |"
    return "\n".join("| " + " | ".join(_cell(value) for value in row) + " |" for row in rows)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _listed(counts: Sequence[tuple[Any, ...]]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts)


def _breadth(run: Mapping[str, Any]) -> str:
    breadth = run["totals"].get("breadth")
    return "an unknown share" if breadth is None else f"{float(breadth):.0%}"
