"""Who has what stands in messages: whatever leads to a commit has its message too."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.index.records import Person
from forensics.scan.graph import Graph
from forensics.scan.makers import Access, Makers

__all__ = ["follow_messages"]


def follow_messages(
    graph: Graph, makers: Makers, messages: Mapping[bytes, int]
) -> tuple[dict[bytes, int], dict[Person, int]]:
    """What each commit's own message and those above it hold, as bits; and the same by author and
    committer.

    Args:
        graph: of all commits.
        makers: theirs.
        messages: what those commits hold that hold anything in their own.
    """
    held: dict[int, int] = {}
    access = Access(makers)
    own = {graph.number[one]: here for one, here in messages.items() if one in graph.number}
    first = min(own, default=len(graph.ids))
    for commit in range(first, len(graph.ids)):
        here = own.get(commit, 0)
        for parent in graph.parents[commit]:
            above = held.get(parent, 0)
            here = above if here | above == above else here | above
        if here:
            held[commit] = here
            access.add(commit, here)
    return {graph.ids[commit]: here for commit, here in held.items()}, access.by_person()
