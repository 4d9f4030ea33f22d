"""Where in history each secret came and went.

What a commit holds is a set of (secret, path) pairs, kept as the bits of one integer. It follows
from the set of the first parent and the changes against it; a merge is compared with all parents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from forensics.index.history_store import StoredSegment
from forensics.index.records import Event, Occurrence
from forensics.scan.tips import REACHES, TipSets

__all__ = ["Placement", "place", "reach_name"]

Path = tuple[bytes, bytes]
_REFLOG, _STASH, _REF = 1, 2, 4


def reach_name(bits: int) -> str:
    """The strongest of what leads to a commit: ref, stash, reflog or none."""
    return REACHES[bits.bit_length()]


class Placement(NamedTuple):
    """Where secrets stood in history."""

    occurrences: list[Occurrence]
    """One for every secret at every path."""
    blobs: set[bytes]
    """Ids of blobs with secrets that some commit put somewhere."""
    reach: dict[bytes, int]
    """Bits of what leads to each commit; see `reach_name`."""


@dataclass(slots=True)
class _Pair:
    """A secret at a path, while history is followed."""

    fingerprint: bytes
    path: Path
    events: list[Event] = field(default_factory=list)
    seen: list[tuple[bytes, bytes, str]] = field(default_factory=list)
    """Of each commit that introduced it, the id, and id and kind of the object it stood in."""

    open_at: tuple[int, bytes] = (-1, b"")
    """How openly it stood at the path at most, and in which blob; see `place`."""

    def best_seen(
        self, reach: Mapping[bytes, int], openly: Mapping[tuple[bytes, bytes], int]
    ) -> tuple[bytes, str]:
        """The object to show: in the first commit among those that the strongest leads to; where
        it is ignored there, another in which it is not."""
        _, oid, kind = max(
            self.seen,
            key=lambda one: (
                openly.get((one[1], self.fingerprint), 0),
                reach.get(one[0], 0).bit_length(),
            ),
        )
        if self.open_at[0] > openly.get((oid, self.fingerprint), 0):
            return self.open_at[1], "blob"
        return oid, kind


class _Pairs:
    """Numbers for (secret, path) pairs, and the sets that blobs at paths stand for."""

    def __init__(
        self,
        secrets: Mapping[tuple[bytes, str], set[bytes]],
        openly: Mapping[tuple[bytes, bytes], int],
    ) -> None:
        self._secrets, self._openly = secrets, openly
        self.all: list[_Pair] = []
        self._number: dict[tuple[bytes, Path], int] = {}
        self._mask: dict[tuple[Path, bytes], int] = {}
        self._at_path: dict[Path, int] = {}

    def mask(self, path: Path, blob: bytes) -> int:
        """The pairs that `blob` at `path` stands for; an empty id stands for none."""
        if not blob:
            return 0
        known = self._mask.get((path, blob))
        if known is None:
            known = 0
            held = set(self._secrets.get((blob, "blob"), ()))
            if path[1]:
                held |= self._secrets.get((path[1], "path"), set())
            for fingerprint in sorted(held):
                number = self._number.setdefault((fingerprint, path), len(self.all))
                if number == len(self.all):
                    self.all.append(_Pair(fingerprint, path))
                known |= 1 << number
                if self._openly:
                    seen = (self._openly.get((blob, fingerprint), 0), blob)
                    pair = self.all[number]
                    if (seen[0], pair.open_at[1]) > (pair.open_at[0], blob):
                        pair.open_at = seen
            self._mask[path, blob] = known
            self._at_path[path] = self._at_path.get(path, 0) | known
        return known

    def blobs(self) -> set[bytes]:
        """Every blob that some commit holds, as far as its pairs were ever introduced."""
        there = sum(1 << number for number, pair in enumerate(self.all) if pair.events)
        return {blob for (_, blob), mask in self._mask.items() if mask and not mask & ~there}

    def at_path(self, path: Path) -> int:
        """All pairs that stand for secrets at `path`."""
        return self._at_path.get(path, 0)

    def introduced(self, number: int, commit: bytes, sequence: int, blob: bytes) -> None:
        """Record that a commit put a pair there, and in which object."""
        pair = self.all[number]
        in_blob = pair.fingerprint in self._secrets.get((blob, "blob"), ())
        pair.seen.append((commit, blob, "blob") if in_blob else (commit, pair.path[1], "path"))
        pair.events.append(Event(commit, "introduced", sequence))


def _bits(value: int) -> Iterator[int]:
    """Places of the ones in a number, ascending."""
    digits = bin(value)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


@dataclass(slots=True)
class _Commit:
    """What a commit changes that matters."""

    changes: list[tuple[Path, bytes]]
    """Path and blob after."""
    whole: bool
    """Whether the changes are everything that it holds."""


def _relevant_changes(
    segment: StoredSegment, secrets: Mapping[tuple[bytes, str], set[bytes]], pairs: _Pairs
) -> dict[bytes, _Commit]:
    """By id, the commits with a change in which a secret can come or go."""
    found: dict[bytes, _Commit] = {
        segment.commits[number]: _Commit([], True) for number in segment.whole
    }
    if not len(segment.changes):
        return found
    holds = np.fromiter(((blob, "blob") in secrets for blob in segment.blobs), np.bool_)
    named = np.fromiter((bool(path[1]) for path in segment.paths), np.bool_)
    changes = segment.changes
    chosen = changes[holds[changes[:, 2]] | holds[changes[:, 3]] | named[changes[:, 1]]]
    for number, place, old, new in chosen.tolist():
        path = segment.paths[place]
        pairs.mask(path, segment.blobs[old])
        pairs.mask(path, segment.blobs[new])
        commit = found.setdefault(segment.commits[number], _Commit([], False))
        commit.changes.append((path, segment.blobs[new]))
    return found


def _parents_first(segments: Sequence[StoredSegment]) -> dict[bytes, tuple[bytes, ...]]:
    """The parents of every commit, those that were not read left out, in an order in which
    parents come before children."""
    known = {
        commit: parents
        for segment in segments
        for commit, parents in zip(segment.commits, segment.parents, strict=True)
    }
    above = {
        commit: tuple(parent for parent in parents if parent in known)
        for commit, parents in known.items()
    }
    children = dict.fromkeys(above, 0)
    for parents in above.values():
        for parent in parents:
            children[parent] += 1
    # From the ids alone, so that the order does not depend on how objects are packed.
    ready = sorted(commit for commit, count in children.items() if not count)
    order: list[bytes] = []
    while ready:
        commit = ready.pop()
        order.append(commit)
        for parent in above[commit]:
            children[parent] -= 1
            if not children[parent]:
                ready.append(parent)
    return {commit: above[commit] for commit in reversed(order)}


def place(
    segments: Sequence[StoredSegment],
    secrets: Mapping[tuple[bytes, str], set[bytes]],
    tips: TipSets,
    openly: Mapping[tuple[bytes, bytes], int] | None = None,
) -> Placement:
    """Follow every secret through history.

    Args:
        segments: history as read.
        secrets: fingerprints by id and kind of the object that they stand in.
        tips: what leads into history.
        openly: where anything is ignored by its content, by object id and fingerprint: 2 where
            the secret is not, 1 where that depends on path or commit, else 0.
    """
    openly = openly or {}
    pairs = _Pairs(secrets, openly)
    changes: dict[bytes, _Commit] = {}
    doubtful: set[bytes] = set()
    for segment in segments:
        if doubtful:  # what is told again counts as it was told last
            for commit in doubtful.intersection(segment.commits):
                changes.pop(commit, None)
        changes |= _relevant_changes(segment, secrets, pairs)
        doubtful.update(segment.commits[number] for number in segment.doubtful)
    parents = _parents_first(segments)
    at_tip, at_head = _follow(parents, changes, pairs, tips)
    reach = _reach(parents, tips)
    occurrences = [
        Occurrence(
            pair.fingerprint,
            pair.path,
            *pair.best_seen(reach, openly),
            reach_name(_joined(reach, pair.events)),
            bool(at_head >> number & 1),
            bool(at_tip >> number & 1),
            tuple(pair.events),
        )
        for number, pair in enumerate(pairs.all)
        if pair.events
    ]
    return Placement(occurrences, pairs.blobs(), reach)


def _joined(reach: Mapping[bytes, int], events: Sequence[Event]) -> int:
    """What leads to any of the commits that introduced something."""
    bits = 0
    for event in events:
        if event.kind == "introduced":
            bits |= reach.get(event.commit, 0)
    return bits


def _follow(
    parents: Mapping[bytes, tuple[bytes, ...]],
    changes: Mapping[bytes, _Commit],
    pairs: _Pairs,
    tips: TipSets,
) -> tuple[int, int]:
    """Record every event; return what stands at the tips of refs, and at HEAD."""
    waiting = dict.fromkeys(parents, 0)
    for group in parents.values():
        for parent in group:
            waiting[parent] += 1
    state: dict[bytes, int] = {}
    at_tip = at_head = 0
    named = tips.refs | tips.trees
    for sequence, (commit, group) in enumerate(parents.items()):
        holds = before = state.get(group[0], 0) if group else 0
        for parent in group[1:]:
            before |= state.get(parent, 0)
        change = changes.get(commit)
        if change is not None:
            if change.whole:
                holds = 0
            for path, blob in change.changes:
                holds = holds & ~pairs.at_path(path) | pairs.mask(path, blob)
        if holds != before:
            _record(commit, sequence, holds, before, change, pairs)
        for parent in group:
            waiting[parent] -= 1
            if not waiting[parent]:
                state.pop(parent, None)
        if waiting[commit] and holds:
            state[commit] = holds
        if commit in named:
            at_tip |= holds
        if commit == tips.head:
            at_head = holds
            at_tip |= holds
    return at_tip, at_head


def _record(
    commit: bytes, sequence: int, holds: int, before: int, change: _Commit | None, pairs: _Pairs
) -> None:
    came = holds & ~before
    if came and change is not None:
        put = dict(change.changes)
        for number in _bits(came):
            pairs.introduced(number, commit, sequence, put[pairs.all[number].path])
    for number in _bits(before & ~holds):
        pairs.all[number].events.append(Event(commit, "removed", sequence))


def _reach(parents: Mapping[bytes, tuple[bytes, ...]], tips: TipSets) -> dict[bytes, int]:
    reach: dict[bytes, int] = {}
    heads = {tips.head} if tips.head else set()
    named = tips.refs | tips.trees | heads
    for commits, bit in ((named, _REF), (tips.stashed, _STASH), (tips.logged, _REFLOG)):
        for commit in commits:
            reach[commit] = reach.get(commit, 0) | bit
    for commit in reversed(list(parents)):
        bits = reach.get(commit, 0)
        if bits:
            for parent in parents[commit]:
                reach[parent] = reach.get(parent, 0) | bits
    return reach
