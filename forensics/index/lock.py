"""One scan at a time for one index."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forensics.errors import IndexWriteFailed, ScanRunning

__all__ = ["scan_lock"]


_held: set[int] = set()


def _let_go() -> None:
    """In a forked child: a worker that outlives its parent must not go on holding the lock."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)


@contextmanager
def scan_lock(index: Path) -> Iterator[None]:
    """Hold the lock beside the index; the system lets go of it if the process dies.

    Raises:
        ScanRunning: another process holds it.
        IndexWriteFailed: the lock file cannot be made.
    """
    file = index.with_name(index.name + ".lock")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise IndexWriteFailed(
            f"{file} cannot be made: {error.strerror}", "name another index with --index"
        ) from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise ScanRunning(
            f"another scan is writing {index}", "wait for it, or name another index with --index"
        ) from None
    _held.add(descriptor)
    try:
        yield
    finally:
        _held.discard(descriptor)
        os.close(descriptor)
