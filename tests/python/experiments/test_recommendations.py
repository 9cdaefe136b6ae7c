"""What a plan's rule says of an estimate, case by case."""

from datetime import date

import pytest

from orchestration.experiments.plans import Metric, Plan, is_harmed, recommend


def plan(rule: str) -> Plan:
    return Plan(
        experiment="coaching", title="", hypothesis="", alpha=0.05, power=0.8,
        least_chance_of_sizes=0.001, most_contaminated_share=0.05, permutation_below=50,
        permutations=999, registered_on=date(2026, 1, 1), planned_look_on=date(2026, 9, 1),
        decision_rule=rule, status="registered", owner="sales",
        shares={"control": 0.5, "coached": 0.5}, control="control", metrics=(),
    )  # fmt: skip


def metric(better: str) -> Metric:
    return Metric("activity", "primary", "log", "engagement", better, minimum_effect=0.2)


CASES = [
    # low, estimate, high: better, worth it
    (0.05, 0.25, 0.45, "scale", "inconclusive"),
    (0.25, 0.35, 0.45, "scale", "scale"),
    (0.05, 0.15, 0.25, "inconclusive", "inconclusive"),  # an effect, too small to be sure
    (0.02, 0.10, 0.18, "revert", "revert"),  # an effect, but worth nothing
    (-0.10, 0.25, 0.60, "inconclusive", "inconclusive"),
    (-0.30, -0.05, 0.15, "revert", "revert"),  # what would be worth it is ruled out
    (-0.50, -0.30, -0.10, "revert", "revert"),
]


@pytest.mark.parametrize(("low", "estimate", "high", "better", "worth_it"), CASES)
def test_a_rule_reads_the_interval(
    low: float, estimate: float, high: float, better: str, worth_it: str
):
    for rule, expected in (("better", better), ("worth_it", worth_it)):
        assert recommend(plan(rule), metric("higher"), low, high, estimate, 0.01)[0] == expected
        # The same where less is better.
        mirrored = recommend(plan(rule), metric("lower"), -high, -low, -estimate, 0.01)
        assert mirrored[0] == expected


def test_an_interval_alone_is_not_enough_where_the_permutation_test_disagrees():
    assert recommend(plan("better"), metric("higher"), 0.01, 0.6, 0.3, 0.07)[0] == "inconclusive"


def test_a_guardrail_is_harmed_when_it_is_worse_for_certain():
    assert is_harmed(metric("higher"), -3, -1) and not is_harmed(metric("higher"), -3, 1)
    assert is_harmed(metric("lower"), 1, 3) and not is_harmed(metric("lower"), -1, 3)
