"""The line of the default branch as the index has it: its repository is not needed."""

from __future__ import annotations

from typing import NamedTuple

from forensics.drift.file_record import as_reading
from forensics.drift.model import Change, Line, Reading, Step
from forensics.index.database import Connection
from forensics.index.drift_lines import LineStore, default_readers
from forensics.index.drift_paths import DriftPaths
from forensics.index.drift_readings import ReadingStore
from forensics.key import Key

__all__ = ["Stored", "StoredReadings", "stored_line"]

_LOST = Reading((), "the index has it no more")


class Stored(NamedTuple):
    """A line, and whose it is."""

    line: Line
    repository: int
    """Its row."""
    reader: bytes
    """What told the line and read its files."""
    left_out: int
    """Files whose names the index has masked only: they are not on the line."""


def stored_line(connection: Connection, key: Key, repository: int | None = None) -> Stored | None:
    """The line of a default branch, as it was read last; None where none is stored, or its seal is
    not right.

    Args:
        connection: of the index, for reading.
        key: the index's.
        repository: its row; without it the first that has a line.
    """
    paths = DriftPaths(connection, key)
    for row, reader in default_readers(connection):
        if repository not in (None, row):
            continue
        store = LineStore(connection, key, row, reader, paths, to_read=True)
        line = store.lines().get(store.mark(None))
        if line is None:
            continue
        masked: set[bytes] = set()
        steps = []
        for step in store.steps(line.step):
            masked.update(one.mark for one in step.changes if not one.path)
            changes = sorted(
                Change(one.path, one.before, one.after) for one in step.changes if one.path
            )
            steps.append(
                Step(step.oid, step.author, step.time, step.offset, tuple(changes), step.merge)
            )
        told = Line(line.ref, line.tip, line.tip_time, tuple(steps), line.cut)
        return Stored(told, row, reader, len(masked))
    return None


class StoredReadings:
    """What stood in the versions of a line's files, as the index has it."""

    def __init__(self, connection: Connection, key: Key, stored: Stored) -> None:
        """For the thread of this connection."""
        self._store = ReadingStore(
            connection, key, stored.repository, stored.reader, DriftPaths(connection, key),
            to_read=True,
        )  # fmt: skip
        self.lost = False
        """Whether the index lacked any that was asked for."""

    def __call__(self, path: bytes, blob: bytes) -> Reading:
        """What a version of a file holds; one in trouble where the index has it no more."""
        found = self._store.reading(path, blob)
        self.lost |= found is None
        return _LOST if found is None else as_reading(found)
