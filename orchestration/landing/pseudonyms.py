"""Pseudonyms of personal data: a keyed hash (HMAC-SHA256, 32 hexadecimal digits).

The key is made once, lies in one file that only its owner can read, and never reaches the
database, a log or dbt. Equal values get equal pseudonyms in every entity, so people can be
counted and joined; without the key nobody can guess who they are.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

KEY_BYTES = 32
BLOCK = 64  # bytes of a SHA-256 block
DIGITS = 32
CACHE_ENTRIES = 500_000  # about 100 MB; one run rarely meets as many people


class Pseudonyms:
    """Replaces values by pseudonyms, once per distinct value."""

    def __init__(self, key: bytes) -> None:
        # HMAC by its definition (RFC 2104), the two keyed states made once: a third of the cost
        # of `hmac.digest` per value. A test compares the two.
        padded = key.ljust(BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))
        self._known: dict[str, dict[str, str]] = {}

    def of(self, value: str, kind: str) -> str:
        """The pseudonym of one value; `kind` is the contract's class of personal data."""
        return self._of_all([value], kind)[0]

    def of_column(self, column: pa.Array, kind: str) -> pa.Array:
        """A column of pseudonyms; null stays null."""
        encoded = column.dictionary_encode()
        values = encoded.dictionary.to_pylist()
        known = self._known.setdefault(kind, {})
        if len(known) + len(values) > CACHE_ENTRIES:
            known.clear()
        new = [value for value in values if value not in known]
        known.update(zip(new, self._of_all(new, kind), strict=True))
        return pa.array([known[value] for value in values], pa.string()).take(encoded.indices)

    def _of_all(self, values: list[str], kind: str) -> list[str]:
        found = []
        for value in values:
            normal = value.strip().lower() if kind == "email" else value.strip()
            inner, outer = self._inner.copy(), self._outer.copy()
            inner.update(normal.encode())
            outer.update(inner.digest())
            found.append(outer.hexdigest()[:DIGITS])
        return found


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
        with suppress(FileExistsError):  # another process was first: its key is the key
            os.link(draft, path)
    finally:
        draft.unlink()
