"""The index's record of configuration, brought up to date for a ref."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from forensics.drift.file_record import FileRecord
from forensics.drift.line_record import LineRecord
from forensics.drift.masked_names import Mask, MaskedNames
from forensics.drift.model import Line, Reading, Step
from forensics.drift.progress import Progress, Silent
from forensics.drift.reading import Reader
from forensics.git.merged_side import merged_commits
from forensics.git.repository import Repository
from forensics.index.database import Connection
from forensics.index.drift_lines import LineStore
from forensics.index.drift_paths import DriftPaths
from forensics.index.drift_readings import ReadingStore
from forensics.index.reader import IndexReader
from forensics.index.writer import IndexWriter, repository_mark
from forensics.key import Key

if TYPE_CHECKING:
    from forensics.drift.environments import Placer

__all__ = ["Record", "reader_version"]


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
        self._repository = repository
        self._names = MaskedNames(mask, key)
        home = os.fsencode(repository.home)
        row = IndexReader(connection).repository(repository_mark(key, home))
        if row is None:
            shown = self._names.shown(home)
            writer = IndexWriter(
                connection, key, home, shown, repository.object_format, inside=inside
            )
            row = writer.repository
        version = reader_version(repository, placer)
        paths, progress = DriftPaths(connection, key), progress or Silent()
        self._lines = LineRecord(
            repository, connection, LineStore(connection, key, row, version, paths), paths,
            self._names, placer, progress,
        )  # fmt: skip
        self._files = FileRecord(
            connection, ReadingStore(connection, key, row, version, paths), paths,
            self._names, placer, Reader(repository, key, placer), progress,
        )  # fmt: skip

    def line(self, ref: str | None = None, *, jobs: int = 2) -> Line:
        """The line of a ref or commit, or of the default branch, once all of its files are read.

        Raises:
            UsageProblem: there is no such commit.
            GitFailed: the refs cannot be listed at all.
        """
        line = self._lines.line(ref, jobs)
        self._files.bring_up(line, jobs)
        return line

    def reading(self, path: bytes, blob: bytes) -> Reading:
        """What a version of a file holds."""
        return self._files.reading(path, blob)

    def merged(self, merge: bytes, path: bytes) -> tuple[Step, ...]:
        """The commits that a merge brought in and that touched a file, newest first; none where
        the merge itself changed it, or something is missing."""
        with self._repository.git() as git:
            found = merged_commits(git, merge, path)
        return tuple(
            Step(one.commit, self._names.author(one), one.time, one.offset, ()) for one in found
        )


def reader_version(repository: Repository, placer: Placer) -> bytes:
    """What decides which files are configuration, what they say, and where history ends."""
    parts = (_code(), placer.digest, repository.boundary())
    return hashlib.sha256(b"".join(b"%d:%s" % (len(one), one) for one in parts)).digest()


@cache
def _code() -> bytes:
    """Tells apart programs that could place or read the same file in another way: by all of the
    code that does, so that nobody has to remember to say so."""
    code = hashlib.sha256()
    for room in ("forensics.config", "forensics.drift"):
        for file in sorted(files(room).iterdir(), key=lambda each: each.name):
            if file.name.endswith((".py", ".toml")):
                code.update(file.read_bytes())
    return code.digest()
