"""Bringing sightings and history together in the index."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from forensics.git.commit import Signature, parse_commit
from forensics.git.inflate import Damaged
from forensics.git.plan import ObjectPlan
from forensics.git.refs import Ref, Tips, ref_kind
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects, single_objects
from forensics.git.trees import PathLookup
from forensics.index.history_store import StoredSegment
from forensics.index.records import (
    Commit,
    Event,
    EventKey,
    Holdings,
    Occurrence,
    Person,
    PlacedRef,
    Sighting,
    Skip,
)
from forensics.index.writer import IndexWriter
from forensics.lifecycle.explain import explain
from forensics.lifecycle.slots import Versions
from forensics.scan.graph import is_ancestor as is_above
from forensics.scan.graph import reach_name
from forensics.scan.masking import Masker
from forensics.scan.pairs import bits
from forensics.scan.placement import NOWHERE, Placement, place
from forensics.scan.tips import BRANCH, DEFAULT, STASH, TAG, TipSets, tip_sets

__all__ = ["place_everything"]


def place_everything(
    repository: Repository,
    made: ObjectPlan,
    writer: IndexWriter,
    masker: Masker,
    segments: Sequence[StoredSegment],
    tips: Tips,
) -> None:
    """Replace the repository's occurrences, the commits they name, and its refs."""
    shown_refs: list[tuple[bytes, Ref]] = []
    sightings: list[Sighting] = []
    skips: list[Skip] = []
    for ref in tips.refs:
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
    occurrences = _explained(repository, made, writer, masker, placement, held, sets)
    occurrences += _elsewhere(held.secrets, placement, named)
    commits = {event.commit for one in occurrences for event in one.events}
    commits |= {one for stay in placement.stays for one in (stay.since, stay.until) if one}
    known = writer.commits_known()
    told, vanished = _commits(repository, made, masker, commits, known)
    if made.overlooked:
        vanished = set()  # they may lie in what cannot be read this time

    def reach_of(oid: bytes) -> str:
        if oid in vanished:
            return "gone"
        return reach_name(placement.reach.get(oid, 0) | named.get(oid, 0))

    writer.place(
        [one._replace(reach="gone") if _all_gone(one, vanished) else one for one in occurrences],
        [(one, reach_of(one.oid)) for one in told],
        [_placed_ref(shown, ref, tips, sets, placement, occurrences) for shown, ref in shown_refs],
        placement.stays,
        placement.access,
    )


def _explained(
    repository: Repository,
    made: ObjectPlan,
    writer: IndexWriter,
    masker: Masker,
    placement: Placement,
    held: Holdings,
    tips: TipSets,
) -> list[Occurrence]:
    """The occurrences, their events as what they mean, with the blobs that hold them now."""
    if not placement.occurrences:
        return []

    def is_ancestor(older: bytes, newer: bytes) -> bool:
        parents = placement.parents
        return is_above(parents, older, parents[newer], placement.order)

    with single_objects(repository, made) as single:

        def read(blob: bytes) -> bytes | None:
            try:
                return single.read(blob)[1]
            except Damaged:
                return None

        known = writer.events_known() if writer.same_scanner_before() else {}
        told = explain(placement.occurrences, Versions(read, held.spans), is_ancestor, known)
        here = _blobs_at_tips(PathLookup(single, repository.hash_bytes), tips, placement)
    explained: list[Occurrence] = []
    for number, one in enumerate(placement.occurrences):
        events: list[Event] = []
        for event in one.events:
            what = told[EventKey(one.fingerprint, one.path, event.commit, event.kind)]
            if what is None:
                continue
            slot = what.slot and masker.mask(what.slot.encode()).decode("utf-8", "backslashreplace")
            events.append(
                event._replace(
                    how=what.how,
                    slot=slot,
                    via=what.via,
                    uncertain=what.uncertain,
                    related=what.related,
                )
            )
        blob = here.get(number, b"")
        now = blob if (blob, one.fingerprint) in held.spans else b""
        explained.append(one._replace(events=tuple(events), here=now))
    return explained


def _blobs_at_tips(lookup: PathLookup, tips: TipSets, placement: Placement) -> dict[int, bytes]:
    """By number of the occurrence, a blob that holds it at a tip: of the default branch if it
    stands there, else of another, else of a tag."""
    found: dict[int, bytes] = {}
    first = [one for one in (tips.default, tips.head) if one]
    left = -1
    for tip in (*first, *sorted(tips.branches), *sorted(tips.trees), *sorted(tips.tags)):
        here = placement.holds.get(tip, 0) & left
        left &= ~here
        for number in bits(here):
            path = placement.occurrences[number].path
            if path is not None and not path[1]:
                found[number] = lookup.blob(tip, path[0]) or b""
    return found


def _strength(ref: Ref) -> int:
    """What a ref is, as a bit."""
    if ref.name.startswith(b"refs/tags/"):
        return TAG
    return STASH if ref.name == b"refs/stash" else BRANCH


def _placed_ref(
    shown: bytes,
    ref: Ref,
    tips: Tips,
    sets: TipSets,
    placement: Placement,
    occurrences: Sequence[Occurrence],
) -> PlacedRef:
    """A ref with what it holds: in its tree, and in its own text."""
    kind = ref_kind(ref.name)
    tips_of = sets.stashed if kind == "stash" else {ref.peeled}
    holds = 0
    for tip in tips_of:
        holds |= placement.holds.get(tip, 0)
    for number in range(len(placement.occurrences), len(occurrences)):
        if occurrences[number].oid in (ref.target, ref.peeled):
            holds |= 1 << number
    return PlacedRef(
        shown, ref.target, ref.peeled, kind, ref.name in tips.default,
        placement.order.get(ref.peeled), holds,
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
        at = placement.order.get(oid, len(placement.order))
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
