"""How `partner-scoring query` shows an answer: readable at a terminal, whole in a file."""

import io
import os
import pty
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from publishing_fixtures import make_facts

from orchestration import publishing
from orchestration.cli import tables
from orchestration.settings import Settings

COMMAND = str(Path(sys.executable).with_name("partner-scoring"))
REASON = "active weeks rate 0% (target 75%); days since active 1048 (at most 7 is the target)"
WIDE = "select " + ", ".join(f"'value of {n}' as a_column_{n}" for n in range(20))


def shown(
    columns: list[str], rows: list[tuple[object, ...]], width: int | None = None
) -> list[str]:
    with redirect_stdout(io.StringIO()) as file:
        tables.show(columns, rows, width)
    lines = file.getvalue().splitlines()
    assert width is None or max(len(line) for line in lines) <= width
    return lines


def test_a_text_goes_on_in_the_next_line_and_figures_and_names_stay_whole() -> None:
    columns = ["partner_id", "engagement_score", "strengths", "gaps"]
    lines = shown(columns, [("P-000002", 27.081291732662784, REASON, REASON)], width=80)
    assert [word.strip() for word in lines[1].strip("┃").split("┃")] == columns
    cells = [line.strip("│").split("│") for line in lines if line.startswith("│")]
    for at, whole in enumerate(("P-000002", "27.081291732662784", REASON, REASON)):
        assert " ".join(" ".join(line[at] for line in cells).split()) == whole
    assert lines[-1] == "1 row"


def test_too_many_columns_make_a_list_of_each_row_which_says_what_is_left_out() -> None:
    columns = [f"a_long_name_{number}" for number in range(20)]
    rows = [tuple(f"{row}/{number}" for number in range(20)) for row in range(400)]
    lines = shown(columns, rows, width=80)
    pairs = [tuple(line.split()) for line in lines]
    assert set(zip(columns, rows[9], strict=True)) <= set(pairs)
    assert (columns[0], "10/0") not in pairs
    said = "\n".join(lines)
    assert "390 more rows are not shown" in said and "--csv" in said
    whole = "\n".join(shown(columns, rows))
    assert all(name in whole for name in columns)
    assert all(f" {value} " in whole for row in rows for value in row)


def test_an_answer_without_rows_names_its_columns() -> None:
    assert "a_name" in "\n".join(shown(["a_name"], [], width=80))


@pytest.fixture
def released(working: Settings) -> Settings:
    publishing.publish(working, make_facts())
    return working


def test_a_terminal_gets_its_width_and_a_pipe_gets_everything(released: Settings) -> None:
    env = {**os.environ, "PARTNER_SCORING_WAREHOUSE": str(released.warehouse), "COLUMNS": "80"}
    piped = subprocess.run(
        [COMMAND, "query", WIDE], env=env, capture_output=True, text=True, check=True
    )
    header, row = piped.stdout.splitlines()[1], piped.stdout.splitlines()[3]
    assert all(f" a_column_{n} " in header and f" value of {n} " in row for n in range(20))
    ours, theirs = pty.openpty()
    with subprocess.Popen([COMMAND, "query", WIDE], env=env, stdout=theirs):
        os.close(theirs)
        said = b""
        try:
            while read := os.read(ours, 10_000):
                said += read
        except OSError:  # how a terminal that was closed ends
            os.close(ours)
    assert b"a_column_19" in said and b"value of 19" in said and "┃".encode() not in said


def test_marts_need_no_schema_and_can_be_listed(released: Settings) -> None:
    _, listed = publishing.query(released, "show tables")
    assert ("partner_scorecards",) in listed
    for name in ("partner_scorecards", "marts.partner_scorecards"):
        assert publishing.query(released, f"select count(*) > 0 from {name}")[1] == [(True,)]
