"""Which borrowed objects matter: those that the refs and reflogs of a repository reach."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from forensics.git.refs import read_tips
from forensics.git.repository import Repository

__all__ = ["borrowed_and_reachable"]


def borrowed_and_reachable(repository: Repository) -> NDArray[np.bytes_] | None:
    """Ids, ascending, of all objects that refs, reflogs and the heads of work trees reach; None
    where nothing is borrowed, or all that is counts.

    Raises:
        GitFailed: git stopped at something damaged or missing.
    """
    if not repository.alternates or repository.all_of_alternates:
        return None
    with repository.git() as git:
        tips = read_tips(repository, git)
        starts: Iterable[bytes] = {ref.target for ref in tips.refs} | tips.stashed | tips.logged
        given = "\n".join(oid.hex() for oid in starts).encode() + b"\n"
        arguments = ["rev-list", "--objects", "--no-object-names", "--ignore-missing", "--stdin"]
        ids = {bytes.fromhex(line.decode()) for line in git.output(arguments, given).split()}
    return np.array(sorted(ids), f"S{repository.hash_bytes}")
