"""What is compared, and by which key, follows from what dbt built and tests."""

import json
from pathlib import Path

from parity.tables import Table, compared_tables


def model(schema: str, name: str, materialized: str = "table", **config: str) -> dict:
    return {
        "resource_type": "model",
        "schema": schema,
        "alias": name,
        "config": {"materialized": materialized, **config},
    }


def test_models_after_staging_that_were_built_with_the_keys_of_their_tests(tmp_path: Path):
    nodes = {
        "model.a": model("marts", "partner_scorecards"),
        "model.b": model("scores", "metric_scores", "view"),
        "model.c": model("activities", "activity_records", "incremental", partition_by="loaded_at"),
        "model.d": model("staging", "stg_crm__deals"),
        "model.e": model("scores", "not_built"),
        "test.a": {
            "resource_type": "test",
            "attached_node": "model.a",
            "test_metadata": {"name": "unique", "kwargs": {"column_name": "partner_id"}},
        },
        "test.b": {
            "resource_type": "test",
            "attached_node": "model.b",
            "test_metadata": {
                "name": "unique_combination",
                "kwargs": {"columns": ["partner_id", "week_start"]},
            },
        },
    }
    results = [
        {"unique_id": name, "status": "skipped" if name == "model.e" else "success"}
        for name in nodes
    ]
    (tmp_path / "manifest.json").write_text(json.dumps({"nodes": nodes}))
    (tmp_path / "run_results.json").write_text(json.dumps({"results": results}))
    assert compared_tables(tmp_path) == [
        Table("activities", "activity_records", (), has_files=False),
        Table("scores", "metric_scores", ("partner_id", "week_start"), has_files=False),
        Table("marts", "partner_scorecards", ("partner_id",), has_files=True),
    ]
