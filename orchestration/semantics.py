"""Metrics by name over a release: what MetricFlow needs for it, and how it is asked.

A release carries the folder `metrics`: a dbt project of three files that knows the metrics of its
own code and reads its own marts. What metrics there are is stated in `models/semantics`; none is
named here.
"""

import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from orchestration import publishing
from orchestration.publishing.facts import DATABASE_FILE, SCHEMA
from orchestration.publishing.readers import HARDENING
from orchestration.settings import Settings

FOLDER = "metrics"
RELEASE = "PARTNER_SCORING_RELEASE"
TIME = "metric_time"
GRAINS = ("__day", "__week", "__month", "__quarter", "__year")
PROJECT = {
    "name": "partner_scoring_release",
    "version": "1.0.0",
    "profile": "partner_scoring_release",
    "flags": {"send_anonymous_usage_stats": False},
}
PROFILE = {
    "partner_scoring_release": {
        "target": "release",
        "outputs": {
            "release": {
                "type": "duckdb",
                "path": "{{ env_var('" + RELEASE + "') }}/" + DATABASE_FILE,
                "schema": SCHEMA,
                "threads": 1,
                "config_options": {"access_mode": "read_only", **HARDENING},
            }
        },
    }
}


def write(settings: Settings, folder: Path) -> None:
    """Write the folder anew, from what dbt said of the project when the marts were built."""
    stated = settings.dbt_target / "semantic_manifest.json"
    manifest = _over_release(json.loads(stated.read_text(encoding="utf-8")))
    (folder / "target").mkdir(parents=True, exist_ok=True)
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(PROJECT), encoding="utf-8")
    (folder / "profiles.yml").write_text(yaml.safe_dump(PROFILE), encoding="utf-8")
    (folder / "target" / stated.name).write_text(
        json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8"
    )


def _over_release(stated: Any) -> Any:
    """The same, with each relation where a release has it: on either engine, one file."""
    if isinstance(stated, Mapping):
        if "relation_name" in stated:
            database = Path(DATABASE_FILE).stem
            name = ".".join(f'"{part}"' for part in (database, SCHEMA, stated["alias"]))
            return {**stated, "database": database, "schema_name": SCHEMA, "relation_name": name}
        return {key: _over_release(value) for key, value in stated.items()}
    if isinstance(stated, list):
        return [_over_release(each) for each in stated]
    return stated


def unknown_names(
    settings: Settings, words: Sequence[str], release_id: str | None = None
) -> list[str]:
    """A sentence for each metric and dimension among the words that the release does not know:
    MetricFlow answers such a name with what it was about to do. What a metric can be grouped by is
    left to it."""
    release = publishing.find(settings, release_id)
    stated = release.path / FOLDER / "target" / "semantic_manifest.json"
    if not stated.is_file():
        return []
    manifest = json.loads(stated.read_text(encoding="utf-8"))
    metrics = {each["name"] for each in manifest["metrics"]}
    dimensions, entities = {TIME}, set()
    for model in manifest["semantic_models"]:
        of_model = {each["name"] for each in model["entities"]}
        entities |= of_model
        dimensions |= {f"{one}__{each['name']}" for one in of_model for each in model["dimensions"]}
    wrong = []
    for name in _given(words, "--metrics"):
        if name not in metrics:
            wrong.append(_unknown("metric", name, metrics, "list metrics"))
    for name in _given(words, "--group-by"):
        plain = name.rpartition("__")[0] if name.endswith(GRAINS) else name
        parts = plain.split("__")
        if parts[-1] not in entities and "__".join(parts[-2:]) not in dimensions:
            hint = "list dimensions --metrics METRIC"
            wrong.append(_unknown("dimension", name, dimensions | entities, hint))
    return wrong


def _given(words: Sequence[str], option: str) -> list[str]:
    """The names that follow an option, after a blank or an equals sign, split at commas."""
    values = [
        following for word, following in zip(words, [*words[1:], ""], strict=True) if word == option
    ]
    values += [word.partition("=")[2] for word in words if word.startswith(f"{option}=")]
    return [name.strip().lower() for value in values for name in value.split(",") if name.strip()]


def _unknown(kind: str, name: str, known: Collection[str], words: str) -> str:
    alike = difflib.get_close_matches(name, sorted(known), n=3)
    perhaps = f" Perhaps {' or '.join(alike)}?" if alike else ""
    return f"No {kind} is called {name}.{perhaps} `partner-scoring metrics {words}` lists them."


def ask(
    settings: Settings, words: Sequence[str], release_id: str | None = None, **given: Any
) -> subprocess.CompletedProcess[Any]:
    """`mf WORDS` over a release (default: the served one). `given` goes to subprocess.run."""
    release = publishing.find(settings, release_id)
    if not (release.path / FOLDER).is_dir():
        raise publishing.PublishError(
            f"Release {release.id} is from before metrics had names. Publish a newer one."
        )
    with tempfile.TemporaryDirectory() as home:
        # MetricFlow writes logs into the project, and a release is never written to.
        project = Path(shutil.copytree(release.path / FOLDER, Path(home) / FOLDER))
        return subprocess.run(
            [str(Path(sys.executable).with_name("mf")), *words],
            env={
                **{name: value for name, value in os.environ.items() if name[:4] != "DBT_"},
                "DBT_PROJECT_DIR": str(project),
                "DBT_PROFILES_DIR": str(project),
                "DBT_LOG_PATH": str(project / "logs"),
                "DO_NOT_TRACK": "1",
                RELEASE: str(release.path),
            },
            **given,
        )
