"""Loose objects. Source: https://git-scm.com/docs/gitformat-loose"""

from __future__ import annotations

import mmap
import os
import re
import stat
from pathlib import Path

from isal import isal_zlib

from forensics.git.inflate import Content, Damaged, InflateError, Limits, inflate

__all__ = ["loose_path", "map_file", "read_loose"]

_HEADER = re.compile(rb"(blob|tree|commit|tag) (\d{1,18})\0")


def loose_path(objects: Path, oid: bytes) -> Path:
    """Where a loose object of this id lies."""
    name = oid.hex()
    return objects / name[:2] / name[2:]


def map_file(path: Path) -> memoryview:
    """The bytes of a regular file; of anything else, a pipe say, none are waited for.

    Raises:
        Damaged: it is missing, empty or cannot be read.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise Damaged(f"its file cannot be read: {error.strerror}") from None
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or not facts.st_size:
            raise Damaged("its file is empty")
        return memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
    except OSError as error:
        raise Damaged(f"its file cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)


def read_loose(objects: Path, oid: bytes, limits: Limits) -> tuple[str, Content]:
    """Kind and content of a loose object.

    Raises:
        Damaged: it is missing, or not what it declares.
    """
    data = map_file(loose_path(objects, oid))
    try:
        start = isal_zlib.decompressobj().decompress(data, 64)
    except InflateError:
        raise Damaged("its compressed data is damaged") from None
    header = _HEADER.match(start)
    if header is None:
        raise Damaged("its file does not start with a header")
    size = int(header[2]) + header.end()
    return header[1].decode(), inflate(data, size, limits, skip=header.end())
