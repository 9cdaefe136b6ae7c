"""Partners made by hand: what is expected of each is worked out in the comments, and everything
else is compared with the reference cell by cell."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from orchestration.database import connect
from tests.python.pipeline.running import BENCHMARKS, Programme
from tests.python.reference import golden
from tests.python.reference.compared import (
    compare_metric_scores,
    compare_metrics,
    compare_scores,
    score_all,
    table,
)
from tests.python.reference.policy import Policy

LAST_WEEK = date(2025, 2, 24)
Value = Callable[..., object]


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return golden.build(Programme(tmp_path_factory.mktemp("golden")), golden.FILES)


@pytest.fixture(scope="module")
def only_bookings(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    return golden.build(
        Programme(tmp_path_factory.mktemp("only")), golden.ONLY_BOOKINGS, as_of=golden.LATER
    )


@pytest.fixture(scope="module")
def metric(programme: Programme) -> Value:
    """A metric of a partner in the last week, or another one."""
    policy = Policy()
    names = [name for metric in policy.metrics.values() for name in (metric.name, metric.evidence)]
    built = table(programme, "metrics.partner_metrics", [name for name in names if name])

    def value(partner: str, name: str, week: date = LAST_WEEK) -> object:
        return built[partner, week][name]

    return value


@pytest.fixture(scope="module")
def score(programme: Programme) -> Value:
    """A metric's score in the last week."""
    columns = [f"{name}__score" for name in Policy().metrics]
    built = table(programme, "scores.metric_scores where is_official", columns)

    def value(partner: str, name: str) -> object:
        return built[partner, LAST_WEEK][f"{name}__score"]

    return value


def card(programme: Programme, partner: str) -> tuple:
    """Tenure, status and bands on the scorecard."""
    (row,) = programme.rows(
        f"""select tenure_week, status, revenue_band, engagement_band
            from marts.partner_scorecards where partner_id = '{partner}'"""
    )
    return row


@pytest.mark.parametrize("which", ["programme", "only_bookings"])
def test_everything_is_as_in_the_reference(which: str, request: pytest.FixtureRequest):
    programme = request.getfixturevalue(which)
    scored = score_all(programme)
    for compared in (
        compare_metrics(programme, scored),
        compare_metric_scores(programme, scored, Policy()),
        compare_scores(programme, scored, Policy()),
    ):
        assert compared.cells > 100
        assert compared.differences == 0, compared


def test_a_second_version_is_blended_in_as_in_the_reference(programme: Programme, tmp_path: Path):
    shutil.copytree(programme.folder, tmp_path / "copy", symlinks=True)
    programme, policy = (
        Programme(tmp_path / "copy"),
        golden.with_second_version(tmp_path / "policy"),
    )
    with connect(programme.settings()) as connection:
        for name in golden.SECOND_VERSION:
            connection.execute(f"delete from policy.{name} where framework_version <> 1")
            connection.execute(
                f"""insert into policy.{name} by name select * from read_csv(?, all_varchar = true)
                    where framework_version = '2'""",
                [str(policy.seeds / f"{name}.csv")],
            )
    programme.build("--select", "path:models/frameworks", "path:models/scores", as_of=golden.AS_OF)
    scored = score_all(programme, policy)
    for compared in (
        compare_metric_scores(programme, scored, policy),
        compare_scores(programme, scored, policy),
    ):
        assert compared.cells > 10_000
        assert compared.differences == 0, compared


def test_a_new_partner_is_unscored(programme: Programme, metric: Value):
    # Contract in the week of 10 February: weeks 0, 1, 2.
    assert card(programme, "new") == (2, "unscored", None, None)
    # Expected by week 2: contract_signed and portal_access; both reached.
    assert metric("new", "onboarding_pace") == 1.0
    # Five more milestones are open: 12 February to 2 March.
    assert metric("new", "onboarding_days") == 18
    # A meeting and a call on one day; the inbound call is not two-way.
    assert metric("new", "collaboration_days") == 1
    # Two actions on one day.
    assert metric("new", "portal_active_days") == 1
    # A milestone, a meeting and a login, one each week: 3 of 3.
    assert (metric("new", "active_weeks_rate"), metric("new", "active_weeks_rate_n")) == (1, 3)
    # 25 February to 2 March.
    assert metric("new", "days_since_active") == 5


