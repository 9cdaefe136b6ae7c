"""Marts of a release as a schema of PostgreSQL, replaced as a whole in one transaction.

Everything is loaded into a schema beside, with keys, comments and the rights of the one that is
there; then two renames in one transaction make it the one that readers find. Who reads goes on
reading: the former schema is dropped when nobody holds it any more. What a table looks like in
PostgreSQL is in `postgres_tables`, rights are in `postgres_rights`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.database import literal
from orchestration.exports import facts
from orchestration.exports.facts import ExportError, Mart
from orchestration.exports.postgres_rights import grants_of, rights_of_new_tables
from orchestration.exports.postgres_tables import (
    ROWS_AT_ONCE,
    commented,
    created,
    identifier,
    keyed,
    selected,
)

MANIFEST = "release_manifest"
MARK = "partner-scoring: "  # how a schema that is ours begins to describe itself
LONGEST = 63 - len("__incoming")  # bytes of a name in PostgreSQL
WAIT = "5s"
OUTSIDE = """
    select distinct quote_ident(outer_schema.nspname) || '.' || quote_ident(outer_class.relname)
    from pg_depend as depends
    inner join pg_rewrite as rule
        on depends.classid = 'pg_rewrite'::regclass and depends.objid = rule.oid
    inner join pg_class as outer_class on rule.ev_class = outer_class.oid
    inner join pg_namespace as outer_schema on outer_class.relnamespace = outer_schema.oid
    inner join pg_class as ours
        on depends.refclassid = 'pg_class'::regclass and depends.refobjid = ours.oid
    inner join pg_namespace as our_schema on ours.relnamespace = our_schema.oid
    where our_schema.nspname = {schema} and outer_schema.nspname <> {schema}
    order by 1
