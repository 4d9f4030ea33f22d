"""What an object database consists of, without opening any of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from forensics.git.loose import list_loose
from forensics.git.repository import Repository

__all__ = ["Inventory", "take_inventory"]


@dataclass(frozen=True, slots=True)
class Inventory:
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
        for pack in sorted(objects.glob("pack/pack-*.pack")):
            try:
                with pack.with_suffix(".idx").open("rb") as file:
                    size = file.seek(0, 2)
                    file.seek(max(0, size - 2 * repository.hash_bytes))
                    facts = f"{size} {pack.stat().st_size} ".encode()
                    packs[pack] = facts + file.read()
            except OSError:
                packs[pack] = b""
        loose += list_loose(objects, repository.hash_bytes)
    return Inventory(packs, tuple(loose))
