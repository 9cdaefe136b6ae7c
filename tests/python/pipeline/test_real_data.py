"""A real marketplace: what lands is accounted for, and the score says what is missing."""

import json
from datetime import date

import pytest

from orchestration.database import connect
from orchestration.evaluation import Design, backtest, framework, onboarding, study_results
from orchestration.settings import PROJECT_DIR
from tests.python.pipeline.running import Programme

OLIST = PROJECT_DIR.parent / "shared" / "data" / "olist_landing"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not OLIST.is_dir(), reason=f"the real data is not at {OLIST}"),
]


@pytest.fixture(scope="module")
def olist(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    programme = Programme(tmp_path_factory.mktemp("olist"))
    programme.command("run", "--landing", str(OLIST), "--reporting-currency", "BRL")
    return programme


def test_every_booking_is_accounted_for_to_the_cent(olist: Programme):
    ((bookings, revenue),) = olist.rows(
        "select count(*), sum(amount) from activities.activities where activity_type = 'booking'"
    )
    assert (bookings, str(revenue)) == (100_010, "13591643.70")
    landed = dict(
        olist.rows("select entity, rows_landed from activities.source_status where rows_landed > 0")
    )
    assert landed["bookings"] == 100_010
    ((unaccounted,),) = olist.rows(
        """select count(*) from activities.source_status
           where rows_landed != rows_staged + rows_quarantined"""
    )
    assert unaccounted == 0


def test_every_seller_has_a_score_or_a_reason(olist: Programme):
    ((partners, without),) = olist.released(
        """select count(*), count(*) filter (where revenue_score is null and status_reason is null)
           from marts.partner_scorecards"""
    )
    assert (partners, without) == (3_095, 0)


def test_the_missing_sources_are_told(olist: Programme):
    entities = olist.released(
        "select source || '.' || entity from marts.source_coverage where has_records"
    )
    assert {name for (name,) in entities} == {
        "crm.partners",
        "crm.requests",
        "feedback.surveys",
        "finance.bookings",
        "marketing.commitments",
    }
    breadth = olist.released(
        """select outcome, breadth from marts.framework_breadth
           where segment = 'reseller' and is_in_force"""
    )
    assert all(0.1 < share < 0.7 for _, share in breadth)
    manifest = json.loads((olist.warehouse / "releases" / "current" / "manifest.json").read_text())
    assert 0.1 < manifest["run"]["totals"]["breadth"] < 0.7


def test_early_scores_tell_who_stays_active(olist: Programme):
    """The split and labels under which figures for this data are published; docs/evaluation.md."""
    study = Design(
        active_by=("booking",),
        train_from=date(2017, 1, 1),
        train_until=date(2017, 7, 31),
        test_until=date(2017, 11, 25),
    )
    with connect(olist.settings(), read_only=True) as connection:
        rows = onboarding.read(connection, framework.in_force(connection), study)
    assert {(rows.training(n).sum(), rows.testing(n).sum()) for n in (30, 60, 90)} == {(983, 561)}
    worked = study_results.work_out(rows)
    found = {
        (each.horizon, each.outcome, each.measure, each.model, each.over): each.estimate
        for each in worked.results
    }
    for horizon, least_auc, least_rank in ((30, 0.73, 0.56), (60, 0.785, 0.62), (90, 0.83, 0.675)):
        for outcome, measure, least in (
            ("engagement", "AUC", least_auc),
            ("revenue", "Spearman", least_rank),
        ):
            key = (horizon, outcome, measure, "proposed weights")
            assert found[(*key, None)].value > least
            for naive in ("revenue so far", "days idle"):
                assert found[(*key, naive)].low > 0, (key, naive)
            hindsight = found[horizon, outcome, measure, study_results.HINDSIGHT, None]
            assert hindsight.value > found[(*key, None)].value - 0.005


def test_weights_are_proposed_where_the_gain_is_proven(olist: Programme):
    done = olist.command("propose-weights")
    assert "engagement: AUC on later weeks" in done.stdout
    # Of revenue the interval of the gain ends next to 0: either is a fair answer, silence is not.
    assert ("revenue: not proposed" in done.stdout) != ("revenue: Spearman on" in done.stdout)
    (draft,) = (olist.warehouse / "proposals").iterdir()
    assert {"README.md", "framework_versions.csv", "metric_weights.csv"} <= {
        file.name for file in draft.iterdir()
    }


def test_the_page_repeats_the_backtest(olist: Programme):
    with connect(olist.settings(), read_only=True) as connection:
        found = backtest.sections(connection)
    told = {
        outcome: (partners, auc)
        for outcome, partners, auc in olist.released("""
            select outcome, partners, auc from marts.prediction_backtest
            where period = 'all' and segment = 'all' and predictor = 'prediction'""")
    }
    assert found["parts"] and set(told) >= {"engaged"}
    for part, outcome in zip(found["parts"], ("engaged", "productive", "revenue"), strict=False):
        partners, auc = told[outcome]
        assert part["lines"][0].startswith(f"{partners:,} predictions")
        if outcome != "revenue":
            assert f"AUC {auc:.3f}" in part["lines"][0]
        assert all(plot.startswith("<svg") for plot in part["plots"])


def test_a_late_review_counts_when_it_was_answered_and_no_final_status_lands(olist: Programme):
    """The two ways in which this data knows the future (its README names them)."""
    ((answers, early, submitted),) = olist.rows("""
        select count(*), count(*) filter (where counted_on != cast(submitted_at as date)),
            count(distinct submitted_at)
        from activities.activity_records
        inner join staging.stg_feedback__surveys on source_record_id = response_id
        where activity_type = 'survey_answered'""")
    assert (answers > 90_000, early, submitted > 1_000) == (True, 0, True)
    columns = olist.rows("""
        select distinct column_name from information_schema.columns
        where table_schema like 'raw_%' and column_name like '%status%'""")
    assert columns == []


def test_it_has_outcomes_enough_for_numbers_and_some_come_true(olist: Programme):
    rows = olist.released("""
        select outcome, partners, coalesce(spearman, auc), calibration_slope
        from marts.prediction_backtest
        where period = 'all' and segment = 'all' and predictor = 'prediction'""")
    assert {outcome for outcome, *_ in rows} == {"engaged", "productive", "revenue"}
    assert all(partners > 1_000 and rank > 0.6 for _, partners, rank, _ in rows)
