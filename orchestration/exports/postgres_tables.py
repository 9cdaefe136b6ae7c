"""What a mart looks like as a table of PostgreSQL: types, keys, comments.

Times of a release are UTC without a zone and become timestamptz; money becomes numeric with two
places; a list becomes JSON text. Only statements are written here, none is run.
"""

from collections.abc import Iterator

import duckdb

from orchestration.database import literal, quoted
from orchestration.exports.facts import Column, Mart

ROWS_AT_ONCE = 65_536
MONEY = "decimal(18,2)"
TYPES = {
    "BOOLEAN": "boolean",
    "TINYINT": "smallint",
    "SMALLINT": "smallint",
    "INTEGER": "integer",
    "BIGINT": "bigint",
    "UTINYINT": "smallint",
    "USMALLINT": "integer",
    "UINTEGER": "bigint",
    "FLOAT": "real",
    "DOUBLE": "double precision",
    "DATE": "date",
    "TIMESTAMP": "timestamptz",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
}
HUGE = ("HUGEINT", "UBIGINT")


def identifier(*names: str) -> str:
    return ".".join(quoted(name) for name in names)


def created(mart: Mart, schema: str) -> str:
    columns = ", ".join(f"{quoted(each.name)} {_type(each)}" for each in mart.columns)
    return f"create table {identifier(schema, mart.name)} ({columns})"


def selected(mart: Mart) -> str:
    """The rows, in types whose Arrow form is that of the table's columns."""
    columns = ", ".join(f"{_value(each)} as {quoted(each.name)}" for each in mart.columns)
    return f"select {columns} from {mart.relation}"


def keyed(release: duckdb.DuckDBPyConnection, mart: Mart, schema: str) -> Iterator[str]:
    """The key, as far as the release keeps to it, and an index for who asks by partner."""
    names = {each.name for each in mart.columns}
    if mart.key and set(mart.key) <= names:
        key = ", ".join(quoted(name) for name in mart.key)
        some_null = " or ".join(f"{quoted(name)} is null" for name in mart.key)
        found = release.execute(
            f"select count(*) = count(distinct ({key})), count(*) filter (where {some_null}) = 0 "
            f"from {mart.relation}"
        ).fetchone()
        if found and found[0] and found[1]:
            yield f"alter table {identifier(schema, mart.name)} add primary key ({key})"
    if "partner_id" in names and mart.key[:1] != ("partner_id",):
        yield f"create index on {identifier(schema, mart.name)} (partner_id)"


def commented(mart: Mart, schema: str) -> Iterator[str]:
    table = identifier(schema, mart.name)
    if mart.description:
        yield f"comment on table {table} is {literal(mart.description)}"
    for each in mart.columns:
        if each.description:
            yield f"comment on column {table}.{quoted(each.name)} is {literal(each.description)}"


def _type(column: Column) -> str:
    if column.unit == "currency":
        return "numeric(18,2)"
    if column.type.startswith("DECIMAL"):
        return column.type.lower().replace("decimal", "numeric")
    if column.type in HUGE:
        return "numeric(38,0)"
    return TYPES.get(column.type, "text")


def _value(column: Column) -> str:
    name = quoted(column.name)
    if column.unit == "currency":
        return f"cast({name} as {MONEY})"
    if column.type in HUGE:
        return f"cast({name} as decimal(38,0))"
    if column.type == "TIMESTAMP":
        return f"{name} at time zone 'UTC'"
    if column.type == "UTINYINT":
        return f"cast({name} as smallint)"
    if column.type == "USMALLINT":
        return f"cast({name} as integer)"
    if column.type == "UINTEGER":
        return f"cast({name} as bigint)"
    if column.type in TYPES or column.type.startswith("DECIMAL"):
        return name
    if column.type == "VARCHAR":
        return f"replace({name}, chr(0), '')"  # PostgreSQL keeps no NUL in a text
    return f"cast(to_json({name}) as varchar)"
