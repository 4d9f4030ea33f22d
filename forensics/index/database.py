"""Opening the index file, and refusing one that is not ours."""

from __future__ import annotations

import hmac
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import quote

from forensics.errors import IndexRefused, IndexTooNew, IndexWriteFailed, KeyProblem
from forensics.index.migrating import steps
from forensics.index.safe_place import refuse_unsafe
from forensics.key import Key

__all__ = [
    "SCHEMA_VERSION",
    "SQLITE_VERSION",
    "Connection",
    "by_newer_version",
    "create_or_open",
    "in_memory",
    "is_damage",
    "open_for_reading",
    "writing",
]

Connection = sqlite3.Connection
"""An open index, for those who only pass it on."""

SCHEMA_VERSION = 4
SQLITE_VERSION = sqlite3.sqlite_version
_APPLICATION_ID = 0x67666F72
_BUSY_SECONDS = 10.0
"""How long to wait for another process's transaction; a scan's are short."""
_ANOTHER = "name another index with --index"


@cache
def schema() -> str:
    """The statements that make an empty index of the current version."""
    return (files("forensics.index") / "schema.sql").read_text("utf-8")


MIGRATIONS = steps(lambda: _statements(schema()))
"""By schema version: the step that leads to the next one, inside a transaction. sqlite-utils can
rebuild a table in ways that SQLite itself cannot."""


def is_damage(error: Exception) -> bool:
    """Whether an error is SQLite's, met in the middle of reading."""
    return isinstance(error, sqlite3.DatabaseError)


def _busy(error: sqlite3.Error) -> bool:
    """Whether somebody else has it locked."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY


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


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str | None]]:
    return set(
        connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
        )
    )


@cache
def _expected_objects() -> frozenset[tuple[str, str, str | None]]:
    with closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(schema())
        return frozenset(_objects(empty))


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


def _seal(key: Key, index_id: str) -> str:
    return key.seal("index", index_id.encode()).hex()


def by_newer_version(connection: sqlite3.Connection) -> bool:
    """Whether an open index was written by a newer version."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0]) > SCHEMA_VERSION


def _has_all_of_ours(connection: sqlite3.Connection) -> bool:
    """Whether every table, view and index of this version is there as this version has it: what
    others a newer version added changes nothing for whoever reads these."""
    return _expected_objects() <= _objects(connection)


def _check(
    connection: sqlite3.Connection, path: Path, key: Key | None, *, newer: bool = False
) -> int:
    """The schema version of an index that is ours; or, if `newer`, one of a newer version that has
    all that this one has.

    Raises:
        IndexRefused, IndexTooNew, KeyProblem: it is not.
    """
    try:
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if _busy(error):
            raise IndexRefused(
                f"{path} is locked by another program, which lets nobody read it",
                "try again once that has ended",
            ) from None
        raise IndexRefused(
            f"{path} cannot be read: {error}", f"free some space, or {_ANOTHER}"
        ) from None
    except sqlite3.DatabaseError:
        raise IndexRefused(f"{path} is not an index of git-forensics", _ANOTHER) from None
    if application != _APPLICATION_ID:
        raise IndexRefused(f"{path} is not an index of git-forensics", _ANOTHER)
    if version > SCHEMA_VERSION and not (newer and _has_all_of_ours(connection)):
        raise IndexTooNew(f"{path} was written by a newer version", "update git-forensics")
    if version < SCHEMA_VERSION and version not in MIGRATIONS:
        raise IndexRefused(f"{path} has a version that never was", _ANOTHER)
    if version == SCHEMA_VERSION and _objects(connection) != _expected_objects():
        raise IndexRefused(f"{path} has tables or triggers that are not ours", _ANOTHER)
    facts = dict(connection.execute("SELECT name, value FROM meta"))
    if key is not None:
        if facts.get("key_id") != key.id:
            raise KeyProblem(
                f"{path} was made with the key {facts.get('key_id')}, and yours is {key.id}",
                "import that key with `forensics key import`, or name another index with --index",
            )
        if not hmac.compare_digest(
            str(facts.get("seal")).encode(), _seal(key, str(facts.get("index_id"))).encode()
        ):
            raise IndexRefused(f"{path} was not made with your key, though it says so", _ANOTHER)
    return version


def _create(connection: sqlite3.Connection, key: Key) -> None:
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    with writing(connection):
        for statement in _statements(schema()):
            connection.execute(statement)
        index_id = uuid.uuid4().hex
        facts = {"index_id": index_id, "key_id": key.id, "seal": _seal(key, index_id)}
        connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
        connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction: all of it, or nothing.

    Raises:
        IndexWriteFailed: SQLite could not write; the index is as it was.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
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
            if _busy(error)
            else "free some space or name another with --index",
        ) from None


def _migrate(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Bring an older index up to this version; the older one stays beside it."""
    backup = path.with_name(f"{path.name}.v{version}.bak")
    if backup.is_symlink():
        raise IndexRefused(f"{backup} is a symbolic link", f"remove it, or {_ANOTHER}")
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
    with closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
    unfinished.replace(backup)
    from sqlite_utils import Database  # a tenth of a second, which only a migration pays

    with writing(connection):
        for step in range(version, SCHEMA_VERSION):
            MIGRATIONS[step](Database(connection))
        if _objects(connection) != _expected_objects():
            raise IndexRefused(f"{path} has tables or triggers that are not ours", _ANOTHER)
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


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
        raise IndexWriteFailed(f"{path} cannot be created: {reason}", _ANOTHER) from None
    try:
        if new or _cut_short(connection):
            _create(connection, key)
        else:
            version = _check(connection, path, key)
            if version < SCHEMA_VERSION:
                _migrate(connection, path, version)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.OperationalError as error:
        connection.close()
        raise IndexWriteFailed(f"{path} cannot be written: {error}", _ANOTHER) from None
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
        raise IndexRefused(f"there is no index at {path}", "run `forensics scan` first")
    try:
        connection = _connect(
            path, read_only=True, leave_no_trace=leave_no_trace, any_thread=any_thread
        )
    except sqlite3.OperationalError as error:
        raise IndexRefused(f"{path} cannot be opened: {error}", _ANOTHER) from None
    try:
        if _check(connection, path, key, newer=newer) < SCHEMA_VERSION:
            raise IndexRefused(
                f"{path} was written by an older version", "run `forensics scan` to bring it up"
            )
    except BaseException:
        connection.close()
        raise
    return connection
