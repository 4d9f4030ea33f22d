"""Which packs an object directory has."""

from __future__ import annotations

from pathlib import Path

__all__ = ["list_indexes", "list_packs"]


def list_packs(objects: Path) -> list[Path]:
    """All packs but those still being written. Git goes by the ending alone, not by `pack-`."""
    return _ending(objects, ".pack")


def list_indexes(objects: Path) -> list[Path]:
    """All pack indexes but those still being written, whether their packs are there or not."""
    return _ending(objects, ".idx")


def _ending(objects: Path, suffix: str) -> list[Path]:
    found = objects.glob(f"pack/*{suffix}")
    return sorted(file for file in found if not file.name.startswith((".", "tmp_")))
