"""Files of a git directory that are no objects: refs, reflogs, messages, settings; and what an
interrupted git left among the objects."""

from __future__ import annotations

import mmap
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from forensics.git.repository import Repository

__all__ = ["GitFile", "files_of", "leftovers"]

_NOT_FILES = frozenset({"objects", "modules"})
"""Folders at the top that hold objects, or other repositories."""
_USUAL = re.compile(r"[0-9a-f]{2}|pack|info")
_USUAL_LOOSE = re.compile(r"[0-9a-f]{38}(?:[0-9a-f]{24})?")
_USUAL_PACK = re.compile(r"[^.].*\.(pack|idx|rev|bitmap|keep|promisor|mtimes)|multi-pack-index.*")


class GitFile(NamedTuple):
    """A file of a git directory."""

    name: bytes
    """Below the git directory."""
    content: bytes | mmap.mmap
    trouble: str = ""
    """Why it could not be read, if so."""


def files_of(repository: Repository) -> Iterator[GitFile]:
    """Yield every file of the repository's own git directory but objects and submodules. Links are
    not followed."""
    home = repository.common_dir
    for at, folders, names in os.walk(home):
        if Path(at) == home:
            folders[:] = [name for name in folders if name not in _NOT_FILES]
        folders.sort()
        for name in sorted(names):
            file = Path(at, name)
            short = os.fsencode(file.relative_to(home))
            try:
                yield GitFile(short, _content(file))
            except OSError as error:
                yield GitFile(short, b"", f"it cannot be read: {error.strerror}")


def _content(file: Path) -> bytes | mmap.mmap:
    if file.is_symlink():
        return os.fsencode(os.readlink(file))
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode) or not facts.st_size:
            return b""
        return mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ)
    finally:
        os.close(descriptor)


def leftovers(repository: Repository) -> list[Path]:
    """Files and folders among the objects that git does not read: a pack half written, say."""
    found: list[Path] = []
    for objects in (repository.objects, *repository.alternates):
        for name in _names(objects):
            if not _USUAL.fullmatch(name):
                found.append(objects / name)
            elif len(name) == 2:
                below = objects / name
                found += [below / n for n in _names(below) if not _USUAL_LOOSE.fullmatch(n)]
        pack = objects / "pack"
        found += [pack / name for name in _names(pack) if not _USUAL_PACK.fullmatch(name)]
    return found


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
