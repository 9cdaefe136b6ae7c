"""The header of a CSV file: columns by name, in any order, and every way in which it is wrong.

Only the first lines of a file are looked at; rows are the reader's business.
"""

from collections.abc import Sequence

from orchestration.contracts import Contract
from orchestration.landing import csv_careful
from orchestration.landing.problems import FileProblem

MAX_COLUMNS = 1000
DELIMITERS = {",": "a comma", ";": "a semicolon", "\t": "a tab", "|": "a bar"}
LOOK_AHEAD = 50  # lines of preamble within which the real header is looked for


def read_header(line: str, following: Sequence[str], contract: Contract) -> list[str]:
    """The column names of a header line (without its line end), checked against the contract."""
    names = split_header(line, contract.delimiter)
    check_names(names)
    missing = missing_columns(names, contract)
    if missing:
        raise _explain(line, following, names, missing, contract)
    doubled = sorted({name for name in names if name and names.count(name) > 1})
    if doubled:
        raise FileProblem(
            f"the column {doubled[0]!r} occurs twice in the header",
            "Export each column once, under its own name.",
        )
    return names


def check_names(names: Sequence[str]) -> None:
    """Refuse files that are far too wide to be what they claim."""
    if len(names) > MAX_COLUMNS:
        raise FileProblem(
            f"the file has {len(names):,} columns; more than {MAX_COLUMNS:,} are refused",
            "Check the export: this is no file of partner records.",
        )


def missing_columns(names: Sequence[str], contract: Contract) -> list[str]:
    """Columns that the contract requires and `names` lacks."""
    return [c.name for c in contract.columns if c.required and c.name not in names]


def missing_problem(
    missing: Sequence[str], names: Sequence[str], contract: Contract
) -> FileProblem:
    """The problem of a file without required columns, naming them and what is there instead."""
    known = {column.name for column in contract.columns}
    strangers = [name for name in names if name not in known][:10]
    alike = {name.strip().casefold() for name in names}
    if not known & alike:  # perhaps a row of data: its values belong in no message
        others = "; the first line holds no column of the contract at all"
    else:
        others = f"; the file has {', '.join(map(repr, strangers))} instead" if strangers else ""
    plural = "columns" if len(missing) > 1 else "column"
    return FileProblem(
        f"required {plural} missing: {', '.join(missing)}{others}",
        f"Export {contract.name} with these names, or change the contract "
        f"(models/staging/{contract.source}/_{contract.source}.yml).",
    )


def split_header(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    try:
        return csv_careful.scan(line + "\n", 0, delimiter, strict=False)[0]
    except Exception as error:
        raise FileProblem(
            "the quotes of the header do not match", "Export the header on one line."
        ) from error


def _explain(
    line: str, following: Sequence[str], names: list[str], missing: list[str], contract: Contract
) -> FileProblem:
    """Why required columns are missing: another delimiter, a preamble, or other names."""
    for delimiter, words in DELIMITERS.items():
        if delimiter != contract.delimiter and _is_header(line, delimiter, names, contract):
            expected = DELIMITERS.get(contract.delimiter, repr(contract.delimiter))
            lacking = missing_columns(_stripped(line, delimiter), contract)
            besides = f"; it lacks {', '.join(lacking)} as well" if lacking else ""
            return FileProblem(
                f"the values are separated by {words}, not by {expected}{besides}",
                f"Export with {expected}, or state `delimiter` in the entity's contract.",
            )
    for number, other in enumerate(following[:LOOK_AHEAD], start=1):
        if any(_has_all(other, each, contract) for each in {contract.delimiter, *DELIMITERS}):
            return FileProblem(
                f"the header is not on the first line: {number} line(s) stand before it",
                "Export without a title or preamble; the first line names the columns.",
            )
    return missing_problem(missing, names, contract)


def _is_header(line: str, delimiter: str, names: Sequence[str], contract: Contract) -> bool:
    """Whether a line holds the contract's columns between other delimiters: all of them, or two
    where the contract's own delimiter finds none."""
    known = {column.name for column in contract.columns}
    found = known & set(_stripped(line, delimiter))
    return _has_all(line, delimiter, contract) or (not known & set(names) and len(found) > 1)


def _has_all(line: str, delimiter: str, contract: Contract) -> bool:
    return not missing_columns(_stripped(line, delimiter), contract)


def _stripped(line: str, delimiter: str) -> list[str]:
    return [name.strip().strip('"') for name in line.split(delimiter)]
