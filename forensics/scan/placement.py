"""Where in history each secret came and went.

What a commit holds is a set of (secret, path) pairs, kept as the bits of one integer. It follows
from the set of the first parent and the changes against it; a merge is compared with all parents.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from forensics.index.history_store import StoredSegment
from forensics.index.records import Event, Occurrence

__all__ = ["Placement", "Reach", "TipSets", "place"]

Path = tuple[bytes, bytes]
_REF, _STASH, _REFLOG = 4, 2, 1
_NAMES = {_REF: "ref", _STASH: "stash", _REFLOG: "reflog", 0: "none"}


class Reach:
    """What still leads to each commit: refs, the stash, reflogs, or nothing."""

    def __init__(self) -> None:
        self._bits: dict[bytes, int] = {}

    def mark(self, commit: bytes, bits: int) -> int:
        """Add to what leads to a commit, and return all of it."""
        bits |= self._bits.get(commit, 0)
        self._bits[commit] = bits
        return bits

    def name(self, commit: bytes) -> str:
        """The strongest: ref, stash, reflog or none."""
        bits = self._bits.get(commit, 0)
        return _NAMES[1 << bits.bit_length() - 1 if bits else 0]


@dataclass(frozen=True, slots=True)
class TipSets:
    """Ids of commits where walks start, by what names them."""

    head: bytes | None
    refs: frozenset[bytes]
    stashed: frozenset[bytes]
    logged: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where secrets stood in history."""

    occurrences: list[Occurrence]
    """One for every secret at every path."""
    blobs: set[bytes]
    """Ids of blobs with secrets that some commit put somewhere."""
    reach: Reach


@dataclass(slots=True)
class _Pair:
    """A secret at a path, while history is followed."""

    fingerprint: bytes
    path: Path
    oid: bytes = b""
    kind: str = ""
    events: list[Event] = field(default_factory=list)


class _Pairs:
    """Numbers for (secret, path) pairs, and the sets that blobs at paths stand for."""

    def __init__(self, secrets: Mapping[tuple[bytes, str], set[bytes]]) -> None:
        self._secrets = secrets
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
            self._mask[path, blob] = known
            self._at_path[path] = self._at_path.get(path, 0) | known
        return known

    def blobs(self) -> set[bytes]:
        """Every blob asked for that holds a secret."""
        return {blob for (_, blob), mask in self._mask.items() if mask}

    def at_path(self, path: Path) -> int:
        """All pairs that stand for secrets at `path`."""
        return self._at_path.get(path, 0)

    def seen_in(self, number: int, blob: bytes) -> None:
        """Remember the first object in which a pair was introduced."""
        pair = self.all[number]
        if not pair.oid:
            in_blob = pair.fingerprint in self._secrets.get((blob, "blob"), ())
            pair.oid, pair.kind = (blob, "blob") if in_blob else (pair.path[1], "path")


def _bits(value: int) -> Iterator[int]:
    """Places of the ones in a number, ascending."""
    digits = bin(value)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


def _relevant_changes(
    segment: StoredSegment, secrets: Mapping[tuple[bytes, str], set[bytes]]
) -> dict[int, list[tuple[Path, bytes, bytes]]]:
    """By commit number in the segment: path, blob before and after, where either holds a
    secret or the path's name does."""
    if not len(segment.changes):
        return {}
    holds = np.fromiter(((blob, "blob") in secrets for blob in segment.blobs), np.bool_)
    named = np.fromiter((bool(path[1]) for path in segment.paths), np.bool_)
    changes = segment.changes
    chosen = changes[holds[changes[:, 2]] | holds[changes[:, 3]] | named[changes[:, 1]]]
    found: dict[int, list[tuple[Path, bytes, bytes]]] = {}
    for commit, path, old, new in chosen.tolist():
        found.setdefault(commit, []).append(
            (segment.paths[path], segment.blobs[old], segment.blobs[new])
        )
    return found


