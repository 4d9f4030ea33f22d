"""What a repository cannot show at all."""

from __future__ import annotations

from forensics.git.repository import Repository

__all__ = ["uncovered"]


def uncovered(repository: Repository) -> list[str]:
    """A sentence for each, with what to do about it."""
    found = []
    if repository.shallow:
        found.append("history before the shallow boundary (git fetch --unshallow)")
    if repository.partial:
        found.append("objects that the partial clone left out (git fetch --refetch)")
    if repository.alternates and not repository.all_of_alternates:
        found.append("objects of alternates that no ref here reaches (--alternates reads them)")
    return found
