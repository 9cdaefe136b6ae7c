"""Scorecards of a release as files: a folder per release that is there whole or not at all.

Cards are written one by one into a folder beside, each by a rename; a run that was stopped goes on
where it was. Only when all are there is the folder renamed.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from orchestration.locking import alone
from orchestration.scorecards.reading import Reader
from orchestration.scorecards.rendering import ScorecardError, as_html, as_pdf

FORMATS = {"html": ("html",), "pdf": ("pdf",), "both": ("html", "pdf")}
MARK = ".scorecards"  # in a folder of ours
PLAIN = re.compile(r"[^A-Za-z0-9_-]")
LONGEST = 120
EVERY = 10.0  # seconds between two words about progress


@dataclass(frozen=True)
class Written:
    """`cards` were asked for, `fresh` of them written now; the rest was there. `seconds` is what
    those took."""

    folder: Path
    cards: int
    fresh: int
    seconds: float


def write_scorecards(
    reader: Reader,
    target: Path,
    partners: Sequence[str] = (),
    format_name: str = "both",
    currency: str = "EUR",
    progress: Callable[[str], None] = lambda _line: None,
) -> Written:
    """Write cards (default: of all partners) to the folder `target`/<release>."""
    chosen = _chosen(reader, partners)
    folder = target.absolute() / str(reader.about["release_id"])
    folder.parent.mkdir(parents=True, exist_ok=True)
    started = monotonic()
    busy = ScorecardError(f"Another process writes {folder}. Wait for it.")
    with alone(folder, busy):
        part = folder.with_name(f".{folder.name}.part")
        _begin(part, folder)
        fresh = _write(reader, part, folder, chosen, FORMATS[format_name], currency, progress)
        _finish(part, folder)
    return Written(folder, len(chosen), fresh, monotonic() - started)


def file_name(partner_id: str) -> str:
    """A name that every file system takes, another one for every partner."""
    plain = PLAIN.sub(lambda found: f"%{ord(found.group()):x}.", partner_id)
    if len(plain) > LONGEST:
        plain = f"{plain[:LONGEST]}%{hashlib.sha256(partner_id.encode()).hexdigest()[:16]}"
    return plain


def _chosen(reader: Reader, partners: Sequence[str]) -> list[str]:
    known = reader.partner_ids()
    if unknown := sorted(set(partners) - set(known)):
        such = f" Name partners by their identifier, such as {known[0]}." if known else ""
        raise ScorecardError(f"The release has no partner {', '.join(unknown)}.{such}")
    return [each for each in known if not partners or each in set(partners)]


def _write(
    reader: Reader, part: Path, folder: Path, chosen: Sequence[str], kinds: Sequence[str],
    currency: str, progress: Callable[[str], None],
) -> int:  # fmt: skip
    fresh, told = 0, monotonic()
    for number, partner_id in enumerate(chosen, start=1):
        names = [f"{file_name(partner_id)}.{kind}" for kind in kinds]
        missing = [
            name for name in names if not ((part / name).exists() or (folder / name).exists())
        ]
        if missing:
            page = as_html(reader, reader.card(partner_id), currency)
            for name in missing:
                _put(part / name, as_pdf(page) if name.endswith(".pdf") else page.encode())
            fresh += 1
        if monotonic() - told > EVERY:
            progress(f"{number} of {len(chosen)} scorecards")
            told = monotonic()
    return fresh


def _put(path: Path, content: bytes) -> None:
    """A file is there whole or not at all."""
    half = path.with_name(f".{path.name}.half")
    with half.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)


def _begin(part: Path, folder: Path) -> None:
    if folder.exists() and not (folder / MARK).exists():
        raise ScorecardError(f"{folder} holds something else. Name another folder with --to.")
    part.mkdir(mode=0o700, exist_ok=True)
    for half in part.glob(".*.half"):
        half.unlink()


def _finish(part: Path, folder: Path) -> None:
    _put(part / MARK, b"Scorecards for partners, each for one of them only.\n")
    if not folder.exists():
        os.rename(part, folder)
        return
    for path in part.iterdir():
        os.replace(path, folder / path.name)
    shutil.rmtree(part)
