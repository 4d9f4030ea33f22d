"""Reading versions of configuration files, each once, in several processes where there are many."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import TYPE_CHECKING

from forensics.drift.model import Reading
from forensics.drift.observing import observe
from forensics.errors import GitFailed
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.key import Key

if TYPE_CHECKING:
    from forensics.drift.environments import Placer

__all__ = ["LARGEST", "Reader", "Version"]

LARGEST = 4 << 20
"""Bytes of the largest file that is read."""
_AT_ONCE = 64
_FEW = 256
_WEIGHT = 16 << 20
"""Bytes of contents held at a time, but for one file."""
_SECONDS = 120.0

Version = tuple[bytes, bytes]
"""Path and id of the blob."""


class Reader:
    """Reads versions of files of one repository."""

    def __init__(self, repository: Repository, key: Key, placer: Placer) -> None:
        self._repository, self._key, self._placer = repository, key, placer

    def read(self, version: Version) -> tuple[Reading, bool]:
        """One version, and whether it is worth keeping: false where the repository lacks it now."""
        with self._repository.git() as git:
            return next(self._group(git, [version]))[1:]

    def read_all(
        self, versions: Sequence[Version], jobs: int = 2
    ) -> Iterator[tuple[Version, Reading, bool]]:
        """Yield each version with what `read` gives, in any order."""
        groups = [versions[at : at + _AT_ONCE] for at in range(0, len(versions), _AT_ONCE)]
        if jobs < 2 or len(versions) < _FEW:
            with self._repository.git() as git:
                for group in groups:
                    yield from self._group(git, group)
            return
        yield from self._shared(groups, jobs)

    def _shared(
        self, groups: Sequence[Sequence[Version]], jobs: int
    ) -> Iterator[tuple[Version, Reading, bool]]:
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
        pool = ProcessPoolExecutor(jobs, context, _begin, (self,))
        try:
            futures = {pool.submit(_work, group): group for group in groups}
            for future in as_completed(futures):
                group = futures.pop(future)
                try:
                    yield from future.result()
                except BrokenProcessPool:
                    for version in group:
                        yield version, Reading((), "a worker died while it was read"), False
        finally:
            # The pool cancels: over what others cancelled it fails where the workers are ended too.
            pool.shutdown(cancel_futures=True)

    def _group(
        self, git: Git, versions: Sequence[Version]
    ) -> Iterator[tuple[Version, Reading, bool]]:
        """Versions one after another, through as few processes as can be."""
        sizes = self._sizes(git, versions)
        batch: list[Version] = []
        weight = 0
        for version in versions:
            size = sizes.get(version[1], 0)
            if size > LARGEST:
                yield version, Reading((), f"it is larger than {LARGEST >> 20} MiB"), True
                continue
            if batch and weight + size > _WEIGHT:
                yield from self._batch_read(git, batch)
                batch, weight = [], 0
            batch.append(version)
            weight += size
        yield from self._batch_read(git, batch)

    def _batch_read(
        self, git: Git, versions: Sequence[Version]
    ) -> Iterator[tuple[Version, Reading, bool]]:
        contents = self._contents(git, {blob for _, blob in versions})
        for path, blob in versions:
            content = contents.get(blob)
            if content is None:
                yield (path, blob), Reading((), "it is missing or damaged"), False
            else:
                yield (path, blob), self._observed(path, content), True

    def _observed(self, path: bytes, content: bytes) -> Reading:
        place = self._placer.place(path)
        if place is None:
            return Reading(())
        try:
            return observe(path, content, place, self._key, self._placer)
        except Exception as error:
            # Only the kind of error: its message could hold what was being read.
            return Reading((), f"reading it failed with {type(error).__name__}")

    def _sizes(self, git: Git, versions: Sequence[Version]) -> dict[bytes, int]:
        given = b"".join(blob.hex().encode() + b"\n" for blob in {one[1] for one in versions})
        arguments = ["cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"]
        try:
            told = git.output(arguments, given, timeout=_SECONDS)
        except GitFailed:
            return {}
        found = {}
        for line in told.splitlines():
            facts = line.split()
            if len(facts) == 3 and facts[1] == b"blob":
                found[bytes.fromhex(facts[0].decode("ascii"))] = int(facts[2])
        return found

    def _contents(self, git: Git, blobs: set[bytes]) -> dict[bytes, bytes]:
        """Contents by id, each checked against it."""
        try:
            return self._batch(git, blobs)
        except GitFailed:
            pass  # one of them stops git
        found: dict[bytes, bytes] = {}
        for blob in blobs:
            with suppress(GitFailed):
                found |= self._batch(git, {blob})
        return found

    def _batch(self, git: Git, blobs: set[bytes]) -> dict[bytes, bytes]:
        given = b"".join(blob.hex().encode() + b"\n" for blob in blobs)
        told = git.output(["cat-file", "--batch"], given, timeout=_SECONDS)
        found: dict[bytes, bytes] = {}
        at = 0
        while at < len(told):
            end = told.find(b"\n", at)
            facts = told[at:end].split()
            at = end + 1
            if len(facts) != 3:
                continue
            content = told[at : at + int(facts[2])]
            at += len(content) + 1
            digest = hashlib.new(self._repository.object_format, usedforsecurity=False)
            digest.update(b"%s %d\0" % (facts[1], len(content)) + content)
            if digest.hexdigest().encode() == facts[0]:
                found[digest.digest()] = content
        return found


_reader: Reader | None = None


def _begin(reader: Reader) -> None:
    global _reader
    _reader = reader
    # Both may be sent to the whole group: a worker just ends, or leaves it to the one above.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A worker whose parent is killed would wait for work without end."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(versions: Sequence[Version]) -> list[tuple[Version, Reading, bool]]:
    assert _reader is not None
    with _reader._repository.git() as git:
        return list(_reader._group(git, versions))
