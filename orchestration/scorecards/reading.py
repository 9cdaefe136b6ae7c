"""What a scorecard is made of, read from a release: rows of one partner, and what holds for all.

The only SQL of scorecards. Rows of partners are asked for by id, in the columns of `SHOWN` and no
others, so what is not listed there cannot reach a partner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import duckdb

from orchestration.database import quoted, rows_of

Row = dict[str, Any]

# What partners may see of themselves. Left out on purpose: forecasts and likelihoods, ranks among
# peers, scenarios, signals of gaming, the composite, names of teams and people
# (docs/decisions/0062).
SHOWN: Mapping[str, tuple[str, ...]] = {
    "partner_scorecards": (
        "partner_id", "partner_name", "segment", "tier", "status", "status_reason", "revenue_band",
        "engagement_band", "revenue_band_waits", "engagement_band_waits", "framework_version",
        "tenure_week", "revenue_score", "engagement_score",
        "revenue_overlay", "engagement_overlay", "revenue_coverage", "engagement_coverage",
        "coverage", "confidence", "week_start", "contract_signed_at", "terminated_at",
    ),
    "partner_score_trajectories": (
        "week_start", "tenure_week", "status", "cohort_partners",
        "revenue_score", "revenue_lower_quartile", "revenue_median", "revenue_upper_quartile",
        "engagement_score", "engagement_lower_quartile", "engagement_median",
        "engagement_upper_quartile",
    ),
    "partner_score_contributions": (
        "outcome", "metric", "evidence_state", "metric_value", "weight", "metric_score",
        "contribution",
    ),
    "partner_score_changes": ("outcome", "weeks_back", "score_change"),
    "partner_score_change_drivers": ("outcome", "weeks_back", "metric", "metric_points"),
    "partner_next_band_steps": (
        "outcome", "metric", "next_band", "metric_value", "value_needed", "place",
    ),
    "partner_milestone_progress": (
        "milestone", "sequence", "status", "is_required", "expected_week", "reached_week",
        "reached_at",
    ),
    "partner_disputes": (
        "dispute_id", "metric", "reason", "state", "resolution", "is_open", "is_overdue",
        "opened_on", "due_on", "resolved_on",
    ),
}  # fmt: skip
NEEDED = (*SHOWN, "partner_visible_metrics", "contest_reasons", "threshold_registry")


class MissingMarts(LookupError):
    """The release is from before it said what partners may see."""


@dataclass(frozen=True)
class Card:
    """One partner: `about` its row of `partner_scorecards`, the rest its rows elsewhere."""

    about: Row
    rows: Mapping[str, list[Row]]

    def of(self, mart: str) -> list[Row]:
        return self.rows[mart]


class Reader:
    """Reads cards from one release; what holds for all partners is read once."""

    def __init__(self, release: duckdb.DuckDBPyConnection) -> None:
        self.release = release
        there = {
            row["table_name"]
            for row in rows_of(
                release, "select table_name from duckdb_tables() where schema_name = 'marts'"
            )
        }
        if missing := sorted(set(NEEDED) - there):
            raise MissingMarts(
                f"The release has no table {', '.join(missing)}, so it does not say what partners "
                "may see. Run the pipeline again."
            )

    def partner_ids(self) -> list[str]:
        found = self.release.execute("select partner_id from marts.partner_directory order by 1")
        return [partner_id for (partner_id,) in found.fetchall()]

    def card(self, partner_id: str) -> Card:
        """All that a partner may see of itself."""
        rows = {mart: self._of_partner(mart, partner_id) for mart in SHOWN}
        if not rows["partner_scorecards"]:
            raise LookupError(f"The release has no partner {partner_id!r}.")
        return Card(rows["partner_scorecards"][0], rows)

    def _of_partner(self, mart: str, partner_id: str) -> list[Row]:
        columns = ", ".join(quoted(name) for name in SHOWN[mart])
        found = rows_of(
            self.release,
            f"select partner_id as whose, {columns} from marts.{quoted(mart)} "
            "where partner_id = ? order by all",
            [partner_id],
        )
        assert all(row.pop("whose") == partner_id for row in found), mart
        return found

    # --- what holds for all partners

    @cached_property
    def about(self) -> Row:
        """Release, scored day and framework."""
        return rows_of(self.release, "select release_id, as_of, published_at from release.about")[0]

    @cached_property
    def metrics(self) -> dict[str, Row]:
        """The metrics that partners see, by name, in words for them."""
        found = rows_of(
            self.release,
            "select metric, shown_name, in_words, unit, better from marts.partner_visible_metrics "
            "order by shown_name",
        )
        return {row["metric"]: row for row in found}

    @cached_property
    def reasons(self) -> list[Row]:
        """For what a number can be contested."""
        return rows_of(
            self.release,
            "select reason_code, meaning, what_to_send, answer_days from marts.contest_reasons "
            "order by reason_code = 'other', reason_code",
        )

    @cached_property
    def least_cohort(self) -> int:
        """Of how many partners quartiles may be shown."""
        return int(self._parameter("least_cohort"))

    @cached_property
    def target_score(self) -> float:
        return self._parameter("target_score")

    def cuts(self, version: int) -> dict[str, dict[str, float]]:
        """Where bands begin, by outcome and band, of a version or the one that it rests on."""
        for each in self._ancestors(version):
            if found := self._cuts.get(each):
                return found
        return {}

    @cached_property
    def _cuts(self) -> dict[int, dict[str, dict[str, float]]]:
        found: dict[int, dict[str, dict[str, float]]] = {}
        for row in rows_of(
            self.release,
            "select framework_version, outcome, name, threshold from marts.threshold_registry "
            "where kind = 'band'",
        ):
            version = found.setdefault(row["framework_version"], {})
            version.setdefault(row["outcome"], {})[row["name"]] = row["threshold"]
        return found

    def _ancestors(self, version: int) -> list[int]:
        based = {
            row["framework_version"]: row["based_on"]
            for row in rows_of(
                self.release, "select framework_version, based_on from marts.version_registry"
            )
        }
        found: list[int] = []
        each: int | None = version
        while each is not None and each not in found:
            found.append(each)
            each = int(based[each]) if based.get(each) else None
        return found

    def approved_on(self, version: int) -> Any:
        found = self.release.execute(
            "select approved_on from marts.version_registry where framework_version = ?", [version]
        ).fetchone()
        return found[0] if found else None

    @cached_property
    def freshness(self) -> Row:
        """How many kinds of records are up to date, of those that the programme has."""
        return rows_of(
            self.release,
            "select count(*) as kinds, count(*) filter (where not is_stale) as fresh, "
            "max(newest_arrival_at) as newest from marts.source_coverage where has_records",
        )[0]

    def _parameter(self, name: str) -> float:
        found = self.release.execute(
            "select threshold from marts.threshold_registry where kind = 'parameter' and name = ?",
            [name],
        ).fetchone()
        if found is None:
            raise MissingMarts(f"The release states no parameter {name!r}.")
        return float(found[0])
