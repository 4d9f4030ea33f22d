"""Contents that findings stand in, read again when a report is made."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from forensics.errors import NotARepository
from forensics.git.inflate import Content, Damaged
from forensics.git.repository import Repository, open_repository
from forensics.git.single import SingleObjects, careful_objects
from forensics.index.database import Connection
from forensics.index.reported import repository_path
from forensics.index.writer import repository_mark
from forensics.key import Key

__all__ = [
    "Contents",
    "folder_contents",
    "no_contents",
    "object_contents",
    "repository_contents",
    "scanned_repository",
]

_LARGEST_FILE = 64 << 20


class Contents(Protocol):
    """Gives what stands in an object, or None where it cannot be read again."""

    def read(self, oid: bytes, kind: str, path: bytes | None) -> Content | None:
        """The content of an object of git by its id, or of a file by its path."""


class _Objects:
    def __init__(self, single: SingleObjects) -> None:
        self._single = single

    def read(self, oid: bytes, kind: str, path: bytes | None) -> Content | None:
        """An object of git."""
        if kind not in ("blob", "commit", "tag", "tree"):
            return None
        try:
            return self._single.read_any_size(oid)[1]
        except Damaged:
            return None


class _Files:
    def __init__(self, root: Path, key: Key) -> None:
        self._root, self._key = root, key

    def read(self, oid: bytes, kind: str, path: bytes | None) -> Content | None:
        """A file, if its name is not masked."""
        if kind != "file" or path is None or self._key.fingerprint(b"file\0" + path) != oid:
            return None
        try:
            descriptor = os.open(
                self._root / os.fsdecode(path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
            )
            with open(descriptor, "rb") as opened:
                content = opened.read(_LARGEST_FILE + 1)
        except OSError:
            return None
        return content if len(content) <= _LARGEST_FILE else None


class _Nothing:
    def read(self, oid: bytes, kind: str, path: bytes | None) -> Content | None:
        """None."""
        return None


@contextmanager
def repository_contents(repository: Repository) -> Iterator[Contents]:
    """Objects of a repository. Packs with faults are read by our own reader, as in a scan."""
    with careful_objects(repository) as single:
        yield object_contents(single)


def object_contents(single: SingleObjects) -> Contents:
    """Objects of a repository that somebody has open."""
    return _Objects(single)


def folder_contents(root: Path, key: Key) -> Contents:
    """Files of a folder that was scanned as such."""
    return _Files(root.resolve(), key)


def no_contents() -> Contents:
    """Of what cannot be read twice, such as a stream."""
    return _Nothing()


def scanned_repository(connection: Connection, key: Key, row: int) -> Repository | Path | None:
    """The repository or folder of a row of the index, if it is still where it was scanned and
    its path is not masked."""
    shown, mark = repository_path(connection, row)
    place = Path(os.fsdecode(shown))
    if repository_mark(key, shown, folder=True) == mark and place.is_dir():
        return place
    if repository_mark(key, shown) != mark:
        return None
    try:
        return open_repository(place)
    except NotARepository:
        return None