def test_a_ramping_partner_is_measured_by_what_it_has_done(
    programme: Programme, metric: Value, score: Value
):
    # 16 December is 10 weeks before. Coverage: (0.7599 + 0.5130) / 2.
    tenure, status, _, _ = card(programme, "ramping")
    assert (tenure, status) == (10, "published")
    # Two accepted, one rejected; the fourth is accepted after the week.
    assert metric("ramping", "accepted_leads") == 2
    assert metric("ramping", "lead_acceptance_rate") == pytest.approx(2 / 3)
    assert metric("ramping", "lead_acceptance_rate_n") == 3
    # Three of four. Believed: (4 x 0.75 + 4 x 0.55) / 8 = 0.65; 80 x (0.65 - 0.2) / 0.6 = 60.
    assert metric("ramping", "training_completion_rate") == 0.75
    assert score("ramping", "training_completion_rate") == pytest.approx(60)
    # Answered to the second in time, a second late, never; the fourth is due on 3 March.
    assert metric("ramping", "response_within_sla_rate") == pytest.approx(1 / 3)
    assert metric("ramping", "response_within_sla_rate_n") == 3
    # Expected by week 10: weeks 0, 1, 4, 8 and 10; a milestone reached twice counts once.
    assert metric("ramping", "onboarding_pace") == pytest.approx(1 / 5)
    # One-way co-selling is no joint activity.
    assert metric("ramping", "first_quarter_joint_activities") == 0
    # Nobody has closed, so there is no rate: 80 x (0.25 - 0.05) / 0.3, the prior.
    assert metric("ramping", "deal_win_rate") is None
    assert score("ramping", "deal_win_rate") == pytest.approx(80 * 0.2 / 0.3)


def test_a_mature_partner_has_every_figure(programme: Programme, metric: Value, score: Value):
    tenure, status, _, _ = card(programme, "mature")
    assert (tenure, status) == (60, "published")
    # The newer profile: 30 / 60 and 18 / 60.
    assert metric("mature", "icp_overlap_rate") == 0.5
    assert metric("mature", "product_affinity_rate") == 0.3
    # Believed: (60 x 0.5 + 20 x 0.22) / 80 = 0.43; 80 + 20 x (0.43 - 0.35) / 0.25 = 86.4.
    assert score("mature", "icp_overlap_rate") == pytest.approx(86.4)
    assert score("mature", "channel_reach_accounts") == pytest.approx(80)
    # Ann's newer rating and Bob's; a week earlier than those Ann was alone.
    assert metric("mature", "strategic_fit_rating") == 4.5
    assert metric("mature", "strategic_fit_rating", date(2025, 1, 27)) is None
    # All seven required ones, the last on 1 October; the win is not required.
    assert metric("mature", "onboarding_days") == 274
    assert metric("mature", "onboarding_pace") == 1
    # 5 February and 11 March 2024 are in weeks 5 and 10; 10 April is in week 14.
    assert metric("mature", "first_quarter_joint_activities") == 2
    # 1 January to 3 October of a leap year.
    assert metric("mature", "first_deal_days") == 276
    assert (metric("mature", "deal_win_rate"), metric("mature", "deal_win_rate_n")) == (0.5, 2)
    assert metric("mature", "average_deal_value") == 20000
    # 1 October to 10 December.
    assert metric("mature", "deal_cycle_days") == 70
    # One deal is open: 1 x 0.5 x 20 000 / 70.
    assert metric("mature", "pipeline_velocity") == pytest.approx(1 * 0.5 * 20000 / 70)
    assert metric("mature", "sourced_revenue") == 25000
    # 13 weeks begin on 2 December: (5 000 + 5 000) / (20 000 + 5 000).
    assert metric("mature", "revenue_momentum") == pytest.approx(0.4)
    # Until December there is no win, so there is no value of one either.
    assert metric("mature", "average_deal_value", date(2024, 12, 2)) is None


def test_a_silent_partner_is_low_and_not_missing(programme: Programme, metric: Value, score: Value):
    # Nothing is observed but silence: coverage 0.58 is under 0.6.
    assert card(programme, "silent") == (38, "provisional", "low", "low")
    assert (metric("silent", "active_weeks_rate"), metric("silent", "onboarding_pace")) == (0, 0)
    # Since the contract: 3 June to 2 March. Worse than the floor of 60.
    assert metric("silent", "days_since_active") == 272
    assert score("silent", "days_since_active") == 0
    assert metric("silent", "lead_acceptance_rate") is None
    # Silent since the contract: (0 x 13 + 4 x 0.5) / 17 = 0.1176; 80 x 0.0176 / 0.65.
    assert score("silent", "active_weeks_rate") == pytest.approx(80 * (2 / 17 - 0.1) / 0.65)


