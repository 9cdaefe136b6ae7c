"""Questions of the page `scenarios`: what would be, beside what is."""

import pandas as pd

from dashboard.data.chosen import CHOSEN
from dashboard.data.programme import MOST_ROWS
from dashboard.reader import Reader


def options(reader: Reader) -> list[dict[str, str]]:
    found = reader.frame("""
        select distinct scenario, question from marts.scenario_definitions order by question""")
    return [{"label": row.question, "value": row.scenario} for row in found.itertuples()]


def definition(reader: Reader, *, scenario: str) -> pd.DataFrame:
    """What a scenario changes, a row a change."""
    return reader.frame(
        """
        select
            question, owner, reason, changes, segment, outcome, name, part, factor, addition,
            reason_of_change
        from marts.scenario_definitions
        where scenario = $scenario
        order by changes, name, part""",
        scenario=scenario,
    )


def summary(reader: Reader, *, scenario: str, outcome: str, **filters: str) -> pd.DataFrame:
    """Each segment in one row: mean change, bands crossed, revenue to expect."""
    return reader.frame(
        CHOSEN
        + """
        , scored as (
            select
                scenarios.*,
                case official_band when 'low' then 1 when 'medium' then 2 else 3 end as band_before,
                case scenario_band when 'low' then 1 when 'medium' then 2 else 3 end as band_after
            from marts.partner_scenarios as scenarios
            where
                partner_id in (select partner_id from chosen)
                and scenario = $scenario and outcome = $outcome
        )
        select
            segment, count(*) as partners,
            avg(score_difference) as mean_difference,
            count_if(band_after > band_before) as bands_up,
            count_if(band_after < band_before) as bands_down,
            sum(official_expected_revenue) as official_expected_revenue,
            sum(scenario_expected_revenue) as scenario_expected_revenue
        from scored
        group by segment
        order by segment""",
        scenario=scenario,
        outcome=outcome,
        **filters,
    )


def partners(reader: Reader, *, scenario: str, outcome: str, **filters: str) -> pd.DataFrame:
    """The partners that it moves, the most moved first."""
    return reader.frame(
        CHOSEN
        + f"""
        select
            scenarios.partner_id, chosen.partner_name, scenarios.segment,
            scenarios.official_score, scenarios.scenario_score, scenarios.score_difference,
            scenarios.official_band, scenarios.scenario_band,
            scenarios.official_expected_revenue, scenarios.scenario_expected_revenue
        from marts.partner_scenarios as scenarios
        inner join chosen using (partner_id)
        where
            scenario = $scenario and outcome = $outcome and abs(score_difference) > 0.005
        order by abs(score_difference) desc, partner_id
        limit {MOST_ROWS}""",
        scenario=scenario,
        outcome=outcome,
        **filters,
    )


def weights(reader: Reader, *, outcome: str) -> pd.DataFrame:
    """How much scores and ranks depend on a weight being a little more or less."""
    return reader.frame(
        """
        select metric, direction, layer, mean_move, most_move, bands_changed, rank_correlation
        from marts.metric_weight_sensitivity
        where outcome = $outcome
        order by metric, direction""",
        outcome=outcome,
    )


def alternatives(reader: Reader, *, outcome: str, **filters: str) -> pd.DataFrame:
    """What other versions and methods would say, each in one row."""
    return reader.frame_if(
        "framework_alternatives",
        CHOSEN
        + """
        select
            framework, role, count(*) as partners,
            avg(score_difference) as mean_difference,
            max(abs(score_difference)) as most_difference,
            count_if(official_band != alternative_band) as bands_changed
        from marts.framework_alternatives as alternatives
        where partner_id in (select partner_id from chosen) and outcome = $outcome
        group by framework, role
        order by framework""",
        outcome=outcome,
        **filters,
    )
