"""Refusing an index at a place where somebody else could have put it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from forensics.errors import IndexRefused

__all__ = ["refuse_unsafe"]

_ANOTHER = "name another index with --index"


def refuse_unsafe(path: Path) -> None:
    """Refuse an index that somebody else could have put there to mislead or overwrite.

    Raises:
        IndexRefused: it, a file of SQLite's beside it, or its folder in a repository is a symbolic
            link; or one of the files is not a regular one, or belongs to another user.
    """
    if not path.name:
        raise IndexRefused(f"{str(path)!r} does not name a file", _ANOTHER)
    beside = (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")))
    # A folder that the user named may be a link; one inside a repository was put there.
    inside = (path.parent.parent / "objects").is_dir()
    for file in (path.parent, *beside) if inside else beside:
        try:
            facts = file.lstat()
        except OSError:
            continue
        if stat.S_ISLNK(facts.st_mode):
            raise IndexRefused(f"{file} is a symbolic link", f"remove it, or {_ANOTHER}")
        if file != path.parent and not stat.S_ISREG(facts.st_mode):
            raise IndexRefused(f"{file} is not a regular file", _ANOTHER)
        if facts.st_uid not in (os.geteuid(), 0) and file != path.parent:
            raise IndexRefused(f"{file} belongs to another user", _ANOTHER)
