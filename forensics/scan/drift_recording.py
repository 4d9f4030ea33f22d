"""The record of configuration in an index, opened to be brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from forensics.drift.environments import Placer
from forensics.drift.progress import Progress
from forensics.drift.record import Record
from forensics.git.repository import Repository
from forensics.index.database import create_or_open
from forensics.index.lock import scan_lock
from forensics.index.safe_place import refuse_unsafe
from forensics.key import Key
from forensics.scan.drift_names import Names

__all__ = ["recording"]


@contextmanager
def recording(
    repository: Repository,
    index: Path,
    key: Key,
    placer: Placer,
    names: Names,
    progress: Progress | None = None,
) -> Iterator[Record]:
    """The record of a repository; nobody else writes the index meanwhile.

    Args:
        repository: to read.
        index: where the record is kept; made where there is none.
        key: the index's.
        placer: which files are configuration, and of what.
        names: masks secrets in names.
        progress: is told how far it is.

    Raises:
        IndexRefused, IndexWriteFailed, ScanRunning: as a scan does.
    """
    refuse_unsafe(index)
    inside = index.resolve().is_relative_to(repository.common_dir)
    with scan_lock(index), closing(create_or_open(index, key)) as connection:
        yield Record(
            repository, connection, key, placer, lambda: names.mask, progress, inside=inside
        )
