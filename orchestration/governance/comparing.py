"""What differs between a release and the warehouse that was rebuilt from its manifest, in words.

Opens both read-only. How the second one came about is not known here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import literal, quoted

# What tells of the run that made the release, and so is never the same twice.
OF_THE_RUN = {"quality_checks": "it tells when the checks of that run ran"}

Hash = Callable[[duckdb.DuckDBPyConnection, str], str]


@dataclass(frozen=True)
class Comparison:
    """`equal` has names of marts, `differing` a sentence by mart, `left_out` a reason by mart."""

    scores_are_equal: bool
    equal: Sequence[str]
    differing: Mapping[str, str]
    left_out: Mapping[str, str] = field(default_factory=lambda: dict(OF_THE_RUN))

    @property
    def is_equal(self) -> bool:
        return self.scores_are_equal and not self.differing


def compare(
    manifest: Mapping[str, Any], rebuilt: Mapping[str, Any], release: Path, working: Path
) -> Comparison:
    """A release (its manifest and database) and what was rebuilt (its hashes and database)."""
    then, now = manifest["marts"], rebuilt["marts"]
    compared = sorted((set(then) | set(now)) - set(OF_THE_RUN))
    equal = [
        name for name in compared if then.get(name, {}).get("hash") == now.get(name, {}).get("hash")
    ]
    differing = {}
    with duckdb.connect(str(release), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        # By the name that its views know it by.
        connection.execute(f"attach {literal(working)} as {working.stem} (read_only)")
        for name in compared:
            if name not in equal:
                differing[name] = _difference(connection, working.stem, name, then, now)
    return Comparison(manifest["score_hash"] == rebuilt["score_hash"], equal, differing)


def _difference(
    connection: duckdb.DuckDBPyConnection,
    working: str,
    name: str,
    then: Mapping[str, Any],
    now: Mapping[str, Any],
) -> str:
    if name not in now:
        return "was not rebuilt"
    if name not in then:
        return "is not in the release"
    columns = [column["name"] for column in then[name]["columns"]]
    kept = [column for column in columns if column in now[name]["columns"]]
    if columns != kept or len(kept) != len(now[name]["columns"]):
        other = sorted(set(columns) ^ set(now[name]["columns"]))
        return f"has other columns: {', '.join(other)}"
    other = [column for column in columns if _rows(connection, working, name, [column])]
    rows = _rows(connection, working, name, columns)
    where = f"in {', '.join(other)}" if other else "in how values belong together"
    return f"{then[name]['rows']} rows then, {now[name]['rows']} now; {rows} differ, {where}"


def _rows(
    connection: duckdb.DuckDBPyConnection, working: str, name: str, columns: Sequence[str]
) -> int:
    """Rows of the release, reduced to `columns`, that the rebuilt mart has not."""
    listed = ", ".join(map(quoted, columns))
    mart = f"marts.{quoted(name)}"
    found = connection.execute(
        f"select count(*) from (select {listed} from {mart} except all "
        f"select {listed} from {quoted(working)}.{mart})"
    ).fetchone()
    assert found is not None
    return int(found[0])
