"""Where in history each secret came, stood and went.

What a commit holds is a set of (secret, path) pairs, kept as the bits of one integer. It follows
from the set of the first parent and the changes against it; a merge is compared with all parents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

import numpy as np

from forensics.index.history_store import StoredSegment
from forensics.index.records import Event, Holdings, Occurrence, Person, Stay
from forensics.scan.arrivals import Before, arrived, departed, kept
from forensics.scan.graph import Graph, graph_of, reach_name, reaches
from forensics.scan.lasting import mark_undone
from forensics.scan.makers import Access, Makers, makers_of
from forensics.scan.nearest import NearestPairs
from forensics.scan.pairs import Pairs, Path, bits, number_of
from forensics.scan.sides import NOTHING, Side, Sides
from forensics.scan.tips import TipSets

__all__ = ["NOWHERE", "Placement", "place"]


class Placement(NamedTuple):
    """Where secrets stood in history."""

    occurrences: list[Occurrence]
    """One for every secret at every path."""
    blobs: set[bytes]
    """Ids of blobs with secrets that some commit put somewhere."""
    reach: dict[bytes, int]
    """Bits of what leads to each commit; see `reach_name`."""
    holds: dict[bytes, int]
    """By id of each tip, what it holds: places in `occurrences` as bits."""
    access: dict[Person, int]
    """By author or committer, what commits of theirs stand on: places in `occurrences` as bits."""
    stays: list[Stay]
    """Where on the default branch secrets stood."""
    graph: Graph
    makers: Makers


NOWHERE = Placement([], set(), {}, {}, {}, [], Graph((), (), {}, ()), Makers((), ()))


@dataclass(slots=True)
class _Commit:
    """What a commit changes that matters."""

    changes: list[tuple[Path, bytes, bytes]]
    """Path, blob before and blob after."""
    whole: bool
    """Whether the changes are everything that it holds."""


@dataclass(slots=True)
class _Followed:
    """What following history gives, besides the events."""

    access: Access
    line: dict[int, int]
    """What the commits of the default branch hold, the oldest first."""
    holds: dict[bytes, int] = field(default_factory=dict)
    """By tip."""


def _relevant_changes(segment: StoredSegment, held: Holdings, pairs: Pairs) -> dict[bytes, _Commit]:
    """By id, the commits with a change in which a secret can come or go."""
    found: dict[bytes, _Commit] = {
        segment.commits[number]: _Commit([], True) for number in segment.whole
    }
    if not len(segment.changes):
        return found
    blobs = {oid for oid, kind in held.secrets if kind == "blob"}
    holds = np.fromiter(map(blobs.__contains__, segment.blobs), np.bool_)
    named = np.fromiter((bool(path[1]) for path in segment.paths), np.bool_)
    changes = segment.changes
    chosen = changes[holds[changes[:, 2]] | holds[changes[:, 3]] | named[changes[:, 1]]]
    for number, place, old, new in chosen.tolist():
        path = segment.paths[place]
        pairs.mask(path, segment.blobs[old])
        pairs.mask(path, segment.blobs[new])
        commit = found.setdefault(segment.commits[number], _Commit([], False))
        commit.changes.append((path, segment.blobs[old], segment.blobs[new]))
    return found


def place(segments: Sequence[StoredSegment], held: Holdings, tips: TipSets) -> Placement:
    """Follow every secret through history.

    Args:
        segments: history as read.
        held: which objects hold which secrets.
        tips: what leads into history.
    """
    pairs = Pairs(held)
    changes: dict[bytes, _Commit] = {}
    doubtful: set[bytes] = set()
    for segment in segments:
        if doubtful:  # what is told again counts as it was told last
            for commit in doubtful.intersection(segment.commits):
                changes.pop(commit, None)
        changes |= _relevant_changes(segment, held, pairs)
        doubtful.update(segment.commits[number] for number in segment.doubtful)
    graph = graph_of(segments)
    makers = makers_of(segments, graph)
    followed = _follow(graph, changes, pairs, tips, Access(makers))
    reach = reaches(graph, tips)
    mark_undone(graph, pairs, reach)
    tip_holds = 0
    for tip in tips.named:
        tip_holds |= followed.holds.get(tip, 0)
    head = followed.holds.get(tips.head, 0) if tips.head else 0
    at_head, at_tip = set(bits(head)), set(bits(tip_holds | head))
    at_default = set(bits(followed.holds.get(tips.default, 0))) if tips.default else set()
    there = [number for number, pair in enumerate(pairs.all) if pair.events]
    renumbered = _renumbering(there, len(pairs.all))
    occurrences = [
        Occurrence(
            pair.fingerprint,
            pair.path,
            *pair.best_seen(reach, held.openly),
            reach_name(_joined(reach, pair.events)),
            number in at_head,
            number in at_tip,
            number in at_default,
            tuple(pair.events),
        )
        for number, pair in ((number, pairs.all[number]) for number in there)
    ]
    return Placement(
        occurrences,
        pairs.blobs(),
        reach,
        {tip: renumbered(value) for tip, value in followed.holds.items() if value},
        {person: renumbered(value) for person, value in followed.access.by_person().items()},
        list(_stays(followed.line, graph, pairs)),
        graph,
        makers,
    )


def _renumbering(there: Sequence[int], number: int) -> Callable[[int], int]:
    """What turns bits by places among all, a `number`, into bits by places among those `there`."""
    place = {number: at for at, number in enumerate(there)}

    @cache  # refs by the thousand have the same
    def renumbered(value: int) -> int:
        return number_of((place[one] for one in bits(value) if one in place), len(there))

    return (lambda value: value) if len(there) == number else renumbered


def _joined(reach: Mapping[bytes, int], events: Sequence[Event]) -> int:
    """What leads to any of the commits that introduced something."""
    joined = 0
    for event in events:
        if event.kind == "introduced":
            joined |= reach.get(event.commit, 0)
    return joined


def _follow(
    graph: Graph,
    changes: Mapping[bytes, _Commit],
    pairs: Pairs,
    tips: TipSets,
    access: Access,
) -> _Followed:
    """Record every event, and what tips and the default branch hold."""
    followed = _Followed(access, dict.fromkeys(graph.line(tips.default), 0))
    wanted = tips.named | tips.stashed | {one for one in (tips.head, tips.default) if one}
    # A stash keeps the index, and files that git did not track, in parents of its own.
    beside = {one: graph.beside(one) for one in tips.stashed}
    wanted = wanted.union(*beside.values())
    last = [0] * len(graph.ids)
    for commit, group in enumerate(graph.parents):
        for parent in group:
            last[parent] = commit
    state: dict[int, Side] = {}
    sides, nearest = Sides(graph, pairs), NearestPairs(pairs)
    line = followed.line
    for commit, group in enumerate(graph.parents):
        side = state.get(group[0], NOTHING) if group else NOTHING
        oid = graph.ids[commit]
        change = changes.get(oid)
        if change is not None or len(group) > 1:
            above = {parent: state.get(parent, NOTHING) for parent in group}
            past = Before.of(oid, commit, above, oid in tips.stashed, sides, nearest)
            side = _after(past, side, change, pairs)
        for parent in group:
            if last[parent] == commit:
                state.pop(parent, None)
        if side is not NOTHING:
            access.add(commit, side.ever)
            if last[commit]:
                state[commit] = side
        if oid in wanted:
            followed.holds[oid] = side.holds
        if commit in line:
            line[commit] = side.holds
    for oid, others in beside.items():
        for one in others:
            followed.holds[oid] = followed.holds.get(oid, 0) | followed.holds[one]
    return followed


def _after(past: Before, first: Side, change: _Commit | None, pairs: Pairs) -> Side:
    """What a commit holds, its events recorded; `first` is what its first parent does."""
    holds = first.holds
    if change is not None:
        if change.whole:
            holds = 0
        for path, _, blob in change.changes:
            holds = holds & ~pairs.at_path(path) | pairs.mask(path, blob)
    if holds != past.holds or change is not None or holds & past.lost:
        _record(past, holds, change, pairs)
    ever, gone = past.ever | holds, past.gone | past.holds & ~holds
    if (holds, ever, gone) == first:
        return first  # the same numbers, so that others see that nothing changed
    return Side(holds, first.ever if ever == first.ever else ever, gone)


def _record(past: Before, holds: int, change: _Commit | None, pairs: Pairs) -> None:
    """Record what one commit did."""
    put = {path: (old, new) for path, old, new in change.changes} if change else {}
    came, went = holds & ~past.holds, past.holds & ~holds
    for number in bits(came):
        pair = pairs.all[number]
        old, new = put.get(pair.path, (b"", b""))
        if change is not None:
            oid, kind = pairs.object_at(number, new)
            pair.seen.append((past.commit, oid, kind))
            pair.events.append(arrived(pairs, number, past, went, oid, old))
    for number in bits(went):
        old, new = put.get(pairs.all[number].path, (b"", b""))
        pairs.all[number].events.append(departed(pairs, number, past, came, old, new))
    if past.merge:
        for number in bits(holds & past.holds & past.lost):
            if past.undone(number):
                pairs.all[number].events.append(kept(past))
        return
    for path, (old, new) in put.items():
        for number in pairs.moved_inside(path, old, new):
            if (past.holds & holds) >> number & 1:
                event = Event(past.commit, "changed", past.sequence, "changed", new, old)
                pairs.all[number].events.append(event)


def _stays(line: Mapping[int, int], graph: Graph, pairs: Pairs) -> Iterator[Stay]:
    """The stretches of the default branch that held a secret at any path."""
    since: dict[bytes, tuple[bytes, int]] = {}
    before = 0
    number = -1
    for number, (commit, holds) in enumerate(line.items()):
        if holds == before:
            continue
        for fingerprint in {pairs.all[one].fingerprint for one in bits(holds ^ before)}:
            there = bool(holds & pairs.of_secret(fingerprint))
            if there and fingerprint not in since:
                since[fingerprint] = graph.ids[commit], number
            elif not there and fingerprint in since:
                first, start = since.pop(fingerprint)
                yield Stay(fingerprint, first, graph.ids[commit], number - start)
        before = holds
    for fingerprint, (first, start) in since.items():
        yield Stay(fingerprint, first, None, number + 1 - start)