def test_rows_that_break_the_contract_count_nowhere(programme: Programme, metric: Value):
    aside = dict(programme.rows("select record_id, reason from marts.set_aside_records"))
    assert {"A8", "A9", "B4", "R8", "diamond", "A12"} == set(aside)
    tenure, status, _, _ = card(programme, "dirty")
    assert (tenure, status) == (16, "provisional")
    assert metric("dirty", "collaboration_days") == 1
    assert metric("dirty", "sourced_revenue") == 2000
    # Bob's nine does not count, and Ann alone is no rating.
    assert metric("dirty", "strategic_fit_rating") is None


def test_a_terminated_partner_ends_with_nothing(programme: Programme, metric: Value):
    # 2 September to the week of 13 January.
    assert card(programme, "terminated") == (19, "terminated", "low", "low")
    ((score,),) = programme.rows(
        """select revenue_score + engagement_score from marts.partner_scorecards
           where partner_id = 'terminated'"""
    )
    assert score == 0
    # The meeting before the end; the one after it has no week.
    assert metric("terminated", "collaboration_days", date(2025, 1, 13)) == 1
    weeks = "select count(*) from partners.partner_weeks where partner_id = 'terminated'"
    assert programme.rows(weeks) == [(20,)]


def test_without_a_tier_one_certified_person_is_enough(programme: Programme, metric: Value):
    assert card(programme, "tierless")[1] == "provisional"
    assert metric("tierless", "certified_headcount") == 1


def test_an_unknown_tier_is_refused_with_its_partner(programme: Programme):
    known = "select count(*) from marts.partner_scorecards where partner_id = 'diamond'"
    assert programme.rows(known) == [(0,)]
    assert programme.rows("select partner_id from activities.held_activities") == [("diamond",)]


def test_a_contract_of_the_future_has_no_score_yet(programme: Programme):
    assert card(programme, "late") == (None, "unscored", None, None)
    assert programme.rows("select count(*) from scores.raw_scores where partner_id = 'late'") == [
        (0,)
    ]


def test_without_a_profile_the_prior_stands_in(programme: Programme, metric: Value, score: Value):
    assert card(programme, "unprofiled")[1] == "published"
    assert metric("unprofiled", "icp_overlap_rate") is None
    # 80 x (0.22 - 0.05) / 0.3.
    assert score("unprofiled", "icp_overlap_rate") == pytest.approx(80 * 0.17 / 0.3)
    # One of two in time; the third is not due yet.
    assert metric("unprofiled", "commitment_kept_rate") == 0.5
    assert metric("unprofiled", "commitment_kept_rate_n") == 2
    # 300 of 2 000.
    assert metric("unprofiled", "fund_utilization_rate") == pytest.approx(0.15)
    # Two touches in one week count once.
    assert metric("unprofiled", "campaign_active_weeks") == 2


def test_a_profile_without_matches_is_no_observation(metric: Value):
    # 3 accounts that fit of 0 matched is not a rate of 1.
    assert metric("unmatched", "icp_overlap_rate") is None
    assert metric("unmatched", "product_affinity_rate") is None
    assert metric("unmatched", "channel_reach_accounts") == 40


def test_one_rater_is_no_rating(programme: Programme, metric: Value, score: Value):
    assert card(programme, "one_rater")[1] == "provisional"
    assert metric("one_rater", "strategic_fit_rating") is None
    # The middle of the scale: 80 x (3 - 2) / (4 - 2).
    assert score("one_rater", "strategic_fit_rating") == 40


def test_a_rating_lapses(programme: Programme, metric: Value):
    assert card(programme, "expired")[1] == "provisional"
    # 20 August + 180 days is Sunday, 16 February; in the week before both still count.
    assert metric("expired", "strategic_fit_rating", date(2025, 2, 3)) == 3.5
    assert metric("expired", "strategic_fit_rating", date(2025, 2, 10)) is None
    assert metric("expired", "strategic_fit_rating") is None


def test_a_certification_lapses(programme: Programme, metric: Value, score: Value):
    assert card(programme, "lapsed")[1] == "published"
    # Gold asks for four. Two until 1 February, one since.
    assert metric("lapsed", "certified_headcount", date(2025, 1, 20)) == 0.5
    assert metric("lapsed", "certified_headcount") == 0.25
    assert score("lapsed", "certified_headcount") == pytest.approx(20)
    # (5 + 2) / 2. Believed: (2 x 3.5 + 5 x 3.9) / 7.
    assert metric("lapsed", "customer_satisfaction") == 3.5
    believed = (7 + 19.5) / 7
    assert score("lapsed", "customer_satisfaction") == pytest.approx(80 * (believed - 2.5) / 1.7)


