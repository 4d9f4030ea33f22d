"""Other copies of an object that could not be read where it was looked for first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.git.inflate import Content, Damaged, Limits
from forensics.git.loose import read_loose

if TYPE_CHECKING:  # NumPy, which who has no pack open spares
    from forensics.git.pack import Pack

__all__ = ["another_copy"]


def another_copy(
    oid: bytes,
    packs: Sequence[Pack],
    folders: Sequence[Path],
    limits: Limits,
    *,
    besides: Pack | Path | None = None,
) -> tuple[str, Content] | None:
    """Kind and content of an object from any pack or loose file but one; None if none serves.

    Args:
        oid: of the object.
        packs: to look in.
        folders: object directories whose loose files to look in.
        limits: as for any read.
        besides: the pack, or the object directory of the loose file, that was tried.
    """
    for pack in packs:
        if pack is besides or (number := pack.find(oid)) is None:
            continue
        try:
            return pack.kind(number), pack.derive(number, limits)
        except Damaged:
            continue
    for objects in folders:
        if objects == besides:
            continue
        try:
            return read_loose(objects, oid, limits)
        except Damaged:
            continue
    return None
