"""Paths of configuration files, as the index has them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from forensics.key import Key

__all__ = ["DriftPaths"]


class DriftPaths:
    """Rows of paths."""

    def __init__(self, connection: sqlite3.Connection, key: Key) -> None:
        self._db, self._key = connection, key
        self._rows: dict[bytes, int] = {}

    def mark(self, path: bytes) -> bytes:
        """What a path is known by."""
        return self._key.fingerprint(b"path\0" + path)

    def row(self, path: bytes, shown: Mapping[bytes, bytes]) -> int:
        """The row of a path, made inside the caller's transaction if there is none.

        Args:
            path: as it is.
            shown: paths with secrets in them masked, by what they are.
        """
        if path not in self._rows:
            masked = shown.get(path, path)
            # A planted index can have another name under this mark.
            row = self._db.execute(
                "INSERT INTO drift_path (mark, shown, masked) VALUES (?, ?, ?) ON CONFLICT (mark)"
                " DO UPDATE SET shown = excluded.shown, masked = excluded.masked RETURNING id",
                (self.mark(path), masked, int(masked != path)),
            ).fetchone()
            self._rows[path] = int(row[0])
        return self._rows[path]
