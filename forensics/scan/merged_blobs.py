"""What stood at a path before and after a merge, where its first parent alone does not tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from forensics.git.trees import PathLookup
from forensics.index.records import Event, Holdings, Occurrence
from forensics.scan.graph import Graph

__all__ = ["with_merged_blobs"]

_MOST = 5_000
"""Events of merges that one scan looks into."""


def with_merged_blobs(
    occurrences: Sequence[Occurrence], graph: Graph, lookup: PathLookup, held: Holdings
) -> Iterator[Occurrence]:
    """The occurrences, their events in merges with the blobs on both sides.

    What a merge took away may have stood on the side of another parent than the first, and what it
    kept may be as the first parent has it, so that nothing changes there.
    """
    left = _MOST

    def told(one: Occurrence, event: Event) -> Event:
        nonlocal left
        parents = graph.parents[event.sequence]
        unknown = event.how in ("removed", "reintroduced") and not event.oid
        if not unknown or len(parents) < 2 or one.path is None or one.path[1] or not left:
            return event
        left -= 1
        sides = [lookup.blob(graph.ids[parent], one.path[0]) or b"" for parent in parents]
        after = lookup.blob(event.commit, one.path[0]) or b""
        return _between(one.fingerprint, event, sides, after, held)

    for one in occurrences:
        events = tuple(told(one, event) for event in one.events)
        yield one if events == one.events else one._replace(events=events)


def _between(
    secret: bytes, event: Event, sides: Sequence[bytes], after: bytes, held: Holdings
) -> Event:
    """An event with the blob that holds the secret and the other, of what stood on the `sides` of
    a merge and what stands `after` it."""
    if event.kind == "removed":
        before = next((blob for blob in sides if (blob, secret) in held.spans), b"")
        return event._replace(oid=before, other=after)
    before = next((blob for blob in sides if (blob, secret) not in held.spans), b"")
    return event._replace(oid=after, other=before)
