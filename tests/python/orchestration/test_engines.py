"""A target whose engine is not on this machine is refused in words, before anything starts."""

from pathlib import Path

import pytest

from orchestration import engines
from orchestration.preparation import PreparationError, prepare
from orchestration.settings import Settings


def java(folder: Path, said: str) -> Path:
    """A home of Java whose `java` says which version it is."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    program.chmod(0o755)
    return folder


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch):
    """All packages are there."""
    monkeypatch.setattr(engines.importlib.util, "find_spec", lambda name: object())


def test_duckdb_needs_nothing_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JAVA_HOME", "/nowhere")
    engines.check_engine("duckdb")


@pytest.mark.parametrize("missing", ["dbt.adapters.spark", "pyspark"])
def test_missing_packages_are_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch, missing: str):
    monkeypatch.setattr(
        engines.importlib.util, "find_spec", lambda name: None if name == missing else object()
    )
    with pytest.raises(engines.EngineMissing, match="uv sync --group spark"):
        engines.check_engine("spark")


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "21" 2023-09-19', 21),
        ('java version "1.8.0_392"', 8),
        ("no version", None),
    ],
)
def test_the_version_of_java_is_read(tmp_path: Path, monkeypatch, said: str, version: int | None):
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, said)))
    assert engines.java_version() == version


@pytest.mark.usefixtures("everything")
def test_an_old_java_is_refused_and_a_server_needs_none(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", str(java(tmp_path, 'openjdk version "11.0.2"')))
    with pytest.raises(engines.EngineMissing, match="Java 17 or newer; `java` is version 11"):
        engines.check_engine("spark")
    engines.check_engine("spark_connect")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "none"))
    with pytest.raises(engines.EngineMissing, match="was not found"):
        engines.check_engine("spark")


@pytest.mark.usefixtures("everything")
def test_a_run_says_it_before_dbt_starts(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("DBT_TARGET", "spark")
    with pytest.raises(PreparationError, match="Spark needs Java 17"):
        prepare(Settings(warehouse=tmp_path / "warehouse"))
    assert not (tmp_path / "warehouse").exists()
