"""Opening the index file, and refusing one that is not ours."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from forensics.errors import IndexRefused, IndexTooNew, IndexWriteFailed
from forensics.index import ours
from forensics.index.ours import ANOTHER, by_newer_version, is_busy
from forensics.index.safe_place import refuse_unsafe
from forensics.key import Key

__all__ = [
    "SQLITE_VERSION",
    "Connection",
    "by_newer_version",
    "create_or_open",
    "in_memory",
    "is_damage",
    "open_for_reading",
    "open_for_writing",
    "writing",
]

SQLITE_VERSION = sqlite3.sqlite_version
Connection = sqlite3.Connection
"""An open index, for those who only pass it on."""

_SCAN_FIRST = "run `forensics scan` first"
_BUSY_SECONDS = 10.0
"""How long to wait for another process's transaction; a scan's are short."""


def is_damage(error: Exception) -> bool:
    """Whether an error is SQLite's, met in the middle of reading."""
    return isinstance(error, sqlite3.DatabaseError)


def _connect(
    path: Path, *, read_only: bool, leave_no_trace: bool = False, any_thread: bool = False
) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    alone = leave_no_trace and not path.with_name(f"{path.name}-wal").exists()
    if read_only and (alone or not os.access(path.parent, os.W_OK)):
        mode += "&immutable=1"  # SQLite puts no files for sharing beside it
    connection = sqlite3.connect(
        f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}",
        uri=True,
        timeout=_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=not any_thread,
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _cut_short(connection: sqlite3.Connection) -> bool:
    """Whether this is an index whose creation never came to its end: a database with nothing
    in it."""
    try:
        marks = (
            connection.execute("PRAGMA application_id").fetchone()[0],
            connection.execute("PRAGMA user_version").fetchone()[0],
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0],
        )
    except sqlite3.DatabaseError:
        return False
    return marks == (0, 0, 0)


def _create(connection: sqlite3.Connection, key: Key) -> None:
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    with writing(connection):
        for statement in ours.statements(ours.schema()):
            connection.execute(statement)
        index_id = uuid.uuid4().hex
        facts = {"index_id": index_id, "key_id": key.id, "seal": ours.seal(key, index_id)}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
        connection.execute(f"PRAGMA application_id = {ours.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {ours.SCHEMA_VERSION}")


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction: all of it, or nothing.

    Raises:
        IndexWriteFailed: SQLite could not write; the index is as it was.
        IndexTooNew: since it was opened, a newer version has written it.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if by_newer_version(connection):
                raise IndexTooNew(
                    "a newer version has written the index meanwhile", "update git-forensics"
                )
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    except sqlite3.OperationalError as error:
        raise IndexWriteFailed(
            f"the index cannot be written: {error}",
            "try again once the scan that writes it has ended"
            if is_busy(error)
            else "free some space or name another with --index",
        ) from None


def _migrate(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Bring an older index up to this version; the older one stays beside it."""
    backup = path.with_name(f"{path.name}.v{version}.bak")
    if backup.is_symlink():
        raise IndexRefused(f"{backup} is a symbolic link", f"remove it, or {ANOTHER}")
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
    unfinished.replace(backup)
    from sqlite_utils import Database  # a tenth of a second, which only a migration pays

    with writing(connection):
        for step in range(version, ours.SCHEMA_VERSION):
            ours.MIGRATIONS[step](Database(connection))
        if not ours.has_our_tables(connection):
            raise IndexRefused(f"{path} has tables or triggers that are not ours", ANOTHER)
        connection.execute(f"PRAGMA user_version = {ours.SCHEMA_VERSION}")


def open_for_writing(path: Path, key: Key, *, any_thread: bool = False) -> sqlite3.Connection:
    """`create_or_open` for those who write about what an index holds: it makes none.

    Raises:
        IndexRefused: there is none; and as `create_or_open` does.
    """
    if not path.exists():
        raise IndexRefused(f"there is no index at {path}", _SCAN_FIRST)
    return create_or_open(path, key, any_thread=any_thread)


def create_or_open(path: Path, key: Key, *, any_thread: bool = False) -> sqlite3.Connection:
    """The index at `path` for writing: made anew, or brought up to this version with a backup
    of the older one beside it.

    Args:
        path: the file.
        key: what it is made with, or must have been.
        any_thread: whether it may be used in other threads, one at a time.

    Raises:
        IndexRefused: it is not one of ours, or not safe to open.
        IndexTooNew: a newer version wrote it.
        IndexWriteFailed: it cannot be created or written.
        KeyProblem: it was made with another key.
    """
    refuse_unsafe(path)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        new = not path.exists() or not path.stat().st_size
        if new:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600))
        connection = _connect(path, read_only=False, any_thread=any_thread)
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or error
        raise IndexWriteFailed(f"{path} cannot be created: {reason}", ANOTHER) from None
    try:
        if new or _cut_short(connection):
            _create(connection, key)
        else:
            version = ours.version_of_ours(connection, path, key)
            if version < ours.SCHEMA_VERSION:
                _migrate(connection, path, version)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.OperationalError as error:
        connection.close()
        raise IndexWriteFailed(f"{path} cannot be written: {error}", ANOTHER) from None
    except BaseException:
        connection.close()
        raise
    return connection


def in_memory(key: Key) -> sqlite3.Connection:
    """An empty index that is gone when it is closed."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    _create(connection, key)
    return connection


def open_for_reading(
    path: Path,
    key: Key | None = None,
    *,
    leave_no_trace: bool = False,
    any_thread: bool = False,
    newer: bool = False,
) -> sqlite3.Connection:
    """The index at `path`, read-only.

    Args:
        path: the file.
        key: what it must have been made with.
        leave_no_trace: where nobody has it open, also let SQLite put no file beside it. Meant for
            short looks, since a scan that starts meanwhile could change what is read.
        any_thread: whether it may be used in other threads, one at a time.
        newer: whether it may also be one that a newer version wrote, if that has every table of
            this one.

    Raises:
        IndexTooNew: a newer version wrote it, with other tables or not `newer`.
        IndexRefused: there is none, it is not one of ours, or not safe to open.
        KeyProblem: `key` is given and it was made with another.
    """
    refuse_unsafe(path)
    if not path.exists():
        raise IndexRefused(f"there is no index at {path}", _SCAN_FIRST)
    try:
        connection = _connect(
            path, read_only=True, leave_no_trace=leave_no_trace, any_thread=any_thread
        )
    except sqlite3.OperationalError as error:
        raise IndexRefused(f"{path} cannot be opened: {error}", ANOTHER) from None
    try:
        if ours.version_of_ours(connection, path, key, newer=newer) < ours.SCHEMA_VERSION:
            raise IndexRefused(
                f"{path} was written by an older version", "run `forensics scan` to bring it up"
            )
    except BaseException:
        connection.close()
        raise
    return connection
