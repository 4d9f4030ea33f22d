"""Bringing sightings and history together in the index."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Mapping, Sequence

from forensics.git.commit import Signature, parse_commit
from forensics.git.inflate import Damaged
from forensics.git.plan import ObjectPlan
from forensics.git.refs import Ref, Tips, ref_kind
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects, single_objects
from forensics.index.history_store import StoredSegment
from forensics.index.records import (
    Commit,
    Event,
    Occurrence,
    Person,
    PlacedRef,
    Sighting,
    Skip,
)
from forensics.index.writer import IndexWriter
from forensics.lifecycle.same_change import with_repeats
from forensics.scan.certificates import serials_of
from forensics.scan.explaining import explained
from forensics.scan.graph import Graph, reach_name
from forensics.scan.masking import Masker
from forensics.scan.messages import follow_messages
from forensics.scan.observer import Observer
from forensics.scan.placement import NOWHERE, Placement, place
from forensics.scan.tips import BRANCH, DEFAULT, STASH, TAG, tip_sets

__all__ = ["place_everything"]

_EARLIEST, _AHEAD = 366 * 86_400, 2 * 86_400
"""Seconds since 1970: nothing was committed in that year. And from now: clocks differ by no more
than a day or two."""
_NO_DATE = "its commit is dated at a time that cannot be"
_BEHIND = "its commit is dated before its parent"


def place_everything(
    repository: Repository,
    made: ObjectPlan,
    writer: IndexWriter,
    masker: Masker,
    segments: Sequence[StoredSegment],
    tips: Tips,
    unread: Collection[bytes],
    watch: Observer,
) -> None:
    """Replace the repository's occurrences, the commits they name, and its refs. What is behind
    the `unread` pointers of LFS nobody knows."""
    shown_refs: list[tuple[bytes, Ref]] = []
    sightings: list[Sighting] = []
    skips: list[Skip] = []
    for ref in tips.told_apart:
        name = masker.name(ref.name, "ref")
        shown_refs.append((name.shown, ref))
        sightings += name.sightings
        skips += name.skips
    writer.add(sightings, skips)
    held = writer.held()
    sets = tip_sets(tips)
    placement = place(segments, held, sets) if held.secrets else NOWHERE
    named = {oid: _strength(ref) for ref in tips.refs for oid in (ref.target, ref.peeled)}
    if any(kind == "tag" and oid not in named for oid, kind in held.secrets):
        with single_objects(repository, made) as single:
            named |= dict.fromkeys(_tags_of_tags(single, tips.refs), TAG)
    watch.phase("explaining what became of them")
    occurrences = explained(repository, made, writer, masker, placement, held, sets, unread)
    occurrences = [_without(one, sets.trees) for one in occurrences]
    serials = serials_of(writer.public_keys(), held, repository, made, segments, placement.graph)
    watch.phase("writing what is known of them")
    occurrences += _elsewhere(held.secrets, placement, named)
    messages: dict[bytes, int] = {}
    for number in range(len(placement.occurrences), len(occurrences)):
        one = occurrences[number]
        if one.kind == "commit":
            messages[one.oid] = messages.get(one.oid, 0) | 1 << number
    led_to, access = follow_messages(placement.graph, placement.makers, messages)
    for person, bits in placement.access.items():
        access[person] = access.get(person, 0) | bits
    commits = {event.commit for one in occurrences for event in one.events}
    commits |= {one for stay in placement.stays for one in (stay.since, stay.until) if one}
    known = writer.commits_known()
    told, vanished = _commits(repository, made, masker, commits, known)
    taggers = {one.oid: one.author for one in told}
    for number in range(len(placement.occurrences), len(occurrences)):
        one = occurrences[number]
        if one.kind == "tag" and one.oid in taggers:  # whoever made it wrote its message
            person = taggers[one.oid]
            access[person] = access.get(person, 0) | 1 << number
    by_id = {one.oid: one for one in told}
    occurrences = [
        _doubted(one, by_id, placement.graph) for one in with_repeats(occurrences, by_id)
    ]
    if made.overlooked:
        vanished = set()  # they may lie in what cannot be read this time

    def reach_of(oid: bytes) -> str:
        if oid in vanished:
            return "gone"
        return reach_name(placement.reach.get(oid, 0) | named.get(oid, 0))

    own: dict[bytes, int] = {}
    for number in range(len(placement.occurrences), len(occurrences)):
        oid = occurrences[number].oid
        own[oid] = own.get(oid, 0) | 1 << number
    writer.place(
        [one._replace(reach="gone") if _all_gone(one, vanished) else one for one in occurrences],
        [(one, reach_of(one.oid)) for one in told],
        [_placed_ref(shown, ref, tips, placement, own, led_to) for shown, ref in shown_refs],
        placement.stays,
        access,
        serials,
    )


def _without(occurrence: Occurrence, trees: frozenset[bytes]) -> Occurrence:
    """An occurrence as commits tell of it: a tree that a ref names is read like one, but nobody
    made it at any time."""
    if trees.isdisjoint(one.commit for one in occurrence.events):
        return occurrence
    events = tuple(one for one in occurrence.events if one.commit not in trees)
    return occurrence._replace(events=events)


def _doubted(occurrence: Occurrence, commits: Mapping[bytes, Commit], graph: Graph) -> Occurrence:
    """An occurrence whose events say so where their commits have dates that cannot be."""
    latest = time.time() + _AHEAD

    def doubt(commit: bytes) -> str:
        if commit in commits and not _EARLIEST < commits[commit].commit_time < latest:
            return _NO_DATE
        return _BEHIND if graph.behind(commit) > _AHEAD else ""

    events = tuple(
        one._replace(uncertain=one.uncertain or doubt(one.commit)) for one in occurrence.events
    )
    return occurrence if events == occurrence.events else occurrence._replace(events=events)


def _strength(ref: Ref) -> int:
    """What a ref is, as a bit."""
    if ref.name.startswith(b"refs/tags/"):
        return TAG
    return STASH if ref.name == b"refs/stash" else BRANCH


def _placed_ref(
    shown: bytes,
    ref: Ref,
    tips: Tips,
    placement: Placement,
    own: Mapping[bytes, int],
    messages: Mapping[bytes, int],
) -> PlacedRef:
    """A ref with what it holds: in its tree, and of a stash in what was staged and not tracked; by
    `own` in the texts of its objects, and in messages of commits that it leads to."""
    holds = placement.holds.get(ref.peeled, 0) | messages.get(ref.peeled, 0)
    holds |= own.get(ref.target, 0) | own.get(ref.peeled, 0)
    return PlacedRef(
        shown, ref.target, ref.peeled, ref_kind(ref.name), ref.name in tips.default,
        placement.graph.number.get(ref.peeled), holds,
    )  # fmt: skip


def _all_gone(occurrence: Occurrence, vanished: Collection[bytes]) -> bool:
    """Whether every commit that put it there has vanished."""
    put = [event.commit for event in occurrence.events if event.kind == "introduced"]
    return bool(put) and all(commit in vanished for commit in put)


def _elsewhere(
    secrets: Mapping[tuple[bytes, str], set[bytes]],
    placement: Placement,
    named: Mapping[bytes, int],
) -> list[Occurrence]:
    """Occurrences outside of trees: in texts of commits and tags, in names of refs, and in
    blobs that no commit places.

    `named` holds ids of objects that refs name, and how strongly they do.
    """
    found: list[Occurrence] = []
    in_paths: set[bytes] = set()
    for one in placement.occurrences:
        if one.path is not None and one.path[1]:
            in_paths |= secrets.get((one.path[1], "path"), set())
    at_tips = {one.fingerprint for one in placement.occurrences if one.at_tip}
    for (oid, kind), fingerprints in secrets.items():
        if kind == "blob" and oid in placement.blobs:
            if oid not in named:
                continue
            fingerprints = fingerprints - at_tips  # a ref holds it, as no tree does any more
        if kind == "path":
            continue
        if kind == "tree":  # names in trees count where no commit shows the path
            fingerprints = fingerprints - in_paths
        own = kind in ("commit", "tag")
        strength = placement.reach.get(oid, 0) | named.get(oid, BRANCH if kind == "ref" else 0)
        at = placement.graph.number.get(oid, len(placement.graph.ids))
        events = (Event(oid, "introduced", at, "introduced", oid),) if own else ()
        at_tip = strength >= TAG
        found.extend(
            Occurrence(
                one,
                None,
                oid,
                kind,
                reach_name(strength),
                False,
                at_tip,
                strength >= DEFAULT,
                events,
            )
            for one in sorted(fingerprints)
        )
    return found


def _tags_of_tags(single: SingleObjects, refs: Iterable[Ref]) -> set[bytes]:
    """Ids of the objects between refs and what they lead to."""
    named: set[bytes] = set()
    for ref in refs:
        oid = ref.target
        while oid != ref.peeled and ref.peeled:
            try:
                kind, content = single.read(oid)
            except Damaged:
                break
            target = re.match(rb"object ((?:[0-9a-f]{2})+)\n", content)
            if kind != "tag" or target is None:
                break
            oid = bytes.fromhex(target[1].decode())
            if oid in named:
                break
            named.add(oid)
    return named


def _commits(
    repository: Repository,
    made: ObjectPlan,
    masker: Masker,
    ids: Collection[bytes],
    known: Mapping[bytes, Commit],
) -> tuple[list[Commit], set[bytes]]:
    """People and times of commits and tags, secrets masked before anything is parsed; of those
    that have vanished, what is `known`. And the ids of these."""
    found: list[Commit] = []
    vanished: set[bytes] = set()
    if not ids:
        return found, vanished
    with single_objects(repository, made) as single:
        for oid in sorted(ids):
            try:
                raw = masker.mask(single.read(oid)[1])
            except Damaged:
                if oid in known:
                    found.append(known[oid])
                    vanished.add(oid)
                    continue
                raw = b""
            header = parse_commit(raw)
            author, committer = header.author, header.committer
            found.append(
                Commit(
                    oid,
                    _person(author),
                    author.time,
                    author.offset,
                    _person(committer),
                    committer.time,
                    committer.offset,
                )
            )
    return found, vanished


def _person(signature: Signature) -> Person:
    return Person(signature.name, signature.email)
