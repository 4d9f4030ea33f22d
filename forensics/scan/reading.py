"""Reading what is new in a repository, and placing what was found."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from forensics.errors import GitFailed
from forensics.git.existing import existing, split_ids
from forensics.git.inventory import Inventory
from forensics.git.lfs import PayloadStore
from forensics.git.packheaders import COMMIT, TREE
from forensics.git.plan import ObjectPlan, Task, plan
from forensics.git.reachable import borrowed_and_reachable
from forensics.git.refs import Tips
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.seen import contains, distinct
from forensics.index.coverage import Coverage, pack_name
from forensics.index.payloads import PayloadClaim
from forensics.index.records import Sighting, Skip
from forensics.index.writer import IndexWriter
from forensics.key import Key
from forensics.scan.chronicle import Chronicle
from forensics.scan.masking import Masker
from forensics.scan.observer import Observer
from forensics.scan.payloads import KnownPayloads, payload_tasks
from forensics.scan.placing import place_everything
from forensics.scan.pool import Failed, WorkerPool
from forensics.scan.setup import ScannerSetup
from forensics.scan.summary import ScanSummary
from forensics.scan.sweep import sweep
from forensics.scan.tips import tip_sets, tips_digest
from forensics.scan.worker import ScanWork, TaskResult, lost_task

__all__ = ["Reading"]

_SCANNED_KINDS = ("blob", "commit", "tag")
_COMMIT_EVERY = 2.0
"""Seconds of results that a killed scan loses at most, or a little more."""
_COMMIT_SHARE = 20
"""And at least so many times what the last write took, which grows with all that is found."""

Ids = NDArray[np.bytes_]


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
        self._covered: list[bytes] = []
        self._loose_commits: list[bytes] = []

    def run(self, inventory: Inventory, tips: Tips, jobs: int) -> None:
        """Read, place, and record what is covered."""
        masker = Masker(self._setup.scanner(), self._key)
        chronicle = Chronicle(self._writer, masker, self._repository.boundary())
        if not chronicle.sound or self._coverage.history() != chronicle.digest():
            chronicle.drop()
            self._coverage = self._writer.coverage(self._coverage.scanner)
        if tips.trouble:
            self._writer.add(skips=masker.skips(Skip(b"", reason) for reason in tips.trouble))
        before = np.frombuffer(self._coverage.known(self._repository.hash_bytes).data, self._type)
        if not len(before):
            chronicle.look_again()
            self._writer.forget_swept()
        self._payloads = KnownPayloads(
            PayloadStore(self._repository.common_dir),
            self._coverage.payloads(self._repository.hash_bytes),
        )
        packs_before = self._coverage.packs()
        whole = {
            path for path, facts in inventory.packs.items()
            if facts and packs_before.get(pack_name(path)) == facts
        }  # fmt: skip
        made = self._plan(masker, before, whole, jobs)
        made.add_history([oid for oid in made.commits if oid not in chronicle.walked], jobs)
        self._summary.known = len(before)
        self._watch.planned(made.objects, made.weight)
        self._setup.scanner()  # so that forked workers inherit it
        work = ScanWork(made, self._git, self._setup, self._key)
        with WorkerPool(made, work, jobs) as pool:
            self._collect(pool, chronicle, masker)
        sets = tip_sets(tips)
        chronicle.tell(made, self._git, self._loose_commits, sets.trees)
        self._read_payloads(made, chronicle, masker, jobs)
        # Trees of packs need no reading: the names in them come with history.
        trees = [one for pack in made.opened for one in pack.ids(pack.headers.kind == TREE)]
        told = [oid for oid in self._loose_commits if oid in chronicle.walked]
        covered = b"".join([*self._covered, *told, *trees])
        after = distinct(np.concatenate([before, np.frombuffer(covered, self._type)]))
        self._note_missing(made, chronicle, after, tips)
        self._forget_what_was_not_found_again(after)
        if self._vanished(packs_before, inventory) or self._writer.any_gone():
            self._mark_gone(made)
        self._watch.phase("looking for known values elsewhere")
        masker.learn(
            sweep(made, self._payloads, not len(before), self._writer, self._key, self._setup, jobs)
        )
        chronicle.mask_known()
        self._watch.phase("placing findings in history")
        place_everything(
            self._repository,
            made,
            self._writer,
            masker,
            chronicle.segments,
            tips,
            self._payloads.unread(),
            self._watch,
        )
        loose = distinct(np.array(inventory.loose, self._type))
        self._writer.finish(
            self._coverage,
            after.tobytes(),
            self._whole_packs(made, inventory, whole, chronicle, after),
            loose[contains(after, loose)].tobytes(),
            tips_digest(tips, self._repository.boundary()),
            chronicle.digest(),
            self._payloads.claims.values(),
            (self._summary.objects, self._summary.bytes_read, len(chronicle.walked)),
        )

    def _plan(self, masker: Masker, before: Ids, whole: set[Path], jobs: int) -> ObjectPlan:
        skips: list[Skip] = []
        try:
            reachable = borrowed_and_reachable(self._repository)
        except GitFailed as failure:
            reachable = np.empty(0, self._type)
            skips.append(Skip(b"", f"objects of alternates: {failure}"))
        made = plan(
            self._repository,
            known=before,
            whole=whole,
            reachable=reachable,
            kinds=_SCANNED_KINDS,
            jobs=jobs,
        )
        skips += [Skip(lost.oid, lost.reason) for lost in made.skipped]
        self._writer.add(skips=masker.skips(skips))
        return made

    def _read_payloads(
        self, made: ObjectPlan, chronicle: Chronicle, masker: Masker, jobs: int
    ) -> None:
        """Read the payloads of LFS that no scan has read and that are here."""
        tasks: list[Task] = [*payload_tasks(self._payloads.to_read())]
        if not tasks:
            return
        self._watch.phase("reading LFS payloads")
        made = replace(made, tasks=tasks)
        work = ScanWork(made, self._git, self._setup, self._key)
        with WorkerPool(made, work, jobs) as pool:
            self._collect(pool, chronicle, masker)

    def _collect(self, pool: WorkerPool[TaskResult], chronicle: Chronicle, masker: Masker) -> None:
        """Store results as they come, each batch with the record of what it covers."""
        sightings: list[Sighting] = []
        skips: list[Skip] = []
        covered: list[bytes] = []
        payloads: list[PayloadClaim] = []
        since, pause = time.monotonic(), _COMMIT_EVERY
        for weight, answer in pool.results():
            result = lost_task(answer.reason) if isinstance(answer, Failed) else answer
            if result.history is not None:
                chronicle.add(result.history)
            sightings += result.sightings
            skips += masker.skips(result.skips)
            covered.append(result.covered)
            self._loose_commits += result.loose_commits
            self._payloads.take(result.payloads)
            payloads += result.payloads
            objects = len(result.covered) // self._repository.hash_bytes
            objects += len(result.loose_commits)
            self._summary.objects += objects
            self._summary.bytes_read += result.bytes_read
            self._watch.advanced(objects, result.bytes_read, weight)
            began = time.monotonic()
            if began - since > pause:
                self._writer.add(sightings, skips, b"".join(covered), payloads)
                self._covered += covered
                sightings, skips, covered, payloads = [], [], [], []
                since = time.monotonic()
                pause = max(_COMMIT_EVERY, _COMMIT_SHARE * (since - began))
        self._writer.add(sightings, skips, b"".join(covered), payloads)
        self._covered += covered

    def _forget_what_was_not_found_again(self, after: Ids) -> None:
        """Drop what only older rules found, where these ones looked too."""
        older = self._writer.objects_of_other_scanners(self._coverage.scanner)
        ids = np.array([oid for _, oid, _ in older], self._type)
        looked = contains(after, ids).tolist()
        unread = self._payloads.unread()
        self._writer.drop_older_sightings(
            self._coverage.scanner,
            [row for (row, oid, kind), seen in zip(older, looked, strict=True)
             if (seen and oid not in unread) or kind == "path"],
        )  # fmt: skip

    def _note_missing(self, made: ObjectPlan, chronicle: Chronicle, after: Ids, tips: Tips) -> None:
        """Record what commits and refs name and was not read."""
        groups = chain.from_iterable(segment.parents for segment in chronicle.segments)
        named = {ref.target for ref in tips.refs if ref.kind != "tree"}
        named.update(chain.from_iterable(groups))
        named.difference_update(*(segment.commits for segment in chronicle.segments))
        blobs = chain.from_iterable(segment.blobs[1:] for segment in chronicle.segments)
        ids = np.frombuffer(b"".join(chain(named, blobs)), self._type)
        missing = distinct(ids[~contains(after, ids)])
        if not len(missing):
            return
        lost = set(split_ids(missing.tobytes(), self._repository.hash_bytes))
        lost -= self._writer.skipped_ids()
        there = existing(made, missing)
        self._writer.add(
            skips=[
                Skip(oid, "it was not read" if oid in there else "it is missing")
                for oid in sorted(lost)
            ]
        )

    def _whole_packs(
        self,
        made: ObjectPlan,
        inventory: Inventory,
        whole: Iterable[Path],
        chronicle: Chronicle,
        after: Ids,
    ) -> list[tuple[bytes, bytes]]:
        """Packs in which nothing is left to read, with what tells them from others."""
        left = {
            planned.pack.path
            for planned in made.packs
            if not contains(after, planned.pack.names[planned.wanted]).all()
        }
        left |= {
            pack.path
            for pack in made.opened
            if not chronicle.walked.issuperset(pack.ids(pack.headers.kind == COMMIT))
        }
        done = {*whole, *(pack.path for pack in made.opened)} - left
        return [
            (pack_name(path), inventory.packs[path]) for path in done if path in inventory.packs
        ]

    def _vanished(self, packs_before: dict[bytes, bytes], inventory: Inventory) -> bool:
        """Whether a pack or loose object is gone that the last scan covered."""
        if packs_before.keys() - {pack_name(path) for path in inventory.packs}:
            return True
        now = distinct(np.array(inventory.loose, self._type))
        return not contains(now, np.frombuffer(self._coverage.loose(), self._type)).all()

    def _mark_gone(self, made: ObjectPlan) -> None:
        """Mark objects with sightings that neither a pack nor a loose file holds any more."""
        if made.overlooked:
            return  # who knows what is there
        unread = self._writer.lastingly_skipped()
        suspects = [*self._writer.objects_with_sightings(), *unread, *self._payloads.claims]
        there = existing(made, np.array(suspects, self._type))
        self._payloads.keep(there)
        self._writer.mark_gone(there)
        self._writer.drop_skips(set(unread) - there)
