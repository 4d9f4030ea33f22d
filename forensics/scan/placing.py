"""Bringing sightings and history together in the index."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from forensics.git.commit import Signature, parse_commit
from forensics.git.inflate import Damaged
from forensics.git.plan import ObjectPlan
from forensics.git.refs import Ref
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects, single_objects
from forensics.index.history_store import StoredSegment
from forensics.index.records import Commit, Event, Occurrence, Person, Sighting, Skip
from forensics.index.writer import IndexWriter
from forensics.scan.masking import Masker
from forensics.scan.placement import Placement, place, reach_name
from forensics.scan.tips import TipSets

__all__ = ["place_everything"]


def place_everything(
    repository: Repository,
    made: ObjectPlan,
    writer: IndexWriter,
    masker: Masker,
    segments: Sequence[StoredSegment],
    tips: TipSets,
    refs: Sequence[Ref],
) -> None:
    """Replace the repository's occurrences, the commits they name, and its refs."""
    shown_refs: list[tuple[bytes, bytes, bytes, str]] = []
    sightings: list[Sighting] = []
    skips: list[Skip] = []
    for ref in refs:
        name = masker.name(ref.name, "ref")
        shown_refs.append((name.shown, ref.target, ref.peeled, ref.kind))
        sightings += name.sightings
        skips += name.skips
    writer.add(sightings, skips)
    secrets = writer.secrets_by_object()
    placement = Placement([], set(), {})
    if secrets:
        placement = place(segments, secrets, tips, writer.openly_seen())
    named = {oid for ref in refs for oid in (ref.target, ref.peeled)}
    if any(kind == "tag" and oid not in named for oid, kind in secrets):
        with single_objects(repository, made) as single:
            named |= _tags_of_tags(single, refs)
    occurrences = placement.occurrences + _elsewhere(secrets, placement, named)
    commits = {event.commit for one in occurrences for event in one.events}
    known = writer.commits_known()
    told, vanished = _commits(repository, made, masker, commits, known)
    if made.overlooked:
        vanished = set()  # they may lie in what cannot be read this time

    def reach_of(oid: bytes) -> str:
        if oid in vanished:
            return "gone"
        return "ref" if oid in named else reach_name(placement.reach.get(oid, 0))

    writer.place(
        [one._replace(reach="gone") if _all_gone(one, vanished) else one for one in occurrences],
        [(one, reach_of(one.oid)) for one in told],
        shown_refs,
    )


def _all_gone(occurrence: Occurrence, vanished: Collection[bytes]) -> bool:
    """Whether every commit that put it there has vanished."""
    put = [event.commit for event in occurrence.events if event.kind == "introduced"]
    return bool(put) and all(commit in vanished for commit in put)


def _elsewhere(
    secrets: Mapping[tuple[bytes, str], set[bytes]], placement: Placement, named: set[bytes]
) -> list[Occurrence]:
    """Occurrences outside of trees: in texts of commits and tags, in names of refs, and in
    blobs that no commit places.

    `named` holds ids of objects that a ref names.
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
        reach = "ref" if oid in named or kind == "ref" else reach_name(placement.reach.get(oid, 0))
        events = (Event(oid, "introduced", 0),) if own else ()
        found.extend(
            Occurrence(one, None, oid, kind, reach, False, reach == "ref", events)
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
