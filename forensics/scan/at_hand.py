"""Repositories kept open while somebody looks at what was found in them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, NamedTuple

from forensics.git.few_objects import few_objects
from forensics.git.inflate import Content
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects
from forensics.index.database import Connection
from forensics.index.shown_place import fingerprints_of
from forensics.key import Key
from forensics.scan.read_again import (
    Contents,
    folder_contents,
    object_contents,
    scanned_repository,
)

if TYPE_CHECKING:
    from forensics.scan.masked_object import Values

__all__ = ["AtHand"]

_MOST = 8
"""Repositories that are open at once."""


class _Open(NamedTuple):
    there: Repository | Path | None
    objects: SingleObjects | None
    """Of a repository."""
    contents: Contents | None
    packs: tuple[int, ...]
    """When packs came or went last."""
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
        self._values: dict[int, tuple[list[str], Values]] = {}
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

    def places(
        self, connection: Connection, rows: Iterable[int]
    ) -> Generator[SingleObjects | Path, None, None]:
        """Folders, and what reads the objects of repositories, of those rows that are still where
        they were scanned; each for this thread alone, until the next is asked for. To be closed.
        """
        for row in rows:
            with self._at_work():
                found = self._of(connection, row)
                if found.objects is not None:
                    yield found.objects
                elif isinstance(found.there, Path):
                    yield found.there

    @contextmanager
    def objects(self, connection: Connection, row: int) -> Iterator[SingleObjects | None]:
        """What reads the objects of that row's repository, if it is one and still where it was
        scanned; for this thread alone."""
        with closing(self.places(connection, [row])) as places:
            place = next(places, None)
            yield None if isinstance(place, Path) else place

    def values(self, connection: Connection, row: int) -> Values:
        """The values of a repository's secrets, to be masked; read again when it has others. They
        may learn more."""
        from forensics.scan.masked_object import Values
        from forensics.scan.setup import usual_setup
        from forensics.scan.values_at_hand import MOST, values_at_hand

        secrets = fingerprints_of(connection, row, MOST)
        before, values = self._values.get(row, ([], Values()))
        if before != secrets:
            with self.objects(connection, row) as single:
                if single is None:
                    return Values()
                setup = usual_setup(self._key)
                values = values_at_hand(connection, self._key, row, single, setup)
            self._values[row] = secrets, values
        return values.copy()

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
        if found is not None:
            if found.there is not None and found.packs == _packs(found.there):
                return found
            self._open.pop(row).kept.close()
        elif len(self._open) >= _MOST:
            self._open.pop(next(iter(self._open))).kept.close()
        there, kept = scanned_repository(connection, self._key, row), ExitStack()
        packs = _packs(there)
        objects: SingleObjects | None = None
        contents: Contents | None = None
        if isinstance(there, Path):
            contents = folder_contents(there, self._key)
        elif there is not None:
            objects = kept.enter_context(few_objects(there))
            contents = object_contents(objects)
        self._open[row] = found = _Open(there, objects, contents, packs, kept)
        return found


def _packs(there: Repository | Path | None) -> tuple[int, ...]:
    """When packs came or went last: whether they lead git astray is to be found out anew then."""
    found: list[int] = []
    folders = (there.objects, *there.alternates) if isinstance(there, Repository) else ()
    for objects in folders:
        try:
            found.append((objects / "pack").stat().st_mtime_ns)
        except OSError:
            found.append(0)
    return tuple(found)
