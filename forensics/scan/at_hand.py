"""Repositories kept open while somebody looks at what was found in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from forensics.git.inflate import Content
from forensics.git.repository import Repository
from forensics.index.database import Connection
from forensics.key import Key
from forensics.scan.read_again import (
    Contents,
    folder_contents,
    lasting_contents,
    scanned_repository,
)

__all__ = ["AtHand"]

_MOST = 8
"""Repositories that are open at once."""


class _Open(NamedTuple):
    place: Repository | Path | None
    contents: Contents | None
    kept: ExitStack


class AtHand:
    """Reads objects again out of the repositories of an index, one thread at a time.

    Args:
        key: the index's.
    """

    def __init__(self, key: Key) -> None:
        self._key = key
        self._lock = Lock()
        self._open: dict[int, _Open] = {}
        self._ended = False

    def read(
        self, connection: Connection, repository: int, oid: bytes, kind: str, path: bytes | None
    ) -> Content | None:
        """What stands in an object; None where it cannot be read again.

        Args:
            connection: of the index.
            repository: its row.
            oid: id of the object.
            kind: of the object.
            path: at which it stands; files are read by it.
        """
        with self._at_work():
            contents = self._of(connection, repository).contents
            return None if contents is None else contents.read(oid, kind, path)

    def place(self, connection: Connection, repository: int) -> Repository | Path | None:
        """The repository or folder of that row, if it is still where it was scanned."""
        with self._at_work():
            return self._of(connection, repository).place

    def repository(self, connection: Connection, row: int) -> Repository | None:
        """The repository of that row, if it is one and still where it was scanned."""
        place = self.place(connection, row)
        return place if isinstance(place, Repository) else None

    def close(self) -> None:
        """Let go of all, without a wait: while one is being read, whoever reads it does that."""
        self._ended = True
        if self._lock.acquire(blocking=False):
            try:
                for one in self._open.values():
                    one.kept.close()
                self._open.clear()
            finally:
                self._lock.release()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        finally:
            if self._ended:
                self.close()

    def _of(self, connection: Connection, row: int) -> _Open:
        found = self._open.get(row)
        if found is not None and found.place is not None:
            return found
        if len(self._open) >= _MOST:
            self._open.pop(next(iter(self._open))).kept.close()
        place, kept = scanned_repository(connection, self._key, row), ExitStack()
        contents: Contents | None = None
        if isinstance(place, Path):
            contents = folder_contents(place, self._key)
        elif place is not None:
            contents = kept.enter_context(lasting_contents(place))
        self._open[row] = found = _Open(place, contents, kept)
        return found
