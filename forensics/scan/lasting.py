"""Which events no commit on top of them undid."""

from __future__ import annotations

from collections.abc import Mapping

from forensics.scan.graph import Graph
from forensics.scan.pairs import Pairs
from forensics.scan.tips import TAG

__all__ = ["mark_undone"]

_NOTHING = (0, 0)


def mark_undone(graph: Graph, pairs: Pairs, reach: Mapping[bytes, int]) -> None:
    """Mark each arrival that a commit on top of it took away, and each departure on top of which
    the secret came back to the path: whatever side of history the order names first.

    What somebody only stashed or left behind undoes nothing that a branch or tag has; `reach` is
    of each commit.
    """
    did: dict[int, list[tuple[int, int]]] = {}
    for number, pair in enumerate(pairs.all):
        for at, event in enumerate(pair.events):
            did.setdefault(event.sequence, []).append((number, at))
    kept = [reach[commit] >= TAG for commit in graph.ids]
    above: dict[int, tuple[int, int]] = {}
    for commit in range(max(did, default=-1), -1, -1):
        known = above.pop(commit, _NOTHING)
        if commit in did:
            known = _undone(pairs, did[commit], *known)
        if known == _NOTHING:
            continue
        for parent in graph.parents[commit]:
            if kept[parent] and not kept[commit]:
                continue
            other = above.get(parent, known)
            above[parent] = known if other is known else (other[0] | known[0], other[1] | known[1])


def _undone(pairs: Pairs, events: list[tuple[int, int]], came: int, went: int) -> tuple[int, int]:
    """Mark events of one commit by what `came` and `went` on top of it, as bits; returns these
    with what the commit did."""
    later = came, went
    for number, at in events:
        event = pairs.all[number].events[at]
        arrival = event.kind == "introduced" or event.how == "reintroduced"
        if (later[1] if arrival else later[0]) >> number & 1:
            pairs.all[number].events[at] = event._replace(lasting=False)
        if arrival:
            came |= 1 << number
        elif event.kind == "removed":
            went |= 1 << number
    return came, went
