"""The pages of docs/how-to do what they say: their diff is applied to a copy of the project, a
small programme is scored with it, and what was added is found in the score of one partner.

The partner `by_hand` is computed by hand; the comments are the arithmetic.
"""

from datetime import date, timedelta
from math import log
from pathlib import Path

import duckdb
import pytest

from orchestration.experiments import NotAssignable, draw, write
from orchestration.experiments.analysis import work_out
from orchestration.sample import generate
from tests.python.howto.copies import ProjectCopy, diff_of, touched_by

# The programme's last week begins on 22 June 2026; 26 weeks begin on 29 December 2025.
BY_HAND = {
    "crm/partners/by_hand.csv": """
partner_id,partner_name,track,tier,region,country,industry,contract_signed_at,updated_at
by_hand,By hand,reseller,platinum,EMEA,DE,Retail,2025-06-02T09:00:00Z,2025-06-02T09:00:00Z
gold,Gold,reseller,gold,EMEA,DE,Retail,2025-06-02T09:00:00Z,2025-06-02T09:00:00Z
""",
    "finance/bookings/by_hand.csv": """
booking_id,partner_id,booked_at,amount,currency,product_line,sourcing
Z1,by_hand,2025-12-28T12:00:00Z,7000,EUR,core,influenced
Z2,by_hand,2025-12-29T12:00:00Z,4000,EUR,core,influenced
Z3,by_hand,2026-05-05T09:00:00Z,9000,EUR,core,influenced
Z4,by_hand,2026-05-05T09:00:00Z,2000,EUR,core,sourced
""",
}
ATTENDANCE = """
attendance_id,partner_id,event_name,person_email,attended_at
V1,by_hand,Partner day,ann@example.com,2026-06-20T09:00:00Z
V2,by_hand,Partner day,bob@example.com,2026-06-20T09:05:00Z
V3,by_hand,Partner day,cid@example.com,on Saturday
"""
SCORES = """
    select
        partner_id, week_start,
        revenue_raw_score, engagement_raw_score, revenue_score, engagement_score
    from marts.partner_score_history order by partner_id, week_start"""
