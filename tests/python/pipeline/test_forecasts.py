"""Forecasts add up, are what numpy makes of the same draws, and know nothing of what comes later.

The small programme is too young for numbers, so its predictions are made numbers by decree: what
is tested is what forecasts make of predictions, residuals and deals.
"""

import hashlib
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from tests.python.pipeline.running import Programme, build_models

QUANTILES = {"low_95": 0.025, "low_80": 0.1, "median": 0.5, "high_80": 0.9, "high_95": 0.975}
FORECASTS = ("--select", "path:models/forecasts", "path:models/marts/forecasts")
DIMENSIONS = {"programme": None, "segment": 1, "tier": 2, "region": 3}
# What was known at an origin; what came of it later is elsewhere.
KNOWN_THEN = {
    "forecast_partners": "*",
    "forecast_residuals": "*",
    "forecast_pools": "*",
    "common_components": "*",
    "forecast_ranges": "*",
    "forecast_sums": "*",
    "open_pipeline": "* exclude (won_week)",
    "stage_win_rates": "*",
    "pipeline_shares": "*",
    "pipeline_by_partner": "*",
    "partner_forecasts": "*",
    "forecast_totals": "*",
}


@pytest.fixture(scope="module")
def programme(released: Programme, tmp_path_factory: pytest.TempPathFactory) -> Programme:
    import shutil

    folder = tmp_path_factory.mktemp("forecasts") / "copy"
    shutil.copytree(released.folder, folder, symlinks=True)
    programme = Programme(folder)
    change(
        programme,
        """update predictions.expected_outcomes
           set basis = 'number',
               expected_amount = 100 + 40000 * likelihood * likelihood
           where outcome = 'revenue'""",
    )
    build_models(programme.settings(), *FORECASTS)
    return programme


def change(programme: Programme, *statements: str) -> None:
    with duckdb.connect(str(programme.settings().working_database)) as connection:
        for statement in statements:
            connection.execute(statement)


def uniform(text: str) -> float:
    return int(hashlib.md5(text.encode()).hexdigest()[:12], 16) / 2**48


def draws_of(programme: Programme) -> int:
    ((draws,),) = programme.rows(
        "select value from policy.metric_parameters where parameter = 'forecast_draws'"
    )
    return int(draws)


@pytest.fixture(scope="module")
def origin(programme: Programme) -> dict[str, Any]:
    """The first coming quarter: partners, pools of ratios and the spread of the common factor."""
    ((week, quarter),) = programme.rows(
        """select origin_week, min(quarter_start) from forecasts.forecast_quarters
           where not is_past and not is_running group by origin_week"""
    )
    here = f"where origin_week = '{week}' and quarter_start = '{quarter}'"
    pools: dict[int, list[float]] = defaultdict(list)
    for pool, ratio in programme.rows(
        f"select pool, ratio from forecasts.forecast_residuals {here} order by pool, place"
    ):
        pools[pool].append(ratio)
    ((spread,),) = programme.rows(f"select common_spread from forecasts.common_components {here}")
    return {
        "here": here,
        "quarter": str(quarter),
        "pools": {pool: np.array(ratios) for pool, ratios in pools.items()},
        "pool_of": dict(programme.rows(
            f"select likelihood_tenth, pool from forecasts.forecast_pools {here}"
        )),
        "partners": programme.rows(
            f"""select partner_id, segment, tier, region, likelihood_tenth, expected_revenue
                from forecasts.forecast_partners {here}"""
        ),
        "sigma": np.sqrt(np.log(1 + spread**2)),
    }  # fmt: skip


def factors_of(origin: dict[str, Any], draws: int) -> np.ndarray:
    names = [f"common {origin['quarter']} {draw}" for draw in range(draws)]
    length = np.array([uniform(f"{name} length") for name in names])
    angle = np.array([uniform(f"{name} angle") for name in names])
    normal = np.sqrt(-2 * np.log(1 - length)) * np.cos(2 * np.pi * angle)
    return np.exp(origin["sigma"] * normal - origin["sigma"] ** 2 / 2)


