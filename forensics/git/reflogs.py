"""Reflogs: commits that refs named before, and the entries of the stash."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.smallfile import files_below, read_small

__all__ = ["Logged", "read_reflogs"]

_HEX = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_ENTRY = re.compile(rb"^%s (%s) " % (_HEX.pattern, _HEX.pattern), re.MULTILINE)
_LIST_SECONDS = 120.0
_MOST_REFLOG = 256 << 20
"""Bytes."""


class Logged(NamedTuple):
    """Hexadecimal ids in reflogs."""

    stashes: list[bytes]
    """What each entry of the stash's names, the newest first."""
    others: set[bytes]
    """All others."""


def read_reflogs(repository: Repository, git: Git) -> Logged:
    """What the reflogs of all work trees name, and files such as ORIG_HEAD."""
    stashes: list[bytes] = []
    others: set[bytes] = set()
    for folder in (repository.common_dir, *repository.common_dir.glob("worktrees/*")):
        for file in files_below(folder / "logs"):
            text = _text(file)
            others |= _ids(text)
            if file == repository.common_dir / "logs/refs/stash":
                stashes = [bytes(oid) for oid in _ENTRY.findall(text)][::-1]
        for file in folder.glob("*_HEAD"):
            if file.is_file():
                others |= _ids(_text(file))
    if repository.ref_storage != "files":
        listed = git.output(
            ["rev-list", "--reflog", "--no-walk=unsorted", "--ignore-missing"],
            timeout=_LIST_SECONDS,
        )
        others.update(listed.split())
    return Logged(stashes, others)


def _text(file: Path) -> bytes:
    try:
        return read_small(file, _MOST_REFLOG)
    except OSError:
        return b""


def _ids(text: bytes) -> set[bytes]:
    found: set[bytes] = set()
    for line in text.split(b"\n"):
        found.update(_HEX.findall(line.partition(b" <")[0][:130]))
    return found
