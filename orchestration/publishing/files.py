"""Files of a release: digests, durability, and text without the paths of the machine.

Which files a release has, and what is in them, is decided elsewhere.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from orchestration.publishing.facts import (
    DATABASE_FILE,
    DIGESTS_FILE,
    MANIFEST_FILE,
    PARQUET_FOLDER,
    README_FILE,
    DamagedRelease,
    PublishError,
)
from orchestration.settings import PROJECT_DIR, Settings

RESERVED = (DATABASE_FILE, DIGESTS_FILE, MANIFEST_FILE, PARQUET_FOLDER, README_FILE)
TEXT = {".css", ".csv", ".html", ".js", ".json", ".jsonl", ".log", ".md", ".ndjson", ".sql", ".txt",
        ".xml", ".yaml", ".yml"}  # fmt: skip


def walk(folder: Path) -> Iterator[str]:
    """Every file below `folder`, as a relative path with slashes, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix()


def sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def add_digests(folder: Path, known: dict[str, dict[str, int | str]]) -> None:
    """Add bytes and sha256 of every file below `folder` that is not among the `known` yet."""
    for name in walk(folder):
        if name not in known:
            path = folder / name
            known[name] = {"bytes": path.stat().st_size, "sha256": sha256(path)}


def write_digests(folder: Path, known: dict[str, dict[str, int | str]]) -> None:
    """Write SHA256SUMS, which `sha256sum -c` understands; it covers the manifest too."""
    lines = [f"{known[name]['sha256']}  {name}\n" for name in sorted(known)]
    (folder / DIGESTS_FILE).write_text("".join(lines), encoding="utf-8")


def verify_digests(folder: Path) -> None:
    """Raise DamagedRelease unless `folder` holds exactly the files of its SHA256SUMS, intact."""
    try:
        lines = (folder / DIGESTS_FILE).read_text(encoding="utf-8").splitlines()
        expected = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as error:
        raise DamagedRelease(f"{folder.name}: {DIGESTS_FILE} cannot be read: {error}") from error
    found = set(walk(folder)) - {DIGESTS_FILE}
    wrong = dict.fromkeys(set(expected) - found, "is missing")
    wrong |= dict.fromkeys(found - set(expected), "does not belong to it")
    wrong |= {
        name: "has other bytes than were published"
        for name in found & set(expected)
        if sha256(folder / name) != expected[name]
    }
    if wrong or not {DATABASE_FILE, MANIFEST_FILE} <= set(expected):
        named = "; ".join(f"{name} {what}" for name, what in sorted(wrong.items()))
        raise DamagedRelease(f"{folder.name}: {named or 'its digests name too few files'}")


def seal(folder: Path) -> None:
    """Put every file on the disk for good, read-only, and the folders that name them."""
    for name in walk(folder):
        sync(folder / name)
        (folder / name).chmod(0o444)
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """fsync a file or a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def attach(folder: Path, name: str, source: Path, settings: Settings) -> None:
    """Copy a file or folder into the release under `name`, its text without machine paths."""
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or name.startswith("/") or parts[0] in RESERVED:
        raise PublishError(f"Attachment {name!r}: choose a name inside the release that is free.")
    if not source.exists():
        raise PublishError(f"Attachment {name!r} was not made. Run the step that makes it first.")
    names = [(source / inner, f"{name}/{inner}") for inner in walk(source)]
    for origin, target in names if source.is_dir() else [(source, name)]:
        copy = folder / target
        copy.parent.mkdir(parents=True, exist_ok=True)
        if origin.suffix.lower() in TEXT:
            text = origin.read_text(encoding="utf-8", errors="surrogateescape")
            text = without_paths(text, settings)
            copy.write_text(text, encoding="utf-8", errors="surrogateescape", newline="")
        else:
            shutil.copyfile(origin, copy)


def without_paths(text: str, settings: Settings) -> str:
    """`text` with the folders of this machine replaced by their names."""
    folders = {
        "WAREHOUSE": settings.warehouse,
        "LANDING": settings.landing,
        "PROJECT": PROJECT_DIR,
        "HOME": Path.home(),
    }
    for name, folder in sorted(folders.items(), key=lambda item: -len(str(item[1]))):
        for form in {str(folder), str(folder.resolve())}:
            if len(form) > 1:  # a home of "/" would match everything
                text = re.sub(rf"(?<![\w.-]){re.escape(form)}(?![\w.-])", name, text)
    return text
