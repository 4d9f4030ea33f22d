"""The .sops.yaml of a repository, whose rules say which environment a path is of."""

from __future__ import annotations

from forensics.drift.environments import Placer
from forensics.errors import GitFailed
from forensics.git.repository import Repository
from forensics.git.resolve import named_commit

__all__ = ["placer_of"]

_SECONDS = 20.0
_LARGEST = 256 << 10


def placer_of(repository: Repository, ref: str | None, placer: Placer) -> Placer:
    """A placer that also asks the .sops.yaml at the tip of a ref, if there is one: about all of
    history, since what it says of older commits is what people know of them now.

    Raises:
        UsageProblem: there is no such commit.
    """
    with repository.git() as git:
        commit = named_commit(repository, ref).oid.hex()
        try:
            size = int(git.output(["cat-file", "-s", f"{commit}:.sops.yaml"], timeout=_SECONDS))
            if size > _LARGEST:
                return placer
            arguments = ["cat-file", "blob", f"{commit}:.sops.yaml"]
            return placer.with_sops(git.output(arguments, timeout=_SECONDS))
        except GitFailed:
            return placer
