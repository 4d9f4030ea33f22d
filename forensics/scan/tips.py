"""What leads into history, and what still leads to each commit."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from forensics.git.refs import Tips

__all__ = ["REACHES", "TipSets", "tip_sets", "tips_digest"]

REACHES = ("none", "reflog", "stash", "ref")
"""What leads to a commit, the weakest first."""
_STASH = b"refs/stash"


class TipSets(NamedTuple):
    """Ids of commits, and of trees that refs name, by what names them."""

    head: bytes | None
    refs: frozenset[bytes]
    stashed: frozenset[bytes]
    logged: frozenset[bytes]
    trees: frozenset[bytes]
    """Trees that refs name without a commit."""


def tip_sets(tips: Tips) -> TipSets:
    """The tips by what names them."""
    stash = {ref.peeled for ref in tips.refs if ref.name == _STASH}
    named = {ref.peeled for ref in tips.refs if ref.kind == "commit" and ref.name != _STASH}
    return TipSets(
        tips.head,
        frozenset(named),
        frozenset(tips.stashed | stash),
        frozenset(tips.logged),
        frozenset(ref.peeled for ref in tips.refs if ref.kind == "tree"),
    )


def tips_digest(tips: Tips, boundary: bytes) -> bytes:
    """A digest that changes whenever a ref, a reflog, HEAD or the boundary of a shallow clone
    does."""
    facts = (
        boundary,
        tips.trouble,
        sorted((ref.name, ref.target) for ref in tips.refs),
        tips.head,
        sorted(tips.stashed),
        sorted(tips.logged),
    )
    return sha256(repr(facts).encode()).digest()
