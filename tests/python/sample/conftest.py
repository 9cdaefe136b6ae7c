"""Samples that the tests of the generator share."""

from collections.abc import Callable

import pytest
from sample_fixtures import Row, rows_of

from orchestration.sample import SampleSummary, generate


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """The default programme without dirt."""
    return generate(tmp_path_factory.mktemp("clean") / "landing", dirty=False)


@pytest.fixture(scope="session")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> SampleSummary:
    """The default programme."""
    return generate(tmp_path_factory.mktemp("dirty") / "landing")


@pytest.fixture(scope="session")
def records(clean: SampleSummary) -> Callable[[str], list[Row]]:
    """All rows of an entity of the clean programme."""
    cache: dict[str, list[Row]] = {}

    def read(entity: str) -> list[Row]:
        if entity not in cache:
            folder = clean.landing / entity.replace(".", "/")
            cache[entity] = [row for path in sorted(folder.iterdir()) for row in rows_of(path)]
        return cache[entity]

    return read
