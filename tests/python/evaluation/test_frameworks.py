"""Scores and shares of a made-up framework, by hand. The real one is compared with the models in
tests/python/pipeline/test_evaluation.py."""

import numpy as np
import pytest

from orchestration.evaluation import anchoring
from orchestration.evaluation.framework import Framework
from tests.python.evaluation.made_up import framework, rows, sample, with_open

NAN = np.nan


@pytest.fixture
def frame() -> Framework:
    return framework()


def test_a_value_scores_by_its_anchors(frame: Framework):
    # 5 of 10 is half of 80; 15 is 80 and half of 20; 25 is beyond the stretch.
    values = np.array([[5.0, 15.0, NAN, 25.0, 0.0]])
    evidence = np.array([[np.inf, np.inf, 0.0, np.inf, np.inf]])
    scores = frame.metric_scores(values, evidence, np.array([0]))
    # Not observed: the prior, 10, scores 80.
    np.testing.assert_allclose(scores, [[40, 90, 80, 100, 0]])


def test_evidence_weighs_the_own_value_beside_the_prior(frame: Framework):
    # Z = 3 / (3 + 1); 0.75 x 2 + 0.25 x 10 = 4, which scores 32.
    values, evidence = np.full((1, 5), 2.0), np.full((1, 5), 3.0)
    scores = frame.metric_scores(values, evidence, np.array([1]))
    assert scores[0, 2] == pytest.approx(32)


def test_a_log_scale_is_linear_in_the_logarithm(frame: Framework):
    values = np.full((1, 5), np.sqrt(11) - 1)  # half way from log 1 to log 11
    scores = frame.metric_scores(values, np.full((1, 5), np.inf), np.array([0]))
    assert scores[0, 3] == pytest.approx(40)


def test_shares_are_layer_times_metric(frame: Framework):
    shares = frame.shares("revenue")
    # Week 0: layers .5, .4, .1; of execution, pace has 2 of 4, and 3 of 4 for resellers.
    # Nobody reports the fifth metric: the fourth has the layer to itself.
    np.testing.assert_allclose(shares[0, 0], [0.5, 0.2, 0.2, 0.1, 0])
    np.testing.assert_allclose(shares[1, 0], [0.5, 0.3, 0.1, 0.1, 0])
    # Half way to week 20: .3, .35, .35.
    np.testing.assert_allclose(shares[0, 10], [0.3, 0.175, 0.175, 0.35, 0])
    np.testing.assert_allclose(shares.sum(axis=2), 1)


def test_a_small_segment_borrows_from_the_baseline():
    # Pace: .25 x 3 + .75 x 2 = 2.25, answers .25 x 1 + .75 x 2 = 1.75; of .4 that is .225 and .175.
    shares = framework(own_share=0.25).shares("revenue")
    np.testing.assert_allclose(shares[1, 0], [0.5, 0.225, 0.175, 0.1, 0])


def test_emphasis_and_tilt_are_factors(frame: Framework):
    emphasis = np.log([1, 1, 3, 1, 1])
    # Answers 2 x 3 = 6 beside pace 2: .1 and .3 of .4.
    np.testing.assert_allclose(frame.shares("revenue", emphasis)[0, 0], [0.5, 0.1, 0.3, 0.1, 0])
    tilt = np.log([[1, 1, 5], [1, 1, 1]])
    # Results .1 x 5 = .5 beside .5 and .4: 5 / 14, 4 / 14, 5 / 14. Week 20 stays.
    shares = frame.shares("revenue", tilt=tilt)
    np.testing.assert_allclose(shares[0, 0], np.array([5, 2, 2, 5, 0]) / 14)
    np.testing.assert_allclose(shares[0, 20], [0.1, 0.15, 0.15, 0.6, 0])


def test_an_opened_metric_starts_with_a_small_share_of_its_layer(frame: Framework):
    frame = with_open(frame, "answers")
    # Answers weigh nothing before: pace has its layer to itself.
    np.testing.assert_allclose(frame.shares("revenue")[0, 0], [0.5, 0.4, 0, 0.1, 0])
    opened = frame.opened("revenue")
    # .05 x 2 beside pace 2, and beside pace 3 of the resellers.
    np.testing.assert_allclose(
        opened.shares("revenue")[:, 0],
        [[0.5, 0.4 / 1.05, 0.4 * 0.05 / 1.05, 0.1, 0], [0.5, 0.4 * 30 / 31, 0.4 / 31, 0.1, 0]],
    )
    # The other outcome is not open to it.
    np.testing.assert_array_equal(
        frame.opened("engagement").shares("engagement"), frame.shares("engagement")
    )


@pytest.mark.parametrize("own_share", [1.0, 0.25])
def test_a_layer_of_opened_metrics_alone_starts_with_a_small_share_of_the_score(own_share: float):
    frame = with_open(framework(own_share), "pace", "answers")
    # Execution has nothing to weigh: its .4 goes to the others in proportion.
    np.testing.assert_allclose(frame.shares("revenue")[0, 0], [5 / 6, 0, 0, 1 / 6, 0])
    shares = frame.opened("revenue").shares("revenue")
    np.testing.assert_allclose(shares[0, 0], [0.75, 0.05, 0.05, 0.15, 0])
    np.testing.assert_allclose(shares[1, 20], [0.9 / 7, 0.05, 0.05, 5.4 / 7, 0])
    np.testing.assert_allclose(shares.sum(axis=2), 1)


def test_anchors_are_proposed_where_nearly_all_score_the_same(frame: Framework):
    made = rows(4000)
    # Pace lies far below its floor's reach for most: 97% under the floor of 5.
    made.values[:, 1] = np.linspace(0, 5.2, len(made))[
        np.random.default_rng(3).permutation(len(made))
    ]
    frame.anchors.floor[:, 1] = 5.0
    proposed = anchoring.propose(sample(made, np.zeros(len(made)), frame), frame, "revenue")
    assert {(each.segment, each.metric) for each in proposed} == {
        ("baseline", "pace"), ("reseller", "pace")
    }  # fmt: skip
    for each in proposed:
        # Quantiles of a uniform from 0 to 5.2, to two digits.
        assert each.floor == pytest.approx(0.52, abs=0.05)
        assert each.target == pytest.approx(3.9, abs=0.1)
        assert each.stretch == pytest.approx(4.9, abs=0.1)
    scores = made.scores(anchoring.applied(frame, proposed))[:, 1]
    assert ((scores > 0) & (scores < 100)).mean() == pytest.approx(0.85, abs=0.02)


def test_anchors_stay_where_zero_is_the_truth(frame: Framework):
    made = rows(4000)
    made.values[: len(made) * 3 // 4, 1] = 0
    assert not anchoring.propose(sample(made, np.zeros(len(made)), frame), frame, "revenue")