def test_groups_are_what_numpy_makes_of_the_same_draws(
    programme: Programme, origin: dict[str, Any]
):
    draws = draws_of(programme)
    factors = factors_of(origin, draws)
    drawn = {}
    for partner in origin["partners"]:
        ratios = origin["pools"][origin["pool_of"][partner[4]]]
        places = [
            int(uniform(f"{partner[0]} {origin['quarter']} {draw}") * len(ratios))
            for draw in range(draws)
        ]
        drawn[partner] = partner[5] * factors * ratios[places] / ratios.mean()
    stated = {
        row[:2]: row[2:]
        for row in programme.rows(
            f"""select dimension, group_name, forecast_revenue, {", ".join(QUANTILES)}
                from forecasts.forecast_totals {origin["here"]}"""
        )
    }
    groups = {
        (dimension, "all" if at is None else partner[at])
        for dimension, at in DIMENSIONS.items()
        for partner in drawn
    }
    assert groups <= set(stated) and len(groups) > 8
    for dimension, group in groups:
        at = DIMENSIONS[dimension]
        members = [each for each in drawn if at is None or each[at] == group]
        mean, *ends = stated[dimension, group]
        assert mean == pytest.approx(sum(float(each[5]) for each in members), abs=0.006)
        sums = np.sum([drawn[each] for each in members], axis=0)
        expected = np.quantile(sums, list(QUANTILES.values()))
        # Stated to the cent.
        assert ends == pytest.approx(np.round(expected, 2), rel=1e-6, abs=0.011), (dimension, group)


def test_partners_are_what_numpy_makes_of_the_same_draws(
    programme: Programme, origin: dict[str, Any]
):
    draws = draws_of(programme)
    factors = factors_of(origin, draws)
    stated = programme.rows(
        f"""select likelihood_tenth, {", ".join(f"{name}_ratio" for name in QUANTILES)}
            from forecasts.forecast_ranges {origin["here"]}"""
    )
    assert len(stated) > 3
    for tenth, *ends in stated:
        ratios = origin["pools"][origin["pool_of"][tenth]]
        places = [
            int(uniform(f"tenth {tenth} {origin['quarter']} {draw}") * len(ratios))
            for draw in range(draws)
        ]
        expected = np.quantile(factors * ratios[places] / ratios.mean(), list(QUANTILES.values()))
        assert ends == pytest.approx(expected, rel=1e-6, abs=1e-6), tenth


def test_a_plain_bootstrap_says_the_same_within_its_error(
    programme: Programme, origin: dict[str, Any]
):
    """With a generator instead of hashes, 20,000 draws, and sums of the programme."""
    rng = np.random.default_rng(7)
    many, draws = 20_000, draws_of(programme)
    total = np.zeros(many)
    for *_, tenth, expected in origin["partners"]:
        ratios = origin["pools"][origin["pool_of"][tenth]]
        total += float(expected) * rng.choice(ratios, many) / ratios.mean()
    total *= np.exp(origin["sigma"] * rng.standard_normal(many) - origin["sigma"] ** 2 / 2)
    ((*ends,),) = programme.rows(
        f"""select {", ".join(QUANTILES)} from forecasts.forecast_totals
            {origin["here"]} and dimension = 'programme'"""
    )
    for (name, quantile), end in zip(QUANTILES.items(), ends, strict=True):
        # Where among many draws would the quantile of a few lie?
        error = 4 * np.sqrt(quantile * (1 - quantile) / draws)
        low, high = np.quantile(total, [max(quantile - error, 0), min(quantile + error, 1)])
        assert low <= float(end) <= high, name


