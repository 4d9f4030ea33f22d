"""Reading the small files of a repository, which may be anything: a pipe, a device, a giant."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

__all__ = ["files_below", "read_small"]


def read_small(path: Path, most: int = 64 << 20) -> bytes:
    """The bytes of a regular file. Nothing else is waited for.

    Raises:
        OSError: it is missing, cannot be read, is not a regular file, or holds more than `most`
            bytes.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        if facts.st_size > most:
            raise OSError(errno.EFBIG, "it is too large", str(path))
        return file.read(most)


def files_below(folder: Path) -> Iterator[Path]:
    """What lies below a folder; links to other folders are not followed, nor is it one."""
    if not folder.is_symlink():
        for at, _, names in os.walk(folder):
            yield from (Path(at, name) for name in sorted(names))
