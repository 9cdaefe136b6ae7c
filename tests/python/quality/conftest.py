"""Good warehouses, built once and copied for each test."""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for quality_fixtures, in any import mode

from quality_fixtures import Warehouse, build_arrival, build_marts


def _copied(builder: Callable[[Path], None], folder: Path, test: Path) -> Warehouse:
    template = folder / "template.duckdb"
    if not template.exists():
        builder(template)
    warehouse = Warehouse(test)
    shutil.copy(template, warehouse.settings.working_database)
    return warehouse


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {name: tmp_path_factory.mktemp(name) for name in ("arrival", "release")}


@pytest.fixture
def landed(templates: dict[str, Path], tmp_path: Path) -> Warehouse:
    """Nineteen entities in five batches."""
    return _copied(build_arrival, templates["arrival"], tmp_path)


@pytest.fixture
def scored(templates: dict[str, Path], tmp_path: Path) -> Warehouse:
    """Marts of 40 partners over 12 weeks."""
    return _copied(build_marts, templates["release"], tmp_path)
