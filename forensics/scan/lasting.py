"""Which events no commit on top of them undid."""

from __future__ import annotations

from forensics.scan.graph import Parents
from forensics.scan.pairs import Pairs

__all__ = ["mark_undone"]

_NOTHING = (0, 0)


def mark_undone(parents: Parents, pairs: Pairs) -> None:
    """Mark each arrival that a commit on top of it took away, and each departure on top of which
    the secret came back to the path: whatever side of history the order names first."""
    did: dict[bytes, list[tuple[int, int]]] = {}
    for number, pair in enumerate(pairs.all):
        for at, event in enumerate(pair.events):
            did.setdefault(event.commit, []).append((number, at))
    above: dict[bytes, tuple[int, int]] = {}
    for commit in reversed(list(parents)):
        came, went = above.pop(commit, _NOTHING)
        later = came, went
        for number, at in did.get(commit, ()):
            event = pairs.all[number].events[at]
            arrival = event.kind == "introduced"
            if (later[1] if arrival else later[0]) >> number & 1:
                pairs.all[number].events[at] = event._replace(lasting=False)
            if arrival:
                came |= 1 << number
            elif event.kind == "removed":
                went |= 1 << number
        if came or went:
            for parent in parents[commit]:
                known = above.get(parent, _NOTHING)
                above[parent] = known[0] | came, known[1] | went
