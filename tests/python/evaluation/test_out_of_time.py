"""A proposal must be earned: a real gain on later weeks passes, chance and thin history do not."""

import numpy as np
import pytest
from scipy.special import expit

from orchestration.evaluation import choosing, out_of_time
from orchestration.evaluation.out_of_time import Known
from tests.python.evaluation.made_up import framework, rows, sample
from tests.python.evaluation.test_fitting import EMPHASIS

FRAME = framework()


def known(count: int, *, is_planted: bool, seed: int = 1, window: int = 4) -> Known:
    """Rows over 40 weeks whose outcome is known `window` weeks later."""
    made, generator = rows(count, seed), np.random.default_rng(seed + 50)
    score = made.totals(made.scores(FRAME), FRAME.shares("engagement", EMPHASIS), "engagement")
    chance = expit((score - 70) / 5) if is_planted else 0.5
    truth = (generator.uniform(size=count) < chance).astype(float)
    return Known(sample(made, truth, FRAME), made.week + 7 * window)


def test_a_real_gain_is_proven():
    gain = out_of_time.judge(known(4000, is_planted=True), FRAME, "engagement")
    assert gain.is_proven and gain.gain.value > 0.02
    assert gain.estimates["proposed weights"].value > gain.estimates["expert weights"].value
    # Of what nobody could combine better, machine learning gets no more.
    assert gain.price["proposed weights"].value < 0.01


def test_chance_is_not_proven():
    proven = [
        out_of_time.judge(known(1600, is_planted=False, seed=seed), FRAME, "engagement").is_proven
        for seed in range(4)
    ]
    assert sum(proven) == 0


def test_no_row_trains_whose_outcome_was_known_too_late(monkeypatch: pytest.MonkeyPatch):
    seen = []
    propose = choosing.propose

    def spy(train, moments, framework, outcome):
        seen.append(train)
        return propose(train, moments, framework, outcome)

    monkeypatch.setattr(choosing, "propose", spy)
    made = known(2000, is_planted=True, window=6)
    gain = out_of_time.judge(made, FRAME, "engagement")
    (train,) = seen
    assert (train.rows.week + 7 * 6 < gain.first_test_week).all()
    possible = made.sample.rows.week + 7 * 6 < gain.first_test_week
    assert len(train) == possible.sum() > 0


def test_thin_history_is_refused_in_words():
    with pytest.raises(out_of_time.TooLittle, match=r"250 partners .* 300 are needed"):
        out_of_time.judge(known(1000, is_planted=True), FRAME, "engagement")
    with pytest.raises(out_of_time.TooLittle, match=r"known in time of 0 \(3 are needed\)"):
        out_of_time.judge(known(1600, is_planted=True, window=40), FRAME, "engagement")
