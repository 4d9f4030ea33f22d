"""What events mean, in which slots secrets stand, and in which blobs they stand now."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from forensics.git.inflate import Damaged
from forensics.git.lfs import read_pointer
from forensics.git.plan import ObjectPlan
from forensics.git.repository import Repository
from forensics.git.single import single_objects
from forensics.git.trees import PathLookup
from forensics.index.records import Event, EventKey, Holdings, Occurrence
from forensics.index.writer import IndexWriter
from forensics.lifecycle.explain import explain
from forensics.lifecycle.slots import Versions
from forensics.scan.masking import Masker
from forensics.scan.merged_blobs import with_merged_blobs
from forensics.scan.pairs import bits
from forensics.scan.placement import Placement
from forensics.scan.tips import TipSets

__all__ = ["explained"]

_OID = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def explained(
    repository: Repository,
    made: ObjectPlan,
    writer: IndexWriter,
    masker: Masker,
    placement: Placement,
    held: Holdings,
    tips: TipSets,
    unread: Collection[bytes],
) -> list[Occurrence]:
    """The occurrences, their events as what they mean, with the blobs that hold them now.

    Of a pointer of LFS, nobody knows what stood there if it is among the `unread`; in others there
    are no slots.
    """
    if not placement.occurrences:
        return []

    @cache  # many secrets come and go with the same commits
    def is_ancestor(older: bytes, newer: bytes) -> bool:
        graph = placement.graph
        return graph.is_ancestor(graph.number[older], graph.parents[graph.number[newer]])

    with single_objects(repository, made) as single:

        def read(blob: bytes) -> bytes | None:
            if blob in unread:
                return None
            try:
                content = single.read(blob)[1]
            except Damaged:
                return None
            return b"" if read_pointer(blob, content) else content

        known = writer.events_known() if writer.same_scanner_before() else {}
        versions = Versions(read, held.spans)
        lookup = PathLookup(single, repository.hash_bytes)
        merged = with_merged_blobs(placement.occurrences, placement.graph, lookup, held)
        placement = placement._replace(occurrences=list(merged))
        told = explain(placement.occurrences, versions, is_ancestor, known)
        here = _blobs_at_tips(lookup, tips, placement)
        slots = _slots_at_tips(versions, here, placement, writer.slots_known() if known else {})
    cut_off = _cut_off(repository)
    found: list[Occurrence] = []
    for number, one in enumerate(placement.occurrences):
        events: list[Event] = []
        for event in one.events:
            doubt = cut_off.get((event.commit, event.kind), "")
            if event.kind == "introduced" and event.other in unread:
                doubt = "the LFS payload before it was not read: it may have come earlier"
            what = told[EventKey(one.fingerprint, one.path, event.commit, event.kind)]
            if what is None:
                continue
            events.append(
                event._replace(
                    how=what.how,
                    slot=_masked(masker, what.slot),
                    via=_masked(masker, what.via) or "",
                    uncertain=what.uncertain or doubt,
                    related=what.related,
                )
            )
        blob = here.get(number, b"")
        now = blob if (blob, one.fingerprint) in held.spans else b""
        slot = _masked(masker, slots.get(number))
        found.append(one._replace(events=tuple(events), here=now, slot=slot))
    return found


def _cut_off(repository: Repository) -> dict[tuple[bytes, str], str]:
    """By commit and kind of event, why it may be something else: in a shallow clone, the first
    commits hold what earlier ones brought."""
    doubt = "history before it is not in this shallow clone: it may have come earlier"
    listed = (line.strip() for line in repository.boundary().splitlines())
    return {
        (bytes.fromhex(oid.decode()), "introduced"): doubt for oid in listed if _OID.fullmatch(oid)
    }


def _masked(masker: Masker, slot: str | None) -> str | None:
    return slot and masker.mask(slot.encode()).decode("utf-8", "backslashreplace")


def _slots_at_tips(
    versions: Versions,
    here: Mapping[int, bytes],
    placement: Placement,
    known: Mapping[tuple[bytes, tuple[bytes, bytes], bytes], str | None],
) -> dict[int, str | None]:
    """By number of the occurrence, key of the slot in which it stands now.

    Args:
        versions: of files.
        here: by number, the blob that holds it.
        placement: where everything is.
        known: by fingerprint, path and blob, what an earlier scan read.
    """
    found: dict[int, str | None] = {}
    for number, blob in here.items():
        one = placement.occurrences[number]
        if one.path is None or (blob, one.fingerprint) not in versions.spans:
            continue
        key = (one.fingerprint, one.path, blob)
        if key in known:
            found[number] = known[key]
            continue
        places = versions.places(one.path[0], blob, one.fingerprint)
        found[number] = next((place.slot for place in places if place.slot is not None), None)
    return found


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
