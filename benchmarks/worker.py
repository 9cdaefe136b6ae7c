"""One step of the scale benchmark in a process of its own: what it does, and what it cost.

`python -m benchmarks.worker STEP ...` works and then prints one line of JSON: `cpu`, the CPU
seconds of all threads from the end of the imports to the end of the work; `rows`, what it went
through or made; `parts`, CPU seconds by part (a model, say). The parent reads the peak of memory.
"""

import json
import os
import resource
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.database import connect
from orchestration.settings import PROJECT_DIR, Settings


@dataclass
class Work:
    """What a step went through (rows) and what its parts cost (CPU seconds by name)."""

    rows: int = 0
    parts: dict[str, float] = field(default_factory=dict)


def cpu() -> float:
    """CPU seconds of this process so far, all threads, user and system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def generate(
    settings: Settings, activities: str, partners: str, weeks: str, day: str | None = None
) -> Work:
    """A landing folder, or one more day in it."""
    from benchmarks import generate

    size = (settings.landing, int(activities), int(partners), int(weeks))
    return Work(generate.generate(*size) if day is None else generate.add_day(*size, day=int(day)))


def scan(settings: Settings) -> Work:
    """The floor: count, maximum and, of numbers, sum of every column of every file."""
    work = Work()
    with duckdb.connect(config={"threads": settings.threads}) as connection:
        for folder in sorted(settings.landing.glob("*/*")):
            files = f"'{folder}/*.parquet'"
            columns = connection.execute(f"describe from {files}").fetchall()
            figures = [f"max({name})" for name, *_ in columns]
            figures += [
                f"sum({name})" for name, kind, *_ in columns if kind.startswith(("DEC", "INT"))
            ]
            row = connection.execute(f"select count(*), {', '.join(figures)} from {files}")
            work.rows += row.fetchall()[0][0]
    return work


def land(settings: Settings) -> Work:
    """The landing stage, as `partner-scoring land` runs it."""
    from orchestration import landing

    settings.warehouse.mkdir(parents=True, exist_ok=True)
    report = landing.land(settings, settle_seconds=0)
    if report.files_quarantined or report.lines_rejected:
        raise SystemExit(f"landing refused something: {report.files}")
    return Work(report.rows_landed)


def build(settings: Settings, *folders: str) -> Work:
    """Seeds and models of these folders, by dbt, without tests; `parts` are models."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    os.environ.update(settings.environment())
    for folder in (settings.dbt_target, settings.temp):
        folder.mkdir(parents=True, exist_ok=True)
    with connect(settings) as connection:
        if not connection.execute("from duckdb_schemas() where schema_name = 'quality'").fetchall():
            from orchestration import quality

            quality.ensure_tables(connection)
    work, started = Work(), dict[str, float]()

    def listen(event: object) -> None:
        name = event.info.name  # type: ignore[attr-defined]
        if name in ("NodeStart", "NodeFinished"):
            model = event.data.node_info.unique_id.split(".")[-1]  # type: ignore[attr-defined]
            if name == "NodeStart":
                started[model] = cpu()
            else:
                work.parts[model] = cpu() - started[model]

    words = ["--quiet", "build", "--resource-type", "model", "--resource-type", "seed"]
    words += ["--project-dir", str(PROJECT_DIR), "--select", *[f"path:{each}" for each in folders]]
    done = dbtRunner(callbacks=[listen]).invoke(words)
    failed = [
        f"{each.node.name}: {each.message}"
        for each in getattr(done.result, "results", [])
        if str(each.status) not in ("success", "pass")
    ]
    if failed or not done.success:
        raise SystemExit(f"dbt build of {folders} failed: {failed or done.exception}")
    DuckDBConnectionManager.close_all_connections()
    work.rows = rows_in(settings, work.parts)
    return work


def rows_in(settings: Settings, tables: Iterable[str]) -> int:
    """Rows of these tables, as DuckDB's catalogue knows them."""
    names = list(tables)
    with connect(settings, read_only=True) as connection:
        return connection.execute(
            """select coalesce(sum(estimated_size), 0)::bigint from duckdb_tables()
            where list_contains(?, table_name)""",
            [names],
        ).fetchall()[0][0]


