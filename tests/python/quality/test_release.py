"""Every check of the release gate passes on good marts and fails on a planted fault."""

from pathlib import Path

import duckdb
import pytest
from quality_fixtures import Warehouse

from orchestration.quality import blocking_failures, expected_checks, missing_checks

CARDS = "marts.partner_scorecards"
HISTORY = "marts.partner_score_history"
PARTNERS = "marts.partner_directory"
METRICS = "marts.metric_registry"
PARTS = "marts.partner_score_contributions"
PREDICTIONS = "marts.partner_predictions"
VERDICTS = "marts.experiment_verdicts"
ESTIMATES = "marts.experiment_results"
WEEK = "week_start = '2026-10-19'"

FAULTS = {
    f"{CARDS}.rows": f"delete from {CARDS}",
    f"{CARDS}.partner_id.present": f"update {CARDS} set partner_id = null where partner_id = 'P8'",
    f"{CARDS}.partner_id.unique": f"update {CARDS} set partner_id = 'P8' where partner_id = 'P9'",
    f"{CARDS}.segment.present": f"update {CARDS} set segment = null where partner_id = 'P9'",
    f"{CARDS}.framework_version.present": f"update {CARDS} set framework_version = null",
    f"{CARDS}.status.vocabulary": f"update {CARDS} set status = 'good' where partner_id = 'P9'",
    f"{CARDS}.coverage.in_range": f"update {CARDS} set coverage = 1.01 where partner_id = 'P9'",
    f"{CARDS}.status_reason.explained": f"update {CARDS} set status_reason = ' '",
    f"{CARDS}.partner_id.known_partner": (
        f"update {CARDS} set partner_id = 'X' where partner_id = 'P9'"
    ),
    f"{CARDS}.week_start.one_week": (
        f"update {CARDS} set week_start = '2026-10-12' where partner_id = 'P9'"
    ),
    f"{CARDS}.week_start.monday": (
        f"update {CARDS} set week_start = '2026-10-20' where partner_id = 'P9'"
    ),
    f"{CARDS}.scored_share": f"update {CARDS} set status = 'unscored'",
    f"{CARDS}.scored_share_kept": (
        f"update {CARDS} set status = 'unscored' where partner_id like 'P1_'"
    ),
    f"{CARDS}.rows_kept": f"delete from {CARDS} where partner_id like 'P1_'",
    f"{HISTORY}.partner_id.present": f"update {HISTORY} set partner_id = null where {WEEK}",
    f"{HISTORY}.week_start.present": (
        f"update {HISTORY} set week_start = null where tenure_week = 2"
    ),
    f"{HISTORY}.unique": f"insert into {HISTORY} from {HISTORY} limit 1",
    f"{HISTORY}.status.vocabulary": f"update {HISTORY} set status = null where {WEEK}",
    f"{HISTORY}.coverage.in_range": f"update {HISTORY} set coverage = -0.1 where {WEEK}",
    f"{HISTORY}.tenure_week.not_negative": f"update {HISTORY} set tenure_week = -1 where {WEEK}",
    f"{HISTORY}.week_start.monday": (
        f"update {HISTORY} set week_start = '2026-10-20' where {WEEK} and partner_id = 'P9'"
    ),
    f"{HISTORY}.rows_kept": f"delete from {HISTORY} where tenure_week < 3",
    f"{VERDICTS}.experiment.present": f"update {VERDICTS} set experiment = null",
    f"{VERDICTS}.arm.present": f"update {VERDICTS} set arm = null",
    f"{VERDICTS}.unique": f"insert into {VERDICTS} from {VERDICTS}",
    f"{VERDICTS}.recommendation.vocabulary": f"update {VERDICTS} set recommendation = 'ship'",
    f"{VERDICTS}.reason.explained": f"update {VERDICTS} set reason = ' '",
    f"{VERDICTS}.recommendation.by_the_plan": f"update {VERDICTS} set state = 'too early'",
    **{
        f"{ESTIMATES}.{column}.present": f"update {ESTIMATES} set {column} = null"
        for column in ("experiment", "metric", "arm", "scale", "is_adjusted")
    },
    f"{ESTIMATES}.unique": f"insert into {ESTIMATES} from {ESTIMATES} limit 1",
    f"{ESTIMATES}.p_value.in_range": f"update {ESTIMATES} set p_value = 1.2",
    f"{ESTIMATES}.difference_low.ordered": f"update {ESTIMATES} set difference = 0.9",
    f"{ESTIMATES}.difference.no_peeking": f"update {ESTIMATES} set state = 'too early'",
    f"{PREDICTIONS}.partner_id.present": (
        f"update {PREDICTIONS} set partner_id = null where partner_id = 'P8'"
    ),
    f"{PREDICTIONS}.partner_id.unique": (
        f"update {PREDICTIONS} set partner_id = 'P8' where partner_id = 'P9'"
    ),
    f"{PREDICTIONS}.expected_revenue_low.ordered": (
        f"update {PREDICTIONS} set expected_revenue_high = 99 where partner_id = 'P9'"
    ),
    f"{PREDICTIONS}.expected_revenue.not_negative": (
        f"update {PREDICTIONS} set expected_revenue = -1 where partner_id = 'P9'"
    ),
    f"{PREDICTIONS}.engagement_likelihood.in_range": (
        f"update {PREDICTIONS} set engagement_likelihood = 1.1 where partner_id = 'P9'"
    ),
    f"{PREDICTIONS}.productive_likelihood.in_range": (
        f"update {PREDICTIONS} set productive_likelihood = -0.1 where partner_id = 'P9'"
    ),
    f"{PREDICTIONS}.engagement_missing.explained": (
        f"update {PREDICTIONS} set engagement_missing = null where partner_id = 'P3'"
    ),
    f"{PREDICTIONS}.productive_missing.explained": (
        f"update {PREDICTIONS} set productive_missing = ' ' where partner_id = 'P3'"
    ),
    f"{PREDICTIONS}.revenue_missing.explained": (
        f"update {PREDICTIONS} set revenue_missing = null where partner_id = 'P3'"
    ),
    f"{PREDICTIONS}.rows_kept": f"delete from {PREDICTIONS} where partner_id like 'P1_'",
    f"{PARTS}.partner_id.present": f"update {PARTS} set partner_id = null where partner_id = 'P8'",
    f"{PARTS}.outcome.present": f"update {PARTS} set outcome = null where partner_id = 'P9'",
    f"{PARTS}.metric.present": f"update {PARTS} set metric = null where partner_id = 'P9'",
    f"{PARTS}.unique": f"insert into {PARTS} from {PARTS} limit 1",
    f"{PARTS}.outcome.vocabulary": f"update {PARTS} set outcome = 'x' where partner_id = 'P9'",
    f"{PARTS}.contribution.present": f"update {PARTS} set contribution = null where metric = 'a'",
    f"{PARTS}.sum_to_score": (
        f"update {PARTS} set contribution = contribution + 0.002 "
        "where partner_id = 'P9' and metric = 'a' and outcome = 'revenue'"
    ),
    f"{PARTS}.rows_kept": f"delete from {PARTS} where metric = 'b'",
    f"{PARTNERS}.partner_id.present": f"insert into {PARTNERS} values (null)",
    f"{PARTNERS}.partner_id.unique": f"insert into {PARTNERS} values ('P1')",
    f"{PARTNERS}.partner_id.has_scorecard": f"insert into {PARTNERS} values ('P99')",
    f"{PARTNERS}.rows_kept": f"delete from {PARTNERS} where partner_id like 'P1_'",
    f"{METRICS}.metric.present": (f"insert into {METRICS} values (null, 'sales')"),
    f"{METRICS}.metric.unique": (f"insert into {METRICS} values ('a', 'sales')"),
    f"{METRICS}.owner.present": (f"insert into {METRICS} values ('c', ' ')"),
}
for outcome in ("revenue", "engagement"):
    score, band = f"{outcome}_score", f"{outcome}_band"
    FAULTS |= {
        f"{CARDS}.{score}.in_range": f"update {CARDS} set {score} = 'nan' where partner_id = 'P9'",
        f"{CARDS}.{score}.present": f"update {CARDS} set {score} = null where partner_id = 'P9'",
        f"{CARDS}.{band}.vocabulary": f"update {CARDS} set {band} = 'A' where partner_id = 'P9'",
        f"{CARDS}.{band}.present": f"update {CARDS} set {band} = null where partner_id = 'P7'",
        f"{HISTORY}.{band}.vocabulary": f"update {HISTORY} set {band} = 'top' where {WEEK}",
        f"{HISTORY}.{band}.changed_since_last_week": (
            f"update {HISTORY} set {band} = if({band} = 'low', 'high', 'low') "
            f"where {WEEK} and partner_id like 'P1_'"
        ),
        f"{HISTORY}.{score}.restated_share": (
            f"update {HISTORY} set {score} = {score} + 0.1 where partner_id < 'P15'"
        ),
        f"{HISTORY}.{score}.restated_median": f"update {HISTORY} set {score} = {score} + 0.6",
        f"{HISTORY}.{score}.restated_99th_percentile": (
            f"update {HISTORY} set {score} = {score} + 11 where tenure_week = 3"
        ),
    }
    for kind in ("raw_score", "smoothed_score", "score"):
        FAULTS[f"{HISTORY}.{outcome}_{kind}.in_range"] = (
            f"update {HISTORY} set {outcome}_{kind} = 100.5 where {WEEK} and partner_id = 'P9'"
        )


