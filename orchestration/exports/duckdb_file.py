"""Some marts of a release as a DuckDB file of their own, which opens like that of the release."""

from collections.abc import Sequence
from pathlib import Path

import duckdb

from orchestration.database import literal, quoted
from orchestration.exports.facts import SCHEMA, Mart


def write_duckdb(source: Path, marts: Sequence[Mart], target: Path) -> None:
    """Copy tables, what their columns mean, and `release.about`; the file is made read-only."""
    with duckdb.connect(str(target)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach {literal(source)} as source (read_only)")
        connection.execute(f"create schema {quoted(SCHEMA)}; create schema release")
        connection.execute("create table release.about as from source.release.about")
        for mart in marts:
            connection.execute(f"create table {mart.relation} as from source.{mart.relation}")
            connection.execute(
                f"comment on table {mart.relation} is {literal(mart.description)};"
                + "".join(
                    f"comment on column {mart.relation}.{quoted(each.name)} "
                    f"is {literal(each.description)};"
                    for each in mart.columns
                )
            )
        connection.execute("detach source")
        connection.execute("checkpoint")
    target.chmod(0o444)
