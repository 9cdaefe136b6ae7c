"""What differs between a release and the warehouse that was rebuilt from its manifest, in words.

Opens both read-only. How the second one came about is not known here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from orchestration.database import literal, quoted

# What tells of bytes, which are others once a person has been erased from them.
OF_THE_BYTES = {"landed_files": {"bytes", "sha256"}}
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
    manifest: Mapping[str, Any],
    rebuilt: Mapping[str, Any],
    release: Path,
    working: Path,
    *,
    files_erased_from: int = 0,
) -> Comparison:
    """A release (its manifest and database) and what was rebuilt (its hashes and database).

    Where people were erased from files since, the digests of these files are not compared.
    """
    then, now = manifest["marts"], rebuilt["marts"]
    compared = sorted((set(then) | set(now)) - set(OF_THE_RUN))
    equal = [
        name for name in compared if then.get(name, {}).get("hash") == now.get(name, {}).get("hash")
    ]
    differing, left_out = {}, dict(OF_THE_RUN)
    with duckdb.connect(str(release), read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        # By the name that its views know it by.
        connection.execute(f"attach {literal(working)} as {working.stem} (read_only)")
        for name in compared:
            if name in equal:
                continue
            of_bytes = OF_THE_BYTES.get(name) if files_erased_from else None
            if of_bytes and name in then and name in now:
                columns = [each["name"] for each in then[name]["columns"]]
                kept = [each for each in columns if each not in of_bytes]
                same_size = then[name]["rows"] == now[name]["rows"]
                if same_size and not _rows(connection, working.stem, name, kept):
                    left_out[name] = (
                        f"a person was erased from {files_erased_from} files since; all but "
                        f"{' and '.join(sorted(of_bytes))} is equal"
                    )
                    continue
            differing[name] = _difference(connection, working.stem, name, then, now)
    scores_are_equal = manifest["score_hash"] == rebuilt["score_hash"]
    return Comparison(scores_are_equal, equal, differing, left_out)


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
