"""Which values an index knows, told by their fingerprints and lengths."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

__all__ = ["known_among", "lengths_known"]

_AT_ONCE = 500


def lengths_known(connection: sqlite3.Connection) -> list[int]:
    """Bytes that values have, each number once."""
    rows = connection.execute("SELECT DISTINCT length FROM secret ORDER BY length")
    return [length for (length,) in rows]


def known_among(connection: sqlite3.Connection, fingerprints: Sequence[bytes]) -> set[bytes]:
    """Those of these that are fingerprints of known values."""
    found: set[bytes] = set()
    for at in range(0, len(fingerprints), _AT_ONCE):
        some = fingerprints[at : at + _AT_ONCE]
        marks = ",".join("?" * len(some))
        rows = connection.execute(
            f"SELECT fingerprint FROM secret WHERE fingerprint IN ({marks})",  # noqa: S608
            some,
        )
        found.update(fingerprint for (fingerprint,) in rows)
    return found
