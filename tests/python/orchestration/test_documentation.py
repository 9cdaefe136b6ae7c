"""dbt's pages say of each column of a mart what it is made from."""

from orchestration.documentation import MOST_NAMED, complete


def test_descriptions_are_completed_and_long_lists_cut():
    column = {"name": "a", "description": "An amount."}
    mart = {"resource_type": "model", "schema": "marts", "name": "m",
            "columns": {"a": dict(column), "b": dict(column)}}  # fmt: skip
    other = {**mart, "schema": "scores", "columns": {"a": dict(column)}}
    many = [f"s.e.c{number:02d}" for number in range(MOST_NAMED + 3)]
    found = complete({"nodes": {"m": mart, "o": other}}, {("m", "a"): many})["nodes"]
    assert found["m"]["columns"]["a"]["description"].startswith("An amount.\n\nMade from `s.e.c00`")
    assert "and 3 more: see `marts.column_lineage`." in found["m"]["columns"]["a"]["description"]
    assert found["m"]["columns"]["b"]["description"] == "An amount."
    assert found["o"]["columns"]["a"]["description"] == "An amount."