def test_a_programme_of_bookings_alone_has_an_honest_score(only_bookings: Programme):
    # 6 January to 24 February: week 7, one too early.
    # A reseller's target, 90 000: 80 points. Momentum (90 000 + 5 000) / 5 000 = 19: 100 points.
    # Active in 1 of 8 weeks: (1 + 4 x 0.5) / 12 = 0.25: 80 x 0.15 / 0.65 points. Active on Monday,
    # 6 days before the end: 80 + 20 x (7 - 6) / (7 - 1) points.
    rhythm, silence = 80 * 0.15 / 0.65, 80 + 20 / 6
    # All four metrics are results, so the other layers' weight is theirs.
    revenue = (0.24 * 80 + 0.06 * 100 + 0.04 * rhythm + 0.02 * silence) / 0.36
    engagement = (0.40 * rhythm + 0.25 * silence) / 0.65
    columns = ["revenue_raw_score", "engagement_raw_score", "coverage", "status"]
    built = table(only_bookings, "scores.outcome_scores", columns)["only", LAST_WEEK]
    assert built.pop("status") == "provisional"
    assert list(built.values()) == pytest.approx([revenue, engagement, 1.0])


def test_a_broken_source_holds_values_and_the_score(only_bookings: Programme):
    # The last booking is of 24 February, so bookings are fresh until 26 March; the last week that
    # was over by then began on 17 March. Sourced revenue and momentum weigh 0.30 of 0.36 of the
    # revenue score and nothing of engagement: 0.42 on average, more than 0.2.
    columns = ["status", "status_reason", "revenue_score", "engagement_score"]
    built = table(only_bookings, "scores.outcome_scores", columns)
    last_fresh = built["only", date(2025, 3, 17)]
    # Of a mature reseller's revenue score results are 0.60 and bookings measure 0.36 of 1.04 of
    # them, of engagement 0.55 and 0.65: (0.2077 + 0.3575) / 2 of the framework. 0.6 is asked for.
    assert last_fresh["status"] == "provisional"
    why = "the sources of the programme measure 28% of the framework"
    assert last_fresh["status_reason"] == why
    for week in (date(2025, 3, 24), date(2025, 4, 28)):
        row = built["only", week]
        assert row["status"] == "stale"
        for score in ("revenue_score", "engagement_score"):
            assert row[score] == last_fresh[score]
    states = only_bookings.rows(
        """select metric, evidence_state from marts.partner_score_contributions
           where outcome = 'revenue' order by metric"""
    )
    assert states == [
        *(("active_weeks_rate", "observed"), ("days_since_active", "observed")),
        *(("revenue_momentum", "held"), ("sourced_revenue", "held")),
    ]


def test_a_partner_alone_is_compared_with_nobody(only_bookings: Programme):
    parents = ("partner_milestones", "trajectory_weeks", "milestones")
    only_bookings.build("--select", *parents, *BENCHMARKS, as_of=golden.LATER)
    assert only_bookings.rows(
        """select bool_and(segment_peers = 1), count(segment_percentile), count(overall_ratio)
           from marts.partner_peer_standing"""
    ) == [(True, 0, 0)]
    assert only_bookings.rows(
        """select count(*), max(cohort_partners), count(engagement_median), count(revenue_position)
           from marts.partner_score_trajectories"""
    ) == [(17, 1, 0, 0)]
    # No booking since February: what is held stays, but days since the last activity count on.
    trends = only_bookings.rows(
        "select outcome, verdict, weeks_scored from marts.partner_score_trends order by outcome"
    )
    assert trends == [("engagement", "declining", 8), ("revenue", "declining", 8)]
    milestones = only_bookings.rows(
        """select milestone, status from marts.partner_milestone_progress
           where expected_week in (4, 8) order by expected_week"""
    )
    assert milestones == [("first_training", "overdue"), ("joint_plan", "overdue")]


def test_a_corrected_contract_date_renumbers_the_weeks(only_bookings: Programme):
    """What is added to a programme must come to the same as building it anew."""
    text = golden.ONLY_BOOKINGS["crm/partners"].lstrip("\n")
    corrected = text.replace("2025-01-06T09:00:00Z,2025-01-06", "2025-01-20T09:00:00Z,2025-02-01")
    only_bookings.write("crm/partners/corrected.csv", corrected)
    only_bookings.land()
    changed = ("stg_crm__partners", "partners.partners", "partner_calendar", "partner_weeks")
    only_bookings.build("--select", *changed, as_of=golden.LATER)
    weeks = only_bookings.rows("select tenure_week from partners.partner_weeks order by week_start")
    assert weeks == [(tenure,) for tenure in range(15)]
