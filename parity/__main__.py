"""Builds a programme on both engines and compares every cell: `python -m parity --help`.

Exit codes: 0 no cell differs; 1 some do, and the first are shown; 2 an engine did not build.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb

from orchestration.publishing import score_hash
from orchestration.sample import generate, generate_next_day
from orchestration.settings import Settings
from parity import building
from parity.comparing import TOLERANCE, Comparison, compare
from parity.tables import Table, compared_tables

SCORES = "marts.partner_score_history"


def main() -> int:
    given = _arguments()
    with tempfile.TemporaryDirectory(prefix="parity-") as temporary:
        work = Path(given.work or temporary).absolute()
        landing = Path(given.landing).absolute() if given.landing else work / "landing"
        if not given.landing and not landing.exists():
            _generate(landing, given)
        # Each build names its target.
        os.environ.pop("DBT_TARGET", None)
        building.forget_folders()
        settings = Settings(landing=landing, warehouse=work / "warehouse")
        try:
            if not given.compare_only:
                selected = ("--select", *given.select) if given.select else ()
                _build(settings, given.target, (*building.BUILD, *selected))
                for _ in range(given.days):
                    # Both add what arrived to what they have.
                    generate_next_day(landing)
                    _build(settings, given.target, (*building.ADD, *selected))
            found, hashes = _compare(settings, given.target)
        except building.BuildError as error:
            print(error, file=sys.stderr)
            return 2
    return report(found, given.json, hashes)


def _generate(landing: Path, given: argparse.Namespace) -> None:
    if given.activities:
        from benchmarks.generate import generate as generate_much

        generate_much(landing, activities=given.activities, partners=given.partners)
    else:
        generate(landing, partners=given.partners, weeks=given.weeks, seed=given.seed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m parity", description=__doc__)
    parser.add_argument("--landing", help="folder of files to land (default: a sample programme)")
    parser.add_argument("--partners", type=int, default=400, help="of the sample programme")
    parser.add_argument("--activities", type=int, help="so many, as the benchmark generates them")
    parser.add_argument("--weeks", type=int, default=104, help="of the sample programme")
    parser.add_argument("--seed", type=int, default=20260101, help="of the sample programme")
    parser.add_argument(
        "--days", type=int, default=0, help="days more of the sample, added one by one"
    )
    parser.add_argument("--work", help="folder to work in and keep (default: a temporary one)")
    parser.add_argument("--select", nargs="+", help="models to build and compare (default: all)")
    parser.add_argument("--target", default="spark", help="target of profiles.yml to compare")
    parser.add_argument("--compare-only", action="store_true", help="what --work holds already")
    parser.add_argument("--json", help="file for the figures")
    return parser.parse_args()


def _build(settings: Settings, target: str, words: Sequence[str]) -> None:
    building.land(settings)
    for engine in ("duckdb", target):
        seconds = building.build(settings, engine, words)
        print(f"{engine}: dbt {' '.join(words)}: {seconds:.0f} s", flush=True)


def _compare(settings: Settings, target: str) -> tuple[list[Comparison], Sequence[str]]:
    tables = compared_tables(settings.warehouse / f"dbt_{target}")
    files = building.written_out(settings, tables, target)
    with duckdb.connect(str(settings.working_database), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        found = [
            compare(connection, table, str(table), f"read_parquet('{files[table]}/*.parquet')")
            for table in tables
        ]
        return found, _score_hashes(connection, files)


def _score_hashes(
    connection: duckdb.DuckDBPyConnection, files: Mapping[Table, str]
) -> tuple[str, ...]:
    """What a release of either build would state; nothing where scores were not compared."""
    for table, folder in files.items():
        if str(table) == SCORES:
            with duckdb.connect() as other:
                other.execute(f"create schema {table.schema}")
                other.execute(f"create view {table} as from read_parquet('{folder}/*.parquet')")
                return score_hash(connection), score_hash(other)
    return ()


def report(found: list[Comparison], json_file: str | None, hashes: Sequence[str] = ()) -> int:
    """Say what differs and what was compared; gives the exit code.

    The score hash rounds to six digits, so a score may differ by less than is allowed and yet be
    rounded the other way: another hash is said, and does not fail by itself.
    """
    if not found:
        print("no table was compared")
        return 1
    differing = [each for each in found if each.differences]
    for each in differing:
        print(f"\n{each.table}")
        for difference in each.differences:
            print(f"  {difference.what}")
            for cell in difference.cells:
                print(f"    {cell}")
    worst = max(found, key=lambda each: each.largest)
    total = {
        "tables": len(found),
        "rows": sum(each.rows for each in found),
        "cells": sum(each.cells for each in found),
        "tables_that_differ": len(differing),
        "largest_difference": worst.largest,
        "largest_in": worst.largest_in,
        "score_hashes": list(hashes),
    }
    if json_file:
        rows = {str(each.table): [each.rows, each.cells, each.weeks] for each in found}
        text = json.dumps({**total, "by_table": rows}, indent=1)
        Path(json_file).write_text(text, encoding="utf-8")
    print(
        f"\n{total['tables']} tables, {total['rows']:,} rows, {total['cells']:,} cells compared; "
        f"{len(differing)} tables differ; largest difference of a number {worst.largest:.2g}"
        f"{' in ' + worst.largest_in if worst.largest_in else ''} (allowed: {TOLERANCE:g})"
    )
    if hashes:
        same = len(set(hashes)) == 1
        print(f"score hash: {hashes[0][:12] + ' on both' if same else ' and '.join(hashes)}")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
