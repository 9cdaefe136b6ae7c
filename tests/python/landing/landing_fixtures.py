"""A landing folder to test with, its files, and a record of what became of each line."""

import dataclasses
import gzip
import os
from pathlib import Path
from typing import Any

import duckdb

from orchestration.contracts import load_contracts
from orchestration.landing import FileOutcome, LandingReport, land
from orchestration.settings import Settings

ACTIVITIES = "activity_id,partner_id,occurred_at,kind,direction,contact_email"
COUNTS: list[tuple[str, int, int, int, int, int, int, str]] = []


def activity(number: int, **values: str) -> str:
    """A well-formed CSV line of crm.activities."""
    row = {
        "activity_id": f"a{number}",
        "partner_id": f"p{number % 7}",
        "occurred_at": f"2025-03-{number % 28 + 1:02d}T09:00:00+00:00",
        "kind": "call",
        "direction": "inbound",
        "contact_email": f"person{number}@partner.example",
    }
    return ",".join((row | values).values())


def activities(numbers: range, header: str = ACTIVITIES) -> str:
    """A well-formed CSV file of crm.activities."""
    return "\n".join([header, *(activity(number) for number in numbers)]) + "\n"


class Landing:
    """A landing folder and its warehouse; every run is checked for lost lines."""

    def __init__(self, folder: Path, label: str) -> None:
        self.settings = Settings(landing=folder / "landing", warehouse=folder / "warehouse")
        self.contracts = load_contracts()
        self.label = label

    def write(self, path: str, content: str | bytes, *, age: float = 60.0) -> Path:
        """Put a file into the folder, compressed if its name says so, written `age` seconds ago."""
        place = self.settings.landing / path
        place.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        if path.endswith(".gz") and isinstance(content, str):
            data = gzip.compress(data, mtime=0)
        place.write_bytes(data)
        moment = place.stat().st_mtime - age
        os.utime(place, (moment, moment))
        return place

    def change(self, name: str, **values: Any) -> None:
        """Change the contract of an entity for this test."""
        self.contracts[name] = dataclasses.replace(self.contracts[name], **values)

    def land(self, **options: Any) -> LandingReport:
        """Run landing; no line may be lost, whatever the fixture."""
        report = land(self.settings, contracts=self.contracts, **{"settle_seconds": 0, **options})
        for each in report.files:
            assert each.lines_lost == 0, f"{each.path} lost {each.lines_lost} lines"
        assert report.lines_lost == 0
        self._record(report)
        return report

    def land_one(self, path: str, content: str | bytes) -> FileOutcome:
        """Write one file, land it, and return what became of it."""
        self.write(path, content)
        (outcome,) = self.land().files
        return outcome

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.settings.working_database), read_only=True) as connection:
            connection.execute("set timezone = 'UTC'")
            return connection.execute(sql).fetchall()

    def rows(self, name: str, columns: str = "*") -> list[tuple[Any, ...]]:
        """Landed rows of `source.entity`, in the order in which they landed."""
        return self.query(f"select {columns} from raw_{name} order by _file_id, _row_number")

    def rejects(self) -> list[tuple[int, str, str]]:
        return self.query("select line_number, reason, text from landing.rejects order by all")

    def tables(self) -> list[str]:
        return [
            f"{schema}.{table}"
            for schema, table in self.query(
                "select table_schema, table_name from information_schema.tables"
            )
        ]

    def _record(self, report: LandingReport) -> None:
        other = sum(
            each.header_lines + each.blank_lines + each.continuation_lines for each in report.files
        )
        COUNTS.append(
            (
                self.label,
                report.physical_lines,
                report.rows_landed,
                report.lines_rejected,
                other,
                report.lines_lost,
                report.files_quarantined,
                f"{len(report.files)} files",
            )
        )
