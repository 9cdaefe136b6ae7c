"""What a review looks at, in order: a title, the question, the marts and the rows that answer it.

A section whose marts a release does not have, or that has no row, says so instead. Formats belong
to `pack`, definitions of the figures to the marts.
"""

from orchestration.pages import Section

QUARTER = "(select max(week_start) - 84 from marts.partner_score_history)"
LAST = "(select max(week_start) from marts.partner_score_history)"

SECTIONS = (
    Section(
        "Score health",
        "Is the share of partners with a published score, and what of them can be measured, as it "
        "was at the beginning of the quarter?",
        ("partner_score_history",),
        f"""
        select
            case week_start when {LAST} then 'now' else 'a quarter ago' end as "when",
            week_start as "week", count(*) as "partners",
            count(*) filter (where status = 'published') as "published",
            count(*) filter (where status = 'provisional') as "provisional",
            count(*) filter (where status = 'stale') as "stale",
            count(*) filter (where status = 'unscored') as "unscored",
            avg(coverage) as "coverage",
            median(revenue_score) as "revenue, median",
            median(engagement_score) as "engagement, median",
            avg((abs(revenue_held_back) > 0.005)::int) as "held back"
        from marts.partner_score_history where week_start in ({LAST}, {QUARTER})
        group by week_start order by week_start
        """,
        "No score yet.",
    ),
    Section(
        "Bands that moved this quarter",
        "Does the framework move partners because they changed, or does it flicker?",
        ("partner_score_history",),
        f"""
        with bands as (
            select
                partner_id, week_start, revenue_band, engagement_band,
                lag(revenue_band) over by_week as revenue_before,
                lag(engagement_band) over by_week as engagement_before
            from marts.partner_score_history
            window by_week as (partition by partner_id order by week_start)
        ),
        changes as (
            select
                'revenue' as outcome, partner_id, week_start,
                revenue_before as was, revenue_band as became
            from bands
            union all
            select 'engagement', partner_id, week_start, engagement_before, engagement_band
            from bands
        )
        select
            outcome, was || ' > ' || became as "band", count(*) as "changes",
            count(distinct partner_id) as "partners"
        from changes where week_start > {QUARTER} and was <> became group by all order by all
        """,
        "Nobody's band changed.",
    ),
    Section(
        "Drift and anomalies",
        "Did a source change, did partners, or does somebody work on the score and not the work?",
        ("anomalies_now",),
        """
        select kind, subject, about, verdict, observed, expected, strength
        from marts.anomalies_now order by kind, strength desc, subject limit 30
        """,
        "Nothing stands out.",
    ),
    Section(
        "Calibration",
        "Do predictions come true as often as they say? AUC .5 is chance; a slope of 1 is "
        "calibrated; of 80% intervals 80% should hold.",
        ("prediction_backtest",),
        """
        select
            outcome, segment, partners, events, auc as "AUC", brier as "Brier",
            calibration_slope as "slope", spearman as "Spearman",
            interval_coverage as "intervals that held", first_origin as "from", last_origin as "to"
        from marts.prediction_backtest
        where period = 'all' and predictor = 'prediction' and partners > 0
        order by outcome, segment <> 'all', segment
        """,
        "No outcome is known yet; `marts.partner_predictions` says when the first will be.",
    ),
    Section(
        "The ten worst misses",
        "What did the score not see? A miss that repeats is a case study, or a metric that is "
        "missing. Money for revenue; for likelihoods 3 is one in twenty.",
        ("worst_misses",),
        """
        select
            rank_of_miss as "rank", outcome, partner_id as "partner", partner_name as "name",
            week_start as "predicted in", score, likelihood, expected_amount as "expected",
            amount as "came", miss
        from marts.worst_misses where rank_of_miss <= 10 order by outcome, rank_of_miss
        """,
        "No outcome became known in the last two quarters.",
    ),
    Section(
        "Experiments",
        "What did the pilots show, by the plan that was written before?",
        ("experiment_verdicts",),
        """
        select
            experiment, arm, state, metric, control_partners as "control",
            treatment_partners as "treated", difference, difference_low as "from",
            difference_high as "to", minimum_effect as "worth having", recommendation, reason
        from marts.experiment_verdicts order by experiment, arm
        """,
        "No experiment is registered.",
    ),
    Section(
        "Fairness",
        "Is a group promised more, or less, than comes of it?",
        ("fairness_of_outcomes",),
        """
        select
            outcome, attribute, group_name as "group", partners, observed, expected, ratio,
            ratio_low as "from", ratio_high as "to", verdict
        from marts.fairness_of_outcomes
        where verdict not in ('as expected', 'insufficient') order by all
        """,
        "No group of 30 or more gets more or fewer than expected.",
    ),
    Section(
        "Owners and reviews that expire",
        "Who looks again, and is that still the right team?",
        ("review_calendar",),
        """
        select item_kind as "kind", item, owner, review_due as "due", days_left as "days left",
            stated_in as "stated in"
        from marts.review_calendar where days_left < 120 order by days_left, item_kind, item
        """,
        "Nothing expires within 120 days of the scored week.",
    ),
    Section(
        "Proposed versions and who would move",
        "Is the reason worth the movement? Compared with the version that each is based on.",
        ("framework_impact",),
        """
        select
            framework_version as "version", base_version as "based on", outcome,
            count(distinct partner_id) as "partners", avg(score_difference) as "mean",
            max(abs(score_difference)) as "most", avg(layer_weight_points) as "by layer weights",
            avg(metric_weight_points) as "by metric weights",
            avg(rating_points) as "by anchors and priors",
            count(*) filter (
                where band_before <> band_after
                and week_start = (select max(week_start) from marts.framework_impact)
            ) as "bands that would change"
        from marts.framework_impact where role = 'proposed' group by all order by all
        """,
        "No version is proposed.",
    ),
    Section(
        "Metrics whose weight matters most",
        "Where would a disagreement about one weight change decisions?",
        ("metric_weight_sensitivity",),
        """
        select outcome, metric, direction, mean_move as "mean move", most_move as "most",
            bands_changed as "bands changed", most_ranks_moved as "most ranks"
        from marts.metric_weight_sensitivity
        qualify row_number() over (partition by outcome order by mean_move desc) <= 5
        order by outcome, mean_move desc
        """,
        "No weight to vary.",
    ),
    Section(
        "Checks that did not pass",
        "What was published although something was odd?",
        ("quality_checks",),
        """
        select severity, check_name as "check", observed, remedy
        from marts.quality_checks
        where status <> 'passed' and run_id = (select run_id from release.about)
        order by severity, check_name
        """,
        "All checks passed.",
    ),
    Section(
        "Decided this quarter",
        "Was what was decided last time done?",
        ("decisions",),
        f"""
        select decided_on as "on", decision, area, framework_version as "version",
            decided_by as "by", reason
        from marts.decisions where decided_on >= {QUARTER} order by decided_on, decision
        """,
        "Nothing was decided.",
    ),
)
