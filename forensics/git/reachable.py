"""Which objects the refs and reflogs of a repository reach."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from forensics.git.runner import Git

__all__ = ["reachable_objects"]


def reachable_objects(git: Git, tips: Iterable[bytes], hash_bytes: int) -> NDArray[np.bytes_]:
    """Ids of all objects that `tips` reach, ascending.

    Raises:
        GitFailed: git stopped at something damaged or missing.
    """
    given = "\n".join(oid.hex() for oid in tips).encode() + b"\n"
    arguments = ["rev-list", "--objects", "--no-object-names", "--ignore-missing", "--stdin"]
    ids = {bytes.fromhex(line.decode()) for line in git.output(arguments, given).split()}
    return np.array(sorted(ids), f"S{hash_bytes}")
