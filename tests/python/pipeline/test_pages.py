"""The SQL of the pages can be asked: every mart and column that a query names is in a release."""

import duckdb
import pytest

from orchestration.publishing import open_release
from orchestration.settings import PROJECT_DIR
from tests.python.docs.pages import NAMES, statements
from tests.python.pipeline.running import Programme

# The statements at the end of docs/releases.md are there to be refused: tests/python/publishing.
REFUSED = "from read_text('/etc/hostname')"


@pytest.mark.parametrize("page", NAMES)
def test_queries_of_a_page_can_be_asked(page: str, released: Programme) -> None:
    wrong = []
    with open_release(released.settings()) as release:
        for sql in statements((PROJECT_DIR / page).read_text(encoding="utf-8")):
            try:
                if REFUSED not in sql:
                    release.execute(f"explain {sql}")
            except duckdb.Error as error:
                wrong.append(f"{sql}: {error}")
    assert not wrong


def test_what_is_in_a_release_is_told(released: Programme) -> None:
    page = (PROJECT_DIR / "docs" / "releases.md").read_text(encoding="utf-8")
    folder = released.warehouse / "releases" / "current"
    assert not [each.name for each in folder.iterdir() if each.name not in page]
