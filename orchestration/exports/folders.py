"""A folder that is there whole or not at all, also after a kill.

Everything is written beside and renamed. What is in the files is not known here.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestration.exports.facts import ExportError
from orchestration.locking import alone

MARKER = "export.json"


@contextmanager
def whole_folder(target: Path, marker: Mapping[str, Any]) -> Iterator[Path]:
    """Gives a folder to write to, which becomes `target` when all went well.

    An earlier export is replaced; a folder with anything else in it is refused.
    """
    target = target.absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    busy = ExportError(f"Another export writes {target}. Wait until it is done.")
    with alone(target, busy):
        _tidy(target)
        if target.exists() and not _is_ours(target):
            raise ExportError(
                f"{target} is not empty and no earlier export. Name another folder with --to."
            )
        folder = Path(tempfile.mkdtemp(prefix=f".{target.name}.incoming-", dir=target.parent))
        folder.chmod(0o755)  # mkdtemp lets only its owner in
        try:
            yield folder
            text = json.dumps(dict(marker), indent=1, default=str, ensure_ascii=False)
            (folder / MARKER).write_text(text + "\n", encoding="utf-8")
            _sync(folder)
            _swap(folder, target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _is_ours(target: Path) -> bool:
    return target.is_dir() and ((target / MARKER).exists() or not any(target.iterdir()))


def _swap(folder: Path, target: Path) -> None:
    former = target.with_name(f".{target.name}.former")
    if target.exists():
        os.rename(target, former)
    os.rename(folder, target)
    shutil.rmtree(former, ignore_errors=True)


def _tidy(target: Path) -> None:
    """Undo what a killed export left. The lock is held, so nothing of it is in use."""
    former = target.with_name(f".{target.name}.former")
    if former.exists() and not target.exists():
        os.rename(former, target)
    shutil.rmtree(former, ignore_errors=True)
    for left in target.parent.glob(f".{target.name}.incoming-*"):
        shutil.rmtree(left, ignore_errors=True)


def _sync(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
