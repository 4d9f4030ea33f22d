"""The audit log in an index."""

from __future__ import annotations

import sqlite3
import time

from forensics.index.database import writing

__all__ = ["record_event"]


def record_event(connection: sqlite3.Connection, what: str) -> None:
    """Record that somebody had the program do something that others may want to know of.

    Raises:
        IndexWriteFailed: it cannot be recorded.
    """
    with writing(connection):
        connection.execute("INSERT INTO event (time, what) VALUES (?, ?)", (time.time(), what))
