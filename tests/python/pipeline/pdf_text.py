"""The text of a PDF that WeasyPrint wrote: its glyphs, read back through each font's own table."""

import re
import zlib

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
PAIR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
SHOWN = re.compile(rb"\[((?:[^\[\]])*)\]\s*TJ|(<[0-9A-Fa-f]*>)\s*Tj")
HEX = re.compile(rb"<([0-9A-Fa-f]*)>")
GLYPH = 4  # hexadecimal digits


def texts(content: bytes) -> list[str]:
    """The whole text once for each font: what another font shows is gibberish in it, what it shows
    itself is as people read it. A text that is in none of them is not in the PDF."""
    streams = [_unpacked(found) for found in STREAM.findall(content)]
    tables = [_table(each) for each in streams if b"beginbfchar" in each or b"beginbfrange" in each]
    assert tables, "no font says what its glyphs mean"
    return [
        "\n".join(
            "".join(table.get(glyph, "\ufffd") for glyph in _glyphs(shown))
            for each in streams
            for shown in _shown(each)
        )
        for table in tables
    ]


def _unpacked(stream: bytes) -> bytes:
    try:
        # A stream whose last byte looks like a line end loses it above, which this forgives.
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return stream


def _table(stream: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", stream, re.DOTALL):
        for glyph, meaning in PAIR.findall(block):
            found[glyph.decode().lower()] = bytes.fromhex(meaning.decode()).decode("utf-16-be")
    return found


def _shown(stream: bytes) -> list[str]:
    found = []
    for several, one in SHOWN.findall(stream):
        found.append("".join(part.decode() for part in HEX.findall(several or one)))
    return found


def _glyphs(shown: str) -> list[str]:
    return [shown[at : at + GLYPH].lower() for at in range(0, len(shown), GLYPH)]
