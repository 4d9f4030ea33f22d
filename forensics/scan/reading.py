"""Reading what is new in a repository, and placing what was found."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forensics.errors import GitFailed
from forensics.git.graph import GraphPart
from forensics.git.inventory import Inventory
from forensics.git.packindex import DamagedPack, read_pack_index
from forensics.git.plan import ObjectPlan, plan
from forensics.git.reachable import borrowed_and_reachable
from forensics.git.refs import Tips
from forensics.git.repository import Repository
from forensics.git.seen import contains
from forensics.index.coverage import Coverage
from forensics.index.history_store import HistorySegment
from forensics.index.records import Sighting, Skip
from forensics.index.writer import IndexWriter
from forensics.key import Key
from forensics.scan.graph import join_parts, join_segments
from forensics.scan.masking import Masker
from forensics.scan.observer import Observer
from forensics.scan.placing import place_everything
from forensics.scan.pool import WorkerPool
from forensics.scan.setup import ScannerSetup
from forensics.scan.summary import ScanSummary
from forensics.scan.tips import tip_sets, tips_digest

__all__ = ["Reading"]

_COMMIT_EVERY = 3.0
"""Seconds of results that a killed scan loses at most, or a little more."""
_MOST_SEGMENTS = 8
"""Stored pieces of history that are joined into one when there are more."""

Ids = NDArray[np.bytes_]


class Reading:
    """One run over a repository in which something is new."""

    def __init__(
        self,
        repository: Repository,
        writer: IndexWriter,
        coverage: Coverage,
        key: Key,
        setup: ScannerSetup,
        watch: Observer,
        summary: ScanSummary,
    ) -> None:
        self._repository, self._writer = repository, writer
        self._coverage, self._key, self._setup = coverage, key, setup
        self._watch, self._summary = watch, summary
        self._type = f"S{repository.hash_bytes}"
        self._masker = Masker(setup.scanner(), key)
        self._segments: list[HistorySegment] = []
        self._covered: list[bytes] = []

    def run(self, inventory: Inventory, tips: Tips, jobs: int) -> None:
        """Read, place, and record what is covered."""
        before = np.frombuffer(self._coverage.known(self._repository.hash_bytes).data, self._type)
        packs_before = self._coverage.packs()
        whole = {
            path for path, facts in inventory.packs.items()
            if facts and packs_before.get(os.fsdecode(path)) == facts
        }  # fmt: skip
        self._segments = self._writer.history().load()
        known = self._known(before)
        skips: list[Skip] = []
        try:
            reachable = borrowed_and_reachable(self._repository)
        except GitFailed as failure:
            reachable = np.empty(0, self._type)
            skips.append(Skip(b"", f"objects of alternates: {failure}"))
        made = plan(
            self._repository,
            known=known,
            whole=whole,
            reachable=reachable,
            jobs=jobs,
        )
        skips += [Skip(lost.oid, lost.reason) for lost in made.skipped]
        self._writer.add(skips=skips)
        self._summary.known = len(before)
        self._watch.planned(made.objects, made.weight)
        with WorkerPool(made, self._setup, self._key, jobs) as pool:
            self._collect(pool)
        self._watch.phase("placing findings in history")
        graph = join_segments(self._segments or [join_parts([], {}, self._repository.hash_bytes)])
        after = np.union1d(known, np.frombuffer(b"".join(self._covered), self._type))
        self._note_missing(graph, after, tips)
        self._writer.forget_what_other_rules_found(self._coverage.scanner)
        if set(packs_before) - {os.fsdecode(path) for path in inventory.packs}:
            self._mark_gone()
        place_everything(
            self._repository, made, self._writer, self._masker, graph, tip_sets(tips), tips.refs
        )
        self._writer.finish(
            self._coverage,
            after.tobytes(),
            self._whole_packs(made, inventory, whole, after),
            tips_digest(tips),
            (self._summary.objects, self._summary.bytes_read, len(np.unique(graph.commits))),
            graph if len(self._segments) > _MOST_SEGMENTS else None,
        )

    def _known(self, before: Ids) -> Ids:
        """Objects that need not be read: those covered, and trees taken down before, which have
        nothing for another rule set to find."""
        trees = [segment.ids[segment.trees] for segment in self._segments]
        return np.unique(np.concatenate([before, *trees])) if trees else before

    def _collect(self, pool: WorkerPool) -> None:
        """Store results as they come, each batch with the record of what it covers."""
        sightings: list[Sighting] = []
        skips: list[Skip] = []
        covered: list[bytes] = []
        parts: list[GraphPart] = []
        since = time.monotonic()

        def store() -> None:
            segment, in_names = self._segment(parts)
            self._writer.add(
                sightings + in_names, skips, b"".join(covered), self._coverage, segment
            )
            if segment is not None:
                self._segments.append(segment)
            self._covered.extend(covered)
            for each in (sightings, skips, covered, parts):
                each.clear()

        for weight, result in pool.results():
            sightings += result.sightings
            skips += result.skips
            covered.append(result.covered)
            parts.append(result.graph)
            objects = len(result.covered) // self._repository.hash_bytes
            self._summary.objects += objects
            self._summary.bytes_read += result.bytes_read
            self._watch.advanced(objects, result.bytes_read, weight)
            if time.monotonic() - since > _COMMIT_EVERY:
                store()
                since = time.monotonic()
        store()

    def _segment(self, parts: list[GraphPart]) -> tuple[HistorySegment | None, list[Sighting]]:
        """What tasks took down as it may be stored, and the sightings in entry names."""
        if not any(part.trees or part.commits for part in parts):
            return None, []
        names: dict[bytes, tuple[bytes, bytes]] = {}
        sightings: list[Sighting] = []
        for part in parts:
            for name in part.names:
                if name not in names:
                    masked, fingerprint, seen = self._masker.name(name, "path")
                    names[name] = masked, fingerprint
                    sightings += seen
        return join_parts(parts, names, self._repository.hash_bytes), sightings

    def _note_missing(self, graph: HistorySegment, after: Ids, tips: Tips) -> None:
        """Record what trees, commits and refs name and no object database holds."""
        named = [graph.entry_ids[graph.entry_kinds != 0], graph.roots]
        if not self._repository.shallow:
            named.append(graph.parents)
        refs = [ref.target for ref in tips.refs]
        ids = np.concatenate(
            [graph.ids[np.unique(np.concatenate(named))], np.array(refs, self._type)]
        )
        missing = np.unique(ids[~contains(after, ids)]).tobytes()
        length = self._repository.hash_bytes
        lost = {missing[at : at + length] for at in range(0, len(missing), length)}
        lost -= self._writer.skipped_ids()
        self._writer.add(skips=[Skip(oid, "it is missing") for oid in sorted(lost)])

    def _whole_packs(
        self, made: ObjectPlan, inventory: Inventory, whole: Iterable[Path], after: Ids
    ) -> list[tuple[str, bytes]]:
        """Packs in which nothing is left to read, with what tells them from others."""
        left = {
            planned.pack.path
            for planned in made.packs
            if not contains(after, planned.pack.names[planned.wanted]).all()
        }
        done = {*whole, *(pack.path for pack in made.opened)} - left
        return [
            (os.fsdecode(path), inventory.packs[path]) for path in done if path in inventory.packs
        ]

    def _mark_gone(self) -> None:
        """Mark objects with sightings that a repack or prune has dropped."""
        present: set[bytes] = set()
        suspects = np.array(self._writer.objects_with_sightings(), self._type)
        length = self._repository.hash_bytes
        for objects in (self._repository.objects, *self._repository.alternates):
            for path in objects.glob("pack/pack-*.idx"):
                with suppress(DamagedPack):
                    names = np.sort(read_pack_index(path, length).names)
                    found = suspects[contains(names, suspects)].tobytes()
                    present.update(found[at : at + length] for at in range(0, len(found), length))
        self._writer.mark_gone(present)
