"""The line of a ref in the index, brought up to its tip."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from forensics.drift.masked_names import MaskedNames
from forensics.drift.model import Change, Line, Step
from forensics.drift.progress import Progress
from forensics.git.first_parents import (
    SHALLOW,
    LineCommit,
    commit_time,
    line_ids,
    stretches,
    told_commits,
)  # fmt: skip
from forensics.git.repository import Repository
from forensics.git.resolve import NamedCommit, named_commit
from forensics.git.runner import Git
from forensics.index.database import Connection, writing
from forensics.index.drift_lines import LineStore, StoredChange, StoredLine, StoredStep
from forensics.index.drift_paths import DriftPaths

if TYPE_CHECKING:
    from forensics.drift.environments import Placer

__all__ = ["LineRecord"]

_BATCH_SECONDS = 2.0


class LineRecord:
    """The lines of a repository's refs: which configuration files each commit changes."""

    def __init__(
        self,
        repository: Repository,
        connection: Connection,
        store: LineStore,
        paths: DriftPaths,
        names: MaskedNames,
        placer: Placer,
        progress: Progress,
    ) -> None:
        """Open it; see `Record`."""
        self._repository, self._db, self._placer = repository, connection, placer
        self._lines, self._paths, self._names = store, paths, names
        self._progress = progress

    def line(self, ref: str | None, jobs: int) -> Line:
        """The line of a ref, see `Record.line`."""
        mark = self._lines.mark(ref)
        with self._repository.git() as git:
            wanted = named_commit(self._repository, ref)
            stored = self._walk(git, mark, wanted, jobs, default=ref is None)
            steps = self._steps(git, stored)
        # Masking takes time to load, and the index mostly has the name, masked.
        name = wanted.name if wanted.name == stored.ref else self._names.text(wanted.name)
        return Line(name, stored.tip, stored.tip_time, steps, stored.cut)

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


def _damaged(cut: str) -> bool:
    """Whether a line ends for a reason that may be gone by now."""
    return cut not in ("", SHALLOW)