def _kind(check: str) -> tuple[str, str]:
    """Relation and kind of a check, from its name."""
    parts = check.split(".")
    return ".".join(parts[:2]), parts[-1]


def test_good_marts_pass_every_check(scored: Warehouse) -> None:
    for before in (None, scored.copy("before.duckdb")):
        results = scored.run("release", previous_release=before)
        assert [one for one in results.values() if one.status != "passed"] == []
        assert missing_checks(expected_checks("release"), results.values()) == []
    first = scored.run("release", CARDS)[f"{CARDS}.rows_kept"]
    assert (first.status, first.observed) == ("passed", "first release")


def test_every_check_has_a_planted_fault() -> None:
    assert set(FAULTS) == {spec.check_name for spec in expected_checks("release")}


@pytest.mark.parametrize("kind", sorted({_kind(check) for check in FAULTS}))
def test_a_planted_fault_fails(scored: Warehouse, kind: tuple[str, str]) -> None:
    """The checks of one kind are about different columns, so their faults go in together."""
    before = scored.copy("before.duckdb")
    checks = [check for check in FAULTS if _kind(check) == kind]
    scored.plant(*(FAULTS[check] for check in checks))
    results = scored.run("release", kind[0], previous_release=before)
    failed = [check for check in checks if results[check].status == "failed"]
    assert failed == checks
    blocking = [] if kind[1] == "scored_share" else checks
    assert [one.check_name for one in blocking_failures(results[check] for check in checks)] == (
        blocking
    )


