"""Every test of dbt can fail: one break is planted for each rule, and the rule must find it.

The rules are the compiled SQL of tests/dbt; the breaks live in a transaction that is rolled back.
"""

from collections.abc import Callable

import duckdb
import pytest

from orchestration.settings import PROJECT_DIR

Compiled = Callable[[str], str]
Database = duckdb.DuckDBPyConnection

# Rule: what breaks it. Views are made tables before (see `_plant`).
BREAKS = {
    "a_flag_is_active_only_while_it_is_approved": """
        insert into decisions.lifecycle_states
            (partner_id, rule, flag, state, raised_on, expires_on)
        select 'somebody', 'a_rule', 'co_sell_priority', 'active', as_of_on, as_of_on
        from activities.score_horizon""",
    "a_provisional_score_spends_no_money": """
        update decisions.partner_situations set status = 'provisional';
        update policy.interventions set spends_money = true""",
    "a_version_is_based_on_an_older_one": """
        update policy.framework_versions set based_on = 3 where framework_version = 2""",
    "anchors_run_in_the_direction_of_better": """
        update policy.metric_anchors set stretch_value = 61 where metric = 'days_since_active'""",
    "anchors_of_frameworks_rise_or_fall_throughout": """
        update frameworks.resolved_anchors set target_value = stretch_value
        where framework = 'scenario targets_up_25' and metric = 'sourced_revenue'""",
    "approved_versions_name_who_approved_them": """
        update policy.framework_versions set approved_by = 'sales; marketing; operations'""",
    "bands_begin_at_zero_and_rise": """
        update policy.score_bands set lower_bound = 70 where band = 'medium'""",
    "bands_change_only_after_the_weeks_that_policy_asks": """
        update scores.stable_scores
        set revenue_band = case revenue_band when 'high' then 'low' else 'high' end
        where week_start = (select as_of_week from activities.score_horizon)""",
    "budgets_are_not_divided_by_more_than_they_are": """
        update policy.incentive_budgets set reserved_share = 0.8, improvement_share = 0.25""",
    "causes_of_a_versions_impact_add_up": """
        update scenarios.version_impact set rating_points = rating_points + 0.01""",
    "changes_of_a_score_are_explained_in_full": """
        update scores.score_changes set weight_points = weight_points + 0.01""",
    "contributions_add_up_to_the_raw_score": """
        update scores.score_contributions set contribution = contribution + 0.01
        where metric = 'onboarding_pace'""",
    "effective_weights_sum_to_one": """
        delete from frameworks.effective_weights
        where metric = 'portal_active_days' and tenure_week = 3""",
    "every_code_of_a_dispute_has_a_clock": """
        delete from policy.dispute_reasons where reason_code = 'other'""",
    "every_entity_with_a_contract_is_staged": """
        delete from activities.source_status where entity = 'bookings'""",
    "every_metric_has_anchors_a_prior_and_a_weight": """
        delete from policy.metric_weights
        where metric = 'onboarding_pace' and outcome = 'engagement' and segment = 'baseline'""",
    "every_partner_has_actions_or_a_reason_for_none": """
        delete from decisions.chosen_actions where place = 1""",
    "every_partner_has_a_score_or_a_reason": """
        update marts.partner_scorecards set revenue_score = null where status = 'published'""",
    "every_week_of_tenure_is_scored": """
        delete from scores.outcome_scores where tenure_week = 5""",
    "experiments_have_a_control_a_primary_metric_and_whole_shares": """
        update policy.experiments set planned_look_on = '2026-03-01'""",
    "framework_shares_of_a_week_add_up_to_one": """
        insert into frameworks.framework_weeks
        select week_start, 'another', 9, 9, 0.5, false, true from frameworks.framework_weeks""",
    "incentive_rules_name_what_earns_them": """
        update policy.incentive_rules set least_gain = null where rule = 'rising_revenue'""",
    "incentives_stay_within_their_budget": """
        insert into decisions.incentive_awards
            (period, fund, amount_asked, reserved_part, general_part, is_high_potential)
        select period, fund, amount, 0, amount - reserved + 1, false
        from decisions.incentive_periods""",
    "landed_rows_are_staged_or_quarantined": """
        update activities.source_status set rows_staged = rows_staged - 1
        where entity = 'bookings'""",
    "layer_weights_begin_at_week_zero_and_sum_to_one": """
        update policy.layer_weights set results = results + 0.01
        where tenure_week = 9 and outcome = 'revenue'""",
    "metrics_lie_in_their_valid_range": """
        update metrics.partner_metrics set collaboration_days = 13 where tenure_week = 6""",
    "no_figure_is_from_after_the_scored_week": """
        update partners.partner_weeks set last_active_on = week_start + 7
        where last_active_on is not null""",
    "no_metric_rests_on_opinion_by_more_than_its_share": """
        update frameworks.effective_weights set weight = 0.11
        where metric = 'strategic_fit_rating'""",
    "partner_forecasts_add_up_to_their_groups": """
        update forecasts.forecast_totals set forecast_revenue = coalesce(forecast_revenue, 0) + 0.01
        where dimension = 'region'""",
    "percentiles_of_a_group_average_fifty": """
        delete from benchmarks.peer_standing
        where measure = 'engagement_score' and segment_percentile > 90""",
    "policy_rows_have_owner_and_reason": """
        update policy.tiers set reason = ' ' where tier = 'gold'""",
    "published_scores_move_no_further_than_allowed": """
        update scores.stable_scores set engagement_score = engagement_score + 11
        where week_start = (select as_of_week from activities.score_horizon)""",
    "records_of_a_metric_add_up_to_it": """
        delete from marts.partner_records
        where activity_type = 'lead_accepted' and weeks_back = 0""",
    "registry_entries_are_complete": """
        update metrics.metric_definitions set gaming_counter = ''
        where metric = 'accepted_leads'""",
    "revenue_of_activities_equals_revenue_of_bookings": """
        delete from activities.activities
        where activity_type = 'booking' and amount = (
            select max(amount) from activities.activities where activity_type = 'booking'
        )""",
    "rules_claim_an_experiment_only_where_there_is_one": """
        update policy.interventions set experiment = null""",
    "scenario_changes_name_what_they_change": """
        update policy.scenario_changes set name = 'sold_revenue' where name = 'sourced_revenue'""",
    "scores_lie_between_0_and_100": """
        update scores.metric_scores set accepted_leads__score = 100.1 where tenure_week = 7""",
    "segments_have_a_macro_and_a_row": """
        insert into policy.segments values ('distributor', 5, 0.5, 'Nobody', 'somebody', 'none')""",
    "weekly_figures_add_up_to_activities": """
        update partners.partner_weeks set leads_accepted = leads_accepted + 1
        where tenure_week = 8""",
    "what_partners_see_is_named_for_them": """
        update policy.partner_visibility set in_words = null where metric = 'onboarding_pace'""",
}


