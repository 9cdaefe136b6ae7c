"""What kind of file is this really: looks at the first and last bytes, before any reader does.

Types are recognised by their signature, never by their name. Faults further inside a file
(encoding, gzip checksum, NUL) are found by the stream that reads it, in `streams`.
"""

import re
from pathlib import Path

from orchestration.landing.problems import FileProblem

FORMATS = ("csv", "csv.gz", "jsonl", "jsonl.gz", "parquet")

GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive or Excel workbook (.xlsx)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (PARQUET, "a Parquet file"),
    (GZIP, "a gzip file"),
    (b"%PDF", "a PDF document"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"BZh", "a bzip2 file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"SQLite format 3", "an SQLite database"),
    (b"{\\rtf", "a rich-text document"),
)
BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
UTF8_MARK = b"\xef\xbb\xbf"


def format_of(name: str) -> str | None:
    """The format that a file name claims, or None if it claims none that lands."""
    lower = name.lower()
    return next((known for known in FORMATS if lower.endswith(f".{known}")), None)


def check_type(path: Path, file_format: str) -> None:
    """Compare the bytes at the ends of a file with what its name claims."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(max(0, size - 4))
        tail = file.read(4)
    if file_format == "parquet":
        if not head.startswith(PARQUET):
            raise _wrong_type(describe(head), file_format)
        if size < 12 or tail != PARQUET:
            raise FileProblem(
                "the Parquet file is cut off: its footer is missing",
                "Send the file again, whole.",
            )
    elif file_format.endswith(".gz"):
        if not head.startswith(GZIP):
            raise _wrong_type(describe(head), file_format)
    else:
        check_text(head, file_format)


def check_text(head: bytes, file_format: str) -> None:
    """Refuse text that is something else, by the first bytes of it (after decompression)."""
    found = _signature(head) or _markup(head)
    if found is None and file_format.startswith("csv"):
        found = _json(head)
    if found is not None:
        raise _wrong_type(found, file_format)


def check_marks(head: bytes, encoding: str) -> None:
    """Refuse a byte-order mark of another encoding than the contract's."""
    for mark, found in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            if not encoding.lower().replace("_", "-").startswith(found):
                raise FileProblem(
                    f"the file is {found.upper()}, not {encoding}",
                    f"Export it as UTF-8, or state `encoding: {found}` in the entity's contract.",
                )
            return


def describe(head: bytes) -> str:
    """What the first bytes of a file look like, in words."""
    return _signature(head) or _markup(head) or ("empty" if not head else "something else")


def _signature(head: bytes) -> str | None:
    return next((words for start, words in SIGNATURES if head.startswith(start)), None)


def _markup(head: bytes) -> str | None:
    text = head.removeprefix(UTF8_MARK).lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return "a web page (HTML), often a login or error page saved under the file's name"
    return "XML or HTML" if re.match(rb"<[?!a-z/]", text) else None


def _json(head: bytes) -> str | None:
    text = head.removeprefix(UTF8_MARK).lstrip()
    return "JSON" if re.match(rb'(\{\s*"|\[\s*[\{\[])', text) else None


def _wrong_type(found: str, file_format: str) -> FileProblem:
    return FileProblem(
        f"the file is named .{file_format} but is {found}",
        f"Export it as {file_format}, or give it the ending that fits what it is.",
    )
