"""Questions of the page `programme`: how the programme stands as a whole."""

import pandas as pd

from dashboard.data.chosen import ALL, CHOSEN, NONE
from dashboard.reader import Reader

# A list longer than this is filtered by its reader and not scrolled through.
MOST_ROWS = 500
SCORED = "status in ('provisional', 'published', 'stale')"


def headlines(reader: Reader, **filters: str) -> pd.DataFrame:
    """One row of figures that open the page."""
    return reader.frame(
        CHOSEN
        + f"""
        select
            count(*) as partners,
            count_if({SCORED}) as scored,
            count_if({SCORED} and revenue_band = 'high' and engagement_band = 'high') as both_high,
            count_if({SCORED} and revenue_band = 'high' and engagement_band = 'low') as to_coach,
            count_if({SCORED} and revenue_band = 'low' and engagement_band = 'low') as both_low,
            sum(expected_revenue) as expected_revenue,
            count(expected_revenue) as predicted,
            avg(coverage) filter (where {SCORED}) as coverage,
            avg(confidence) filter (where {SCORED}) as confidence
        from chosen""",
        **filters,
    )


def cells(reader: Reader, **filters: str) -> pd.DataFrame:
    """Partners with a score, by the two bands."""
    return reader.frame(
        CHOSEN
        + f"""
        select revenue_band, engagement_band, count(*) as partners
        from chosen
        where {SCORED}
        group by revenue_band, engagement_band
        order by revenue_band, engagement_band""",
        **filters,
    )


def scores(reader: Reader, **filters: str) -> pd.DataFrame:
    """Partners by score, in steps of five points, and by band."""
    return reader.frame(
        CHOSEN
        + f"""
        , long as (
            select 'revenue' as outcome, revenue_score as score, revenue_band as band
            from chosen where {SCORED}
            union all
            select 'engagement' as outcome, engagement_score as score, engagement_band as band
            from chosen where {SCORED}
        )
        select outcome, band, least(floor(score / 5) * 5, 95) as step, count(*) as partners
        from long
        group by all
        order by outcome, step, band""",
        **filters,
    )


def movers(
    reader: Reader, *, outcome: str, weeks_back: int, most: int = 7, **filters: str
) -> pd.DataFrame:
    """The partners whose score rose and fell most, and what moved it."""
    return reader.frame(
        CHOSEN
        + f"""
        , changes as (
            select
                changes.*,
                chosen.partner_name,
                row_number() over (order by score_change desc, partner_id) as from_top,
                row_number() over (order by score_change, partner_id) as from_bottom
            from marts.partner_score_changes as changes
            inner join chosen using (partner_id)
            where {SCORED} and outcome = $outcome and weeks_back = $weeks_back
        )
        select * exclude (from_top, from_bottom)
        from changes
        where
            (from_top <= $most and score_change > 0) or (from_bottom <= $most and score_change < 0)
        order by score_change desc, partner_id""",
        outcome=outcome,
        weeks_back=weeks_back,
        most=most,
        **filters,
    )


def expected(reader: Reader, **filters: str) -> pd.DataFrame:
    """Revenue to expect of those who have a prediction, by segment and revenue band."""
    return reader.frame(
        CHOSEN
        + """
        select
            segment, revenue_band, count(*) as partners, sum(expected_revenue) as expected_revenue
        from chosen
        where expected_revenue is not null
        group by segment, revenue_band
        order by segment, revenue_band""",
        **filters,
    )


def forecast(reader: Reader, **filters: str) -> pd.DataFrame:
    """Revenue of the coming quarters. A group that has a total of its own has intervals; of any
    other choice partners are added up, and their intervals do not add up."""
    narrowed = {name: value for name, value in filters.items() if value != ALL}
    if len(narrowed) > 1 or "cohort" in narrowed:
        return reader.frame_if(
            "revenue_forecast",
            CHOSEN
            + """
            select
                quarter, quarter_start, is_running, count(forecast_revenue) as partners,
                sum(booked_revenue) as booked_revenue,
                sum(forecast_revenue) as forecast_revenue,
                cast(null as double) as low_80, cast(null as double) as high_80,
                sum(pipeline_implied) as pipeline_implied
            from marts.revenue_forecast
            where partner_id in (select partner_id from chosen)
            group by quarter, quarter_start, is_running
            order by quarter_start""",
            **filters,
        )
    dimension, group = next(iter(narrowed.items()), ("programme", ALL))
    return reader.frame_if(
        "revenue_forecast_totals",
        """
        select
            quarter, quarter_start, is_running, partners_forecast as partners, booked_revenue,
            forecast_revenue, low_80, high_80, pipeline_implied
        from marts.revenue_forecast_totals
        where dimension = $dimension and group_name = $group
        order by quarter_start""",
        dimension=dimension,
        group="unknown" if (dimension, group) == ("region", NONE) else group,
    )


def actions(reader: Reader, **filters: str) -> pd.DataFrame:
    """What is to be done for the partners that are left, what is due first on top."""
    return reader.frame_if(
        "recommended_actions",
        CHOSEN
        + f"""
        select
            actions.action_key, actions.partner_id, actions.partner_name, actions.title,
            actions.reason, actions.owner_role, actions.state,
            strftime(actions.due_on, '%Y-%m-%d') as due_on
        from marts.recommended_actions as actions
        inner join chosen using (partner_id)
        where actions.state != 'no action'
        order by
            actions.due_on, chosen.expected_revenue desc nulls last, actions.partner_id,
            actions.place
        limit {MOST_ROWS}""",
        **filters,
    )


def listed(reader: Reader, *, cell: str, **filters: str) -> pd.DataFrame:
    """The partners of a cell (or of all), those with the most expected revenue first."""
    return reader.frame(
        CHOSEN
        + f"""
        select
            partner_id, partner_name, segment, tier, region, status, revenue_band, engagement_band,
            revenue_score, engagement_score, expected_revenue, gaps
        from chosen
        where $cell = 'all' or cell = $cell
        order by expected_revenue desc nulls last, partner_id
        limit {MOST_ROWS}""",
        cell=cell,
        **filters,
    )


def data_status(reader: Reader) -> pd.DataFrame:
    """One row per source and entity: how fresh it is and what was lost on the way."""
    return reader.frame("""
        select
            source || '.' || entity as source, newest_event_at, newest_arrival_at, fresh_until,
            rows_landed, rows_quarantined, has_records, is_stale
        from marts.source_coverage
        order by is_stale desc, has_records desc, source""")


def checks(reader: Reader) -> pd.DataFrame:
    """One row: the checks of the run that made the release, and what is unusual now. None, where
    these are not for who reads."""
    return reader.frame_if(
        "quality_checks",
        """
        select
            count_if(status = 'passed') as passed,
            count_if(status != 'passed') as not_passed,
            (select count(*) from marts.anomalies_now) as unusual,
            (select count(*) from marts.set_aside_records) as set_aside
        from marts.quality_checks
        where run_id = (select run_id from release.about)""",
    )
