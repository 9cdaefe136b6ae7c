"""An archived file written again without a person: the same lines, the same columns, fewer facts.

Every line keeps its number and every record its values, but for those of the person; so the file
lands as it did, and what it gave is corrected cell by cell. Which files are written again, and what
happens to the old bytes, is decided by `erasing.erasure`.
"""

import codecs
import gzip
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from orchestration.contracts import Contract
from orchestration.landing.erasing.changes import Changes
from orchestration.landing.erasing.csv_records import rewrite_csv
from orchestration.landing.erasing.json_lines import rewrite_json_lines
from orchestration.landing.erasing.parquet_columns import rewrite_parquet
from orchestration.landing.erasing.values import ErasedValues
from orchestration.landing.streams import TextStream, gunzip

Kinds = Mapping[str, str]


def rewrite(
    path: Path,
    file_format: str,
    contract: Contract,
    kinds: Kinds,
    values: ErasedValues,
    draft: Path,
) -> Changes:
    """Write `path`, a file that has landed, to `draft` without `values`.

    `kinds` has the class of personal data by column. Raises FileProblem where the file does not
    read as its contract says.
    """
    if file_format == "parquet":
        return rewrite_parquet(path, kinds, values, draft)
    stream = TextStream(path, file_format, contract.encoding)
    changes = Changes()
    is_csv = file_format.startswith("csv")
    looked_at = _whole_lines(TextStream(path, file_format, contract.encoding))
    # JSON may write any character as an escape.
    if not any(values.perhaps_in(text) or ("\\" in text and not is_csv) for text, _ in looked_at):
        return changes
    if is_csv:
        texts = rewrite_csv(_whole_lines(stream), contract.delimiter, kinds, values, changes)
    else:
        texts = rewrite_json_lines(_whole_lines(stream), kinds, values, changes)
    with _writing(draft, file_format, contract.encoding) as write:
        for text in texts:
            write(text)
    return changes


def rewrite_unread(
    path: Path,
    file_format: str | None,
    contract: Contract | None,
    kinds: Kinds,
    values: ErasedValues,
    draft: Path,
) -> bool:
    """The same for a file of which nothing landed; tells whether it held any of the values.

    They are looked for as words, in memory. Raises FileProblem where its bytes cannot be read.
    """
    if file_format == "parquet":
        return bool(rewrite_parquet(path, kinds, values, draft))
    data = path.read_bytes()
    is_zipped = (file_format or "").endswith(".gz")
    if is_zipped:
        data = b"".join(gunzip(iter([data])))
    text, encoding = _decoded(data, contract.encoding if contract else "utf-8")
    changed = values.without_words(text)
    if changed != text:
        data = changed.encode(encoding)
        draft.write_bytes(gzip.compress(data, mtime=0) if is_zipped else data)
    return changed != text


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    for each in (encoding, "utf-8"):
        with suppress(UnicodeDecodeError):
            return data.decode(each), each
    return data.decode("latin-1"), "latin-1"  # knows every byte


def _whole_lines(stream: TextStream) -> Iterator[tuple[str, bool]]:
    """Text in whole lines, each with its end, and whether it is the last of the file."""
    pending = b""
    blocks = stream.blocks()
    chunk = next(blocks, None)
    while chunk is not None:
        upcoming = next(blocks, None)
        data = pending + chunk
        cut = len(data) if upcoming is None else data.rfind(b"\n") + 1
        if cut:
            yield data[:cut].decode(), upcoming is None
        pending, chunk = data[cut:], upcoming


@contextmanager
def _writing(draft: Path, file_format: str, encoding: str) -> Iterator[Callable[[str], object]]:
    """A function that writes text as bytes of a format and an encoding."""
    encoder = codecs.getincrementalencoder(encoding)()
    with draft.open("wb") as file:
        if not file_format.endswith(".gz"):
            yield lambda text: file.write(encoder.encode(text))
            return
        # Without a name or time of its own, so that equal text gives equal bytes.
        with gzip.GzipFile(
            filename="", fileobj=cast(IO[bytes], file), mode="wb", mtime=0
        ) as zipped:
            yield lambda text: zipped.write(encoder.encode(text))
