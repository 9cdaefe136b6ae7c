"""The review pack as one HTML page that needs nothing from anywhere."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from orchestration.review.sections import SECTIONS, Section

ABOUT = "select release_id, as_of, framework, published_at from release.about"


@dataclass(frozen=True)
class Answer:
    """A section with what a release says to it; `said` stands in where there is no table."""

    section: Section
    columns: list[str]
    rows: list[list[str]]
    is_number: list[bool]
    said: str


def review_pack(release: duckdb.DuckDBPyConnection, target: Path) -> list[str]:
    """Write the pack of a release to `target`; gives a line for each section."""
    found = release.execute(ABOUT).fetchone()
    assert found is not None
    release_id, as_of, framework, published_at = found
    answers = [_answer(release, section) for section in SECTIONS]
    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined
    ).get_template("pack.html.j2")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(
        page.render(
            release_id=release_id,
            as_of=as_of,
            framework=framework,
            published_at=published_at,
            quarter=_quarter(as_of),
            answers=answers,
        ),
        encoding="utf-8",
    )
    return [
        f"{each.section.title}: {each.said or _count(len(each.rows), 'line')}" for each in answers
    ]


def _answer(release: duckdb.DuckDBPyConnection, section: Section) -> Answer:
    there = {
        row[0]
        for row in release.execute(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        ).fetchall()
    }
    if missing := [mart for mart in section.marts if mart not in there]:
        said = f"This release has no table {', '.join(missing)}."
        return Answer(section, [], [], [], said)
    result = release.execute(section.sql)
    columns = [column[0] for column in result.description or []]
    rows = result.fetchall()
    if not rows:
        return Answer(section, [], [], [], section.empty)
    is_number = [
        any(isinstance(row[at], (int, float)) and not isinstance(row[at], bool) for row in rows)
        for at in range(len(columns))
    ]
    return Answer(section, columns, [[_text(v) for v in row] for row in rows], is_number, "")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3f}".rstrip("0").rstrip(".")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}"
    return str(value)


def _quarter(as_of: date) -> str:
    return f"{as_of.year} Q{(as_of.month - 1) // 3 + 1}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
