"""The index of a repository, or the one that is named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from forensics.doctor.check import Check, failed, ok, problem, warning
from forensics.doctor.folders import nearest
from forensics.errors import ForensicsError
from forensics.index.database import Connection, open_for_reading
from forensics.index.health import faults, key_id
from forensics.index.ours import SCHEMA_VERSION
from forensics.index.reader import IndexReader
from forensics.key import Key

__all__ = ["index_checks"]

_AREA = "index"


def index_checks(index: Path, key: Key | None) -> Iterator[Check]:
    """Whether it opens with the key, is whole, and can be written by the user only.

    Args:
        index: where it is, or would be.
        key: the user's, if there is one.
    """
    folder = nearest(index.parent)
    if not os.access(folder, os.W_OK | os.X_OK):
        yield warning(
            _AREA,
            f"{folder} cannot be written, so no scan can be kept there",
            "make it writable, or name another index with --index",
        )
    if not os.path.lexists(index):
        yield ok(_AREA, f"none yet; `forensics scan` makes {index}")
        return
    try:
        connection = open_for_reading(index, key, leave_no_trace=True)
    except ForensicsError as error:
        yield failed(_AREA, error)
        return
    yield from _others(index)
    with closing(connection):
        if key is None:
            yield problem(
                _AREA,
                f"{index} was made with the key {key_id(connection)}, and there is none to use",
                "import that key with `forensics key import`",
            )
        else:
            yield from _inside(index, connection, key)


def _inside(index: Path, connection: Connection, key: Key) -> Iterator[Check]:
    found = list(faults(connection, key))
    for trouble, advice in found:
        yield problem(_AREA, f"{index}: {trouble}", advice)
    if found:
        return
    yield ok(_AREA, f"{index}: schema {SCHEMA_VERSION}, sealed with your key, journal as written")
    reader = IndexReader(connection)
    unfinished = reader.unfinished()
    for path in unfinished:
        yield warning(
            _AREA,
            f"the last scan of {os.fsdecode(path)} did not end: it is going on, or was killed",
            "scan it again; what it stored is kept",
        )
    if not unfinished and not reader.complete(key):
        yield warning(
            _AREA,
            "something in scope could not be read",
            "`forensics retry --list` names it; `forensics retry` reads it again",
        )


def _others(index: Path) -> Iterator[Check]:
    """What other users of the machine may do with it."""
    mode, around = index.stat().st_mode, index.parent.stat().st_mode
    if mode & 0o022 or (around & 0o022 and not around & stat.S_ISVTX):
        what = index if mode & 0o022 else index.parent
        yield warning(_AREA, f"others can write {what}", f"run `chmod go-w {what}`")
    elif mode & 0o044:
        yield warning(
            _AREA, f"others can read {index}: names and places of what leaked",
            f"run `chmod go-rwx {index}`",
        )  # fmt: skip
