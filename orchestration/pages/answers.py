"""What a release says to a question: the rows of a table, or a sentence where there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.pages.rendering import in_words


@dataclass(frozen=True)
class Section:
    """`sql` gives the rows of its table; without a row, `empty` is said. `look` is what to ask."""

    title: str
    look: str
    marts: tuple[str, ...]
    sql: str
    empty: str


@dataclass(frozen=True)
class Answer:
    """A section with what a release says to it; `said` stands in where there is no table."""

    section: Section
    columns: list[str]
    rows: list[list[str]]
    is_number: list[bool]
    said: str


def ask(
    release: duckdb.DuckDBPyConnection, section: Section, given: Mapping[str, Any] | None = None
) -> Answer:
    """What the release says; `given` are the parameters ($name) of the section's SQL."""
    if missing := [mart for mart in section.marts if mart not in marts_of(release)]:
        said = f"This release has no table {', '.join(missing)}."
        return Answer(section, [], [], [], said)
    result = release.execute(section.sql, given or None)
    columns = [column[0] for column in result.description or []]
    rows = result.fetchall()
    if not rows:
        return Answer(section, [], [], [], section.empty)
    is_number = [
        any(isinstance(row[at], (int, float)) and not isinstance(row[at], bool) for row in rows)
        for at in range(len(columns))
    ]
    return Answer(section, columns, [[in_words(v) for v in row] for row in rows], is_number, "")


def marts_of(release: duckdb.DuckDBPyConnection) -> set[str]:
    """The names of the marts that a release has."""
    found = release.execute("select table_name from duckdb_tables() where schema_name = 'marts'")
    return {row[0] for row in found.fetchall()}