# From the week after version 2 on, and blended in over 8 weeks: alone from May.
VERSION_3_FROM = "2026-03-09"


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> ProjectCopy:
    """The project as it is, and a small programme that it has scored."""
    copy = ProjectCopy(tmp_path_factory.mktemp("before")).take()
    generate(copy.settings.landing, partners=25, weeks=40, dirty=False)
    for path, text in BY_HAND.items():
        copy.write(path, text)
    copy.land()
    copy.build("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
    return copy


def contribution(copy: ProjectCopy, metric: str, partner: str = "by_hand") -> tuple:
    """Value, score, weight and points of a metric in the partner's raw revenue score."""
    (row,) = copy.rows(
        f"""select metric_value, metric_score, weight, contribution
            from marts.partner_score_contributions
            where partner_id = '{partner}' and metric = '{metric}' and outcome = 'revenue'"""
    )
    return row


def test_a_metric_touches_its_expression_its_entry_and_its_policy():
    assert touched_by(diff_of("add-a-metric")) == {
        "models/metrics/performance_metrics.sql",
        "models/metrics/_metrics.yml",
        *(f"seeds/policy/metric_{what}.csv" for what in ("weights", "anchors", "priors")),
    }


def test_a_source_touches_its_folder_one_list_and_the_vocabulary():
    assert {str(Path(path).parent) for path in touched_by(diff_of("add-a-source"))} == {
        "models/staging/events",
        "macros/staging",
        "seeds/policy",
    }
    assert len(touched_by(diff_of("add-a-source"))) == 3 + 1 + 1


def test_a_segment_touches_one_macro_and_its_policy():
    touched = touched_by(diff_of("add-a-segment"))
    assert "macros/segments/volume_reseller.sql" in touched
    assert {str(Path(path).parent) for path in touched} == {"macros/segments", "seeds/policy"}
    assert len(touched) == 1 + 5


@pytest.mark.slow
def test_a_metric_reaches_the_score_once_its_version_is_approved(
    before: ProjectCopy, tmp_path: Path
):
    copy = before.patched(tmp_path / "copy", "add-a-metric")
    copy.build()
    assert copy.rows(
        """select unit, layer, is_applicable, definition from marts.metric_registry
           where metric = 'influenced_revenue'"""
    ) == [("currency", "results", True, "Influenced bookings of the last 26 weeks.")]
    # Nobody's score moves by a proposal.
    assert copy.rows(SCORES) == before.rows(SCORES)
    # 4 000 + 9 000; the booking of 28 December is a day too old.
    assert contribution(copy, "influenced_revenue")[::2] == (13_000, 0)

    copy.approve(3, VERSION_3_FROM)
    copy.build("--select", "framework_versions+", "--exclude-resource-type", "unit_test")
    value, score, weight, points = contribution(copy, "influenced_revenue")
    assert value == 13_000
    expected = 80 * (log(13_001) - log(1_001)) / (log(40_001) - log(1_001))  # 55.62
    assert score == pytest.approx(expected, abs=1e-9)
    # Results weigh 0.6 in week 55. Within: 0.06 of 1.096, which is, 0.9 the resellers' own,
    # 0.086 leads + 0.176 pipeline + 0.234 sourced revenue + 0.06 of this + 0.54 of the other ten.
    assert weight == pytest.approx(0.6 * 0.06 / 1.096, abs=1e-9)
    assert points == pytest.approx(0.6 * 0.06 / 1.096 * expected, abs=1e-9)  # 1.83
    ((raw, parts),) = copy.rows(
        """select max(revenue_raw_score), sum(contribution) + max(revenue_overlay)
           from marts.partner_score_contributions
           inner join marts.partner_score_history using (partner_id, week_start)
           where partner_id = 'by_hand' and outcome = 'revenue'"""
    )
    assert parts == pytest.approx(raw, abs=1e-9)
    assert copy.rows(SCORES) != before.rows(SCORES)


def test_an_experiment_touches_its_plan_alone():
    assert touched_by(diff_of("add-an-experiment")) == {
        "seeds/policy/experiments.csv",
        "seeds/policy/experiment_arms.csv",
        "seeds/policy/experiment_metrics.csv",
    }


@pytest.mark.slow
def test_an_experiment_is_drawn_and_waits_for_its_look(before: ProjectCopy, tmp_path: Path):
    copy = before.patched(tmp_path / "copy", "add-an-experiment")
    copy.build("--select", "experiments+", "experiment_arms+", "experiment_metrics+")
    with duckdb.connect(str(copy.settings.working_database), read_only=True) as release:
        drawn = draw(release, "walkthrough_pilot", date(2026, 7, 6))
        assert len(drawn.arms) >= 8
        assert abs(drawn.sizes()["control"] - drawn.sizes()["shown"]) <= 1
        with pytest.raises(NotAssignable, match="past its plan"):
            draw(release, "walkthrough_pilot", date(2026, 7, 20))
    write(drawn, copy.settings.landing / "experiments" / "assignments" / "walkthrough.csv")
    copy.land()
    copy.build("--select", "stg_experiments__assignments+", "--exclude-resource-type", "unit_test")
    with duckdb.connect(str(copy.settings.working_database)) as connection:
        # Assigned after the last scored week, nobody is in it yet.
        (row,) = [
            row for row in work_out(connection).verdicts if row["experiment"] == "walkthrough_pilot"
        ]
    assert (row["state"], row["recommendation"]) == ("not assigned", "continue")
    staged = copy.rows("select count(*) from staging.stg_experiments__assignments "
                       "where experiment_id = 'walkthrough_pilot'")  # fmt: skip
    assert staged == [(len(drawn.arms),)]


def test_an_action_touches_its_row_and_its_rule_alone():
    assert touched_by(diff_of("add-an-action")) == {
        "seeds/policy/interventions.csv",
        "seeds/policy/intervention_rules.csv",
    }


@pytest.mark.slow
def test_an_action_reaches_the_partners_of_its_rule(before: ProjectCopy, tmp_path: Path):
    copy = before.patched(tmp_path / "copy", "add-an-action")
    with duckdb.connect(str(copy.settings.working_database)) as connection:
        # Every published partner works hard and loses deals.
        connection.execute("""
            update scores.outcome_scores set revenue_band = 'medium', engagement_band = 'high',
                tenure_week = 30 where status = 'published'""")
        connection.execute("delete from scores.metric_reasons where metric = 'deal_win_rate'")
        connection.execute("""
            update scores.metric_reasons set metric = 'deal_win_rate', place = 1
            where (partner_id, place) in (
                select partner_id, min(place) from scores.metric_reasons
                where kind = 'gap' group by partner_id
            ) and kind = 'gap'""")
    copy.build("--select", "interventions+", "intervention_rules+", "partner_situations+")
    found = copy.rows("""
        select status, count(*), count(distinct partner_id), min(effect_label), min(due_on)
        from marts.recommended_actions where rule = 'few_wins_of_the_engaged' group by 1""")
    ((as_of,),) = copy.rows("select as_of_on from activities.score_horizon")
    ((published,),) = copy.rows(
        "select count(*) from marts.partner_scorecards where status = 'published'"
    )
    assert published > 5
    assert found == [("published", published, published, "none", as_of + timedelta(days=30))]


@pytest.mark.slow
def test_a_source_becomes_activities_and_reaches_the_score(before: ProjectCopy, tmp_path: Path):
    # 5 May to 28 June: 54 of the 60 days that are worth nothing; 80 x (60 - 54) / 53.
    assert contribution(before, "days_since_active")[:2] == (54, pytest.approx(80 * 6 / 53))
    copy = before.patched(tmp_path / "copy", "add-a-source")
    copy.write("events/attendance/june.csv", ATTENDANCE)
    copy.land()
    copy.build("--exclude-resource-type", "unit_test")
    assert copy.rows(
        """select rows_landed, rows_staged, rows_quarantined, has_records, owner
           from marts.source_coverage where source = 'events' and entity = 'attendance'"""
    ) == [(3, 2, 1, True, "partner-marketing")]
    assert copy.rows(
        """select record_id, reason from marts.set_aside_records
           where source_entity = 'events.attendance'"""
    ) == [("V3", "attended_at: not a timestamp with seconds and offset")]
    assert copy.rows(
        """select activity_type, source_record_id from activities.activities
           where source = 'events.attendance' order by all"""
    ) == [("event_attended", "V1"), ("event_attended", "V2")]
    assert copy.rows(
        "select count(*) from raw_events.attendance where person_email like '%@%'"
    ) == [(0,)]
    # 20 to 28 June; nothing but the metrics of activity has moved.
    assert contribution(copy, "days_since_active")[:2] == (8, pytest.approx(80 * 52 / 53))
    others = """
        select outcome, metric, metric_value, weight from marts.partner_score_contributions
        where partner_id = 'by_hand' and metric not in ('days_since_active', 'active_weeks_rate')
        order by all"""
    assert copy.rows(others) == before.rows(others)


@pytest.mark.slow
def test_a_segment_has_its_weight_once_its_version_is_approved(before: ProjectCopy, tmp_path: Path):
    members = "select partner_id from marts.partner_scorecards where segment = 'volume_reseller'"
    copy = before.patched(tmp_path / "copy", "add-a-segment")
    copy.build("--exclude-resource-type", "unit_test")
    platinum = """
        select partner_id from marts.partner_directory
        where track = 'reseller' and tier = 'platinum'"""
    assert ("by_hand",) in copy.rows(members)
    assert sorted(copy.rows(members)) == sorted(copy.rows(platinum))
    # Approved versions say of them what they said before.
    assert copy.rows(SCORES) == before.rows(SCORES)

    copy.approve(3, VERSION_3_FROM)
    copy.build("--select", "framework_versions+", "--exclude-resource-type", "unit_test")
    value, score, weight, _ = contribution(copy, "sourced_revenue")
    # Sourced revenue is 2 000. Anchors, 0.7 the segment's own: floor 0.7 x 20 000 + 0.3 x 1 000.
    assert (value, score) == (2_000, 0)
    # Results weigh 0.6. Within: 0.7 x 0.3 + 0.3 x 0.18 = 0.264 of 1.07, which is
    # 0.098 leads + 0.168 pipeline + 0.264 + 0.54 of the other ten.
    assert weight == pytest.approx(0.6 * 0.264 / 1.07, abs=1e-9)
    # Other resellers: 0.9 x 0.24 + 0.1 x 0.18 = 0.234 of 0.086 + 0.176 + 0.234 + 0.54 = 1.036.
    assert contribution(copy, "sourced_revenue", "gold")[2] == pytest.approx(0.6 * 0.234 / 1.036)
