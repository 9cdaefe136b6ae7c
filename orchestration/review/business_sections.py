"""What a business review of one partner looks at, in order. Every query names its partner.

Of others there are only quantiles, means and counts of groups, as the marts give them.
"""

from orchestration.pages import Section

QUARTER = 13  # weeks

SECTIONS = (
    Section(
        "Scores and bands",
        "Where does the partner stand, and how sure is that?",
        ("partner_score_history",),
        """
        with weeks as (
            select * from marts.partner_score_history where partner_id = $partner
        ),
        newest as (select max(week_start) as week_start from weeks)
        select
            case when weeks.week_start = newest.week_start then 'now'
                else 'a quarter before' end as "when",
            weeks.week_start as "week", status, revenue_score as "revenue",
            revenue_band as "band", engagement_score as "engagement",
            engagement_band as "band ", coverage, confidence,
            framework_version as "version"
        from weeks cross join newest
        where weeks.week_start in (newest.week_start, newest.week_start - 91)
        order by weeks.week_start desc
        """,
        "There is no score yet.",
    ),
    Section(
        "Trend",
        "Did the last eight weeks move in one direction by more than chance?",
        ("partner_score_trends",),
        """
        select outcome, verdict, weeks_scored as "weeks", rises, falls,
            slope as "points a week", p_value as "by chance alone"
        from marts.partner_score_trends where partner_id = $partner order by outcome
        """,
        "There are too few scores for a trend.",
    ),
    Section(
        "What the scores are made of",
        "Which metrics carry the score, and which are missing?",
        ("partner_score_contributions",),
        """
        select
            outcome, replace(metric, '_', ' ') as "metric", layer, metric_value as "value",
            metric_score as "score of 100", weight, contribution as "points",
            weight * 100 - contribution as "points to gain", evidence_state as "evidence"
        from marts.partner_score_contributions
        where partner_id = $partner and week_start = (
            select max(week_start) from marts.partner_score_contributions
            where partner_id = $partner
        )
        order by outcome, contribution desc, metric
        """,
        "There is no score yet.",
    ),
    Section(
        "Change since last quarter",
        "The change of the published scores in parts that add up.",
        ("partner_score_changes",),
        """
        select
            outcome, score_before as "before", score_now as "now", score_change as "change",
            metric_points as "by metrics", weight_points as "by weights",
            overlay_points as "by the overlay", smoothing_points as "by smoothing",
            guardrail_points as "by the guardrail", status_points as "by the status"
        from marts.partner_score_changes
        where partner_id = $partner and weeks_back = 13 order by outcome
        """,
        "There is no score of a quarter ago to compare with.",
    ),
    Section(
        "What drove it",
        "The metrics that moved each score most, before smoothing.",
        ("partner_score_change_drivers",),
        """
        select
            outcome, replace(metric, '_', ' ') as "metric", metric_points as "by the metric",
            weight_points as "by its weight", metric_points + weight_points as "together"
        from marts.partner_score_change_drivers
        where partner_id = $partner and weeks_back = 13
        qualify row_number() over (
            partition by outcome order by abs(metric_points + weight_points) desc, metric
        ) <= 6
        order by outcome, abs(metric_points + weight_points) desc, metric
        """,
        "No metric moved a score since a quarter ago.",
    ),
    Section(
        "Milestones",
        "What is reached, what is overdue, and how far others were by that week?",
        ("partner_milestone_progress",),
        """
        select
            sequence as "no.", replace(milestone, '_', ' ') as "milestone", status,
            is_required as "required", expected_week as "expected in week",
            reached_week as "reached in week", compared_week as "compared at week",
            cohort_share_reached as "share of the segment by then"
        from marts.partner_milestone_progress where partner_id = $partner
        order by sequence, milestone
        """,
        "No milestone is defined.",
    ),
    Section(
        "Revenue forecast",
        "Sourced revenue of coming quarters: the mean is the forecast. A quarter without any is "
        "often likely.",
        ("revenue_forecast",),
        """
        select
            quarter, booked_revenue as "booked", forecast_revenue as "forecast",
            forecast_median as "median", low_80 as "80% from", high_80 as "80% to",
            low_95 as "95% from", high_95 as "95% to", likelihood_of_none as "nothing at all",
            coalesce(forecast_missing, interval_missing) as "missing"
        from marts.revenue_forecast where partner_id = $partner order by quarter_start
        """,
        "Nothing is forecast: the contract has ended, or no quarter lies ahead.",
    ),
    Section(
        "Forecast beside open deals",
        "How much of it is in the pipeline, and do both say the same? Open deals do not move the "
        "forecast.",
        ("revenue_forecast",),
        """
        select
            quarter, forecast_revenue as "forecast", open_deals as "open deals",
            stalled_deals as "stalled", pipeline_amount as "amount",
            pipeline_weighted as "likely in the quarter", covered_share as "covered", gap,
            pipeline_implied as "usually goes with", pipeline_verdict as "verdict"
        from marts.revenue_forecast where partner_id = $partner order by quarter_start
        """,
        "Nothing is forecast: the contract has ended, or no quarter lies ahead.",
    ),
    Section(
        "Open deals",
        "Which of them carry the next quarter, and which are forgotten?",
        ("partner_open_deals",),
        """
        select
            deal_id as "deal", stage, weeks_open as "weeks open", amount,
            next_quarter as "next quarter", next_quarter_win_rate as "won in it",
            next_quarter_weighted as "weighted"
        from marts.partner_open_deals where partner_id = $partner
        order by next_quarter_weighted desc nulls last, amount desc nulls last, deal_id limit 15
        """,
        "No deal is open.",
    ),
    Section(
        "Beside its segment",
        "Percentile among the segment's partners (100 is best), and the mean of the others.",
        ("partner_peer_standing",),
        """
        select
            replace(measure, '_', ' ') as "measure", observed as "own",
            segment_percentile as "percentile", segment_expected as "mean of the segment",
            segment_ratio as "own / mean", segment_peers as "partners"
        from marts.partner_peer_standing
        where partner_id = $partner order by kind desc, segment_percentile nulls last, measure
        """,
        "There is nothing to compare yet.",
    ),
    Section(
        "Interventions so far",
        "What was recommended, was it taken, and what followed in eight weeks? That it followed "
        "does not say that it worked: `intervention_effects` has those with a control.",
        ("intervention_history",),
        """
        select
            replace(intervention, '_', ' ') as "intervention", recommended_on as "recommended",
            is_taken as "taken", taken_on as "on", engagement_before as "engagement before",
            engagement_change as "change", revenue_before as "revenue before",
            revenue_change as "change "
        from marts.intervention_history where partner_id = $partner
        order by recommended_on desc, intervention_id
        """,
        "Nothing was recommended so far.",
    ),
    Section(
        "Data quality and confidence",
        "What do the scores rest on: the partner's own record, a prior, or a source that is late?",
        ("partner_score_contributions", "partner_scorecards"),
        """
        with newest as (
            select * from marts.partner_score_contributions
            where partner_id = $partner and week_start = (
                select max(week_start) from marts.partner_score_contributions
                where partner_id = $partner
            )
        )
        select
            newest.outcome, newest.evidence_state as "evidence", count(*) as "metrics",
            sum(newest.weight) as "share of the weight",
            string_agg(replace(newest.metric, '_', ' '), ', ' order by newest.metric)
                filter (where newest.evidence_state <> 'observed') as "which"
        from newest group by all order by newest.outcome, "share of the weight" desc
        """,
        "There is no score yet.",
    ),
    Section(
        "Records to ask about",
        "Signals that records are made for the score. They are a question and move no score.",
        ("gaming_signals",),
        """
        select signal, about, verdict, records, observed, expected, z
        from marts.gaming_signals
        where partner_id = $partner and verdict not in ('as usual', 'insufficient')
        order by z desc, signal, about
        """,
        "Nothing stands out.",
    ),
    Section(
        "Goals: what reaches the next band",
        "The smallest change of one metric that does it. For most partners no metric alone does.",
        ("partner_next_band_steps",),
        """
        select
            outcome, replace(metric, '_', ' ') as "metric", metric_value as "now",
            value_needed as "needed", next_band as "reaches", points_needed as "points needed"
        from marts.partner_next_band_steps where partner_id = $partner
        order by outcome, place limit 12
        """,
        "No metric alone does it, what is done now is enough, or the bands are the highest.",
    ),
)

# What other chapters add to a plan, where a release has them: title, question, mart, and the
# columns that people need of a wide one (none of them there: all but those of NOT_SHOWN).
PLANS = (
    (
        "Recommended actions",
        "At most three, by rule: who does what by when, and why?",
        "recommended_actions",
        ("place", "title", "what", "reason", "owner_role", "due_on", "state", "effect_label"),
    ),
    (
        "Flags",
        "What a person has to approve, and until when it holds.",
        "lifecycle_flags",
        ("flag", "state", "reason", "approver_role", "raised_on", "expires_on", "decided_by"),
    ),
    (
        "Incentives",
        "What the partner is entitled to, and why.",
        "incentive_entitlements",
        (
            *("period", "fund", "earned_through", "status", "reason"),
            *("amount", "currency", "earned_on", "settles_on"),
        ),
    ),
    (
        "Inputs to a joint plan",
        "What both sides agree on next: bands, milestones, actions.",
        "joint_plan_inputs",
        ("kind", "place", "item", "value_now", "value_needed", "due_on"),
    ),
)
NOT_SHOWN = ("partner_id", "partner_name", "segment", "week_start")
