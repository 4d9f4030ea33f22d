"""Giving up a question that nobody waits for any more."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Stopped", "stoppable"]

_STEPS = 4000
"""Of SQLite's machine between looks: well below a millisecond."""


class Stopped(Exception):
    """The question was given up."""


@contextmanager
def stoppable(connection: sqlite3.Connection, stop: Callable[[], bool]) -> Iterator[None]:
    """Whatever is asked meanwhile ends soon after `stop` says so, which another thread may cause:
    the `is_set` of an event, say.

    Raises:
        Stopped: it did.
    """
    connection.set_progress_handler(stop, _STEPS)
    try:
        if stop():
            raise Stopped
        yield
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
            raise Stopped from None
        raise
    finally:
        connection.set_progress_handler(None, 0)
