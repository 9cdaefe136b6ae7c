"""What the tests of both engines share."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from parity.building import forget_folders


@pytest.fixture(autouse=True, scope="module")
def own_folders() -> Iterator[None]:
    """No warehouse of a test before decides where the lake and Spark's tables are."""
    with patch.dict(os.environ):
        forget_folders()
        yield