def _plant(database: Database, change: str) -> None:
    """Apply a change; a view that it touches becomes a table first."""
    views = database.execute(
        "select schema_name || '.' || view_name from duckdb_views() where not internal"
    ).fetchall()
    for (view,) in views:
        if any(f"{verb} {view}" in change for verb in ("update", "delete from", "insert into")):
            database.execute(f"create temp table planted as from {view}")
            database.execute(f"drop view {view}")
            database.execute(f"create table {view} as from planted")
    database.execute(change)


def test_every_singular_test_has_a_break() -> None:
    assert set(BREAKS) == {path.stem for path in (PROJECT_DIR / "tests" / "dbt").glob("*.sql")}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_planted_break_is_found(rule: str, database: Database, compiled: Compiled) -> None:
    sql = compiled(rule)
    assert database.execute(sql).fetchall() == []
    _plant(database, BREAKS[rule])
    assert database.execute(sql).fetchall() != []


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        (
            "between_milestones_expected_week__0",
            "update policy.milestones set expected_week = -1 where milestone = 'joint_plan'",
        ),
        (
            "between_milestones_expected_week__0",
            "update policy.milestones set expected_week = null where milestone = 'joint_plan'",
        ),
        (
            "one_newest_version_stg_crm__deals_deal_id",
            "update staging.stg_crm__deals set superseded_at = loaded_at",
        ),
        (
            "not_blank_segments_definition",
            "update policy.segments set definition = ' ' where segment = 'baseline'",
        ),
        (
            "complete_reporting_rates_rate",
            "update policy.reporting_rates set rate = null where currency = 'USD'",
        ),
        (
            "unique_combination_partner_weeks_partner_id__week_start",
            "update partners.partner_weeks set week_start = '2026-06-22'",
        ),
        (
            "unique_combination_partner_weeks_partner_id__week_start",
            "update partners.partner_weeks set week_start = null where tenure_week = 0",
        ),
    ],
)
def test_a_generic_rule_finds_its_break(
    rule: str, change: str, database: Database, compiled: Compiled
) -> None:
    sql = compiled(rule)
    assert database.execute(sql).fetchall() == []
    _plant(database, change)
    assert database.execute(sql).fetchall() != []
