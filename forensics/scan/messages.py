"""Who has what stands in messages: whatever leads to a commit has its message too."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.index.records import Person
from forensics.scan.graph import Parents

__all__ = ["follow_messages"]


def follow_messages(
    parents: Parents,
    messages: Mapping[bytes, int],
    makers: Mapping[bytes, tuple[Person, Person]],
) -> tuple[dict[bytes, int], dict[Person, int]]:
    """What each commit's own message and those above it hold, as bits; and the same by author and
    committer.

    Args:
        parents: of each commit, in an order with parents first.
        messages: what those commits hold that hold anything in their own.
        makers: author and committer of each commit.
    """
    held: dict[bytes, int] = {}
    access: dict[Person, int] = {}
    if not messages:
        return held, access
    for commit, group in parents.items():
        here = messages.get(commit, 0)
        for parent in group:
            here |= held.get(parent, 0)
        if here:
            held[commit] = here
            for person in makers[commit]:
                access[person] = access.get(person, 0) | here
    return held, access
