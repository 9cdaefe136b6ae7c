"""Bytes of an archived text file as clean UTF-8 blocks, in bounded memory, in one pass.

Decompresses (checking every gzip checksum), decodes the contract's encoding, and refuses NUL
and lone carriage returns. Counts the physical lines, independently of any parser: what readers
account for is compared with this count. Knows nothing of CSV or JSON.
"""

import codecs
import zlib
from collections.abc import Iterator
from pathlib import Path

from orchestration.landing import preflight
from orchestration.landing.problems import FileProblem

CHUNK = 1 << 20
BLOCK = 8 << 20
MAX_RECORD = 32 << 20  # bytes of one line or one quoted record: above every honest field


class TextStream:
    """Iterate over blocks of UTF-8; `lines` and `encoding` problems are known at the end."""

    def __init__(self, path: Path, file_format: str, encoding: str) -> None:
        self.path = path
        self.format = file_format
        self.encoding = encoding
        self.lines = 0
        self._last = b"\n"

    def blocks(self, size: int = BLOCK) -> Iterator[bytes]:
        """Blocks of about `size` bytes, cut anywhere. Raises FileProblem where one shows."""
        pending: list[bytes] = []
        held = 0
        for chunk in self._clean():
            pending.append(chunk)
            held += len(chunk)
            if held >= size:
                yield b"".join(pending)
                pending, held = [], 0
        if held:
            yield b"".join(pending)
        if self._last != b"\n":
            self.lines += 1

    def _clean(self) -> Iterator[bytes]:
        carry = b""  # a carriage return at the end of a chunk: its line feed may follow
        for chunk in self._decoded():
            chunk = carry + chunk
            carry = b"\r" if chunk.endswith(b"\r") else b""
            chunk = chunk[: len(chunk) - len(carry)]
            if not chunk:
                continue
            self._refuse_bytes(chunk)
            self.lines += chunk.count(b"\n")
            self._last = chunk[-1:]
            yield chunk
        if carry:
            raise self._lone_return(self.lines + 1)

    def _refuse_bytes(self, chunk: bytes) -> None:
        if (at := chunk.find(b"\0")) >= 0:
            raise FileProblem(
                f"line {self._line(chunk, at)} holds a NUL byte",
                "Export the file again as plain UTF-8 text; NUL bytes come from UTF-16 or from "
                "a damaged disk or transfer.",
            )
        returns = chunk.count(b"\r")
        if returns and returns != chunk.count(b"\r\n"):
            at = next(i for i in _each(chunk, b"\r") if chunk[i + 1 : i + 2] != b"\n")
            raise self._lone_return(self._line(chunk, at))

    def _line(self, chunk: bytes, at: int) -> int:
        return self.lines + chunk.count(b"\n", 0, at) + 1

    @staticmethod
    def _lone_return(line: int) -> FileProblem:
        return FileProblem(
            f"line {line} holds a carriage return that is not followed by a line feed",
            "Export the file with line ends LF or CRLF.",
        )

    def _decoded(self) -> Iterator[bytes]:
        name = codecs.lookup(self.encoding).name
        # The validity of UTF-8 is checked by the readers, per block: most blocks are ASCII.
        plain = name in ("utf-8", "utf-8-sig", "ascii")
        yield from _without_mark(self._typed() if plain else self._transcoded(name))

    def _transcoded(self, name: str) -> Iterator[bytes]:
        decoder = codecs.getincrementaldecoder(name)("strict")
        lines = 0
        try:
            for chunk in self._typed():
                text = decoder.decode(chunk)
                lines += text.count("\n")
                yield text.encode()
            yield decoder.decode(b"", final=True).encode()
        except UnicodeError as error:
            raise FileProblem(
                f"near line {lines + 1} the file is not {self.encoding}, which its contract names",
                "Correct `encoding` in the entity's contract, or export the file again.",
            ) from error

    def _typed(self) -> Iterator[bytes]:
        """Raw bytes after decompression, the first of them checked for type and marks."""
        first = True
        for chunk in self._raw():
            if first:
                preflight.check_marks(chunk[:4], self.encoding)
                if self.format.endswith(".gz"):
                    preflight.check_text(chunk[:1024], self.format)
                first = False
            yield chunk

    def _raw(self) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            chunks = iter(lambda: file.read(CHUNK), b"")
            yield from gunzip(chunks) if self.format.endswith(".gz") else chunks


def gunzip(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Decompress gzip members one after the other; zlib verifies the CRC and length of each."""
    remedy = "Send the file again; compare its size and sha256 with the sender's."
    member = zlib.decompressobj(wbits=31)
    begun = False
    try:
        for chunk in chunks:
            while chunk:
                if member.eof:
                    if not chunk.strip(b"\0"):  # padding of tapes and blocks
                        break
                    member, begun = zlib.decompressobj(wbits=31), False
                begun = True
                if data := member.decompress(chunk, CHUNK):
                    yield data
                chunk = member.unused_data if member.eof else member.unconsumed_tail
        while begun and not member.eof and (data := member.decompress(b"", CHUNK)):
            yield data
    except zlib.error as error:
        raise FileProblem("the gzip file is damaged: its checksum is wrong", remedy) from error
    if not member.eof:
        raise FileProblem("the gzip file is cut off before its end", remedy)


def not_utf8(block: bytes, first_line: int, error: UnicodeDecodeError) -> FileProblem:
    """The problem of a block that is not UTF-8, naming the line."""
    line = first_line + block.count(b"\n", 0, error.start)
    return FileProblem(
        f"line {line} is not valid UTF-8 (byte 0x{block[error.start]:02x})",
        "Export the file as UTF-8, or state its `encoding` (often cp1252 or latin-1) in the "
        "entity's contract.",
    )


def _without_mark(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = True
    for chunk in chunks:
        yield chunk.removeprefix(preflight.UTF8_MARK) if first else chunk
        first = False


def _each(chunk: bytes, what: bytes) -> Iterator[int]:
    at = chunk.find(what)
    while at >= 0:
        yield at
        at = chunk.find(what, at + 1)
