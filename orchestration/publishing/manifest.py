"""The manifest: what a release says about itself, for machines, and its README, for people.

Writes and reads these two texts. The digests that it lists are computed in `files`.
"""

import json
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from orchestration.publishing.copying import Content, Mart
from orchestration.publishing.facts import (
    DATABASE_FILE,
    FORMAT_VERSION,
    MANIFEST_FILE,
    PARQUET_FOLDER,
    SCHEMA,
    DamagedRelease,
    Release,
    RunFacts,
)

PACKAGES = (
    "duckdb", "dbt-core", "dbt-duckdb", "dbt-spark", "pyspark", "great-expectations", "dagster",
    "partner-scoring",
)  # fmt: skip


def build_manifest(
    facts: RunFacts,
    *,
    release_id: str,
    published_at: datetime,
    previous: str | None,
    content: Content,
) -> dict[str, Any]:
    """Everything that a reader, an auditor or a rerun needs to know about the release."""
    return {
        "format_version": FORMAT_VERSION,
        "release_id": release_id,
        "published_at": published_at,
        "previous_release": previous,
        "fingerprint": facts.fingerprint,
        "score_hash": content.scores,
        "partners": content.partners,
        "run": {
            "run_id": facts.run_id,
            "started_at": facts.started_at,
            "as_of": facts.as_of,
            "known_at": facts.known_at,
            "code_version": facts.code_version,
            "code_digest": facts.code_digest,
            "asked": dict(facts.asked),
            "engine": facts.engine,
            "framework_versions": list(facts.framework_versions),
            "framework_hash": facts.framework_hash,
            "policy_seal": dict(facts.policy_seal),
            "totals": dict(facts.totals),
        },
        "versions": _versions(),
        "checks": {
            "expected": sorted(facts.checks_expected),
            "counts": dict(Counter(str(r.get("status")) for r in facts.check_results)),
            "results": [dict(result) for result in facts.check_results],
        },
        "marts": {
            mart.name: _mart(mart, facts.promises.get(mart.name, {}))
            for mart in content.marts.values()
        },
        "inputs": [dict(entry) for entry in facts.inputs],
    }


def _mart(mart: Mart, promised: Mapping[str, Any]) -> dict[str, Any]:
    units = promised.get("units", {})
    return {
        "rows": mart.rows,
        "hash": mart.hash,
        "key": list(promised.get("key", ())),
        "audience": promised.get("audience"),
        "columns": [
            {"name": name, "type": kind, "description": description}
            | ({"unit": units[name]} if name in units else {})
            for name, kind, description in mart.columns
        ],
    }


def manifest_text(manifest: Mapping[str, Any]) -> str:
    return json.dumps(manifest, indent=2, default=_plain, ensure_ascii=False) + "\n"


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a release; raises DamagedRelease if it is no manifest of this format."""
    try:
        manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
        if manifest["format_version"] != FORMAT_VERSION:
            raise ValueError(f"format version {manifest['format_version']} is not known here")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedRelease(f"{folder.name}: {MANIFEST_FILE} cannot be read: {error}") from error
    return dict(manifest)


def read_release(folder: Path, *, is_current: bool) -> Release:
    manifest = read_manifest(folder)
    try:
        return Release(
            id=manifest["release_id"],
            published_at=datetime.fromisoformat(manifest["published_at"]),
            as_of=date.fromisoformat(manifest["run"]["as_of"]),
            score_hash=manifest["score_hash"],
            framework=", ".join(manifest["run"]["framework_versions"]),
            partners=manifest["partners"],
            is_current=is_current,
            path=folder,
            fingerprint=manifest["fingerprint"],
            run_id=manifest["run"]["run_id"],
            previous=manifest["previous_release"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedRelease(f"{folder.name}: {MANIFEST_FILE} lacks {error}") from error


def readme_text(manifest: Mapping[str, Any]) -> str:
    """What this folder is, in plain words, and how to ask it something."""
    run = manifest["run"]
    rows = "\n".join(f"- `{SCHEMA}.{n}`: {m['rows']} rows" for n, m in manifest["marts"].items())
    return f"""# Release {manifest["release_id"]}

Partner scores as of {run["as_of"]}, {manifest["partners"]} partners, framework
{", ".join(run["framework_versions"])}. Published {manifest["published_at"]:%Y-%m-%d %H:%M} UTC.

This folder never changes. `{DATABASE_FILE}` holds every table; `{PARQUET_FOLDER}/` holds the same
tables, one file each. `{MANIFEST_FILE}` says which inputs, code, framework and checks stand behind
them. `MODEL_CARD.md`, where there is one, says what scores and predictions are for, rest on and
were worth so far, `RELEASE_NOTES.md` what is different from the release before.
`sha256sum -c SHA256SUMS` says whether every file is as it was published.

Ask it something:

    duckdb -readonly -cmd .safe_mode {DATABASE_FILE} "from {SCHEMA}.partner_scorecards limit 10"

In Python:

    import duckdb
    release = duckdb.connect("{DATABASE_FILE}", read_only=True)
    release.sql("from {SCHEMA}.partner_scorecards").show()

Which release a file is, it says itself: `from release.about`. Column descriptions are in the file:
`select table_name, column_name, comment from duckdb_columns() where schema_name = '{SCHEMA}'`.

{rows}
"""


def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    return str(value)
