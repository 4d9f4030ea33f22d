"""How far the rotation of every secret has come, kept until anybody changes that."""

from __future__ import annotations

import sqlite3
from threading import Lock

from forensics.lifecycle.stages import stages_by_row

__all__ = ["Stages"]

_CHANGES = """
SELECT (SELECT max(id) FROM journal),
    (SELECT id || ' ' || coalesce(finished, '') FROM run ORDER BY id DESC LIMIT 1),
    (SELECT count(*) || ' ' || coalesce(sum(expires <= ?), 0) FROM triage WHERE ended_by IS NULL)
"""
"""Another answer as soon as stages may be others: scans and people are told of in the journal, and
decisions expire."""


class Stages:
    """Stages by row of the secret; worked out once. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: tuple[object, dict[int, str]] | None = None

    def __call__(self, connection: sqlite3.Connection, now: float) -> dict[int, str]:
        """One of `STAGES` each, or empty where a secret is not to be rotated."""
        changes = connection.execute(_CHANGES, (now,)).fetchone()
        with self._lock:
            if self._kept is not None and self._kept[0] == changes:
                return self._kept[1]
        found = stages_by_row(connection, now)
        with self._lock:
            self._kept = changes, found
        return found
