"""The evaluation on a built programme: the numbers of the models, honest where history is short."""

import numpy as np
import pytest

from orchestration.database import connect
from orchestration.evaluation import Design, backtest, framework, onboarding, partner_weeks
from orchestration.evaluation.framework import OUTCOMES, Framework
from tests.python.pipeline.running import Programme

SHORT = Design(horizons=(14, 28), active_days=(35, 70), revenue_days=60)


@pytest.fixture(scope="module")
def in_force(released: Programme) -> Framework:
    with connect(released.settings(), read_only=True) as connection:
        return framework.in_force(connection)


def test_shares_are_the_effective_weights_of_the_models(released: Programme, in_force: Framework):
    places = {metric.name: at for at, metric in enumerate(in_force.metrics)}
    compared = 0
    for outcome in OUTCOMES:
        shares = in_force.shares(outcome)
        for segment, week, metric, weight in released.rows(f"""
                select segment, tenure_week, metric, weight from frameworks.effective_weights
                where framework = '{in_force.name}' and outcome = '{outcome}'"""):
            found = shares[in_force.segments.index(segment), week, places[metric]]
            assert found == pytest.approx(weight, abs=1e-9)
            compared += 1
    assert compared > 5_000


def test_scores_are_those_of_the_models(released: Programme, in_force: Framework):
    with connect(released.settings(), read_only=True) as connection:
        rows = partner_weeks.read(
            connection, in_force, "week_start = (select as_of_week from activities.score_horizon)"
        )
    scores = rows.scores(in_force)
    built = {
        partner: dict(zip(names, values, strict=True))
        for names in [[metric.name for metric in in_force.metrics]]
        for partner, *values in released.rows(f"""
            select partner_id, {", ".join(f"{name}__score" for name in names)}
            from scores.metric_scores
            where framework = '{in_force.name}'
                and week_start = (select as_of_week from activities.score_horizon)""")
    }
    assert len(rows) > 40
    for at, partner in enumerate(rows.partner):
        np.testing.assert_allclose(scores[at], list(built[partner].values()), atol=1e-8)
    for outcome in OUTCOMES:
        # In the last week the newest version has the week to itself.
        totals = rows.totals(scores, in_force.shares(outcome), outcome)
        np.testing.assert_allclose(totals, rows.published[outcome], atol=1e-6)


def test_what_came_later_is_counted_from_the_day_of_the_contract(
    released: Programme, in_force: Framework, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(onboarding, "LEAST_PARTNERS", 5)
    with connect(released.settings(), read_only=True) as connection:
        study = onboarding.read(connection, in_force, SHORT)
    counted = {
        (partner, horizon): found
        for horizon in SHORT.horizons
        for partner, *found in released.rows(f"""
            select
                partner_id,
                count(*) filter (where types.counts_as_active and day between 35 and 70) > 0,
                coalesce(sum(amount) filter (
                    where activity_type = 'booking' and quantity = 1
                        and day between {horizon + 1} and {horizon + 60}
                ), 0)::double
            from (
                select activities.*,
                    datediff('day', partners.contract_signed_at::date, counted_on) as day
                from activities.activities inner join partners.partners using (partner_id)
            ) inner join policy.activity_types as types using (activity_type)
            group by partner_id""")
    }
    compared, active = 0, 0
    for horizon in SHORT.horizons:
        rows = study.rows[horizon]
        # Nothing of the score is from after day N: its week was over by then.
        assert (rows.known_on <= rows.contract + horizon * onboarding.DAY).all()
        assert (rows.known_on > rows.contract + (horizon - 7) * onboarding.DAY).all()
        for at, partner in enumerate(rows.partner):
            is_active, revenue = counted.get((partner, horizon), (False, 0.0))
            assert study.truth[horizon, "engagement"][at] == is_active
            assert study.truth[horizon, "revenue"][at] == pytest.approx(revenue)
            compared, active = compared + 1, active + is_active
        assert not (study.training(horizon) & study.testing(horizon)).any()
    assert compared > 40 and 10 < active < compared


def test_too_little_history_is_said_and_not_guessed(released: Programme):
    done = released.command("evaluate")
    page = (released.warehouse / "evaluation.html").read_text()
    assert "not yet to be judged" in done.stdout
    assert "are needed in each; the outcome of a partner is known 271 days" in page
    assert "src=" not in page and "href=" not in page


def test_weights_are_not_proposed_without_evidence(released: Programme):
    done = released.command("propose-weights", code=3)
    assert "300 are needed: below that, weights follow chance" in done.stderr
    assert not (released.warehouse / "proposals").exists()


def test_the_model_card_says_what_the_release_says(released: Programme):
    release = (released.warehouse / "releases" / "current").resolve()
    card = (release / "MODEL_CARD.md").read_text()
    assert f"# Model card of release {release.name}" in card
    rows = [line.strip("| ").split(" | ") for line in card.splitlines() if line.startswith("| ")]
    for segment, outcome, partners, auc in released.released("""
            select segment, outcome, partners, auc from marts.prediction_backtest
            where period = 'all' and predictor = 'prediction' and partners > 0"""):
        (row,) = (row for row in rows if row[:3] == [segment, outcome, str(partners)])
        assert row[4].strip() == ("" if auc is None else f"{auc:.3f}")
    assert "MODEL_CARD.md" in (release / "SHA256SUMS").read_text()
    ((metrics,),) = released.released("select count(*) from marts.metric_registry")
    layers = ("strategy", "execution", "results")
    assert sum(int(row[1]) for row in rows if row[0] in layers) == metrics


def test_without_a_backtest_the_page_says_why(released: Programme):
    assert not released.released("""
        select 1 from marts.prediction_backtest
        where predictor = 'prediction' and period = 'all' and partners > 0""")
    with connect(released.settings(), read_only=True) as connection:
        found = backtest.sections(connection)
    ((missing,),) = released.released("""
        select any_value(engagement_missing) from marts.partner_predictions
        where engagement_missing is not null and prediction_status != 'ended'""")
    assert found["parts"] == [] and missing in found["missing"]
