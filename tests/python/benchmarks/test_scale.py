"""The scale benchmark at a tiny size: its files conform, Polars and the models agree in every cell,
and a difference would be noticed."""

from pathlib import Path

import polars as pl
import pytest

from benchmarks import polars_scores, worker
from benchmarks.generate import ENTITIES, add_day, generate
from tests.python.pipeline.running import Programme

SIZE = {"activities": 6_000, "partners": 50}
MODELS = ("--select", "+outcome_scores", "activities", "quarantined_records")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Programme:
    """A generated programme, built."""
    programme = Programme(tmp_path_factory.mktemp("scale"))
    generate(programme.landing, **SIZE)
    report = programme.land()
    assert report.files_quarantined == 0 and report.lines_rejected == 0
    programme.build(*MODELS)
    return programme


@pytest.fixture(scope="module")
def scores(built: Programme) -> Path:
    """What Polars makes of it."""
    return score(built)


def score(programme: Programme) -> Path:
    exported, target = programme.folder / "exported", programme.folder / "polars"
    worker.export(programme.settings(), str(exported))
    assert polars_scores.score(exported, target) > 1_000
    return target


def test_generated_files_follow_the_contract(built: Programme):
    assert built.rows("select * from staging.quarantined_records") == []
    kinds = built.rows("select count(distinct activity_type) from activities.activities")
    types = built.rows("select count(*) from policy.activity_types")
    assert kinds == types


def test_there_are_about_as_many_activities_as_asked_for(built: Programme):
    ((activities,),) = built.rows("select count(*) from activities.activities")
    assert activities == pytest.approx(SIZE["activities"], rel=0.15)


def test_the_same_arguments_give_the_same_rows(built: Programme, tmp_path: Path):
    generate(tmp_path, **SIZE)
    for entity in ENTITIES:
        path = Path(*entity.name.split("."), "history-000.parquet")
        assert pl.read_parquet(tmp_path / path).equals(pl.read_parquet(built.landing / path))


def test_polars_and_the_models_agree_in_every_cell(built: Programme, scores: Path):
    statuses = built.rows("select distinct status from scores.outcome_scores")
    assert {"published", "provisional", "unscored"} <= {status for (status,) in statuses}
    ((versions,),) = built.rows("select count(distinct framework) from frameworks.framework_weeks")
    assert versions > 1
    worker.compare(built.settings(), str(scores))


def test_a_difference_in_one_cell_is_found(built: Programme, scores: Path, tmp_path: Path):
    frame = pl.read_parquet(scores / "*.parquet")
    is_chosen = (pl.int_range(pl.len()) == 7) & pl.col("revenue_raw_score").is_not_null()
    wrong = pl.when(is_chosen).then(pl.col("revenue_raw_score") + 2e-9)
    wrong = wrong.otherwise("revenue_raw_score").alias("revenue_raw_score")
    frame.with_columns(wrong).write_parquet(tmp_path / "wrong.parquet")
    with pytest.raises(SystemExit, match=r"^1 cells .* differ: .*revenue_raw_score"):
        worker.compare(built.settings(), str(tmp_path))
    frame[:-1].write_parquet(tmp_path / "wrong.parquet")
    with pytest.raises(SystemExit, match="differ"):
        worker.compare(built.settings(), str(tmp_path))


@pytest.mark.slow
def test_days_added_one_by_one_give_the_same_scores(tmp_path: Path):
    programme = Programme(tmp_path)
    size = {"activities": 60_000, "partners": 50}
    generate(programme.landing, **size)
    programme.land()
    programme.build(*MODELS)
    for day in range(2):
        assert add_day(programme.landing, **size, day=day) > 40
        programme.land()
        programme.build(*MODELS)
        worker.compare(programme.settings(), str(score(programme)))
    # Some of what came is about earlier weeks, and some says anew what had landed before.
    superseded = "select count(*) from activities.activity_records where superseded_at is not null"
    assert programme.rows(superseded) > [(0,)]
