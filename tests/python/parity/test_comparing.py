"""The comparison of two engines sees every kind of difference, and none where there is none."""

import json
from pathlib import Path

import duckdb
import pytest

from parity.__main__ import report
from parity.comparing import TOLERANCE, Comparison, compare
from parity.tables import Table

KEYED = Table("scores", "outcome_scores", ("partner_id", "week_start"))
HISTORY = Table("activities", "activity_records", ())
ROWS = """
    select * from (values
        ('p1', date '2026-01-05', 40.0::double, 'low', 3, timestamp '2026-01-05 10:00:00'),
        ('p1', date '2026-01-12', 5000000.0, 'high', 4, null),
        ('p2', date '2026-01-05', null, null, 5, timestamp '2026-01-06 10:00:00')
    ) as rows (partner_id, week_start, score, band, weeks, changed_at)
"""


def compared(change: str, table: Table = KEYED) -> Comparison:
    """The rows beside the same rows after a statement that changes them."""
    connection = duckdb.connect()
    connection.execute(f"create table first as {ROWS}")
    connection.execute(f"create table second as {ROWS}")
    connection.execute(change)
    return compare(connection, table, "first", "second")


@pytest.mark.parametrize("table", [KEYED, HISTORY], ids=["keyed", "without a key"])
def test_equal_tables_do_not_differ(table: Table):
    found = compared("select 1", table)
    assert found.differences == []
    assert (found.rows, found.cells, found.largest) == (3, 18, 0.0)
    assert found.weeks == ("2026-01-05", "2026-01-12")


@pytest.mark.parametrize(
    "change",
    [
        f"update second set score = score + {TOLERANCE / 2} where weeks = 3",
        # Relative: 5 million and 5 euros less than a millionth of it apart.
        "update second set score = score + 5 where weeks = 4",
        # A moment is the same with its zone and without.
        "alter table second alter changed_at type timestamptz using changed_at at time zone 'UTC'",
        "alter table second alter weeks type bigint",
    ],
)
def test_what_engines_may_do_differently_is_no_difference(change: str):
    assert compared("set timezone = 'UTC'; " + change).differences == []


@pytest.mark.parametrize(
    ("change", "said", "cell"),
    [
        (
            "update second set score = 40.00009 where weeks = 3",
            "score: 1 cells",
            "p1 | 2026-01-05: 40.0",
        ),
        ("update second set score = 5000011 where weeks = 4", "score: 1 cells", "p1 | 2026-01-12"),
        ("update second set score = 0 where weeks = 5", "score: 1 cells", "None and 0.0"),
        ("update second set band = 'Low' where weeks = 3", "band: 1 cells", "low and Low"),
        ("update second set band = '' where weeks = 5", "band: 1 cells", "p2 | 2026-01-05"),
        ("update second set weeks = 6 where weeks = 5", "weeks: 1 cells", "5 and 6"),
        (
            "update second set changed_at = changed_at + interval 1 second where weeks = 3",
            "changed_at: 1 cells",
            "10:00:01",
        ),
        ("delete from second where weeks = 4", "rows: (3,) and (2,)", None),
        ("delete from second where weeks = 4", "first, last and number of weeks", None),
        (
            "delete from second where weeks = 4",
            "1 rows are on one engine only",
            "only on the first",
        ),
        ("update second set partner_id = 'p9' where weeks = 3", "2 rows are on one", "p9 | 2026"),
        ("alter table second drop band", "band is on one engine only", None),
        ("alter table second alter weeks type varchar", "weeks is INTEGER and VARCHAR", None),
    ],
)
def test_a_planted_difference_is_found_and_shown(change: str, said: str, cell: str | None):
    found = compared(change)
    (difference,) = [each for each in found.differences if said in each.what]
    assert cell is None or any(cell in shown for shown in difference.cells)


def test_rows_of_a_history_are_matched_in_their_order():
    twice = "insert into first from first; insert into second from second; "
    assert compared(twice, HISTORY).differences == []
    changed = compared(twice + "update second set score = 41 where weeks = 3", HISTORY)
    assert [each.what for each in changed.differences] == ["score: 2 cells differ"]


def test_the_largest_difference_is_told_even_where_it_is_allowed():
    found = compared("update second set score = score + 1e-6 where weeks = 3")
    assert found.differences == []
    assert found.largest == pytest.approx(1e-6 / 40, rel=0.01)
    assert found.largest_in == "scores.outcome_scores.score"


def test_a_difference_fails_the_command_and_shows_its_first_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    figures = tmp_path / "parity.json"
    found = [compared("update second set band = 'Low' where weeks = 3"), compared("select 1")]
    assert report(found, str(figures)) == 1
    said = capsys.readouterr().out
    assert "scores.outcome_scores\n  band: 1 cells differ\n    p1 | 2026-01-05: low and Low" in said
    assert "2 tables, 6 rows, 36 cells compared; 1 tables differ" in said
    assert json.loads(figures.read_text())["tables_that_differ"] == 1


def test_without_a_difference_the_command_succeeds(capsys: pytest.CaptureFixture[str]):
    assert report([compared("select 1")], None) == 0
    assert "18 cells compared; 0 tables differ" in capsys.readouterr().out


def test_the_score_hash_of_both_is_told(capsys: pytest.CaptureFixture[str]):
    found = [compared("select 1")]
    assert report(found, None, ("a1", "a1")) == 0
    assert "score hash: a1 on both" in capsys.readouterr().out
    # Cells decide: a score on the edge of a rounding may turn the hash.
    assert report(found, None, ("a1", "b2")) == 0
    assert "score hash: a1 and b2" in capsys.readouterr().out


def test_a_comparison_of_nothing_is_no_success():
    assert report([], None) == 1


def test_a_column_that_is_kept_apart_is_not_compared():
    apart = Table("partners", "partner_weeks", ("partner_id",), apart=("changed_at",))
    sides = [
        f"(select 'p1' as partner_id, {calls} as calls, timestamp '{at}' as changed_at)"
        for calls, at in ((1, "2026-01-05"), (1, "2026-01-06"), (2, "2026-01-05"))
    ]
    with duckdb.connect() as connection:
        assert not compare(connection, apart, sides[0], sides[1]).differences
        assert compare(connection, apart, sides[0], sides[2]).differences
