"""Where in history each secret came and went.

What a commit holds is a set of (secret, path) pairs, kept as the bits of one integer. A pair is
introduced where a commit holds it and none of its parents does, and removed where it does not
hold it and a parent does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from forensics.index.history_store import HistorySegment
from forensics.index.records import Event, Occurrence
from forensics.scan.holdings import EMPTY, Flags, Holdings, Node
from forensics.scan.tips import REACHES, TipSets

__all__ = ["Placement", "place", "reach_name"]

_NONE, _REFLOG, _STASH, _REF = 0, 1, 2, 4

Secrets = Mapping[tuple[bytes, str], set[bytes]]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where secrets stood in history."""

    occurrences: list[Occurrence]
    """One for every secret at every path."""
    blobs: set[bytes]
    """Ids of blobs with secrets that some commit holds."""
    reach: dict[bytes, int]
    """Bits of what leads to each commit; see `reach_name`."""


def reach_name(bits: int) -> str:
    """The strongest of what leads to a commit: ref, stash, reflog or none."""
    return REACHES[bits.bit_length()]


@dataclass(slots=True)
class _Pair:
    """A secret at a path, while history is followed."""

    fingerprint: bytes
    path: int
    oid: bytes = b""
    kind: str = ""
    events: list[Event] = field(default_factory=list)


class _Paths:
    """Paths as numbers: each is a name below another path."""

    def __init__(self) -> None:
        self._number: dict[tuple[int, int], int] = {}
        self._parts: list[tuple[int, int]] = [(0, 0)]

    def below(self, path: int, name: int) -> int:
        """The path of an entry in a folder."""
        number = self._number.setdefault((path, name), len(self._parts))
        if number == len(self._parts):
            self._parts.append((path, name))
        return number

    def names(self, path: int) -> list[int]:
        """The entry names from the root down."""
        found = []
        while path:
            path, name = self._parts[path]
            found.append(name)
        return found[::-1]


class _Pairs:
    """Numbers for (secret, path) pairs, and the sets that nodes stand for."""

    def __init__(self, graph: HistorySegment, secrets: Secrets) -> None:
        self._graph = graph
        self._in_blob = {
            number: sorted(secrets[oid, "blob"])
            for number, oid in _numbers_of(graph, [oid for oid, k in secrets if k == "blob"])
        }
        self._in_name = {
            number: sorted(secrets[mark, "path"])
            for number, (_, mark) in enumerate(graph.names)
            if mark and (mark, "path") in secrets
        }
        self.paths = _Paths()
        self.all: list[_Pair] = []
        self._number: dict[tuple[bytes, int], int] = {}
        self._masks: dict[tuple[int, int], int] = {}
        self.blobs: set[int] = set()

    def flags(self) -> tuple[Flags, Flags]:
        """Which objects and which names hold secrets."""
        blobs = np.zeros(len(self._graph.ids), np.bool_)
        blobs[list(self._in_blob)] = True
        names = np.zeros(len(self._graph.names), np.bool_)
        names[list(self._in_name)] = True
        return blobs, names

    def _bit(self, fingerprint: bytes, path: int) -> int:
        number = self._number.setdefault((fingerprint, path), len(self.all))
        if number == len(self.all):
            self.all.append(_Pair(fingerprint, path))
        return 1 << number

    def mask(self, node: Node, path: int = 0) -> int:
        """The pairs that a node stands for when it is mounted at a path."""
        known = self._masks.get((node.number, path))
        if known is not None:
            return known
        waiting = [(node, path)]
        while waiting:
            one, at = waiting[-1]
            missing = [
                (held, below)
                for name, held in one.entries.items()
                if isinstance(held, Node)
                and (held.number, below := self.paths.below(at, name)) not in self._masks
            ]
            if missing:
                waiting += missing
                continue
            waiting.pop()
            self._masks[one.number, at] = self._mask(one, at)
        return self._masks[node.number, path]

    def _mask(self, node: Node, path: int) -> int:
        mask = 0
        for name, held in node.entries.items():
            below = self.paths.below(path, name)
            for fingerprint in self._in_name.get(name, ()):
                mask |= self._bit(fingerprint, below)
            if isinstance(held, Node):
                mask |= self._masks[held.number, below]
            elif held in self._in_blob:
                self.blobs.add(held)
                for fingerprint in self._in_blob[held]:
                    mask |= self._bit(fingerprint, below)
        return mask

    def introduce(self, number: int, event: Event, root: Node) -> None:
        """Record that a pair came, and the first time, in which object."""
        pair = self.all[number]
        pair.events.append(event)
        if pair.oid:
            return
        held: int | Node = root
        names = self.paths.names(pair.path)
        for name in names:
            assert isinstance(held, Node)
            held = held.entries[name]
        if isinstance(held, int) and pair.fingerprint in self._in_blob.get(held, ()):
            pair.oid, pair.kind = _oid(self._graph, held), "blob"
        else:
            pair.oid, pair.kind = self._graph.names[names[-1]][1], "path"

    def occurrence(self, number: int, reach: dict[bytes, int], head: int, tip: int) -> Occurrence:
        """A pair as it goes into the index."""
        pair = self.all[number]
        parts = [self._graph.names[name] for name in self.paths.names(pair.path)]
        bits = 0
        for event in pair.events:
            if event.kind == "introduced":
                bits |= reach.get(event.commit, 0)
        return Occurrence(
            pair.fingerprint,
            (b"/".join(shown for shown, _ in parts), b"".join(mark for _, mark in parts)),
            pair.oid,
            pair.kind,
            reach_name(bits),
            bool(head >> number & 1),
            bool(tip >> number & 1),
            tuple(pair.events),
        )


