"""Settings in a temporary folder, with and without a working database."""

import sys
from pathlib import Path

import pytest

from orchestration.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))  # for publishing_fixtures, in any import mode

from publishing_fixtures import build_working


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        landing=tmp_path / "landing", warehouse=tmp_path / "warehouse", memory_limit="500MB"
    )


@pytest.fixture
def working(settings: Settings) -> Settings:
    """Settings whose working database has been built."""
    build_working(settings)
    return settings
