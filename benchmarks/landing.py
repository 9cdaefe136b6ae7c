"""What landing costs beside a plain typed `read_csv` into a DuckDB table, in one run.

Both read the same million rows of CRM activities; landing also archives, verifies, counts,
pseudonymises and keeps a ledger. Figures are CPU seconds of all threads. Run it with
`python -m benchmarks.landing [rows]`; it fails if landing costs more than three times as much.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.landing import land
from orchestration.settings import Settings

GOAL = 3.0  # times the CPU of the plain reader, stated in docs/landing-contract.md
TYPES = {
    "activity_id": "varchar",
    "partner_id": "varchar",
    "occurred_at": "timestamptz",
    "kind": "varchar",
    "direction": "varchar",
    "contact_email": "varchar",
}


def write_activities(path: Path, rows: int, people: int) -> None:
    """A CSV file with the shape of crm.activities; the same for the same arguments."""
    choose = random.Random(7)
    start = datetime(2025, 1, 1)
    path.parent.mkdir(parents=True)
    with path.open("w") as file:
        file.write(",".join(TYPES) + "\n")
        for number in range(rows):
            moment = start + timedelta(seconds=choose.randrange(31_000_000))
            kind = choose.choice(("meeting", "call", "email", "joint_planning", "co_sell", "qbr"))
            direction = choose.choice(("inbound", "outbound", "mutual"))
            person = choose.randrange(people)
            file.write(
                f"activity-{number:09d},partner-{choose.randrange(10_000):06d},"
                f"{moment.isoformat()}+00:00,{kind},{direction},"
                f"person{person}@partner{person % 997}.example\n"
            )


def plain(settings: Settings, path: Path) -> None:
    """The yardstick: DuckDB's own reader, typed, into a table on disk, nothing checked."""
    with duckdb.connect(str(settings.warehouse / "plain.duckdb")) as connection:
        connection.execute(f"set threads = {settings.threads}")
        connection.execute(
            "create table activities as "
            f"select * from read_csv(?, header = true, columns = {TYPES})",
            [str(path)],
        )
        connection.execute("checkpoint")


def measured(label: str, work: Callable[[], object]) -> float:
    """Run it, print its CPU and wall seconds, and return the CPU seconds."""
    before, clock = _cpu(), time.perf_counter()
    work()
    spent = _cpu() - before
    print(f"{label:44} {spent:7.2f} CPU s {time.perf_counter() - clock:7.2f} s")
    return spent


def _cpu() -> float:
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def compare(rows: int, people: int) -> float:
    """Measure both over one file; returns how many times the plain reader landing costs."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(landing=Path(folder, "landing"), warehouse=Path(folder, "warehouse"))
        settings.warehouse.mkdir()
        path = settings.landing / "crm" / "activities" / "activities.csv"
        write_activities(path, rows, people)
        print(f"{rows:,} rows, {path.stat().st_size >> 20} MB, {people:,} people")
        yardstick = measured("typed read_csv into a table", lambda: plain(settings, path))
        cost = measured("landing", lambda: land(settings, settle_seconds=0))
        measured("landing again, nothing new", lambda: land(settings, settle_seconds=0))
        print(f"{'ratio':44} {cost / yardstick:7.2f}\n")
        return cost / yardstick


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    ratios = [compare(rows, people) for people in (50_000, rows)]
    return 0 if max(ratios) <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