def test_what_a_deal_is_worth_is_counted_again(programme: Programme):
    """The weighted pipeline of the newest origin, from deals as staged."""
    ((week, first, last),) = programme.rows(
        """select origin_week, min(first_ahead), min(last_ahead) from forecasts.forecast_quarters
           where not is_past and not is_running group by origin_week"""
    )
    rates = {
        (segment, stage): rate
        for segment, stage, rate in programme.rows(
            """select segment, stage, win_rate from marts.pipeline_win_rates
               where quarter_start = (select min(quarter_start) from forecasts.forecast_quarters
                                      where not is_past and not is_running)"""
        )
    }
    assert first < last
    expected: dict[str, float] = defaultdict(float)
    for partner, segment, registered, approved, qualified, amount in programme.rows(
        f"""select d.partner_id, s.segment, d.registered_at::date, d.approved_at::date,
                d.qualified_at::date, d.amount * r.rate
            from staging.stg_crm__deals d
            inner join partners.partner_segments s using (partner_id)
            left join policy.reporting_rates r
                on r.currency = d.currency and r.rate_year = year(d.registered_at)
            where d.superseded_at is null and d.outcome = 'open'
                and d.registered_at < '{week}'::date + 7
                and (d.rejected_at is null or d.rejected_at >= '{week}'::date + 7)"""
    ):
        weeks = (week - registered + timedelta(registered.weekday())).days / 7
        stage = "registered"
        if approved is not None and (approved - week).days < 7:
            stage = "approved"
        if qualified is not None and (qualified - week).days < 7:
            stage = "qualified"
        if weeks > 26:
            stage = "stalled"
        expected[partner] += float(amount or 0) * rates[segment, stage]
    stated = dict(
        programme.rows(
            """select partner_id, pipeline_weighted from marts.revenue_forecast
               where open_deals > 0 and quarter_start = (
                   select min(quarter_start) from forecasts.forecast_quarters
                   where not is_past and not is_running)"""
        )
    )
    assert len(stated) > 20
    for partner, weighted in stated.items():
        assert weighted == pytest.approx(expected[partner], abs=0.02), partner


def test_nothing_that_comes_later_moves_what_was_said_before(programme: Programme, tmp_path: Path):
    import shutil

    (past,) = programme.rows(
        "select max(origin_week) from forecasts.forecast_quarters where is_past"
    )[0]
    newest = programme.rows("select as_of_week from activities.score_horizon")[0][0]

    def said(at: Any, which: Programme) -> dict[str, list[tuple]]:
        return {
            table: which.rows(
                f"select {columns} from forecasts.{table} where origin_week = '{at}' order by all"
            )
            for table, columns in KNOWN_THEN.items()
        }

    shutil.copytree(programme.folder, tmp_path / "later", symlinks=True)
    later = Programme(tmp_path / "later")
    change(
        later,
        # A deal that nobody knew of, won at once; the end of every deal that was open then.
        f"""insert into staging.stg_crm__deals by name
            select * replace (
                'PLANTED' as deal_id, '{past}'::timestamp + interval 8 day as registered_at,
                '{past}'::timestamp + interval 9 day as approved_at,
                '{past}'::timestamp + interval 9 day as qualified_at,
                '{past}'::timestamp + interval 9 day as closed_at,
                'won' as outcome, 5000000 as amount
            ) from staging.stg_crm__deals where superseded_at is null limit 1""",
        f"""update staging.stg_crm__deals set outcome = 'won',
                closed_at = '{past}'::timestamp + interval 10 day
            where outcome = 'open' and registered_at < '{past}'""",
        f"""update partners.partner_weeks set sourced_revenue_cents = 99000000
            where week_start > '{past}'""",
        f"""update predictions.expected_outcomes set expected_amount = 3 * expected_amount
            where week_start > '{past}'""",
    )
    before, now = said(past, programme), said(newest, programme)
    assert all(before[table] for table in KNOWN_THEN)
    build_models(later.settings(), *FORECASTS)
    assert said(past, later) == before
    # The comparison is not blind: of today, all of it has moved.
    changed = said(newest, later)
    for table in KNOWN_THEN:
        assert changed[table] != now[table], table
    judged = "select sum(revenue) from forecasts.forecast_outcomes"
    assert later.rows(judged)[0][0] > 10 * programme.rows(judged)[0][0]


def test_a_programme_without_numbers_says_what_is_missing(released: Programme):
    rows = released.released(
        """select forecast_revenue, low_80, forecast_missing, pipeline_verdict
           from marts.revenue_forecast"""
    )
    partners = released.released(
        "select count(*) from marts.partner_predictions where prediction_status <> 'ended'"
    )
    assert len(rows) >= partners[0][0] > 40
    for revenue, low, missing, verdict in rows:
        assert revenue is None and low is None and verdict == "no forecast"
        assert missing
    totals = released.released(
        "select sum(partners_forecast), sum(pipeline_amount) from marts.revenue_forecast_totals"
    )
    assert totals[0][0] == 0 and totals[0][1] > 0
