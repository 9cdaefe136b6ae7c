"""The house keeps its floors: who may import whom, and which model may refer to which."""

import ast
import re
from pathlib import Path

import pytest

from benchmarks.scale import LAYERS
from orchestration.settings import PROJECT_DIR

ORCHESTRATION = PROJECT_DIR / "orchestration"
STAGES = (
    "landing",
    "quality",
    "publishing",
    "sample",
    "evaluation",
    "governance",
    "review",
    "experiments",
    "exports",
    "scorecards",
)
USES_DAGSTER = {
    "definitions.py",
    "checks.py",
    "schedules.py",
    "progress.py",
    "pipeline.py",
    "event_log.py",
}
FLOORS = ["policy", *LAYERS]
MODELS = PROJECT_DIR / "models"


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_imports_neither_dagster_nor_dbt_nor_another_stage(stage: str):
    others = tuple(f"orchestration.{other}" for other in STAGES if other != stage)
    for path in sorted((ORCHESTRATION / stage).rglob("*.py")):
        for name in _imports(path):
            assert not name.startswith(("dagster", "dbt", *others)), f"{path.name} imports {name}"


def test_only_the_modules_made_for_it_import_dagster():
    for path in ORCHESTRATION.glob("*.py"):
        if path.name not in USES_DAGSTER:
            assert not any(name.startswith("dagster") for name in _imports(path)), path.name


def test_models_refer_forwards_only():
    for path in sorted(MODELS.rglob("*.sql")):
        floor = FLOORS.index(path.relative_to(MODELS).parts[0])
        for name in re.findall(r"ref\('(\w+)'\)", path.read_text(encoding="utf-8")):
            found = list(MODELS.rglob(f"{name}.sql"))
            for other in found:
                theirs = FLOORS.index(other.relative_to(MODELS).parts[0])
                assert theirs <= floor, f"{path.name} refers up to {name}"


def test_a_mart_is_a_view_on_every_engine_only_over_what_python_writes():
    """A table of the other engine stays there: a view at home would look for it in vain."""
    views = {
        path: set(re.findall(r"(ref|source)\('(\w+)'", path.read_text(encoding="utf-8")))
        for path in (MODELS / "marts").rglob("*.sql")
        if "materialized='view'" in path.read_text(encoding="utf-8")
    }
    assert views
    for path, read in views.items():
        assert read <= {("source", "derived"), ("source", "quality")}, path.name


def test_a_dispute_moves_no_score():
    readers = {
        path.stem
        for path in MODELS.rglob("*.sql")
        if re.search(r"ref\('(contested_metrics|stg_programme__disputes)'\)", path.read_text())
    }
    assert readers == {"contested_metrics", "partner_disputes", "dispute_overview"}


def test_no_model_reads_a_clock():
    clock = re.compile(r"\b(current_date|current_timestamp|now\(\)|get_current_timestamp|today\()")
    for path in [*MODELS.rglob("*.sql"), *(PROJECT_DIR / "macros").rglob("*.sql")]:
        assert not clock.search(path.read_text(encoding="utf-8").lower()), path


def test_every_seed_row_has_an_owner_and_a_reason():
    import csv

    for path in sorted((PROJECT_DIR / "seeds" / "policy").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for number, row in enumerate(csv.DictReader(file), start=2):
                assert row.get("owner", "").strip(), f"{path.name}, line {number}: no owner"
                assert row.get("reason", "").strip(), f"{path.name}, line {number}: no reason"
