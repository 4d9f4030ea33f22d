"""Where an index lies."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from forensics.key import state_folder

__all__ = ["INDEX_VARIABLE", "index_path"]

INDEX_VARIABLE = "FORENSICS_INDEX"


def index_path(named: Path | None, git_dir: Path | None, *, to_read: bool = False) -> Path | None:
    """The index to use: the one named, else FORENSICS_INDEX, else one inside the repository's
    own git directory, else, where that cannot be written, one in the user's state folder.

    None where nothing is named and there is no repository.
    """
    if named is not None:
        return named
    if given := os.environ.get(INDEX_VARIABLE):
        return Path(given)
    if git_dir is None:
        return None
    inside = git_dir / "forensics" / "index.db"
    if to_read and inside.exists():
        return inside
    if os.access(inside.parent if inside.parent.exists() else git_dir, os.W_OK):
        return inside
    name = hashlib.sha256(os.fsencode(git_dir)).hexdigest()[:32]
    return state_folder() / "indexes" / f"{name}.db"
