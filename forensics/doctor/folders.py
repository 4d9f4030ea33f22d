"""Folders of the user's own: what lies there is trusted, so nobody else may put it there."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from forensics.doctor.check import Check, ok, problem, warning
from forensics.key import cache_folder, key_file, state_folder

__all__ = ["folder_checks", "nearest"]

_AREA = "folders"


def nearest(path: Path) -> Path:
    """The path, or what of it is there."""
    return next((one for one in (path, *path.parents) if one.exists()), Path("/"))


def folder_checks() -> Iterator[Check]:
    """Whether the folders of key, cache and state can be used, and by the user only."""
    for name, folder in (
        ("config", key_file().parent),
        ("cache", cache_folder()),
        ("state", state_folder()),
    ):
        yield from _folder(name, folder)


def _folder(name: str, folder: Path) -> Iterator[Check]:
    there = nearest(folder)
    if not there.is_dir():
        yield problem(_AREA, f"{name}: {there} is not a folder", "move it away")
        return
    facts = there.stat()
    if there == folder and facts.st_uid != os.geteuid():
        yield problem(
            _AREA,
            f"{name}: {folder} belongs to another user",
            f"make it yours, or name another place in XDG_{name.upper()}_HOME",
        )
    elif there == folder and stat.S_IMODE(facts.st_mode) & 0o022:
        yield problem(_AREA, f"{name}: others can write in {folder}", f"run `chmod go-w {folder}`")
    elif not os.access(there, os.W_OK | os.X_OK):
        yield warning(
            _AREA,
            f"{name}: {there} cannot be written",
            f"make it writable, or name another place in XDG_{name.upper()}_HOME",
        )
    else:
        yield ok(_AREA, f"{name}: {folder}" + ("" if there == folder else ", not made yet"))
