"""What partners are causes what they do: figures in loose bands, so that noise stays noise."""

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from orchestration.sample import SampleSummary
from orchestration.sample.names import DIRECTIONS
from orchestration.sample.parameters import WEEK_SECONDS
from orchestration.sample.recipe import Recipe, simulate
from orchestration.sample.records import Batch

Read = Callable[[str], list[dict[str, Any]]]
Truth = dict[str, dict[str, Any]]
END = datetime(2026, 6, 29, tzinfo=UTC)
EARLY, OUTCOME = timedelta(weeks=13), timedelta(weeks=26)


@pytest.fixture(scope="module")
def truth(clean: SampleSummary) -> Truth:
    rows = pq.read_table(clean.truth / "partners.parquet").to_pylist()
    return {row["partner_id"]: row for row in rows}


def auc(score: NDArray[Any], label: NDArray[Any]) -> float:
    """Area under the ROC curve from mean ranks (Mann-Whitney)."""
    _, place, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place]
    positive = int(label.sum())
    return float(
        (rank[label].sum() - positive * (positive + 1) / 2) / (positive * (len(label) - positive))
    )


def logistic(features: NDArray[Any], label: NDArray[Any], ridge: float = 2.0) -> NDArray[Any]:
    weights = np.zeros(features.shape[1])
    for _ in range(25):
        fitted = 1 / (1 + np.exp(-features @ weights))
        curvature = features.T @ (features * (fitted * (1 - fitted))[:, None])
        slope = features.T @ (label - fitted) - ridge * weights
        weights += np.linalg.solve(curvature + ridge * np.eye(len(weights)), slope)
    return weights


def early_counts(records: Read, truth: Truth, entity: str, time: str, **only: str) -> Counter[str]:
    """Records of each partner in its first 13 weeks."""
    found: Counter[str] = Counter()
    for row in records(entity):
        if row[time] and all(row[name] == value for name, value in only.items()):
            partner = row["partner_id"]
            tenure = datetime.fromisoformat(row[time]) - truth[partner]["contract_signed_at"]
            found[partner] += tenure < EARLY
    return found


def test_early_behaviour_predicts_revenue_but_not_too_well(records: Read, truth: Truth) -> None:
    partners = sorted(
        name for name, row in truth.items() if row["contract_signed_at"] + EARLY + OUTCOME <= END
    )
    productive = set()
    for row in records("finance.bookings"):
        signed = truth[row["partner_id"]]["contract_signed_at"]
        tenure = datetime.fromisoformat(row["booked_at"]) - signed
        if row["sourcing"] == "sourced" and EARLY <= tenure < EARLY + OUTCOME:
            productive.add(row["partner_id"])
    counts = [
        early_counts(records, truth, "crm.activities", "occurred_at", direction="mutual"),
        early_counts(records, truth, "portal.events", "occurred_at"),
        early_counts(records, truth, "crm.leads", "accepted_at"),
        early_counts(records, truth, "crm.deals", "approved_at"),
        early_counts(records, truth, "portal.milestones", "reached_at"),
        early_counts(records, truth, "learning.certifications", "awarded_at"),
    ]
    features = np.log1p([[float(each[name]) for each in counts] for name in partners])
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    features = np.column_stack([np.ones(len(partners)), features])
    label = np.array([name in productive for name in partners])
    score = np.zeros(len(partners))
    fold = np.arange(len(partners)) % 2
    for each in (0, 1):  # fitted on one half, judged on the other
        weights = logistic(features[fold != each], label[fold != each])
        score[fold == each] = features[fold == each] @ weights
    assert 0.15 < label.mean() < 0.45
    assert 0.72 < auc(score, label) < 0.90


