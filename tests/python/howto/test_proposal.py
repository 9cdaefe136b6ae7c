"""A proposed version, appended to policy as its README says, is scored as the fit saw it."""

import csv
from pathlib import Path

import numpy as np
import pytest

from orchestration.database import connect
from orchestration.evaluation import framework, partner_weeks, proposal
from orchestration.sample import generate
from tests.python.howto.copies import ProjectCopy

ONLY_MODELS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")


@pytest.mark.slow
def test_a_draft_is_scored_as_the_fit_saw_it(tmp_path: Path):
    copy = ProjectCopy(tmp_path).take()
    generate(copy.settings.landing, partners=400, weeks=104)
    copy.land()
    copy.build(*ONLY_MODELS)
    official = copy.rows("select * from scores.raw_scores order by partner_id, week_start")
    draft = proposal.propose(copy.settings)
    folder = proposal.write(draft, tmp_path)
    assert set(draft.gains) == {"engagement", "revenue"}
    # Metrics that experts weigh for engagement alone turned out to tell of revenue.
    weighed = {row["metric"] for row in draft.rows["metric_weights"] if row["outcome"] == "revenue"}
    assert {"collaboration_days", "response_within_sla_rate"} <= weighed
    with connect(copy.settings, read_only=True) as connection:
        frame = framework.in_force(connection)
        rows = partner_weeks.read(
            connection, frame, "week_start = (select as_of_week from activities.score_horizon)"
        )
    wanted = {
        outcome: rows.totals(rows.scores(gain.framework), gain.fit.shares(gain.framework), outcome)
        for outcome, gain in draft.gains.items()
    }

    for file in folder.glob("*.csv"):
        with file.open(newline="") as new:
            added = list(csv.reader(new))[1:]
        with (copy.project / "seeds" / "policy" / file.name).open("a", newline="") as there:
            csv.writer(there, lineterminator="\n").writerows(added)
    copy.build(*ONLY_MODELS, "--full-refresh")
    assert len(rows) > 300
    for outcome, scores in wanted.items():
        scored = dict(copy.rows(f"""
            select partner_id, alternative_score from scores.alternative_scores
            where framework = 'version {draft.version}' and outcome = '{outcome}'"""))  # fmt: skip
        # Who has no score yet is compared with nobody.
        compared = np.isin(rows.partner, list(scored))
        assert 300 < compared.sum() == len(scored)
        built = np.array([scored[partner] for partner in rows.partner[compared]])
        # Weights are written with four decimals.
        np.testing.assert_allclose(built, scores[compared], atol=0.02)
        assert np.abs(scores - rows.published[outcome])[compared].max() > 2
    # A proposal moves no official score.
    assert official == copy.rows("select * from scores.raw_scores order by partner_id, week_start")
