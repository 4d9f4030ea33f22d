"""Damage done to sound packs: flipped bits, truncation, lost files.

Each function damages the only pack of the repository at `path` and returns the
ids of the objects that cannot be read any more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fixtures_repos.git import git
from fixtures_repos.layouts import packs

__all__ = [
    "PackedObject",
    "break_objects",
    "cut_index",
    "flip_byte",
    "lose_index",
    "overwrite",
    "packed_objects",
    "truncate_pack",
]


_CHECKSUM = 20
"""Bytes at the end of every pack that belong to no object."""


@dataclass(frozen=True, slots=True)
class PackedObject:
    """Where an object lies in a pack; `end` is the offset after it."""

    oid: str
    offset: int
    end: int
    base: str | None


def packed_objects(path: Path) -> list[PackedObject]:
    """The objects of the only pack, as `git verify-pack` tells, by offset."""
    (pack,) = packs(path)
    told = []
    for line in git(path, "verify-pack", "-v", pack.with_suffix(".idx")).decode().splitlines():
        words = line.split()
        if len(words) in (5, 7) and len(words[0]) in (40, 64):
            base = words[6] if len(words) == 7 else None
            start = int(words[4])
            told.append(PackedObject(words[0], start, start + int(words[3]), base))
    return sorted(told, key=lambda entry: entry.offset)


def _with_descendants(entries: list[PackedObject], broken: set[str]) -> frozenset[str]:
    """`broken` and every object whose chain of bases leads there."""
    lost = set(broken)
    while more := {entry.oid for entry in entries if entry.base in lost} - lost:
        lost |= more
    return frozenset(lost)


def overwrite(file: Path, content: bytes) -> None:
    """Write a file that git made read-only."""
    file.chmod(0o644)
    file.write_bytes(content)


def break_objects(path: Path, *oids: str, at: float = 0.5) -> frozenset[str]:
    """Flip a byte in each of these objects, `at` how far in from its beginning to its end."""
    (pack,) = packs(path)
    entries = packed_objects(path)
    content = bytearray(pack.read_bytes())
    for entry in entries:
        if entry.oid in oids:
            # Not in the header, whose first bytes say type and size.
            start = entry.offset + min(6, (entry.end - entry.offset) // 2)
            content[start + int((entry.end - start - 1) * at)] ^= 0x55
    overwrite(pack, bytes(content))
    return _with_descendants(entries, set(oids))


def flip_byte(
    path: Path, choose: Callable[[PackedObject], bool], at: float = 0.5
) -> frozenset[str]:
    """Flip a byte in the first object that `choose` accepts."""
    victim = next(entry for entry in packed_objects(path) if choose(entry))
    return break_objects(path, victim.oid, at=at)


def truncate_pack(path: Path, keep: float = 0.5) -> tuple[frozenset[str], frozenset[str]]:
    """Cut the pack's end off, leaving this part of it.

    Returns what is lost for sure, and with it what reaches into the last bytes
    left, where a reader may look for the pack's checksum.
    """
    (pack,) = packs(path)
    entries = packed_objects(path)
    content = pack.read_bytes()
    left = int(len(content) * keep)
    overwrite(pack, content[:left])
    surely, perhaps = (
        _with_descendants(entries, {entry.oid for entry in entries if entry.end > limit})
        for limit in (left, left - _CHECKSUM)
    )
    return surely, perhaps


def cut_index(path: Path, keep: float = 0.5) -> frozenset[str]:
    """Cut the pack index's end off; returns every id that it named."""
    (pack,) = packs(path)
    lost = frozenset(entry.oid for entry in packed_objects(path))
    index = pack.with_suffix(".idx")
    content = index.read_bytes()
    overwrite(index, content[: int(len(content) * keep)])
    return lost


def lose_index(path: Path) -> frozenset[str]:
    """Delete the pack index; returns every id that it named."""
    (pack,) = packs(path)
    lost = frozenset(entry.oid for entry in packed_objects(path))
    pack.with_suffix(".idx").unlink()
    return lost
