"""Files in the user's own cache, believed only if they carry the seal of the user's key."""

from __future__ import annotations

import hmac
import os
from contextlib import suppress
from pathlib import Path

__all__ = ["read_sealed", "write_sealed"]

_SEAL_BYTES = 32


def _seal(file: Path, key: bytes, data: bytes) -> bytes:
    """Of the name too, so that no file can stand in for another."""
    return hmac.digest(key, file.name.encode() + b"\0" + data, "sha256")


def read_sealed(file: Path, key: bytes) -> bytes | None:
    """What was written to `file` with this key; None if it is missing or its seal is wrong."""
    try:
        sealed = file.read_bytes()
    except OSError:
        return None
    seal, data = sealed[:_SEAL_BYTES], sealed[_SEAL_BYTES:]
    return data if hmac.compare_digest(seal, _seal(file, key, data)) else None


def write_sealed(file: Path, key: bytes, data: bytes) -> None:
    """Write `data` for `read_sealed`. A cache that cannot be written costs time only."""
    unfinished = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.write_bytes(_seal(file, key, data) + data)
        unfinished.replace(file)
    except OSError:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
