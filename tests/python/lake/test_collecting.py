"""What the other engine wrote is shown in the working database, typed and described as promised."""

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.database import connect
from orchestration.lake import LakeError, collect
from orchestration.settings import Settings

MODELS = {
    "marts.partner_scorecards": ("table", {"partner_id": "varchar", "places": "integer"}),
    "marts.quality_checks": ("view", {"check_name": "varchar"}),
    "activities.score_horizon": ("table", {"as_of_on": "date", "known_at": "timestamp"}),
    "scores.raw_scores": ("table", {"partner_id": "varchar"}),
}
ALL = {f"model.{relation.split('.')[1]}" for relation in MODELS}
WRITTEN = {
    "marts.partner_scorecards": "select 'p1' as partner_id, 3::bigint as places",
    "activities.score_horizon": "select date '2026-01-04' as as_of_on, "
    "timestamptz '2026-01-05 04:15:00+00' as known_at",
}


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    # A run tells dbt through the environment where the tables are, and a test before may have run.
    monkeypatch.delenv("PARTNER_SCORING_SPARK_TABLES", raising=False)
    monkeypatch.delenv("PARTNER_SCORING_LAKE", raising=False)
    made = Settings(warehouse=tmp_path / "warehouse", threads=1)
    made.warehouse.mkdir()
    return made


def manifest(settings: Settings) -> Path:
    """dbt's manifest, as far as it is read."""
    nodes = {}
    for relation, (materialized, columns) in MODELS.items():
        schema, name = relation.split(".")
        nodes[f"model.{name}"] = {
            "resource_type": "model",
            "schema": schema,
            "name": name,
            "alias": name,
            "description": f"About {name}. One row.",
            "package_name": "partner_scoring",
            "original_file_path": f"models/{name}.sql",
            "config": {"materialized": materialized},
            "columns": {
                column: {"name": column, "data_type": kind, "description": f"The {column}."}
                for column, kind in columns.items()
            },
        }
    path = settings.warehouse / "manifest.json"
    path.write_text(json.dumps({"nodes": nodes}))
    return path


def write(settings: Settings) -> Path:
    """What Spark would write, and the SQL of its view."""
    for relation, query in WRITTEN.items():
        folder = Path(settings.spark_tables, relation.replace(".", ".db/"))
        folder.mkdir(parents=True)
        with duckdb.connect() as connection:
            connection.execute("set timezone = 'UTC'")
            connection.execute(f"copy ({query}) to '{folder}/part-0.parquet' (format parquet)")
    compiled = settings.warehouse / "target"
    model = compiled / "compiled" / "partner_scoring" / "models" / "quality_checks.sql"
    model.parent.mkdir(parents=True)
    model.write_text("select check_name from quality.check_results")
    with connect(settings) as connection:
        connection.execute("create schema quality")
        connection.execute("create table quality.check_results (check_name varchar)")
        # What a build by DuckDB left.
        connection.execute("create schema marts")
        connection.execute("create table marts.partner_scorecards as select 1 as old")
    return compiled


def test_marts_come_home_with_types_and_descriptions(settings: Settings):
    compiled = write(settings)
    made = collect(settings, manifest(settings), compiled, ALL)
    assert made == [
        "marts.partner_scorecards",
        "marts.quality_checks",
        "activities.score_horizon",
    ]
    with connect(settings) as connection:
        connection.execute("insert into quality.check_results values ('of the last gate')")
        assert connection.execute("from marts.partner_scorecards").fetchall() == [("p1", 3)]
        assert connection.execute("from marts.quality_checks").fetchall() == [("of the last gate",)]
        (known_at,) = connection.execute("select known_at from activities.score_horizon").fetchone()
        assert known_at.isoformat() == "2026-01-05T04:15:00"
        columns = connection.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where table_name = 'partner_scorecards' order by column_index"
        ).fetchall()
    assert columns == [
        ("partner_id", "VARCHAR", "The partner_id."),
        ("places", "INTEGER", "The places."),
    ]


def test_it_can_be_done_again(settings: Settings):
    compiled = write(settings)
    assert collect(settings, manifest(settings), compiled, ALL) == collect(
        settings, manifest(settings), compiled, ALL
    )


def test_what_was_not_built_now_stays_as_it_was(settings: Settings):
    compiled = write(settings)
    made = collect(settings, manifest(settings), compiled, {"model.score_horizon"})
    assert made == ["activities.score_horizon"]
    with connect(settings) as connection:
        assert connection.execute("select old from marts.partner_scorecards").fetchall() == [(1,)]


def test_a_table_that_is_not_there_is_named(settings: Settings):
    compiled = write(settings)
    next(Path(settings.spark_tables).rglob("score_horizon/*.parquet")).unlink()
    with pytest.raises(LakeError, match=r"activities\.score_horizon is not there"):
        collect(settings, manifest(settings), compiled, ALL)
