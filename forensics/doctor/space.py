"""Free space where a scan writes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from forensics.doctor.check import Check, ok, problem, warning
from forensics.doctor.folders import nearest
from forensics.key import cache_folder

__all__ = ["space_checks"]

_AREA = "space"
_MEBIBYTE = 1 << 20
_TOO_LITTLE, _LITTLE = 64 * _MEBIBYTE, 1024 * _MEBIBYTE


def space_checks(index: Path | None) -> Iterator[Check]:
    """Of each file system that a scan writes to, whether it has room.

    Args:
        index: the index file, if there is or will be one.
    """
    places = [Path(tempfile.gettempdir()), cache_folder()]
    if index is not None:
        places.insert(0, index.absolute().parent)
    seen: set[int] = set()
    for place in map(nearest, places):
        device = os.stat(place).st_dev
        if device not in seen:
            seen.add(device)
            yield _at(place, shutil.disk_usage(place).free)


def _at(place: Path, free: int) -> Check:
    found = f"{free // _MEBIBYTE:,} MiB free at {place}"
    if free < _TOO_LITTLE:
        return problem(_AREA, found, "free some space, or name another place with --index")
    if free < _LITTLE:
        return warning(_AREA, found, "a scan of a large history may need more")
    return ok(_AREA, found)
