"""What is proposed was better on rows that came later: the pull and the anchors alike."""

from itertools import pairwise

import numpy as np

from orchestration.evaluation import choosing
from tests.python.evaluation.made_up import framework, rows, sample


def test_later_rows_come_later():
    moments = np.datetime64("2026-01-05") + 7 * np.random.default_rng(1).integers(0, 40, 500)
    splits = list(choosing.split(moments))
    assert len(splits) == 4
    for early, late in splits:
        assert moments[early].max() < moments[late].min()
    # The later rows of one split are among the earlier ones of the next; at the end all were used.
    for (early, late), (next_early, _) in pairwise(splits):
        np.testing.assert_array_equal(early | late, next_early)
    assert (splits[-1][0] | splits[-1][1]).all()


def chosen(below_the_floor: float) -> choosing.Proposed:
    """Four partners in five lie under the floor of pace, where more of it tells so much."""
    frame, made = framework(), rows(4000)
    generator = np.random.default_rng(2)
    pace = generator.uniform(0, 20, 4000)
    pace = np.where(generator.uniform(size=4000) < 0.8, pace / 4, pace)
    made.values[:, 1] = pace
    frame.anchors.floor[:, 1] = 5.0
    told = below_the_floor * np.minimum(pace, 5) + np.maximum(pace, 5)
    truth = np.exp(told + generator.normal(0, 1, 4000))
    return choosing.propose(sample(made, truth, frame), made.week, frame, "revenue")


def test_anchors_are_proposed_where_they_order_later_rows_better():
    assert {each.metric for each in chosen(1.0).anchors} == {"pace"}


def test_anchors_that_order_later_rows_worse_are_not():
    assert chosen(-1.0).anchors == []