def _oid(graph: HistorySegment, number: int) -> bytes:
    return bytes(graph.ids[number]).ljust(graph.ids.dtype.itemsize, b"\0")


def _numbers_of(graph: HistorySegment, ids: list[bytes]) -> Iterator[tuple[int, bytes]]:
    """Numbers of those of `ids` that the graph mentions."""
    wanted = np.array(ids, graph.ids.dtype)
    place = np.minimum(np.searchsorted(graph.ids, wanted), len(graph.ids) - 1)
    for number, same, oid in zip(place.tolist(), graph.ids[place] == wanted, ids, strict=True):
        if same:
            yield number, oid


def _bits(value: int) -> Iterator[int]:
    """Places of the ones in a number, ascending."""
    digits = bin(value)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        yield at
        at = digits.find("1", at + 1)


@dataclass(slots=True)
class _Commits:
    """Commits in an order in which parents come first."""

    ids: list[bytes]
    roots: list[int]
    """Number of the tree of each."""
    parents: list[list[int]]
    """Places in this order; parents that were not read are left out."""


def _ordered(graph: HistorySegment, trees: frozenset[bytes]) -> _Commits:
    numbers = graph.commits.tolist()
    first = np.concatenate([[0], np.cumsum(graph.parent_counts)]).tolist()
    row = {number: place for place, number in reversed(list(enumerate(numbers)))}
    given = graph.parents.tolist()
    parents = {
        number: [p for p in given[first[place] : first[place + 1]] if p in row]
        for number, place in row.items()
    }
    children = dict.fromkeys(parents, 0)
    for group in parents.values():
        for parent in group:
            children[parent] += 1
    ready = [number for number, count in children.items() if not count]
    order: list[int] = []
    while ready:
        number = ready.pop()
        order.append(number)
        for parent in parents[number]:
            children[parent] -= 1
            if not children[parent]:
                ready.append(parent)
    order.reverse()
    place_of = {number: place for place, number in enumerate(order)}
    roots = graph.roots.tolist()
    ordered = _Commits(
        [_oid(graph, number) for number in order],
        [roots[row[number]] for number in order],
        [[place_of[parent] for parent in parents[number]] for number in order],
    )
    for number, oid in _numbers_of(graph, sorted(trees)):
        ordered.ids.append(oid)
        ordered.roots.append(number)
        ordered.parents.append([])
    return ordered


def place(graph: HistorySegment, secrets: Secrets, tips: TipSets) -> Placement:
    """Follow every secret through history.

    Args:
        graph: all trees and commits.
        secrets: fingerprints by id and kind of the object that they stand in.
        tips: what leads into history.
    """
    commits = _ordered(graph, tips.trees)
    reach = _reach(commits, tips)
    pairs = _Pairs(graph, secrets)
    holdings = Holdings(graph, *pairs.flags())
    rows = holdings.row_of[commits.roots].tolist() if commits.roots else []
    waiting = [0] * len(rows)
    for group in commits.parents:
        for parent in group:
            waiting[parent] += 1
    state: dict[int, int] = {}
    at_tip = at_head = 0
    for number, (commit, row) in enumerate(zip(commits.ids, rows, strict=True)):
        parents = commits.parents[number]
        before = 0
        for parent in parents:
            before |= state[parent]
        node = holdings.node(row)
        holds = pairs.mask(node) if node is not EMPTY else 0
        if row < 0 or holdings.uncertain[row]:
            holds |= before  # what cannot be read is not absent
        if holds != before:
            for one in _bits(holds & ~before):
                pairs.introduce(one, Event(commit, "introduced", number), node)
            for one in _bits(before & ~holds):
                pairs.all[one].events.append(Event(commit, "removed", number))
        state[number] = holds
        for parent in parents:
            waiting[parent] -= 1
            if not waiting[parent]:
                del state[parent]
        if not waiting[number]:
            del state[number]
        if commit in tips.refs or commit in tips.trees:
            at_tip |= holds
        if commit == tips.head:
            at_head = holds
            at_tip |= holds
    occurrences = [
        pairs.occurrence(number, reach, at_head, at_tip)
        for number, pair in enumerate(pairs.all)
        if pair.events
    ]
    return Placement(occurrences, {_oid(graph, blob) for blob in pairs.blobs}, reach)


def _reach(commits: _Commits, tips: TipSets) -> dict[bytes, int]:
    bits = [_NONE] * len(commits.ids)
    place_of = {commit: number for number, commit in enumerate(commits.ids)}
    heads = {tips.head} if tips.head else set()
    named = tips.refs | tips.trees | heads
    for group, bit in ((named, _REF), (tips.stashed, _STASH), (tips.logged, _REFLOG)):
        for commit in group:
            if commit in place_of:
                bits[place_of[commit]] |= bit
    for number in range(len(bits) - 1, -1, -1):
        if bits[number]:
            for parent in commits.parents[number]:
                bits[parent] |= bits[number]
    return dict(zip(commits.ids, bits, strict=True))
