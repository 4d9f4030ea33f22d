"""How far the rotation of every secret has come, kept while no scan changes what history says."""

from __future__ import annotations

from threading import Lock

from forensics.index.database import Connection
from forensics.index.decision import decisions
from forensics.index.journal_pages import last_beside
from forensics.index.life import Lives
from forensics.lifecycle.stages import RotationRow, restated, rotation_rows

__all__ = ["Stages"]

_OF_PEOPLE = ("triaged", "undone", "reopened", "imported", "exported", "revealed")
"""Rows of the journal after which history says what it did before."""


class Stages:
    """Stages by fingerprint; what takes long is done once. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._read: tuple[int, list[RotationRow]] | None = None

    def __call__(self, connection: Connection, now: float) -> dict[str, str]:
        """One of `STAGES` each, or empty where a secret is not to be rotated."""
        decided = {one.secret: one for one in decisions(connection)}
        found = {}
        for row in self._rows(connection, now):
            one = decided.get(row.secret)
            if one is not None:
                row = restated(row, one.decision, one.revision)._replace(state=one.state(now))
            found[row.secret] = row.stage
        return found

    def _rows(self, connection: Connection, now: float) -> list[RotationRow]:
        told = last_beside(connection, _OF_PEOPLE)
        with self._lock:
            if self._read is not None and self._read[0] == told:
                return self._read[1]
        rows = rotation_rows(Lives(connection), {}, now)
        with self._lock:
            self._read = told, rows
        return rows