def keep(settings: Settings, *tables: str) -> Work:
    """The floor of what is kept: these tables (schema.name), copied as they are."""
    work = Work()
    with duckdb.connect(config={"threads": settings.threads}) as connection:
        connection.execute(f"attach '{settings.temp / 'kept.duckdb'}' as kept")
        connection.execute(f"attach '{settings.working_database}' as built (read_only)")
        for table in tables:
            made = connection.execute(f"create table kept.copied as from built.{table}")
            work.rows += made.fetchall()[0][0]
            connection.execute("drop table kept.copied")
    (settings.temp / "kept.duckdb").unlink()
    return work


# What Polars starts from: what the models make of the files, and policy as they resolve it.
EXPORTED = (
    "activities.activities",
    "partners.partners",
    "partners.partner_segments",
    "partners.partner_profiles",
    "partners.partner_ratings",
    "metrics.metric_availability",
    "metrics.metric_definitions",
    "frameworks.framework_parameters",
    "frameworks.effective_weights_wide",
    "frameworks.framework_weeks",
    "frameworks.stability_parameters",
    "scores.partner_adjustments",
    "policy.activity_types",
    "policy.metric_parameters",
    "policy.milestones",
    "policy.reporting_rates",
    "policy.tiers",
)


def export(settings: Settings, folder: str) -> Work:
    """Write what Polars starts from to Parquet files."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    work = Work()
    with connect(settings, read_only=True) as connection:
        for table in EXPORTED:
            path = Path(folder, f"{table.split('.')[1]}.parquet")
            copied = connection.execute(f"copy (from {table}) to '{path}' (format parquet)")
            work.rows += copied.fetchall()[0][0]
    return work


def polars(settings: Settings, folder: str, target: str) -> Work:
    """Scores by Polars, from exported tables to Parquet files."""
    os.environ["POLARS_MAX_THREADS"] = str(settings.threads)
    from benchmarks import polars_scores

    return Work(polars_scores.score(Path(folder), Path(target)))


# Shares are rounded to nine digits, which at a tie may end a step apart: exactly this much.
TOLERANCE = 1e-9


def compare(settings: Settings, target: str) -> Work:
    """Every cell that Polars made beside that of `scores.outcome_scores`; fails if two differ."""
    with connect(settings, read_only=True) as connection:
        connection.execute(f"create temp view polars as from '{target}/*.parquet'")
        columns = connection.execute("describe polars").fetchall()
        differing = []
        for name, kind, *_ in columns[2:]:
            is_same = f"built.{name} is not distinct from polars.{name}"
            if kind == "DOUBLE":
                is_same += f" or round(abs(built.{name} - polars.{name}), 12) <= {TOLERANCE}"
            differing.append(f"case when not coalesce({is_same}, false) then '{name}' end")
        connection.execute(
            f"""create temp table differing as
            select partner_id, week_start, unnest(names) as name
            from (
                select
                    partner_id,
                    week_start,
                    list_filter([{", ".join(differing)}], lambda each: each is not null) as names
                from scores.outcome_scores as built
                full join polars using (partner_id, week_start)
            )"""
        )
        rows, cells = connection.execute(
            "select (select count(*) from polars), (select count(*) from differing)"
        ).fetchall()[0]
        if cells:
            found = connection.execute(
                "select name, count(*), min((partner_id, week_start)) from differing group by name"
            )
            raise SystemExit(f"{cells} cells of {rows} rows differ: {found.fetchall()}")
    return Work(rows)


STEPS: dict[str, Callable[..., Work]] = {
    "generate": generate,
    "scan": scan,
    "land": land,
    "build": build,
    "keep": keep,
    "export": export,
    "polars": polars,
    "compare": compare,
}


def main() -> None:
    step, *words = sys.argv[1:]
    settings = Settings()
    before = cpu()
    work = STEPS[step](settings, *words)
    spent = sum(work.parts.values()) or cpu() - before
    print(json.dumps({"cpu": spent, "rows": work.rows, "parts": work.parts}))


if __name__ == "__main__":
    main()
