"""Questions of the page `experiments`: what was tried, and what came of it."""

import pandas as pd

from dashboard.reader import Reader


def options(reader: Reader) -> list[dict[str, str]]:
    found = reader.frame(
        "select distinct experiment, title from marts.experiment_plans order by title, experiment"
    )
    listed = [{"label": row.title, "value": row.experiment} for row in found.itertuples()]
    return listed or [{"label": "no experiment", "value": "none"}]


def verdicts(reader: Reader, *, experiment: str) -> pd.DataFrame:
    return reader.frame(
        "select * from marts.experiment_verdicts where experiment = $experiment order by arm",
        experiment=experiment,
    )


def plan(reader: Reader, *, experiment: str) -> pd.DataFrame:
    return reader.frame(
        "select * from marts.experiment_plans where experiment = $experiment order by role, metric",
        experiment=experiment,
    )


def arms(reader: Reader, *, experiment: str) -> pd.DataFrame:
    return reader.frame(
        "select * from marts.experiment_arm_sizes where experiment = $experiment order by arm",
        experiment=experiment,
    )


def results(reader: Reader, *, experiment: str) -> pd.DataFrame:
    """Every analysis of every metric; those that were planned come first."""
    return reader.frame(
        """
        select *
        from marts.experiment_results
        where experiment = $experiment
        order by is_planned desc, role, metric, scale, method""",
        experiment=experiment,
    )


def interventions(reader: Reader, *, score: str) -> pd.DataFrame:
    """What came after interventions, of those who took them and of those who did not."""
    return reader.frame(
        "select * from marts.intervention_effects where score = $score order by intervention",
        score=score,
    )
