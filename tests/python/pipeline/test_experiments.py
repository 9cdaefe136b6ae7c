"""Experiments on a programme: each fault of a draw is seen to be found, and nothing is found where
there is nothing.

Experiments are planted into a copy of a small programme, as policy and staged assignments, and the
models are built over them. Partners, weeks, scores and outcomes are those of the programme.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy import stats

from orchestration.derivations import work_out
from orchestration.sample import generate
from tests.python.pipeline.running import Programme

MODELS = ("path:models/experiments", "path:models/marts/experiments")
ASSIGNED = date(2026, 3, 2)  # of the programme's 40 weeks, which end on 28 June 2026, 16 are left
LAST_WEEK = 11


def plan(name: str, **given: object) -> str:
    row = {
        "title": "Coaching", "hypothesis": "It helps", "unit": "partner", "intervention": None,
        "least_tenure_week": 0, "most_tenure_week": 200, "alpha": 0.05,
        "registered_on": "2026-02-01", "planned_start_on": "2026-02-02",
        "planned_look_on": "2026-06-15", "decision_rule": "better", "status": "registered",
        "owner": "tests", "reason": "A test", **given,
    }  # fmt: skip
    values = ", ".join("null" if value is None else f"'{value}'" for value in row.values())
    arms = "".join(
        f"('{name}', '{arm}', '{role}', 0.5, 'tests', 'A test'),"
        for arm, role in (("coached", "treatment"), ("control", "control"))
    )
    return f"""
        insert into policy.experiments (experiment, {", ".join(row)}) values ('{name}', {values});
        insert into policy.experiment_arms (experiment, arm, role, share, owner, reason)
        values {arms.rstrip(",")};
        insert into policy.experiment_metrics by name
        select '{name}' as experiment, 'activity' as metric, 'primary' as role,
            'activities' as counts, 'log' as analysis, 'engagement' as covariate,
            'higher' as better, 1 as first_week, {LAST_WEEK} as last_week, 0 as winsorised_share,
            0.2 as minimum_effect, 'tests' as owner, 'A test' as reason;
    """


def assignments(
    name: str, arms: Iterable[tuple[str, str]], on: date = ASSIGNED, loaded: str = "2026-03-03"
) -> str:
    rows = ", ".join(
        f"('{name}-{partner}-{arm}', '{name}', '{partner}', '{arm}', timestamp '{on} 06:00')"
        for partner, arm in arms
    )
    return f"""
        insert into staging.stg_experiments__assignments by name
        select a.*, 1 as file_id, 1 as row_number, timestamp '{loaded}' as loaded_at
        from (values {rows}) as a (assignment_id, experiment_id, partner_id, arm, assigned_at);
    """


def alternating(partners: list[str]) -> list[tuple[str, str]]:
    return [(one, ("coached", "control")[at % 2]) for at, one in enumerate(partners)]


@pytest.fixture(scope="module")
def planted(
    released: Programme, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Callable[[list[str]], str]], Programme]:
    """Plants SQL that is made from the partners of the programme, and works experiments out."""

    def plant(sql_of: Callable[[list[str]], str]) -> Programme:
        copy = tmp_path_factory.mktemp("planted") / "programme"
        shutil.copytree(released.folder, copy, symlinks=True)
        programme = Programme(copy)
        partners = [
            name
            for (name,) in programme.rows(
                f"select partner_id from partners.partners where contract_week < '{ASSIGNED}' "
                "and not is_terminated order by md5(partner_id)"
            )
        ]
        with duckdb.connect(str(programme.settings().working_database)) as connection:
            connection.execute("delete from staging.stg_experiments__assignments")
            connection.execute("delete from staging.stg_programme__interventions")
            connection.execute("delete from policy.experiments")
            connection.execute("delete from policy.experiment_arms")
            connection.execute("delete from policy.experiment_metrics")
            connection.execute(sql_of(partners))
        programme.build("--select", *MODELS)
        work_out(programme.settings(), None)
        return programme

    return plant


@pytest.fixture(scope="module")
def cases(planted: Callable[..., Programme]) -> Programme:
    """One experiment per fault, each with partners of its own or at a time of its own."""

    def sql(partners: list[str]) -> str:
        assert len(partners) >= 44
        first, second = partners[:20], partners[20:40]
        uneven = [
            (one, "coached" if at < 34 else "control") for at, one in enumerate(partners[:40])
        ]
        strangers = [*alternating(second)[:-2], (second[-2], "lost"), (second[-1], "lost")]
        # Windows of eleven weeks that do not touch.
        summer, autumn = date(2025, 7, 7), date(2025, 10, 6)
        winter, spring = date(2025, 12, 29), date(2026, 3, 23)
        return "".join([
            plan("early", planned_look_on="2026-06-29"),
            assignments("early", alternating(first), spring),
            plan("unstarted"),
            plan("uneven", registered_on="2025-07-01"),
            assignments("uneven", uneven, summer),
            plan("moved", registered_on="2025-09-01"),
            assignments("moved", alternating(first), autumn),
            assignments("moved", [(first[0], "control"), (first[2], "control")], autumn,
                        loaded="2026-04-01"),
            plan("leaky", registered_on="2025-09-01", intervention="executive_call"),
            assignments("leaky", alternating(second), autumn),
            *(
                "insert into staging.stg_programme__interventions by name select "
                f"'I{number}' as intervention_id, '{partner}' as partner_id, "
                f"'executive_call' as intervention, date '2025-10-20' as recommended_on, "
                f"timestamp '{taken}' as taken_at;"
                for number, (partner, taken) in enumerate([
                    (second[1], "2025-10-21 10:00"), (second[3], "2025-11-21 10:00"),
                    (second[5], "2025-10-05 10:00"),  # before it was assigned
                    (second[7], "2026-02-01 10:00"),  # after its window
                    (second[0], "2025-10-21 10:00"),  # what a treated partner is meant to get
                ])
            ),
            plan("one", registered_on="2025-12-01"), assignments("one", alternating(first), winter),
            plan("other", registered_on="2025-12-01"),
            assignments("other", alternating(first[10:] + second[:10]), winter),
            plan("strangers"), assignments("strangers", strangers, spring),
            plan("hindsight", registered_on="2026-03-31"),
            assignments("hindsight", alternating(second), date(2025, 4, 7)),
            assignments("nameless", alternating(partners[40:44]), summer),
            plan("given_up", status="stopped"),
        ])  # fmt: skip

    return planted(sql)


def verdict(programme: Programme, name: str) -> tuple:
    (row,) = programme.rows(
        "select state, recommendation, reason, contaminated, difference "
        f"from marts.experiment_verdicts where experiment = '{name}'"
    )
    return row


def test_before_the_planned_look_nothing_is_said(cases: Programme):
    state, recommendation, reason, _, difference = verdict(cases, "early")
    assert (state, recommendation, difference) == ("too early", "continue", None)
    assert "2026-06-29" in reason
    # Windows have passed, so the numbers could be had: they are not.
    counted = cases.rows("select sum(partners) from experiments.experiment_statistics "
                         "where experiment = 'early' and scale = 'log'")  # fmt: skip
    assert counted == [(20,)]
    said = cases.rows("select count(difference), count(p_value), count(control_value) "
                      "from marts.experiment_results where experiment = 'early'")  # fmt: skip
    assert said == [(0, 0, 0)]


def test_without_assignments_it_goes_on(cases: Programme):
    assert verdict(cases, "unstarted")[:2] == ("not assigned", "continue")
    assert verdict(cases, "given_up")[:2] == ("not assigned", "inconclusive")


def test_arms_of_other_sizes_than_planned_are_found(cases: Programme):
    ((coached, control, chance),) = cases.rows("""
        select sum(partners) filter (where arm = 'coached'),
            sum(partners) filter (where arm = 'control'), any_value(chance_of_sizes)
        from marts.experiment_arm_sizes inner join (
            select experiment, chance_of_sizes from marts.experiment_verdicts) using (experiment)
        where experiment = 'uneven'""")
    assert chance == pytest.approx(stats.chisquare([coached, control]).pvalue)
    assert chance < 0.001
    assert verdict(cases, "uneven")[1] == "inconclusive"
    assert "planned sizes" in verdict(cases, "uneven")[2]
    for name in ("one", "early", "moved"):
        assert "planned sizes" not in verdict(cases, name)[2]


def test_contamination_is_found_by_its_kind(cases: Programme):
    found = dict(
        cases.rows("""
            select experiment, list(distinct contamination order by contamination)
            from marts.experiment_assignments where contamination is not null
            group by experiment""")
    )
    assert found == {
        "moved": ["was given more than one arm"],
        "leaky": ["received the intervention as a control"],
        "one": ["is also in other"],
        "other": ["is also in one"],
        "strangers": ["the plan knows no such arm"],
        "nameless": ["the experiment has no plan"],
    }
    assert [verdict(cases, name)[3] for name in ("moved", "leaky", "one", "strangers")] == [
        2,
        2,
        10,
        2,
    ]
    for name in ("moved", "leaky", "one", "other"):
        assert verdict(cases, name)[1] == "inconclusive"
        assert "got more than their arm" in verdict(cases, name)[2]
    # Whoever is moved stays where it was first.
    assert cases.rows("select count(*) from marts.experiment_assignments "
                      "where experiment = 'moved' and arm = 'coached'") == [(10,)]  # fmt: skip
    assert "planned sizes" in verdict(cases, "strangers")[2], "an arm that was never planned"


def test_a_plan_that_came_after_its_partners_is_no_plan(cases: Programme):
    assert verdict(cases, "hindsight")[1] == "inconclusive"
    assert "before there was a plan" in verdict(cases, "hindsight")[2]
    assert cases.rows("select * from marts.experiment_verdicts where experiment = 'nameless'") == []


def test_numbers_are_those_of_scipy_on_the_partners(cases: Programme):
    """The published estimate, computed anew from weeks and scores."""
    rows = cases.rows("""
        select m.arm, ln(1 + sum(w.active_activities)), any_value(m.engagement_before)
        from marts.experiment_assignments as m
        left join partners.partner_weeks as w on w.partner_id = m.partner_id
            and w.week_start between m.assigned_week + 7 and m.assigned_week + 7 * 11
        where m.experiment = 'leaky' group by m.arm, m.partner_id""")
    values = {
        arm: np.array([value or 0.0 for a, value, _ in rows if a == arm], float)
        for arm in ("coached", "control")
    }
    expected = stats.ttest_ind(values["coached"], values["control"], equal_var=False)
    ((difference, low, high, method),) = cases.rows("""
        select difference, difference_low, difference_high, method from marts.experiment_results
        where experiment = 'leaky' and scale = 'log' and not is_adjusted""")
    interval = expected.confidence_interval()
    assert difference == pytest.approx(values["coached"].mean() - values["control"].mean())
    assert (low, high) == pytest.approx((interval.low, interval.high))
    assert method == "Welch, chance by permutation"  # ten partners in an arm


NULL_EXPERIMENTS = 500


@pytest.fixture(scope="module")
def nothing_tried(planted: Callable[..., Programme]) -> Programme:
    """Experiments in which nothing was done: their arms are names, drawn at random."""

    def sql(partners: list[str]) -> str:
        rng = np.random.default_rng(20260622)
        half = len(partners) // 2
        statements = ["update policy.metric_parameters set value = 0 "
                      "where parameter = 'experiment_permutation_below';"]  # fmt: skip
        for number in range(NULL_EXPERIMENTS):
            shuffled = rng.permutation(partners)
            arms = [(one, "coached" if at < half else "control") for at, one in enumerate(shuffled)]
            statements += [plan(f"null_{number:03}"), assignments(f"null_{number:03}", arms)]
        return "".join(statements)

    return planted(sql)


def test_one_in_twenty_finds_something_where_nothing_was_done(nothing_tried: Programme):
    """500 draws have a standard deviation of 1 percentage point around 5%: 4 to 6% holds for these
    draws and would for two of three seeds. The test beside it tells more."""
    found = nothing_tried.rows("""
        select scale, is_adjusted, count(*), avg((p_value < 0.05)::int),
            avg((0 not between difference_low and difference_high)::int)
        from marts.experiment_results group by all""")
    assert {experiments for _, _, experiments, _, _ in found} == {NULL_EXPERIMENTS}
    rates = {(scale, adjusted): rate for scale, adjusted, _, rate, _ in found}
    assert 0.04 <= rates["log", True] <= 0.06
    # Test and interval say the same, and no analysis is far off.
    assert all(rate == pytest.approx(outside) for *_, rate, outside in found)
    assert all(0.02 <= rate <= 0.08 for rate in rates.values())


@pytest.mark.slow
def test_the_sample_programme_s_true_effect_is_in_the_interval(tmp_path: Path):
    programme = Programme(tmp_path)
    truth = tmp_path / "truth"
    generate(programme.landing, truth=truth)
    programme.land()
    programme.build("--select", *(f"+{path}" for path in MODELS))
    work_out(programme.settings(), None)
    ((is_adjusted, scale, low, high),) = programme.rows("""
        select is_adjusted, scale, difference_low, difference_high from marts.experiment_results
        where is_planned and role = 'primary'""")
    true_effect = json.loads((truth / "experiment.json").read_text())["true_effect_log"]
    assert is_adjusted and scale == "log"
    assert low < true_effect < high
    ((recommendation, contaminated),) = programme.rows(
        "select recommendation, contaminated from marts.experiment_verdicts"
    )
    assert (recommendation, contaminated) == ("scale", 0)
