"""The .sops.yaml of a repository, whose rules say which environment a path is of."""

from __future__ import annotations

from forensics.drift.environments import Placer
from forensics.errors import GitFailed
from forensics.git.repository import Repository

__all__ = ["placer_of"]

_SECONDS = 20.0
_LARGEST = 256 << 10


def placer_of(repository: Repository, commit: bytes, placer: Placer) -> Placer:
    """A placer that also asks the .sops.yaml of a commit, if there is one: about all of history,
    since what it says of older commits is what people know of them now."""
    with repository.git() as git:
        name = f"{commit.hex()}:.sops.yaml"
        try:
            if int(git.output(["cat-file", "-s", name], timeout=_SECONDS)) > _LARGEST:
                return placer
            return placer.with_sops(git.output(["cat-file", "blob", name], timeout=_SECONDS))
        except GitFailed:
            return placer
