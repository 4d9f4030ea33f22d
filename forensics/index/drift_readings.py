"""What versions of configuration files hold, each read once. Believed only under seal."""

from __future__ import annotations

import hmac
import marshal
import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from forensics.index.database import writing
from forensics.index.drift_paths import DriftPaths
from forensics.key import Key

__all__ = ["Observed", "ReadingStore", "StoredReading"]

Observed = tuple[str, str, int, str, str, bytes, bytes, str]
"""Environment, key, line, kind, type, fingerprint, shape and traits of one observation."""

_Value = tuple[str, str, bytes, bytes, str]
"""Kind, type, fingerprint, shape and traits."""


class StoredReading(NamedTuple):
    """What one version of a file holds."""

    component: str
    environment: str
    role: str
    trouble: str
    observed: tuple[Observed, ...]


class ReadingStore:
    """The readings of one repository, as one reader made them."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        key: Key,
        repository: int,
        reader: bytes,
        paths: DriftPaths,
        *,
        to_read: bool = False,
    ) -> None:
        """Drop what other readers made.

        Args:
            connection: of the index.
            key: the index's.
            repository: its row.
            reader: what tells configuration files from others and reads them.
            paths: the rows of paths.
            to_read: whether nothing is dropped.
        """
        self._db, self._key, self._repository, self._reader = connection, key, repository, reader
        self._paths = paths
        self._keys: dict[tuple[str, str], int] = {}
        self._values: dict[_Value, int] = {}
        self._key_of: dict[int, tuple[str, str] | None] = {}
        self._value_of: dict[int, _Value | None] = {}
        if not to_read:
            self._forget_others()

    def reading(self, path: bytes, blob: bytes) -> StoredReading | None:
        """A version of a file, if it was read and its seal is right."""
        row = self._db.execute(
            "SELECT drift_reading.id, component, environment, role, trouble, seal"
            " FROM drift_reading JOIN drift_path ON drift_path.id = path_id"
            " WHERE repository_id = ? AND mark = ? AND blob = ? AND reader = ?",
            (self._repository, self._paths.mark(path), blob, self._reader),
        ).fetchone()
        if row is None:
            return None
        rows = self._db.execute(
            "SELECT key_id, line, value_id FROM drift_observation WHERE reading_id = ?"
            " ORDER BY number",
            (row[0],),
        ).fetchall()
        observed: list[Observed] = []
        for key, line, value in rows:
            named, told = self._key_at(key), self._value_at(value)
            if named is None or told is None:
                return None
            observed.append((*named, line, *told))
        reading = StoredReading(row[1], row[2], row[3], row[4], tuple(observed))
        return reading if hmac.compare_digest(row[5], self._seal(path, blob, reading)) else None

    def read_before(self) -> set[tuple[bytes, bytes]]:
        """Marks of paths, and blobs, of which there is a reading, whatever its seal."""
        rows = self._db.execute(
            "SELECT mark, blob FROM drift_reading JOIN drift_path ON drift_path.id = path_id"
            " WHERE repository_id = ? AND reader = ?",
            (self._repository, self._reader),
        )
        return set(rows)

    def add(
        self, path: bytes, blob: bytes, reading: StoredReading, shown: Mapping[bytes, bytes]
    ) -> None:
        """Store what a version of a file holds in place of what was stored of it, inside the
        caller's transaction. Keys are masked already."""
        place = self._paths.row(path, shown)
        self._db.execute(
            "DELETE FROM drift_reading WHERE repository_id = ? AND path_id = ? AND blob = ?",
            (self._repository, place, blob),
        )
        row = self._db.execute(
            "INSERT INTO drift_reading (repository_id, path_id, blob, component, environment, role,"
            " trouble, reader, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (self._repository, place, blob, *reading[:4], self._reader,
             self._seal(path, blob, reading)),
        ).fetchone()  # fmt: skip
        # A planted index can have rows of a reading that was not there.
        self._db.execute("DELETE FROM drift_observation WHERE reading_id = ?", row)
        self._db.executemany(
            "INSERT INTO drift_observation VALUES (?, ?, ?, ?, ?)",
            [
                (row[0], number, self._key_row(one[0], one[1]),
                 self._value_row(one[3:]), one[2])
                for number, one in enumerate(reading.observed)
            ],
        )  # fmt: skip

    def _forget_others(self) -> None:
        others = (self._repository, self._reader)
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM drift_reading WHERE repository_id = ? AND reader <> ?)",
            others,
        ).fetchone()
        if row[0]:
            with writing(self._db):
                self._db.execute(
                    "DELETE FROM drift_reading WHERE repository_id = ? AND reader <> ?", others
                )
                # Which of the others nothing names any more would take long to tell.
                for table in ("drift_key", "drift_value"):
                    self._db.execute(
                        f"DELETE FROM {table} WHERE NOT EXISTS"  # noqa: S608
                        " (SELECT 1 FROM drift_observation)"
                    )

    def _key_at(self, row: int) -> tuple[str, str] | None:
        found = self._key_of.get(row)
        if found is None:
            found = self._key_of[row] = self._db.execute(
                "SELECT environment, key FROM drift_key WHERE id = ?", (row,)
            ).fetchone()
        return found

    def _value_at(self, row: int) -> _Value | None:
        found = self._value_of.get(row)
        if found is None:
            found = self._value_of[row] = self._db.execute(
                "SELECT kind, type, fingerprint, shape, traits FROM drift_value WHERE id = ?",
                (row,),
            ).fetchone()
        return found

    def _key_row(self, environment: str, key: str) -> int:
        both = (environment, key)
        if both not in self._keys:
            self._keys[both] = self._row(
                "SELECT id FROM drift_key WHERE environment = ? AND key = ?", both,
                "INSERT INTO drift_key (environment, key) VALUES (?, ?) RETURNING id",
            )  # fmt: skip
        return self._keys[both]

    def _value_row(self, value: _Value) -> int:
        if value not in self._values:
            self._values[value] = self._row(
                "SELECT id FROM drift_value WHERE kind = ? AND type = ? AND fingerprint = ?"
                " AND shape = ? AND traits = ?", value,
                "INSERT INTO drift_value (kind, type, fingerprint, shape, traits)"
                " VALUES (?, ?, ?, ?, ?) RETURNING id",
            )  # fmt: skip
        return self._values[value]

    def _row(self, find: str, values: tuple[object, ...], insert: str) -> int:
        row = self._db.execute(find, values).fetchone()
        return int((row or self._db.execute(insert, values).fetchone())[0])

    def _seal(self, path: bytes, blob: bytes, reading: StoredReading) -> bytes:
        # Marshalling is the fastest way to bytes in which no two readings look alike; a version of
        # Python that did it in another way would only have everything read again.
        facts = marshal.dumps((self._repository, path, blob, *reading[:4], [*reading.observed]), 0)
        return self._key.seal("drift reading", self._reader, facts)
