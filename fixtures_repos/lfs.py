"""Pointers and payloads of Git LFS, as its own client would leave them."""

from __future__ import annotations

import hashlib
from pathlib import Path

__all__ = ["payload_path", "pointer", "store"]


def pointer(payload: bytes) -> bytes:
    """What is committed for a payload."""
    digits = hashlib.sha256(payload).hexdigest()
    text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{digits}\nsize {len(payload)}\n"
    return text.encode()


def payload_path(git_dir: Path, payload: bytes) -> Path:
    """Where a payload belongs."""
    digits = hashlib.sha256(payload).hexdigest()
    return git_dir / "lfs" / "objects" / digits[:2] / digits[2:4] / digits


def store(git_dir: Path, payload: bytes) -> Path:
    """Put a payload where it belongs."""
    path = payload_path(git_dir, payload)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(payload)
    return path
