"""What a repository cannot show at all, and what brings it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from forensics.errors import GitFailed
from forensics.git.batch import MISSING
from forensics.git.repository import Repository
from forensics.index.payloads import ABSENT, PayloadClaim
from forensics.index.records import Skip

__all__ = ["FETCH_ALL", "absent_payloads", "advised", "advising", "uncovered"]

FETCH_ALL = "git fetch --refetch --no-filter"
"""What brings all that a partial clone left out."""
_PARTIAL = f"`{FETCH_ALL}` brings what this partial clone left out"
_PUSHED = "if the push comes from a shallow clone, `git fetch --unshallow` there and push again"


def uncovered(repository: Repository, payloads: Iterable[PayloadClaim] = ()) -> list[str]:
    """A sentence for each, with what to do about it.

    Args:
        repository: the repository.
        payloads: what came of those of LFS.
    """
    found = []
    if repository.shallow:
        found.append("history before the shallow boundary (git fetch --unshallow)")
    if repository.partial:
        found.append(f"objects that the partial clone left out ({FETCH_ALL})")
    if repository.alternates and not repository.all_of_alternates:
        found.append("objects of alternates that no ref here reaches (--alternates reads them)")
    return found + absent_payloads(payloads)


def absent_payloads(payloads: Iterable[PayloadClaim]) -> list[str]:
    """A sentence for those of LFS that are not here, if any are not."""
    absent = {one.payload: one.size for one in payloads if one.state == ABSENT}
    if not absent:
        return []
    return [
        f"{len(absent):,} LFS payload{'s' * (len(absent) > 1)} of"
        f" {sum(absent.values()):,} bytes, not here (git lfs fetch --all)"
    ]


def advised(repository: Repository, skips: Iterable[Skip]) -> list[Skip]:
    """What could not be read, with what to do about it."""
    return [
        one._replace(reason=f"{MISSING}; {_PARTIAL}")
        if repository.partial and one.reason == MISSING
        else one
        for one in skips
    ]


@contextmanager
def advising(repository: Repository, *, pushed: bool = False) -> Iterator[None]:
    """Let git's errors say what to do where something may be missing.

    Args:
        repository: where git runs.
        pushed: whether it reads a push that is not accepted yet.
    """
    try:
        yield
    except GitFailed as failure:
        hint = _PARTIAL if repository.partial else _PUSHED if pushed else ""
        if failure.hint or not hint:
            raise
        raise GitFailed(str(failure), hint) from None