"""


@dataclass(frozen=True)
class Published:
    """`is_new` is False when the schema held the release already; `former_stays` where readers
    still hold the one before, which the next publishing removes."""

    release_id: str
    schema: str
    marts: int
    rows: int
    is_new: bool
    former_stays: bool = False


def publish_postgres(
    release: duckdb.DuckDBPyConnection,
    manifest: Mapping[str, Any],
    dsn: str,
    schema: str = "partner_scoring",
    names: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _line: None,
) -> Published:
    """Make `schema` hold these marts of a release (default: all) and no others.

    Raises ExportError with the schema as it was.
    """
    if not schema or len(schema.encode()) > LONGEST:
        raise ExportError(f"A schema has a name of at most {LONGEST} bytes.")
    stated = facts.about(release)
    marts = facts.chosen_marts(release, names, manifest)
    rows = sum(mart.rows for mart in marts)
    with _connected(dsn) as server:
        server.alone(schema)
        _refuse_what_is_not_ours(server, schema)
        if _holds(server, schema, stated["release_id"], marts):
            return Published(str(stated["release_id"]), schema, len(marts), rows, is_new=False)
        _refuse_dependents(server, schema)
        incoming, former = f"{schema}__incoming", f"{schema}__former"
        server.run(f"drop schema if exists {identifier(former)} cascade")
        server.run(f"drop schema if exists {identifier(incoming)} cascade")
        server.run(f"create schema {identifier(incoming)}")
        server.run(f"comment on schema {identifier(incoming)} is {literal(_comment(stated))}")
        server.commit()
        for statement in rights_of_new_tables(server.rows, schema, incoming):
            server.run(statement)
        for mart in marts:
            _load(server, release, mart, incoming)
            progress(f"{mart.name}: {mart.rows:,} rows")
        _write_manifest(server, incoming, stated, marts)
        for statement in grants_of(server.rows, schema, incoming):
            server.run(statement)
        server.commit()
        _analyze(server, incoming, marts)
        _swap(server, schema, incoming, former)
        stays = not _dropped(server, former)
    return Published(str(stated["release_id"]), schema, len(marts), rows, True, stays)


# --- steps


def _load(server: "_Server", release: duckdb.DuckDBPyConnection, mart: Mart, incoming: str) -> None:
    server.run(created(mart, incoming))
    reader = release.execute(selected(mart)).to_arrow_reader(ROWS_AT_ONCE)
    with server.connection.cursor() as cursor:
        cursor.adbc_ingest(mart.name, reader, mode="append", db_schema_name=incoming)
    (there,) = server.rows(f"select count(*) from {identifier(incoming, mart.name)}")[0]
    if there != mart.rows:
        raise ExportError(f"{mart.name}: {there:,} rows arrived of {mart.rows:,}. Publish again.")
    for statement in [*keyed(release, mart, incoming), *commented(mart, incoming)]:
        server.run(statement)
    server.commit()


def _write_manifest(
    server: "_Server", incoming: str, stated: Mapping[str, Any], marts: Sequence[Mart]
) -> None:
    table = identifier(incoming, MANIFEST)
    server.run(
        f"create table {table} (release_id text primary key, published_at timestamptz not null, "
        "as_of date not null, framework text not null, score_hash text not null, "
        "marts integer not null, mart_rows bigint not null, loaded_at timestamptz not null)"
    )
    said = "Which release this schema holds, and when it was loaded. One row."
    server.run(f"comment on table {table} is {literal(said)}")
    values = ", ".join(
        literal(stated[name])
        for name in ("release_id", "published_at", "as_of", "framework", "score_hash")
    )
    rows = sum(mart.rows for mart in marts)
    # A timestamp of the release has no zone and is UTC.
    server.run("set local timezone = 'UTC'")
    server.run(f"insert into {table} values ({values}, {len(marts)}, {rows}, now())")


def _analyze(server: "_Server", incoming: str, marts: Sequence[Mart]) -> None:
    """So that the first readers already have good plans."""
    for mart in marts:
        server.run(f"analyze {identifier(incoming, mart.name)}")
    server.commit()


def _swap(server: "_Server", schema: str, incoming: str, former: str) -> None:
    server.run(f"set local lock_timeout = '{WAIT}'")
    if server.has(schema):
        server.run(f"alter schema {identifier(schema)} rename to {identifier(former)}")
    server.run(f"alter schema {identifier(incoming)} rename to {identifier(schema)}")
    server.commit()


def _dropped(server: "_Server", former: str) -> bool:
    """Drop what was served before; False while somebody reads it for longer than we wait."""
    try:
        server.run(f"set local lock_timeout = '{WAIT}'")
        server.run(f"drop schema if exists {identifier(former)} cascade")
        server.commit()
    except ExportError:
        server.connection.rollback()
        return False
    return True


# --- what there is


def _refuse_what_is_not_ours(server: "_Server", schema: str) -> None:
    for each in (schema, f"{schema}__incoming", f"{schema}__former"):
        found = server.rows(
            "select coalesce(obj_description(oid, 'pg_namespace'), ''), "
            "not exists (select from pg_class where relnamespace = pg_namespace.oid) "
            f"from pg_namespace where nspname = {literal(each)}"
        )
        if found and not (found[0][0].startswith(MARK) or found[0][1]):
            raise ExportError(
                f"The schema {each} holds something that was not published from here. Name another "
                "one with --schema."
            )


def _refuse_dependents(server: "_Server", schema: str) -> None:
    for each in (schema, f"{schema}__former"):
        if found := [name for (name,) in server.rows(OUTSIDE.format(schema=literal(each)))]:
            raise ExportError(
                f"Views outside of {schema} are built on its tables and would be lost: "
                f"{', '.join(found)}. Drop them and make them again afterwards, or let them read a "
                "copy."
            )


def _holds(server: "_Server", schema: str, release_id: str, marts: Sequence[Mart]) -> bool:
    """Whether the schema holds these marts of the release and no others."""
    named = server.rows(f"select tablename from pg_tables where schemaname = {literal(schema)}")
    if not {MANIFEST, *(mart.name for mart in marts)} <= {name for (name,) in named}:
        return False
    said = server.rows(f"select release_id, marts from {identifier(schema, MANIFEST)}")
    return said == [(release_id, len(marts))]


def _comment(stated: Mapping[str, Any]) -> str:
    return (
        f"{MARK}the marts of release {stated['release_id']}, scored as of {stated['as_of']}. "
        "Replaced as a whole; what is added here is lost."
    )


# --- the server


class _Server:
    """A connection that speaks in whole statements and tells errors in words."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def run(self, sql: str) -> None:
        self.rows(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        import adbc_driver_manager

        try:
            with self.connection.cursor() as cursor:
                cursor.execute(sql)
                return list(cursor.fetchall()) if cursor.description else []
        except adbc_driver_manager.Error as error:
            raise _in_words(error) from error

    def commit(self) -> None:
        self.connection.commit()

    def has(self, schema: str) -> bool:
        return bool(self.rows(f"select 1 from pg_namespace where nspname = {literal(schema)}"))

    def alone(self, schema: str) -> None:
        """One publishing at a time; the server lets go when the connection ends."""
        key = f"hashtextextended({literal(MARK + schema)}, 0)"
        if self.rows(f"select pg_try_advisory_lock({key})") != [(True,)]:
            raise ExportError(f"Another process publishes to {schema}. Wait until it is done.")
        self.commit()


@contextmanager
def _connected(dsn: str) -> Iterator[_Server]:
    import adbc_driver_manager
    from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped]

    try:
        connection = dbapi.connect(dsn)
    except adbc_driver_manager.Error as error:
        raise _in_words(error) from error
    try:
        yield _Server(connection)
        connection.commit()
    except adbc_driver_manager.Error as error:
        raise _in_words(error) from error
    finally:
        connection.close()


def _in_words(error: Exception) -> ExportError:
    """What the server said; the address, which may hold a password, is not repeated."""
    return ExportError(f"PostgreSQL: {error}. The schema that readers see is as it was.")
