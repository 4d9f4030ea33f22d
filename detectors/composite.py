"""Secrets and the ids they are used with: found near each other, they are one finding.

A kind names its partners (`Kind.pairing`). Pairing looks at one content only, and at positions
only, so the same content always gives the same pairs. A secret stays the same secret whether or
not its id was found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from detectors.hit import Hit, Kind

__all__ = ["paired"]

_FURTHEST = 2000
"""Bytes between a secret and its id."""
_MOST_CHOICES = 10_000
"""Pairs to weigh against each other in one group; beyond that, the nearest is taken."""
_LONGEST_ID = 120
_DOUBT_LEFT = 1 / 3
"""Share of the doubt about a secret that is left once its id stands near it."""

Choice = tuple[int, int]
"""How many pairs, and the bytes between them, negative: more is better."""


def paired(
    content: bytes, hits: Sequence[Hit], kinds: Mapping[str, Kind]
) -> tuple[tuple[Hit, ...], tuple[Hit, ...]]:
    """`hits` with secrets and their ids joined, and those that are to be left out.

    A secret with its id has the id's span as its partner, the id among its facts, and is surer; one
    without says what is missing. Ids that were joined are no hits of their own any more. Left out
    is what found no partner and is not reported alone.

    Args:
        content: in which they stand.
        hits: by position, none overlapping.
        kinds: every kind that could have been found, by its id.
    """
    wanted = {name for hit in hits for name in hit.kind.pairing.partners if name in kinds}
    if not wanted and all(hit.kind.pairing.alone for hit in hits):
        return tuple(hits), ()
    by_kind = {name: [hit for hit in hits if hit.kind.id == name] for name in wanted}
    joined: dict[int, list[Hit]] = {}
    absorbed: set[int] = set()
    for kind in sorted({hit.kind for hit in hits if hit.kind.pairing.partners}):
        secrets = [hit for hit in hits if hit.kind == kind]
        for name in kind.pairing.partners:
            for secret, partner in _pairs(content, secrets, by_kind.get(name, ())):
                joined.setdefault(secret.start, []).append(partner)
                if partner.kind.pairing.identifier:
                    absorbed.add(partner.start)
    left = [hit for hit in hits if hit.start not in absorbed]
    kept = [hit for hit in left if hit.kind.pairing.alone or hit.start in joined]
    return (
        tuple(
            _told(content, hit, joined.get(hit.start, ()), kinds)
            if hit.kind.pairing.partners
            else hit
            for hit in kept
        ),
        tuple(hit for hit in left if not hit.kind.pairing.alone and hit.start not in joined),
    )


def _told(content: bytes, hit: Hit, partners: Sequence[Hit], kinds: Mapping[str, Kind]) -> Hit:
    """A secret with what is known of its partners."""
    facts = dict(hit.facts)
    for partner in partners:
        if name := partner.kind.pairing.identifier:
            shown = content[partner.start : partner.end][:_LONGEST_ID].decode("latin-1")
            facts[name] = shown if shown.isascii() and shown.isprintable() else "not printable"
            for each, value in partner.facts:
                facts.setdefault(each, value)
        else:
            facts["goes with"] = partner.kind.title
    found = {partner.kind.id for partner in partners}
    missing = [
        kinds[name].pairing.identifier or kinds[name].title
        for name in hit.kind.pairing.partners
        if name in kinds and name not in found
    ]
    if missing:
        facts["missing"] = f"the {' and the '.join(missing)} to use it with"
    told = hit._replace(facts=tuple(facts.items()))
    if not partners:
        return told
    nearest = min(partners, key=lambda other: (_gap(hit, other), other.start))
    sure = hit.confidence
    if hit.checksum is not False:
        sure = round(1 - (1 - sure) * _DOUBT_LEFT, 4)
    return told._replace(partner=(nearest.start, nearest.end), confidence=sure)


def _gap(one: Hit, other: Hit) -> int:
    """Bytes between two hits that do not overlap."""
    return max(one.start, other.start) - min(one.end, other.end)


def _near(content: bytes, secret: Hit, other: Hit) -> bool:
    first, last = min(secret.end, other.end), max(secret.start, other.start)
    if last - first > _FURTHEST:
        return False
    return content.count(b"\n", first, last) <= secret.kind.pairing.within


def _pairs(content: bytes, secrets: Sequence[Hit], ids: Sequence[Hit]) -> Iterator[tuple[Hit, Hit]]:
    """Each secret that has an id near it, with that id.

    As many as can be are paired in order, each with an id of its own, and of those ways the one
    with the least bytes between them is taken: so a list of ids and secrets comes out right
    whichever of the two stands first. A secret left over takes the nearest, as where two secrets
    belong to one id.
    """
    starts = [each.start for each in ids]
    taken: dict[int, Hit] = {}
    for some, others in _groups(secrets, ids):
        if len(some) * len(others) <= _MOST_CHOICES:
            taken |= {secret.start: other for secret, other in _aligned(content, some, others)}
    for secret in secrets:
        if secret.start not in taken:
            at = bisect_left(starts, secret.start)
            beside = [each for each in ids[max(0, at - 1) : at + 1] if _near(content, secret, each)]
            if not beside:
                continue
            taken[secret.start] = min(beside, key=lambda other: (_gap(secret, other), other.start))
        yield secret, taken[secret.start]


def _groups(secrets: Sequence[Hit], ids: Sequence[Hit]) -> Iterator[tuple[list[Hit], list[Hit]]]:
    """Secrets and ids cut where they are too far from the next to be paired with it."""
    some: list[Hit] = []
    others: list[Hit] = []
    end = 0
    mine = {hit.start for hit in secrets}
    for hit in sorted((*secrets, *ids), key=lambda each: each.start):
        if hit.start > end + _FURTHEST and (some or others):
            if some and others:
                yield some, others
            some, others = [], []
        (some if hit.start in mine else others).append(hit)
        end = hit.end
    if some and others:
        yield some, others


def _aligned(
    content: bytes, secrets: Sequence[Hit], ids: Sequence[Hit]
) -> Iterator[tuple[Hit, Hit]]:
    """The best way to pair them in order: most pairs, then least bytes between them."""
    best = [[(0, 0)] * (len(ids) + 1) for _ in range(len(secrets) + 1)]
    for row in reversed(range(len(secrets))):
        for column in reversed(range(len(ids))):
            best[row][column] = max(
                best[row + 1][column],
                best[row][column + 1],
                _with(content, secrets[row], ids[column], best[row + 1][column + 1]),
            )
    row = column = 0
    while row < len(secrets) and column < len(ids):
        here = best[row][column]
        secret, other = secrets[row], ids[column]
        if here == _with(content, secret, other, best[row + 1][column + 1]):
            yield secret, other
            row, column = row + 1, column + 1
        elif here == best[row][column + 1]:
            column += 1
        else:
            row += 1


def _with(content: bytes, secret: Hit, other: Hit, rest: Choice) -> Choice:
    """What pairing these two comes to, given what comes after them; the worst if they are far."""
    if not _near(content, secret, other):
        return (-1, 0)
    return rest[0] + 1, rest[1] - _gap(secret, other)
