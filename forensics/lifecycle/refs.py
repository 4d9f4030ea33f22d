"""Which refs hold a secret at their tips, and which releases had it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from forensics.index.life import LifePlace, LifeRef, SecretLife

__all__ = ["Releases", "present_in", "reachability", "refs_holding", "releases"]

_VERSION = re.compile(rb"(?:^|[^0-9])\d+(?:[._-]\d+)+|(?:^|/)v?\d+(?:$|[^0-9a-z])", re.IGNORECASE)
_BESIDE = frozenset({"tag", "stash"})
"""Kinds of refs that nobody works on."""


class Releases(NamedTuple):
    """The release tags that hold a secret, in an order that follows ancestry."""

    first: bytes | None
    last: bytes | None
    number: int


def refs_holding(places: Iterable[LifePlace], refs: Iterable[LifeRef]) -> list[LifeRef]:
    """The refs at whose tips any of these places has the secret."""
    bits: dict[int, int] = {}
    for place in places:
        bits[place.repository] = bits.get(place.repository, 0) | 1 << place.number
    return [ref for ref in refs if ref.holds & bits.get(ref.repository, 0)]


def present_in(place: LifePlace, refs: Sequence[LifeRef]) -> bool:
    """Whether a secret stands where people work: at the tip of a branch, here or of a remote, of a
    pull request, in a checkout, or in a file outside of git."""
    if place.kind == "file" or place.at_default:
        return True
    return place.at_tip and any(ref.kind not in _BESIDE for ref in refs_holding([place], refs))


def releases(holding: Iterable[LifeRef]) -> Releases:
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
    if named or any(ref.kind not in _BESIDE for ref in holding):
        return "other-branch"
    reaches = {place.reach for place in life.places}
    for reach, name in (("branch", "history-only"), ("tag", "tag-only"), ("stash", "stash"),
                        ("reflog", "reflog")):  # fmt: skip
        if reach in reaches:
            return name
    return "unreachable"
