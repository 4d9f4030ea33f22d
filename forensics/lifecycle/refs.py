"""Which refs hold a secret at their tips, and which releases had it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from forensics.index.life import LifePlace, LifeRef, SecretLife
from forensics.index.records import BESIDE
from forensics.lifecycle.holders import Holders

__all__ = ["Holding", "Releases", "holds", "present_at", "reachability", "refs_by_place"]

_VERSION = re.compile(rb"(?:^|[^0-9])\d+(?:[._-]\d+)+|(?:^|/)v?\d+(?:$|[^0-9a-z])", re.IGNORECASE)


class Releases(NamedTuple):
    """The release tags that hold a secret, in an order that follows ancestry."""

    first: bytes | None
    last: bytes | None
    number: int


class Holding(NamedTuple):
    """Refs that hold a secret at their tips."""

    refs: tuple[LifeRef, ...]
    releases: Releases
    worked_on: bool
    """Whether one of them is worked on: a branch, here or of a remote, a pull request, a
    checkout."""


def refs_by_place(refs: Iterable[LifeRef]) -> Holders[LifeRef, Holding]:
    """What tells which of the refs hold a secret."""
    return Holders(((ref.repository, ref.holds, ref) for ref in refs), _holding)


def _holding(refs: tuple[LifeRef, ...]) -> Holding:
    return Holding(refs, _releases(refs), any(ref.kind not in BESIDE for ref in refs))


def holds(ref: LifeRef, place: LifePlace) -> bool:
    """Whether a ref has the secret of a place there."""
    return ref.repository == place.repository and bool(ref.holds >> place.number & 1)


def present_at(places: Iterable[LifePlace], holders: Holders[LifeRef, Holding]) -> Collection[int]:
    """Rows of the places at which a secret stands where people work: at the tip of what is worked
    on, or in a file outside of git."""
    return frozenset(
        place.id for place in places
        if place.kind == "file" or place.at_default
        or (place.at_tip and holders.of([place]).worked_on)
    )  # fmt: skip


def _releases(holding: Iterable[LifeRef]) -> Releases:
    """The releases among the refs that hold a secret: tags that look like a version, or all tags
    where none does."""
    tags = [ref for ref in holding if ref.kind == "tag"]
    named = [ref for ref in tags if _VERSION.search(ref.name.removeprefix(b"refs/tags/"))] or tags
    named.sort(key=lambda ref: (ref.repository, ref.sequence if ref.sequence is not None else -1))
    if not named:
        return Releases(None, None, 0)
    return Releases(_short(named[0]), _short(named[-1]), len(named))


def _short(ref: LifeRef) -> bytes:
    return ref.name.removeprefix(b"refs/tags/")


def reachability(life: SecretLife, holding: Sequence[LifeRef]) -> str:
    """What still leads to a secret, the strongest: default-branch and other-branch where it stands
    at a tip, history-only where a branch leads to commits that had it, tag-only where only tags
    do, stash, reflog, or unreachable."""
    if any(place.kind == "file" or place.at_default for place in life.places):
        return "default-branch"
    if any(ref.is_default for ref in holding):
        return "default-branch"
    named = any(place.kind == "ref" for place in life.places)
    if named or any(ref.kind not in BESIDE for ref in holding):
        return "other-branch"
    reaches = {place.reach for place in life.places}
    for reach, name in (("branch", "history-only"), ("tag", "tag-only"), ("stash", "stash"),
                        ("reflog", "reflog")):  # fmt: skip
        if reach in reaches:
            return name
    return "unreachable"
