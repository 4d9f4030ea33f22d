"""What leads into history, and how strongly."""

from __future__ import annotations

from hashlib import sha256
from typing import NamedTuple

from forensics.git.refs import Ref, Tips

__all__ = [
    "BRANCH", "DEFAULT", "REACHES", "REFLOG", "STASH", "TAG", "TipSets", "tip_sets", "tips_digest",
]  # fmt: skip

REACHES = ("none", "reflog", "stash", "tag", "branch", "branch")
"""What leads to a commit, the weakest first; a branch is every ref that is no tag and no stash,
and the last one the default branch."""
REFLOG, STASH, TAG, BRANCH, DEFAULT = 1, 2, 4, 8, 16
"""The same as bits; the place of the highest counts into `REACHES`."""
_STASH, _TAGS = b"refs/stash", b"refs/tags/"


class TipSets(NamedTuple):
    """Ids of commits, and of trees that refs name, by what names them."""

    head: bytes | None
    default: bytes | None
    """The tip of the default branch; HEAD where there is none."""
    branches: frozenset[bytes]
    """Of every ref that is no tag and no stash."""
    tags: frozenset[bytes]
    stashed: frozenset[bytes]
    logged: frozenset[bytes]
    trees: frozenset[bytes]
    """Trees that refs name without a commit."""
    tagged: frozenset[bytes] = frozenset()
    """Those of them that only tags name."""

    @property
    def named(self) -> frozenset[bytes]:
        """Whatever a ref names that is no stash."""
        return self.branches | self.tags | self.trees


def tip_sets(tips: Tips) -> TipSets:
    """The tips by what names them."""
    commits = [ref for ref in tips.refs if ref.kind == "commit"]
    peeled = {ref.name: ref.peeled for ref in commits}
    stash = {peeled[_STASH]} if _STASH in peeled else set()
    trees = [ref for ref in tips.refs if ref.kind == "tree"]
    return TipSets(
        tips.head,
        next((peeled[name] for name in tips.default if name in peeled), tips.head),
        frozenset(ref.peeled for ref in commits if not _is_tag(ref) and ref.name != _STASH),
        frozenset(ref.peeled for ref in commits if _is_tag(ref)),
        frozenset(tips.stashed | stash),
        frozenset(tips.logged),
        frozenset(ref.peeled for ref in trees),
        frozenset(ref.peeled for ref in trees if _is_tag(ref))
        - {ref.peeled for ref in trees if not _is_tag(ref)},
    )


def _is_tag(ref: Ref) -> bool:
    return ref.name.startswith(_TAGS)


def tips_digest(tips: Tips, boundary: bytes) -> bytes:
    """A digest that changes whenever a ref, a reflog, HEAD or the boundary of a shallow clone
    does."""
    facts = (
        boundary,
        tips.trouble,
        sorted((ref.name, ref.target) for ref in tips.refs),
        tips.head,
        tips.default,
        tips.stashes,
        sorted(tips.logged),
    )
    return sha256(repr(facts).encode()).digest()
