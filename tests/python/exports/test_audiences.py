"""A copy for an audience holds what it may see; what nobody decided about is not shown."""

from pathlib import Path

import duckdb
import pytest

from orchestration import audiences
from orchestration.exports import export
from orchestration.publishing import Release, open_release
from orchestration.settings import Settings

MANIFEST = {
    "marts": {
        "words": {"audience": "partner"},
        "scores": {"audience": "programme"},
        "checks": {"audience": "governance"},
        "new": {"audience": None},
        "misspelt": {"audience": "everybody"},
        "from_before": {},
    }
}


def test_each_circle_sees_its_own_and_what_is_further_out():
    assert audiences.marts_for(MANIFEST, "partner") == ["words"]
    assert audiences.marts_for(MANIFEST, "programme") == ["scores", "words"]
    assert audiences.marts_for(MANIFEST, "governance") == sorted(MANIFEST["marts"])


def test_what_is_asked_for_and_not_meant_for_the_reader_is_refused():
    assert audiences.marts_for(MANIFEST, "programme", ["scores"]) == ["scores"]
    for mart in ("checks", "new", "misspelt", "from_before"):
        with pytest.raises(PermissionError, match=mart):
            audiences.marts_for(MANIFEST, "programme", ["scores", mart])
    with pytest.raises(audiences.UnknownAudience, match="'public'"):
        audiences.marts_for(MANIFEST, "public")


def test_a_release_from_before_audiences_gives_nothing_and_not_all():
    with pytest.raises(PermissionError, match="any mart"):
        audiences.marts_for({"marts": {"scores": {}}}, "programme")


def test_a_file_of_duckdb_holds_the_chosen_marts_and_no_trace_of_others(
    release: Release, settings: Settings, tmp_path: Path
):
    with open_release(settings, release.id) as connection:
        export(connection, release.path, "duckdb", tmp_path / "out", ["partner_scorecards"])
        rows = connection.execute("from marts.partner_scorecards order by all").fetchall()
        comments = connection.execute(
            "select column_name, comment from duckdb_columns() "
            "where table_name = 'partner_scorecards' order by all"
        ).fetchall()
    file = tmp_path / "out" / "partner_scoring.duckdb"
    assert file.stat().st_mode & 0o222 == 0
    with duckdb.connect(str(file), read_only=True) as copy:
        tables = copy.execute(
            "select schema_name || '.' || table_name from duckdb_tables() order by all"
        ).fetchall()
        assert tables == [("marts.partner_scorecards",), ("release.about",)]
        copied = copy.execute("from marts.partner_scorecards order by all").fetchall()
        assert repr(copied) == repr(rows)  # as text, for not a number equals nothing
        assert rows and copy.execute("select release_id from release.about").fetchall() == [
            (release.id,)
        ]
        assert [(name, text or None) for name, text in copy.execute(
            "select column_name, comment from duckdb_columns() "
            "where table_name = 'partner_scorecards' order by all"
        ).fetchall()] == comments  # fmt: skip