def test_traits_show_in_what_partners_do(records: Read, truth: Truth) -> None:
    seen: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in records("feedback.ratings"):
        seen["rating"][row["partner_id"]].append(row["rating"])
    for row in records("accounts.profiles"):
        share = row["icp_accounts"] / row["matched_accounts"]
        seen["overlap"][row["partner_id"]].append(share)
    for row in records("crm.requests"):
        seen["answered"][row["partner_id"]].append(float(row["responded_at"] is not None))
    for row in records("learning.enrollments"):
        seen["completed"][row["partner_id"]].append(float(row["completed_at"] is not None))
    for row in records("feedback.surveys"):
        seen["survey"][row["partner_id"]].append(float(row["score"]))

    def correlation(figure: str, trait: str) -> float:
        partners = sorted(seen[figure])
        mean = [np.mean(seen[figure][each]) for each in partners]
        return float(np.corrcoef(mean, [truth[each][trait] for each in partners])[0, 1])

    assert correlation("rating", "fit") > 0.5
    assert correlation("overlap", "fit") > 0.5
    assert correlation("answered", "engagement") > 0.3
    assert correlation("completed", "capability") > 0.3
    assert correlation("survey", "capability") > 0.2


def test_departures_are_common_and_mostly_unannounced(truth: Truth) -> None:
    partners = list(truth.values())
    churned = [row for row in partners if row["churned_at"]]
    terminated = [row for row in churned if row["terminated_at"]]
    stayed = [row for row in partners if not row["churned_at"]]
    assert 0.2 < len(churned) / len(partners) < 0.5
    assert 0 < len(terminated) / len(churned) < 0.45
    assert np.mean([r["engagement"] for r in churned]) < np.mean([r["engagement"] for r in stayed])
    assert any(row["never_active"] for row in partners)


def test_the_whole_range_of_tenure_is_there(truth: Truth) -> None:
    weeks = [(END - row["contract_signed_at"]) / timedelta(weeks=1) for row in truth.values()]
    assert sum(each < 8 for each in weeks) >= 5
    assert sum(each > 104 for each in weeks) >= 50


def test_activity_dips_in_summer_and_over_the_year_end(records: Read) -> None:
    by_week: Counter[tuple[int, int]] = Counter()
    for row in records("portal.events"):
        year, week, _ = datetime.fromisoformat(row["occurred_at"]).isocalendar()
        by_week[year, week] += 1
    ordinary = np.mean([by_week[2025, week] for week in (*range(22, 28), *range(36, 42))])
    assert np.mean([by_week[2025, week] for week in range(29, 35)]) < 0.9 * ordinary
    assert by_week[2025, 52] < 0.7 * ordinary


def test_the_effect_of_the_experiment_can_be_found() -> None:
    """Difference of arms in log meetings, adjusted for the quarter before, near the truth."""
    recipe = Recipe(1500, 104, END.date() - timedelta(days=1), 11)
    world = recipe.world()
    start = world.weeks - world.parameters.experiment_weeks_before_end
    begins_at = world.origin + start * WEEK_SECONDS
    before, since = np.zeros(world.population.size), np.zeros(world.population.size)
    mutual = DIRECTIONS.index("mutual")

    def count(batch: Batch) -> None:
        if batch.entity != "crm.activities" or world.week < start - 13:
            return
        partner = batch.columns["partner_id"][batch.columns["direction"] == mutual]
        target = since if world.week_start >= begins_at else before
        np.add.at(target, partner, 1)

    simulate(world, recipe.total_weeks, count, lambda now: None)
    arm = world.behaviour.arm
    eligible = arm >= 0
    share = (arm[eligible] == 1).mean()
    columns = [np.ones(eligible.sum()), arm[eligible] == 1, np.log1p(before[eligible])]
    effect = np.linalg.lstsq(np.column_stack(columns), np.log1p(since[eligible]), rcond=None)[0][1]
    assert share == pytest.approx(0.5, abs=0.02)
    # those who leave soon dilute it, so the estimate is below the truth on average
    assert 0.1 < effect < 2 * world.parameters.experiment_effect_log
