"""The review pack as one HTML page that needs nothing from anywhere."""

from datetime import date
from pathlib import Path

import duckdb

from orchestration.pages import ask, write_page
from orchestration.review.sections import SECTIONS

ABOUT = "select release_id, as_of, framework, published_at from release.about"
TEMPLATE = Path(__file__).with_name("pack.html.j2")


def review_pack(release: duckdb.DuckDBPyConnection, target: Path) -> list[str]:
    """Write the pack of a release to `target`; gives a line for each section."""
    found = release.execute(ABOUT).fetchone()
    assert found is not None
    release_id, as_of, framework, published_at = found
    answers = [ask(release, section) for section in SECTIONS]
    write_page(
        TEMPLATE,
        target,
        release_id=release_id,
        as_of=as_of,
        framework=framework,
        published_at=published_at,
        quarter=quarter_of(as_of),
        answers=answers,
    )
    return [
        f"{each.section.title}: {each.said or _count(len(each.rows), 'line')}" for each in answers
    ]


def quarter_of(as_of: date) -> str:
    return f"{as_of.year} Q{(as_of.month - 1) // 3 + 1}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
