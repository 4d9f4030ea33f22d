"""What it means that a secret comes to a path or leaves it, as far as history alone tells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from forensics.index.records import Event, EventKey
from forensics.scan.nearest import NearestPairs
from forensics.scan.pairs import Pairs
from forensics.scan.sides import Side, Sides

__all__ = ["Before", "arrived", "departed", "kept"]


class Before(NamedTuple):
    """A commit, and what its parents hold and ever held, as bits of pairs."""

    commit: bytes
    sequence: int
    holds: int
    """What any parent holds."""
    ever: int
    """What any commit above it ever held."""
    gone: int
    """What any commit above it took away."""
    lost: int
    """What any parent lacks that it or a commit above it took away."""
    merge: bool
    stash: bool
    """Whether it is an entry of the stash, which has what git did not track in a parent."""
    undone: Callable[[int], bool]
    """Whether a pair, by number, was taken away on the side of one of several parents that lacks
    it."""
    nearest: Callable[[int, int], int]
    """Of some pairs, as bits, the one whose path is most like that of a pair, all of one secret."""

    @classmethod
    def of(
        cls,
        commit: bytes,
        sequence: int,
        parents: Mapping[int, Side],
        stash: bool,
        sides: Sides,
        nearest: NearestPairs,
    ) -> Before:
        """What is before a commit with these parents."""
        holds = ever = gone = lost = 0
        for side in parents.values():
            holds |= side.holds
            ever |= side.ever
            gone |= side.gone
            lost |= side.gone & ~side.holds
        merge = len(parents) > 1
        return cls(
            commit, sequence, holds, ever, gone, lost, merge, stash, sides.of(parents), nearest.to
        )


def _key(pairs: Pairs, number: int, commit: bytes, kind: str) -> EventKey:
    pair = pairs.all[number]
    return EventKey(pair.fingerprint, pair.path, commit, kind)


def arrived(pairs: Pairs, number: int, past: Before, went: int, oid: bytes, other: bytes) -> Event:
    """The event of a pair that no parent holds.

    Its secret was moved where the same commit takes it from another path, copied where it still
    stands at one, reintroduced where a commit above held it, else introduced.

    Args:
        pairs: all there are.
        number: of the pair.
        past: what the commit's parents hold.
        went: what the commit takes away.
        oid: the object that the pair stands in.
        other: the blob that was at its path before.
    """
    same = pairs.of_secret(pairs.all[number].fingerprint)
    related = None
    if from_ := went & same:
        how = "moved"
        related = _key(pairs, past.nearest(number, from_), past.commit, "removed")
    elif from_ := past.holds & same:
        how = "copied"
        related = _only_arrival(pairs, past.nearest(number, from_))
    elif past.ever & same:
        how = "reintroduced"
    else:
        how = "introduced"
    return Event(past.commit, "introduced", past.sequence, how, oid, other, related)


def _only_arrival(pairs: Pairs, number: int) -> EventKey | None:
    """The event that brought a pair; None where one of several did."""
    came = [one.commit for one in pairs.all[number].events if one.kind == "introduced"]
    return _key(pairs, number, came[0], "introduced") if len(came) == 1 else None


def departed(pairs: Pairs, number: int, past: Before, came: int, old: bytes, new: bytes) -> Event:
    """The event of a pair that the commit does not hold and a parent does.

    Its secret was moved where the same commit puts it at another path, else removed: by the merge
    itself, or earlier on one parent's side, so that the merge only brings that to another.

    Args:
        pairs: all there are.
        number: of the pair.
        past: what the commit's parents hold.
        came: what the commit puts there.
        old: the blob at the path in the first parent.
        new: the blob there now.
    """
    oid = pairs.object_at(number, old)[0] if old else b""
    how, related = "removed", None
    if (past.stash and not old) or (past.merge and past.undone(number)):
        how = "merged"
    elif to := came & pairs.of_secret(pairs.all[number].fingerprint):
        how = "moved"
        related = _key(pairs, past.nearest(number, to), past.commit, "introduced")
    return Event(past.commit, "removed", past.sequence, how, oid, new, related)


def kept(past: Before) -> Event:
    """The event of a merge that holds what one parent does though it was taken away on the side of
    another, where it comes back: no introduction, as a parent has it."""
    return Event(past.commit, "changed", past.sequence, "reintroduced")
