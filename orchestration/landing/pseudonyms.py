"""Pseudonyms of personal data: a keyed hash (HMAC-SHA256, 32 hexadecimal digits).

The key is made once, lies in one file that only its owner can read, and never reaches the
database, a log or dbt. Equal values get equal pseudonyms in every entity, so people can be
counted and joined; without the key nobody can guess who they are.
"""

import hmac
import os
from pathlib import Path

import pyarrow as pa

KEY_BYTES = 32
DIGITS = 32
CACHE_ENTRIES = 1_000_000  # about 200 MB; one run rarely meets as many people


class Pseudonyms:
    """Replaces values by pseudonyms, once per distinct value."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._known: dict[tuple[str, str], str] = {}

    def of(self, value: str, kind: str) -> str:
        """The pseudonym of one value; `kind` is the contract's class of personal data."""
        found = self._known.get((kind, value))
        if found is None:
            if len(self._known) >= CACHE_ENTRIES:
                self._known.clear()
            normal = value.strip().lower() if kind == "email" else value.strip()
            digest = hmac.digest(self._key, normal.encode(), "sha256")
            found = self._known[(kind, value)] = digest.hex()[:DIGITS]
        return found

    def of_column(self, column: pa.Array, kind: str) -> pa.Array:
        """A column of pseudonyms; null stays null."""
        encoded = column.dictionary_encode()
        values = [self.of(value, kind) for value in encoded.dictionary.to_pylist()]
        return pa.array(values, pa.string()).take(encoded.indices)


def load_key(path: Path) -> bytes:
    """Read the key, or make it if there is none. The file is 0600 in a folder of 0700."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    if not path.exists():
        _create(path)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ValueError(
            f"{path}: the pseudonym key has {len(key)} bytes, not {KEY_BYTES}. Restore it from "
            "your backup; a new key would give every person a new pseudonym."
        )
    return key


def _create(path: Path) -> None:
    """Write a new key beside its place and link it there: whole or not at all, never replaced."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:  # another process was first: its key is the key
            pass
    finally:
        draft.unlink()
