"""The order of all tests."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first: no core waits at the end until another is done with one of them."""
    items.sort(key=lambda item: "pipeline" not in item.path.parts)
