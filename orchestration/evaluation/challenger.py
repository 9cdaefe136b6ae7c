"""What could be had without transparency: machine learning on the same metrics, the same rows.

Each learner sees what the score sees (value and evidence of every metric that applies, what has not
been observed, tenure) and is free to combine it as it likes.
"""

from collections.abc import Callable

import numpy as np
from scipy.stats import rankdata
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegressionCV, RidgeCV
from sklearn.model_selection import GridSearchCV, TimeSeriesSplit
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from orchestration.evaluation.fitting import Sample
from orchestration.evaluation.framework import Array, Framework

SEED = 20260101
# Threads of OpenMP and BLAS wait by spinning: on tables of this size one is faster than two.
one_thread = threadpool_limits.wrap(limits=1)
FOLDS = TimeSeriesSplit(n_splits=3)  # rows come in the order of time
UNSEEN = -1.0
TREES = {"learning_rate": [0.03, 0.1], "max_leaf_nodes": [4, 12]}


def features(sample: Sample, framework: Framework) -> Array:
    """(rows, columns): tenure, values (those on a log scale as log1p), evidence; NaN: not seen."""
    rows = sample.rows
    columns = [rows.tenure.astype(float)]
    for at, metric in enumerate(framework.metrics):
        if not metric.is_applicable:
            continue
        value = rows.values[:, at]
        columns.append(np.log1p(np.maximum(value, 0)) if metric.is_log else value)
        if metric.evidence:
            columns.append(np.log1p(np.nan_to_num(rows.evidence[:, at])))
    return np.column_stack(columns)


def challengers(outcome: str) -> dict[str, Callable[[Sample, Sample, Framework], Array]]:
    """The learners by name; each is fitted on one sample and gives predictions for another.

    Of the outcome engagement they predict a probability, of revenue the relative rank.
    """
    if outcome == "engagement":
        linear, trees = "regularised logistic", HistGradientBoostingClassifier
    else:
        linear, trees = "ridge", HistGradientBoostingRegressor
    return {
        linear: lambda train, test, framework: _predict(_linear(outcome), train, test, framework),
        "gradient boosting": lambda train, test, framework: _predict(
            GridSearchCV(
                trees(max_iter=120, min_samples_leaf=20, l2_regularization=1.0, random_state=SEED),
                TREES,
                cv=FOLDS,
                scoring="neg_log_loss" if outcome == "engagement" else "neg_mean_squared_error",
            ),
            train,
            test,
            framework,
        ),
    }


def _linear(outcome: str) -> Pipeline:
    pulls = np.logspace(-3, 2, 11)
    model = (
        LogisticRegressionCV(
            Cs=pulls, cv=FOLDS, l1_ratios=(0.0,), scoring="neg_log_loss", max_iter=5000,
            use_legacy_attributes=False,
        )
        if outcome == "engagement"
        else RidgeCV(alphas=1 / pulls, cv=FOLDS)
    )  # fmt: skip
    return make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        StandardScaler(),
        model,
    )


def _predict(
    model: Pipeline | GridSearchCV, train: Sample, test: Sample, framework: Framework
) -> Array:
    is_yes_or_no = hasattr(model, "predict_proba")
    truth = train.truth if is_yes_or_no else rankdata(train.truth) / len(train)
    before, later = features(train, framework), features(test, framework)
    if isinstance(model, GridSearchCV):
        # Trees that scikit-learn bins refuse a column of which a fold has seen nothing.
        before, later = (np.nan_to_num(each, nan=UNSEEN) for each in (before, later))
    model.fit(before, truth)
    return np.asarray(model.predict_proba(later)[:, 1] if is_yes_or_no else model.predict(later))
