"""What an object database consists of, without opening any of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from forensics.git.loose_ids import list_loose
from forensics.git.packs import list_packs
from forensics.git.repository import Repository

__all__ = ["Inventory", "take_inventory"]


class Inventory(NamedTuple):
    """Packs and loose objects of a repository and of what it borrows from."""

    packs: dict[Path, bytes]
    """What tells each pack from another of the same name: sizes, and the index's checksums."""
    loose: tuple[bytes, ...]
    """Ids of loose objects, with copies."""


def take_inventory(repository: Repository) -> Inventory:
    """List packs and loose objects.

    Packs of alternates are left out unless all of their objects count, because then which of
    them matter depends on the refs.
    """
    folders = [repository.objects]
    if repository.all_of_alternates:
        folders += repository.alternates
    packs: dict[Path, bytes] = {}
    loose: list[bytes] = []
    for objects in folders:
        for pack in list_packs(objects):
            try:
                size, end = _end_of(pack.with_suffix(".idx"), 2 * repository.hash_bytes)
                packs[pack] = f"{size} {pack.stat().st_size} ".encode() + end
            except OSError:
                packs[pack] = b""
        loose += list_loose(objects, repository.hash_bytes).ids
    return Inventory(packs, tuple(loose))


def _end_of(file: Path, length: int) -> tuple[int, bytes]:
    """The size of a file, and its last `length` bytes; of a pipe, none are waited for."""
    descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        return size, os.pread(descriptor, length, max(0, size - length))
    finally:
        os.close(descriptor)
