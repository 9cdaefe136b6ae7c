"""What is known of partners at the end of a week: the rows that scores are fitted and judged on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from orchestration.evaluation.framework import OUTCOMES, Array, Framework

Days = NDArray[np.datetime64]


class TooLittle(LookupError):
    """There is not enough history; says what is missing and, where known, when it will be there."""


@dataclass(frozen=True)
class PartnerWeeks:
    """One row per partner and week: the metrics as the score uses them, and what was published.

    `values` and `evidence` are (rows, metrics); NaN is not observed, infinite evidence none needed.
    `published` are the raw scores of the official framework of the week, overlay included.
    """

    partner: NDArray[np.str_]
    week: Days
    contract: Days
    segment: NDArray[np.int64]
    tenure: NDArray[np.int64]
    values: Array
    evidence: Array
    overlay: dict[str, Array]
    published: dict[str, Array]

    def __len__(self) -> int:
        return len(self.partner)

    def where(self, chosen: NDArray[Any]) -> "PartnerWeeks":
        """The rows that a mask or an array of places chooses."""
        return stacked([self], lambda columns: columns[0][chosen])

    @property
    def known_on(self) -> Days:
        """The day after the week: everything up to it is known, nothing later."""
        return self.week + np.timedelta64(7, "D")

    def scores(self, framework: Framework) -> Array:
        """The score of every metric: (rows, metrics), 0 to 100."""
        return framework.metric_scores(self.values, self.evidence, self.segment)

    def totals(self, scores: Array, shares: Array, outcome: str) -> Array:
        """The outcome's score (rows) by these shares (segments, weeks of tenure, metrics)."""
        share = shares[self.segment, np.minimum(self.tenure, shares.shape[1] - 1)]
        return np.clip((scores * share).sum(axis=1) + self.overlay[outcome], 0, 100)


def read(
    connection: duckdb.DuckDBPyConnection, framework: Framework, where: str = "true"
) -> PartnerWeeks:
    """The partner-weeks that `where` chooses (SQL over partner_id, week_start, tenure_week).

    Partners whose contract has ended are left out from that week on: there is nothing to foretell.
    """
    columns = []
    for metric in framework.metrics:
        columns.append(f"scored.{metric.name}::double as {metric.name}")
        evidence = f"scored.{metric.evidence}" if metric.evidence else "'infinity'"
        columns.append(f"{evidence}::double as {metric.name}__evidence")
    found = connection.execute(
        f"""
        select
            scored.partner_id, scored.week_start, scored.tenure_week, segments.segment,
            partners.contract_signed_at::date as contract,
            coalesce(adjustments.engagement_points, 0)::double as engagement_overlay,
            coalesce(adjustments.revenue_points, 0)::double as revenue_overlay,
            raw.engagement_raw_score, raw.revenue_raw_score,
            {", ".join(columns)}
        from (select * from metrics.scored_metrics where {where}) as scored
        inner join scores.raw_scores as raw using (partner_id, week_start)
        inner join partners.partners as partners using (partner_id)
        inner join partners.partner_segments as segments using (partner_id)
        left join scores.partner_adjustments as adjustments
            on scored.partner_id = adjustments.partner_id and adjustments.framework = ?
        where partners.terminated_at is null
            or scored.week_start + interval 7 days <= partners.terminated_at
        order by scored.week_start, scored.partner_id
        """,
        [framework.name],
    ).fetchnumpy()

    def numbers(name: str) -> Array:
        return np.asarray(np.ma.filled(np.ma.asarray(found[name]).astype(float), np.nan))

    return PartnerWeeks(
        partner=np.asarray(found["partner_id"]).astype(str),
        week=np.asarray(found["week_start"]).astype("datetime64[D]"),
        contract=np.asarray(found["contract"]).astype("datetime64[D]"),
        segment=np.array(
            [framework.segments.index(each) for each in found["segment"]], dtype=np.int64
        ),
        tenure=np.asarray(found["tenure_week"]).astype(np.int64),
        values=np.column_stack([numbers(metric.name) for metric in framework.metrics]),
        evidence=np.column_stack(
            [numbers(f"{metric.name}__evidence") for metric in framework.metrics]
        ),
        overlay={outcome: numbers(f"{outcome}_overlay") for outcome in OUTCOMES},
        published={outcome: numbers(f"{outcome}_raw_score") for outcome in OUTCOMES},
    )


def last_of_each(rows: PartnerWeeks, until: Days) -> PartnerWeeks:
    """The last week of each partner that was over on the partner's day of `until` (one per row)."""
    over = np.flatnonzero(rows.known_on <= until)
    # Rows are sorted by week, so the last place of a partner is its last week.
    _, first_from_behind = np.unique(rows.partner[over][::-1], return_index=True)
    return rows.where(np.sort(over[::-1][first_from_behind]))


def stacked(
    parts: Sequence[PartnerWeeks],
    together: Callable[[Sequence[NDArray[Any]]], NDArray[Any]] = np.concatenate,
) -> PartnerWeeks:
    """The rows of all parts, one part after the other (or put together in another way)."""
    columns: dict[str, Any] = {}
    for field in fields(PartnerWeeks):
        found: list[Any] = [getattr(part, field.name) for part in parts]
        columns[field.name] = (
            {outcome: together([each[outcome] for each in found]) for outcome in found[0]}
            if isinstance(found[0], dict)
            else together(found)
        )
    return PartnerWeeks(**columns)
