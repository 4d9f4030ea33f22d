"""Which hits stand where several overlap: one secret, one hit a place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from detectors.hit import Hit, Kind
from detectors.ignoring import is_pending
from detectors.secret import Secret

__all__ = ["Region", "merged", "winners"]


class Region(NamedTuple):
    """What was found in one thing that stands encoded in a content."""

    packed: bool
    """Whether it was in an archive or compressed stream, which takes up the whole content."""
    hits: Sequence[Hit]
    """At their places in the content. Several may have one place, where no closer one is known."""


def _start(hit: Hit) -> int:
    return hit.start


def _rank(hit: Hit) -> tuple[bool, bool, bool, float, int, int, str]:
    """One that counts comes first, then one of ours, then the most specific."""
    return (
        bool(hit.ignored) and not is_pending(hit.ignored), hit.kind.foreign, hit.kind.generic,
        -hit.confidence, hit.start - hit.end, hit.start, hit.kind.id,
    )  # fmt: skip


def winners(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """One hit a place: one that counts, then one of ours, then the most specific, then the
    surest, then the longest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=_rank):
        at = bisect_left(kept, hit.end, key=_start)
        if at == 0 or kept[at - 1].end <= hit.start:
            kept.insert(at, hit)
    return tuple(kept)


def merged(direct: tuple[Hit, ...], regions: Sequence[Region]) -> tuple[Hit, ...]:
    """Hits that stand in a content as they are, and those in what is encoded in it.

    A direct hit wins over a decoded one, unless `_gives_way` says otherwise of all that this
    overlaps. What is packed has no place of its own: there, one hit a value is enough.
    """
    if not regions:
        return direct
    dropped: set[int] = set()
    kept: list[tuple[Hit, int]] = []  # by start, with the region
    known: set[tuple[int, int, Secret]] = set()
    texts = [(hit, at) for at, region in enumerate(regions) if not region.packed
             for hit in region.hits]  # fmt: skip
    for hit, region in sorted(texts, key=lambda one: _rank(one[0])):
        overlapped = _overlapped(direct, hit)
        if not all(_gives_way(direct[at], hit) for at in overlapped):
            continue
        at = bisect_left(kept, hit.end, key=lambda one: one[0].start)
        if (
            at
            and kept[at - 1][0].end > hit.start
            and (kept[at - 1][1] != region or (region, hit.start, hit.secret) in known)
        ):
            continue
        kept.insert(at, (hit, region))
        known.add((region, hit.start, hit.secret))
        dropped.update(overlapped)
    found = [hit for at, hit in enumerate(direct) if at not in dropped]
    found += [hit for hit, _ in kept]
    partners = {hit.partner for hit, _ in kept if hit.partner}
    found = [hit for hit in found if (hit.start, hit.end) not in partners or not _public(hit.kind)]
    known_values = {hit.secret for hit in found}
    for each in regions:
        for hit in each.hits if each.packed else ():
            if hit.secret not in known_values:
                known_values.add(hit.secret)
                found.append(hit)
    return tuple(sorted(found, key=lambda hit: (hit.start, hit.end, hit.kind.id)))


def _public(kind: Kind) -> bool:
    """Whether at the place of a secret's id this would say no more than that it is one."""
    return kind.generic or bool(kind.pairing.identifier)


def _gives_way(direct: Hit, decoded: Hit) -> bool:
    """Whether a direct hit is only another one's encoded form: a guess where the decoded one is
    none, or what the same rule, or another guess, reads as something else once all of it is
    decoded."""
    if direct.kind.generic and not decoded.kind.generic:
        return True
    return (
        direct.kind.generic == decoded.kind.generic
        and (direct.kind.generic or direct.kind.id == decoded.kind.id)
        and direct.secret != decoded.secret
        and decoded.start <= direct.start
        and direct.end <= decoded.end
    )


def _overlapped(direct: tuple[Hit, ...], hit: Hit) -> range:
    """Which of the direct hits, which do not overlap each other, `hit` overlaps."""
    end = bisect_left(direct, hit.end, key=_start)
    first = end
    while first and direct[first - 1].end > hit.start:
        first -= 1
    return range(first, end)