def place(
    segments: Sequence[StoredSegment],
    secrets: Mapping[tuple[bytes, str], set[bytes]],
    tips: TipSets,
) -> Placement:
    """Follow every secret through history.

    Args:
        segments: walked history, oldest first.
        secrets: fingerprints by id and kind of the object that they stand in.
        tips: what leads into history.
    """
    pairs = _Pairs(secrets)
    changes = [_relevant_changes(segment, secrets) for segment in segments]
    for by_commit in changes:
        for group in by_commit.values():
            for path, old, new in group:
                pairs.mask(path, old)
                pairs.mask(path, new)
    at_tip, at_head = _follow(segments, changes, pairs, tips)
    reach = _reach(segments, tips)
    occurrences = [
        Occurrence(
            pair.fingerprint, pair.path, pair.oid, pair.kind,
            _strongest(reach.name(e.commit) for e in pair.events if e.kind == "introduced"),
            bool(at_head >> number & 1), bool(at_tip >> number & 1), tuple(pair.events),
        )
        for number, pair in enumerate(pairs.all)
        if pair.events
    ]  # fmt: skip
    return Placement(occurrences, pairs.blobs(), reach)


def _strongest(names: Iterator[str]) -> str:
    order = list(_NAMES.values())
    return min(names, key=order.index, default="none")


def _follow(
    segments: Sequence[StoredSegment],
    changes: Sequence[dict[int, list[tuple[Path, bytes, bytes]]]],
    pairs: _Pairs,
    tips: TipSets,
) -> tuple[int, int]:
    """Record every event; return what stands at the tips of refs, and at HEAD."""
    waiting: dict[bytes, int] = {}
    for segment in segments:
        for parents in segment.parents:
            for parent in parents:
                waiting[parent] = waiting.get(parent, 0) + 1
    state: dict[bytes, int] = {}
    at_tip = at_head = sequence = 0
    for segment, by_commit in zip(segments, changes, strict=True):
        for number in range(len(segment.commits) - 1, -1, -1):
            commit, parents = segment.commits[number], segment.parents[number]
            sequence += 1
            first = state.get(parents[0], 0) if parents else 0
            holds = first
            group = by_commit.get(number, ())
            for path, _, new in group:
                holds = holds & ~pairs.at_path(path) | pairs.mask(path, new)
            before = first
            for parent in parents[1:]:
                before |= state.get(parent, 0)
            if holds != first or before != first:
                _record(commit, sequence, holds, before, group, pairs)
            for parent in parents:
                waiting[parent] -= 1
                if not waiting[parent]:
                    state.pop(parent, None)
            if waiting.get(commit):
                state[commit] = holds
            if commit in tips.refs:
                at_tip |= holds
            if commit == tips.head:
                at_head = holds
                at_tip |= holds
    return at_tip, at_head


def _record(
    commit: bytes,
    sequence: int,
    holds: int,
    before: int,
    group: Sequence[tuple[Path, bytes, bytes]],
    pairs: _Pairs,
) -> None:
    came = holds & ~before
    if came:
        put = {path: new for path, _, new in group}
        for number in _bits(came):
            pairs.seen_in(number, put[pairs.all[number].path])
            pairs.all[number].events.append(Event(commit, "introduced", sequence))
    for number in _bits(before & ~holds):
        pairs.all[number].events.append(Event(commit, "removed", sequence))


def _reach(segments: Sequence[StoredSegment], tips: TipSets) -> Reach:
    reach = Reach()
    for commits, bit in ((tips.refs, _REF), (tips.stashed, _STASH), (tips.logged, _REFLOG)):
        for commit in commits:
            reach.mark(commit, bit)
    if tips.head:
        reach.mark(tips.head, _REF)
    for segment in reversed(segments):
        for commit, parents in zip(segment.commits, segment.parents, strict=True):
            bits = reach.mark(commit, 0)
            if bits:
                for parent in parents:
                    reach.mark(parent, bits)
    return reach
