"""Detectors that other packages register."""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder

from detectors.detector import Detector
from detectors.errors import RuleError

__all__ = ["ENTRY_POINT_GROUP", "registered_detectors"]

ENTRY_POINT_GROUP = "git_forensics.detectors"
"""A package that registers a callable without arguments here adds the detector it returns."""


def registered_detectors() -> list[Detector]:
    """One of each entry point, by name.

    Raises:
        RuleError: one does not load.
    """
    if not _may_be_registered():
        return []
    from importlib.metadata import entry_points  # 30 ms

    found: list[Detector] = []
    for entry in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda entry: entry.name):
        try:
            found.append(entry.load()())
        except Exception as error:
            raise RuleError(
                f"the detector {entry.name!r} of another package does not load: "
                f"{type(error).__name__}; update or uninstall that package"
            ) from error
    return found


def _may_be_registered() -> bool:
    """Whether any installed package names our entry point, or stands where only
    `importlib.metadata` can look: in an archive, an egg, or what another finder knows.

    Source: https://packaging.python.org/en/latest/specifications/entry-points/
    """
    for finder in sys.meta_path:
        if finder is not PathFinder and hasattr(finder, "find_distributions"):
            return True
    group = ENTRY_POINT_GROUP.encode()
    for place in sys.path:
        if place.lower().endswith(".egg"):
            return True
        try:
            names = os.listdir(place or os.curdir)
        except NotADirectoryError:
            return True
        except OSError:
            continue
        for name in names:
            kind = name.lower().rpartition(".")[2]
            if kind == "egg" or (
                kind in ("dist-info", "egg-info") and group in _entry_points(place, name)
            ):
                return True
    return False


def _entry_points(place: str, name: str) -> bytes:
    try:
        with open(os.path.join(place, name, "entry_points.txt"), "rb") as file:
            return file.read()
    except OSError:
        return b""
