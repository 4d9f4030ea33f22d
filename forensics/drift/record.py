"""Bringing the index up to date for a ref, and answering from it."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from forensics.drift.masked_names import Mask, MaskedNames
from forensics.drift.model import Change, Line, Observation, Reading, Step
from forensics.drift.reading import Reader, Version
from forensics.git.first_parents import (
    SHALLOW,
    LineCommit,
    commit_time,
    line_ids,
    stretches,
    told_commits,
)  # fmt: skip
from forensics.git.merged_side import merged_commits
from forensics.git.repository import Repository
from forensics.git.resolve import NamedCommit, named_commit
from forensics.git.runner import Git
from forensics.index.database import Connection, writing
from forensics.index.drift_lines import LineStore, StoredChange, StoredLine, StoredStep
from forensics.index.drift_paths import DriftPaths
from forensics.index.drift_readings import ReadingStore, StoredReading
from forensics.index.reader import IndexReader
from forensics.index.writer import IndexWriter, repository_mark
from forensics.key import Key

if TYPE_CHECKING:
    from forensics.drift.environments import Placer

__all__ = ["Progress", "Record"]

_READER = "3"
"""Changes whenever the same file could be placed or read in another way."""
_BATCH_SECONDS = 2.0


class Progress(Protocol):
    """Is told how far a record is."""

    def walked(self, commits: int, total: int) -> None:
        """So many commits of the line were looked at."""

    def read(self, versions: int, total: int) -> None:
        """So many versions of files were read."""


class _Silent:
    def walked(self, commits: int, total: int) -> None: ...

    def read(self, versions: int, total: int) -> None: ...


class Record:
    """The line of a ref and what stood in its files, from the index."""

    def __init__(
        self,
        repository: Repository,
        connection: Connection,
        key: Key,
        placer: Placer,
        mask: Callable[[], Mask],
        progress: Progress | None = None,
        *,
        inside: bool = False,
    ) -> None:
        """Open the record of a repository.

        Args:
            repository: to read.
            connection: of the index, for writing.
            key: the index's.
            placer: which files are configuration, and of what.
            mask: gives what masks secrets in names; only asked for where there is something new.
            progress: is told how far it is.
            inside: whether the index lies inside the repository.
        """
        self._repository, self._db, self._placer = repository, connection, placer
        self._progress: Progress = progress or _Silent()
        self._names = MaskedNames(mask, key)
        home = os.fsencode(repository.home)
        row = IndexReader(connection).repository(repository_mark(key, home))
        if row is None:
            shown = self._names.shown(home)
            writer = IndexWriter(
                connection, key, home, shown, repository.object_format, inside=inside
            )
            row = writer.repository
        version = _version(repository, placer)
        self._paths = DriftPaths(connection, key)
        self._lines = LineStore(connection, key, row, version, self._paths)
        self._readings = ReadingStore(connection, key, row, version, self._paths)
        self._reader = Reader(repository, key, placer)
        self._lost: dict[Version, Reading] = {}

    def line(self, ref: str | None = None, *, jobs: int = 2) -> Line:
        """The line of a ref or commit, or of the default branch, once all of its files are read.

        Raises:
            UsageProblem: there is no such commit.
            GitFailed: the refs cannot be listed at all.
        """
        mark = self._lines.mark(ref)
        with self._repository.git() as git:
            wanted = named_commit(self._repository, git, ref)
            stored = self._walk(git, mark, wanted, jobs, default=ref is None)
            steps = self._steps(git, stored)
        # Masking takes time to load, and the index mostly has the name, masked.
        name = wanted.name if wanted.name == stored.ref else self._names.text(wanted.name)
        line = Line(name, stored.tip, stored.tip_time, steps, stored.cut)
        self._read(line, jobs)
        return line

    def reading(self, path: bytes, blob: bytes) -> Reading:
        """What a version of a file holds."""
        stored = self._readings.reading(path, blob)
        if stored is not None:
            observed = tuple(
                Observation(*one[:7], frozenset(one[7].split())) for one in stored.observed
            )
            return Reading(observed, stored.trouble)
        version = (path, blob)
        if version in self._lost:
            return self._lost[version]
        reading, keep = self._reader.read(version)
        masked = self._names.in_reading(reading)
        if keep:
            self._keep([(version, masked)])  # what was stored of it had a wrong seal
        else:
            self._lost[version] = masked
        return masked

    def merged(self, merge: bytes, path: bytes) -> tuple[Step, ...]:
        """The commits that a merge brought in and that touched a file, newest first; none where
        the merge itself changed it, or something is missing."""
        with self._repository.git() as git:
            found = merged_commits(git, merge, path)
        return tuple(
            Step(one.commit, self._names.author(one), one.time, one.offset, ()) for one in found
        )

    # The line

    def _walk(
        self, git: Git, mark: bytes, wanted: NamedCommit, jobs: int, *, default: bool
    ) -> StoredLine:
        """Bring the stored line up to the tip."""
        store = self._lines
        stored = store.lines().get(mark)
        if stored is not None and stored.tip == wanted.oid and not _damaged(stored.cut):
            return stored
        if any(_damaged(line.cut) for line in store.lines().values()):
            store.forget()  # what was missing may be there now
        ends = {line.tip: line for line in store.lines().values()}
        known = store.commits() | ends.keys()
        ids = line_ids(self._repository, git, wanted.oid, known)
        newest = ids.known
        cut = ids.cut
        if newest in ends:
            newest, cut = ends[newest].step, ends[newest].cut
        elif newest:
            cut = store.steps(newest)[0].cut
        pending: list[StoredStep] = []
        saved, looked = time.monotonic(), 0
        for stretch in stretches(self._repository, git, ids, self._configures, jobs):
            steps = [self._stored(one) for one in stretch.commits]
            if stretch.cut:
                cut, newest, pending = stretch.cut, b"", []
            if steps and not newest and not pending:
                steps[0] = steps[0]._replace(cut=cut)
            pending += steps
            tip = stretch.newest
            looked += stretch.length
            self._progress.walked(looked, len(ids.ids))
            if time.monotonic() - saved > _BATCH_SECONDS:
                newest = self._save(git, mark, wanted.name, newest, pending, tip, cut, default)
                pending, saved = [], time.monotonic()
        self._save(git, mark, wanted.name, newest, pending, wanted.oid, cut, default)
        return store.lines()[mark]

    def _save(
        self,
        git: Git,
        mark: bytes,
        name: str,
        newest: bytes,
        steps: Sequence[StoredStep],
        tip: bytes,
        cut: str,
        default: bool,
    ) -> bytes:
        """Store what was found so far: a line that is whole up to `tip`."""
        names = {change.path for step in steps for change in step.changes}
        shown = {path: self._names.shown(path) for path in names}
        ref = self._names.text(name)
        when = commit_time(git, tip)
        with writing(self._db):
            newest = self._lines.add_steps(newest, steps, shown)
            line = StoredLine(ref, tip, when, newest, cut)
            self._lines.set_line(mark, line, default=default)
        return newest

    def _stored(self, commit: LineCommit) -> StoredStep:
        changes = tuple(
            StoredChange(path, self._paths.mark(path), before, after)
            for path, before, after in commit.changes
        )
        author = self._names.author(commit)
        return StoredStep(commit.commit, commit.merge, author, commit.time, commit.offset, changes)

    def _configures(self, path: bytes) -> bool:
        return self._placer.place(path) is not None

    def _steps(self, git: Git, line: StoredLine) -> tuple[Step, ...]:
        stored = self._lines.steps(line.step)
        masked = [step for step in stored if any(not change.path for change in step.changes)]
        names = self._names_again(git, masked)
        return tuple(
            Step(
                step.oid,
                step.author,
                step.time,
                step.offset,
                tuple(
                    sorted(
                        Change(one.path or names.get(one.mark, b""), one.before, one.after)
                        for one in step.changes
                    )
                ),
                step.merge,
            )
            for step in stored
        )

    def _names_again(self, git: Git, steps: Iterable[StoredStep]) -> dict[bytes, bytes]:
        """Paths that the index has masked only, from the repository."""
        told = told_commits(self._repository, git, [one.oid for one in steps], self._configures)
        return {self._paths.mark(one.path): one.path for each in told for one in each.changes}

    # Files

    def _read(self, line: Line, jobs: int) -> None:
        """Read each version of a file on the line that was not read yet."""
        versions = {
            (change.path, change.after)
            for step in line.steps
            for change in step.changes
            if change.after
        }
        before = self._readings.read_before()
        left = sorted(one for one in versions if (self._paths.mark(one[0]), one[1]) not in before)
        if not left:
            return
        found: list[tuple[Version, Reading]] = []
        saved = time.monotonic()
        for number, (version, reading, keep) in enumerate(self._reader.read_all(left, jobs), 1):
            masked = self._names.in_reading(reading)
            if keep:
                found.append((version, masked))
            else:
                self._lost[version] = masked
            if time.monotonic() - saved > _BATCH_SECONDS:
                self._keep(found)
                found, saved = [], time.monotonic()
            self._progress.read(number, len(left))
        self._keep(found)

    def _keep(self, found: Sequence[tuple[Version, Reading]]) -> None:
        shown = {path: self._names.shown(path) for (path, _), _ in found}
        with writing(self._db):
            for (path, blob), reading in found:
                place = self._placer.place(path)
                component, environment, role = ("", "", "") if place is None else place[:3]
                observed = tuple(
                    (*one[:7], " ".join(sorted(one.traits))) for one in reading.observations
                )
                stored = StoredReading(
                    self._names.text(component),
                    self._names.text(environment),
                    role,
                    reading.trouble,
                    observed,
                )
                self._readings.add(path, blob, stored, shown)


def _damaged(cut: str) -> bool:
    """Whether a line ends for a reason that may be gone by now."""
    return cut not in ("", SHALLOW)


def _version(repository: Repository, placer: Placer) -> bytes:
    """What decides which files are configuration, what they say, and where history ends."""
    parts = (_READER.encode(), placer.digest, repository.boundary())
    return hashlib.sha256(b"".join(b"%d:%s" % (len(one), one) for one in parts)).digest()
