"""An answer as people read it: whole in a file, and at a terminal within its width."""

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

LEAST_OF_A_TEXT = 16  # letters of a line that words can be read in
MOST_LISTED = 10  # rows, when each takes many lines


def show(
    columns: Sequence[str], rows: Sequence[Sequence[object]], width: int | None = None
) -> None:
    """Print an answer within `width`, or as wide as it is. Nothing is shortened: texts go on in
    the next line and, where a table is too narrow for that, each row is a list of its own."""
    widths = _widths(columns, rows, width)
    if widths is None:
        assert width is not None
        _list(Console(highlight=False, width=width), columns, rows)
        return
    console = Console(highlight=False, width=sum(widths) + _borders(columns))
    table = Table(
        *(
            Column(escape(name), width=wide, overflow="fold")
            for name, wide in zip(columns, widths, strict=True)
        )
    )
    for row in rows:
        table.add_row(*(escape(_text(value)) for value in row))
    console.print(table)
    console.print(f"[dim]{_rows(len(rows))}[/dim]")


def _list(console: Console, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    listed = rows[:MOST_LISTED]
    for number, row in enumerate(listed, start=1):
        console.print(f"[bold]row {number} of {len(rows)}[/bold]")
        lines = Table.grid(Column(style="dim"), Column(overflow="fold"), padding=(0, 2))
        for name, value in zip(columns, row, strict=True):
            lines.add_row(escape(name), escape(_text(value)))
        console.print(lines)
    console.print(f"[dim]{_rows(len(rows))} of {len(columns)} columns[/dim]")
    if len(listed) < len(rows):
        console.print(
            f"{len(rows) - len(listed)} more rows are not shown: {len(columns)} columns are too "
            f"many for a table in {console.width} letters. Ask for fewer columns or rows (limit), "
            "or write all of it to a file: ... > answer.txt, or ... --csv > answer.csv"
        )


def _widths(
    columns: Sequence[str], rows: Sequence[Sequence[object]], width: int | None
) -> list[int] | None:
    """Letters for each column; None if texts would be cut into pieces within `width`."""
    widths, least = [], []
    for at, name in enumerate(columns):
        values = [row[at] for row in rows]
        lines = [cell_len(line) for value in values for line in _text(value).split("\n")]
        widths.append(max([cell_len(name), *lines]))
        # Only texts can be read when they are broken into lines.
        has_words = any(isinstance(value, str) and " " in value for value in values)
        least.append(
            max(cell_len(name), min(LEAST_OF_A_TEXT, widths[-1])) if has_words else widths[-1]
        )
    while width is not None and sum(widths) + _borders(columns) > width:
        widest = max(range(len(widths)), key=lambda at: widths[at] - least[at])
        if widths[widest] <= least[widest]:
            return None
        widths[widest] -= 1
    return widths


def _borders(columns: Sequence[str]) -> int:
    return 3 * len(columns) + 1


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count} rows"