def test_a_correction_of_three_partners_is_a_restatement_and_no_fault(scored: Warehouse) -> None:
    before = scored.copy("before.duckdb")
    scored.plant(
        f"update {HISTORY} set revenue_score = revenue_score + 20 "
        "where partner_id in ('P7', 'P8', 'P9')"
    )
    results = scored.run("release", HISTORY, previous_release=before)
    assert blocking_failures(results.values()) == []


def test_a_new_framework_only_warns_of_its_movement(scored: Warehouse) -> None:
    before = scored.copy("before.duckdb")
    scored.plant(f"update {HISTORY} set revenue_score = revenue_score + 20")
    results = scored.run("release", HISTORY, previous_release=before, framework_changed=True)
    moved = [one for one in results.values() if one.status == "failed"]
    assert {one.check_name.rsplit(".", 1)[1] for one in moved} == {
        "restated_share",
        "restated_median",
        "restated_99th_percentile",
    }
    assert {one.severity for one in moved} == {"warn"}
    assert blocking_failures(moved) == []


@pytest.mark.parametrize("content", [None, b"not a database"])
def test_an_unreadable_previous_release_blocks(
    scored: Warehouse, tmp_path: Path, content: bytes | None
) -> None:
    before = tmp_path / "damaged.duckdb"
    if content:
        before.write_bytes(content)
    results = scored.run("release", previous_release=before)
    blocked = blocking_failures(results.values())
    assert {one.status for one in blocked} == {"crashed"}
    assert {one.check_name.rsplit(".", 1)[1] for one in blocked} >= {"rows_kept", "restated_share"}
    assert {one.observed for one in blocked} == {"the previous release could not be read"}


def test_a_mart_that_the_previous_release_did_not_have_is_new(scored: Warehouse) -> None:
    before = scored.copy("before.duckdb")
    with duckdb.connect(str(before)) as connection:
        connection.execute(f"drop table {PARTS}")
    results = scored.run("release", previous_release=before)
    assert results[f"{PARTS}.rows_kept"].observed == "first release"
    assert blocking_failures(results.values()) == []
