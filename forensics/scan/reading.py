"""Reading what is new in a repository: contents in worker processes, history beside them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forensics.git.inventory import Inventory
from forensics.git.packindex import DamagedPack, read_pack_index
from forensics.git.plan import ObjectPlan, plan
from forensics.git.reachable import borrowed_and_reachable
from forensics.git.refs import Tips
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.seen import contains
from forensics.index.coverage import Coverage
from forensics.index.history_store import StoredSegment
from forensics.index.records import Sighting, Skip
from forensics.index.writer import IndexWriter
from forensics.key import Key
from forensics.scan.chronicle import Chronicle, tip_sets, tips_digest
from forensics.scan.masking import Masker
from forensics.scan.observer import Observer
from forensics.scan.placing import place_everything
from forensics.scan.pool import WorkerPool
from forensics.scan.setup import ScannerSetup
from forensics.scan.summary import ScanSummary

__all__ = ["Reading"]

_SCANNED_KINDS = ("blob", "commit", "tag")
_COMMIT_EVERY = 1.0
"""Seconds of results that a killed scan loses at most."""


class Reading:
    """One run over a repository in which something is new."""

    def __init__(
        self,
        repository: Repository,
        git: Git,
        writer: IndexWriter,
        coverage: Coverage,
        key: Key,
        setup: ScannerSetup,
        watch: Observer,
        summary: ScanSummary,
    ) -> None:
        self._repository, self._git, self._writer = repository, git, writer
        self._coverage, self._key, self._setup = coverage, key, setup
        self._watch, self._summary = watch, summary
        self._type = f"S{repository.hash_bytes}"
        self._masker = Masker(setup.scanner(), key)

    def run(self, inventory: Inventory, tips: Tips, jobs: int) -> None:
        """Read, place, and record what is covered."""
        known = self._coverage.known(self._repository.hash_bytes)
        before = np.frombuffer(known.data, self._type)
        covered_packs = self._coverage.packs()
        whole = {
            path for path, facts in inventory.packs.items()
            if facts and covered_packs.get(os.fsdecode(path)) == facts
        }  # fmt: skip
        made = plan(
            self._repository,
            known=before,
            whole=whole,
            reachable=borrowed_and_reachable(self._repository),
            kinds=_SCANNED_KINDS,
            jobs=jobs,
        )
        self._summary.known = len(before)
        self._watch.planned(made.objects, made.weight)
        stored = self._writer.history().load()
        with WorkerPool(made, self._setup, self._key, jobs) as pool:
            chronicle = Chronicle(made, self._git, tip_sets(tips), stored)
            chronicle.start()
            new, commits = self._collect(pool, made)
        self._watch.phase("placing findings in history")
        segments = self._history(chronicle, [*made.commits(), *commits], stored)
        after = np.union1d(before, np.frombuffer(new, self._type))
        self._note_missing(segments, after)
        self._writer.forget_what_other_rules_found(self._coverage.scanner)
        if set(covered_packs) - {os.fsdecode(path) for path in inventory.packs}:
            self._mark_gone()
        place_everything(
            self._repository, made, self._writer, self._masker, segments, tip_sets(tips), tips.refs
        )
        self._writer.finish(
            self._coverage,
            after.tobytes(),
            self._whole_packs(made, inventory, whole, after),
            tips_digest(tips),
            self._summary.objects,
            self._summary.bytes_read,
        )

    def _collect(self, pool: WorkerPool, made: ObjectPlan) -> tuple[bytes, list[bytes]]:
        """Store results as they come; return the ids covered and those of loose commits."""
        all_covered: list[bytes] = []
        commits: list[bytes] = []
        sightings: list[Sighting] = []
        skips = [Skip(lost.oid, lost.reason) for lost in made.skipped]
        covered: list[bytes] = []
        since = time.monotonic()
        for weight, result in pool.results():
            sightings += result.sightings
            skips += result.skips
            covered.append(result.covered)
            commits += result.commits
            objects = len(result.covered) // self._repository.hash_bytes
            self._summary.objects += objects
            self._summary.bytes_read += result.bytes_read
            self._watch.advanced(objects, result.bytes_read, weight)
            if time.monotonic() - since > _COMMIT_EVERY:
                self._writer.add(sightings, skips, b"".join(covered), self._coverage)
                all_covered += covered
                sightings, skips, covered = [], [], []
                since = time.monotonic()
        self._writer.add(sightings, skips, b"".join(covered), self._coverage)
        return b"".join(all_covered + covered), commits

    def _history(
        self, chronicle: Chronicle, commits: Iterable[bytes], stored: list[StoredSegment]
    ) -> list[StoredSegment]:
        """All of history, with what this run walked added to the index."""
        chronicle.finish(commits)
        sightings: list[Sighting] = []
        fresh: list[tuple[StoredSegment, int]] = []
        for walked in chronicle.walked:
            segment, seen = self._masker.segment(walked)
            fresh.append((segment, len(stored) + len(fresh)))
            sightings += seen
        self._writer.add(sightings, [Skip(lost.oid, lost.reason) for lost in chronicle.lost])
        self._writer.keep_history(fresh)
        return stored + [segment for segment, _ in fresh]

    def _note_missing(self, segments: list[StoredSegment], after: NDArray[np.bytes_]) -> None:
        """Record the blobs that history names and that no object database holds."""
        blobs = np.array([oid for one in segments for oid in one.blobs[1:]], self._type)
        missing = np.unique(blobs[~contains(after, blobs)]).tobytes()
        length = self._repository.hash_bytes
        ids = {missing[at : at + length] for at in range(0, len(missing), length)}
        ids -= self._writer.skipped_ids()
        self._writer.add(skips=[Skip(oid, "it is missing") for oid in sorted(ids)])

    def _whole_packs(
        self,
        made: ObjectPlan,
        inventory: Inventory,
        whole: Iterable[Path],
        after: NDArray[np.bytes_],
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
        for objects in (self._repository.objects, *self._repository.alternates):
            for path in objects.glob("pack/pack-*.idx"):
                with suppress(DamagedPack):
                    names = np.sort(read_pack_index(path, self._repository.hash_bytes).names)
                    found = suspects[contains(names, suspects)].tobytes()
                    length = self._repository.hash_bytes
                    present.update(found[at : at + length] for at in range(0, len(found), length))
        self._writer.mark_gone(present)
