"""Metrics by name: what MetricFlow answers over a release is what SQL over other marts says."""

import csv
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from orchestration import publishing, semantics
from orchestration.cli import app
from orchestration.publishing import PublishError
from orchestration.settings import Settings
from tests.python.pipeline.running import Programme

# By week and segment, from marts that no semantic model reads.
OF_SCORES = """
    select
        week_start, directory.segment,
        count(*) filter (status = 'published') as published_partners,
        count(*) filter (is_scored) as scored_partner_weeks,
        avg(revenue_score) filter (is_scored) as mean_revenue_score,
        avg(engagement_score) filter (is_scored) as mean_engagement_score,
        avg((revenue_band = 'high')::int) filter (is_scored) as high_revenue_share,
        avg((revenue_band = 'medium')::int) filter (is_scored) as medium_revenue_share,
        avg((revenue_band = 'low')::int) filter (is_scored) as low_revenue_share,
        avg((engagement_band = 'high')::int) filter (is_scored) as high_engagement_share,
        avg((engagement_band = 'medium')::int) filter (is_scored) as medium_engagement_share,
        avg((engagement_band = 'low')::int) filter (is_scored) as low_engagement_share
    from (
        select *, status in ('provisional', 'published') as is_scored
        from marts.partner_score_history
    ) as history
    join marts.partner_directory as directory using (partner_id)
    group by all"""
OF_ACTIVITY = """
    select
        week_start, segment, sum(sourced_revenue_cents) / 100 as booked_revenue,
        sum(influenced_revenue_cents) / 100 as influenced_bookings,
        sum(deals_won) as won_deals, sum(deals_lost) as lost_deals,
        sum(deals_won) / nullif(sum(deals_won + deals_lost), 0) as win_rate
    from marts.partner_activity_weeks join marts.partner_directory using (partner_id)
    group by all"""
OF_ACTIONS = """
    select
        date_trunc('week', recommended_on)::date as week_start, segment,
        count(*) as recommended_actions, sum(is_taken::int) as taken_actions,
        avg(is_taken::int) as action_take_up
    from marts.intervention_history group by all"""
OF_EXPECTATIONS = """
    select week_start, directory.segment, sum(expected_revenue) as expected_revenue
    from marts.partner_predictions join marts.partner_directory as directory using (partner_id)
    group by all"""
Figures = dict[tuple[str, str, str], float]


def expected(released: Programme) -> Figures:
    found: Figures = {}
    for sql in (OF_SCORES, OF_ACTIVITY, OF_ACTIONS, OF_EXPECTATIONS):
        names = [row[0] for row in released.released(f"describe {sql}")]
        for week, segment, *values in released.released(sql):
            for name, value in zip(names[2:], values, strict=True):
                found[name, str(week), segment] = float(value or 0)
    return found


def answers(path: Path) -> Figures:
    """A figure that is missing counts as 0: the answer to many metrics is an outer join."""
    found: Figures = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            week = row.pop("metric_time__week")[:10]
            segment = row.pop("partner__segment")
            for name, value in row.items():
                found[name, week, segment] = float(value or 0)
    return found


def test_metrics_say_what_sql_says(released: Programme, tmp_path: Path):
    wanted = expected(released)
    names = sorted({name for name, _, _ in wanted})
    assert len(names) == 19
    out = tmp_path / "answers.csv"
    done = semantics.ask(
        released.settings(),
        ["query", "--metrics", ",".join(names), "--csv", str(out),
         "--group-by", "metric_time__week,partner__segment"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    found = answers(out)
    assert {name for name, _, _ in found} == set(names)
    for key in wanted.keys() | found.keys():
        assert found.get(key, 0) == pytest.approx(wanted.get(key, 0), abs=1e-6), key
    for name in names:  # a metric that is always 0 would be compared with nothing
        if name != "expected_revenue":  # the small programme has too little history
            assert any(value for (each, _, _), value in found.items() if each == name), name


def test_every_metric_of_the_project_is_asked_for_above(released: Programme):
    import yaml

    from orchestration.settings import PROJECT_DIR

    stated = yaml.safe_load((PROJECT_DIR / "models" / "semantics" / "_semantics.yml").read_text())
    assert {each["name"] for each in stated["metrics"]} == {
        name for name, _, _ in expected(released)
    }


def test_a_release_without_metrics_says_so(copy_of_released: Programme):
    settings = copy_of_released.settings()
    folder = (settings.releases / "current").resolve()
    (folder / "metrics").rename(folder / "before")
    with pytest.raises(PublishError, match="before metrics had names"):
        semantics.ask(settings, ["list", "metrics"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--metrics", "win_rte"], ["No metric is called win_rte. Perhaps win_rate?"]),
        (["--metrics=win_rate,deals"], ["No metric is called deals. "]),
        (
            ["--metrics", "win_rate", "--group-by", "segment,metric_time__quarter"],
            ["No dimension is called segment. Perhaps partner__segment?"],
        ),
        (["--metrics", "win_rate", "--group-by", "partner__segment__week"], []),
        (["--metrics", "win_rate", "--group-by", "action__partner__segment,partner"], []),
        (["--metrics", "win_rate", "--where", "{{ Dimension('partner__tier') }} = 'x'"], []),
    ],
)
def test_names_that_nobody_stated_are_told_with_those_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: list[str]
):
    manifest = {
        "metrics": [{"name": "win_rate"}],
        "semantic_models": [
            {"entities": [{"name": "partner"}], "dimensions": [{"name": "segment"}]},
        ],
    }
    (tmp_path / "metrics" / "target").mkdir(parents=True)
    stated = tmp_path / "metrics" / "target" / "semantic_manifest.json"
    stated.write_text(json.dumps(manifest))
    monkeypatch.setattr(publishing, "find", lambda *_: SimpleNamespace(path=tmp_path))
    found = semantics.unknown_names(Settings(warehouse=tmp_path), ["query", *words])
    assert len(found) == len(said)
    assert all(one.startswith(start) for one, start in zip(found, said, strict=True))
    if said:
        done = CliRunner().invoke(app, ["metrics", "query", *words], env={"COLUMNS": "80"})
        assert done.exit_code == 2
        assert found[0] in " ".join(done.output.split())


@pytest.mark.slow
def test_metricflow_finds_nothing_wrong_with_models_and_metrics(released: Programme):
    """Names, joins, and each table, dimension and metric asked of the release."""
    settings = released.settings()
    done = semantics.ask(settings, ["validate-configs"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ERRORS: 0" in done.stdout + done.stderr
    wrong = ["query", "--metrics", "no_such_metric"]
    assert semantics.ask(settings, wrong, capture_output=True, text=True).returncode != 0
