"""History as far as it is known: what earlier scans stored, and what this one adds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from forensics.git.careful_history import read_history_carefully
from forensics.git.history import HistoryPart
from forensics.git.plan import ObjectPlan
from forensics.git.runner import Git
from forensics.index.history_store import StoredSegment
from forensics.index.records import Sighting, Skip
from forensics.index.writer import IndexWriter
from forensics.scan.masking import Masker
from forensics.scan.worker import TaskResult, history_task

__all__ = ["Chronicle"]


class Chronicle:
    """Segments of history, with path names masked."""

    def __init__(self, writer: IndexWriter, masker: Masker, boundary: bytes) -> None:
        """Recall what was stored; `boundary` is what cuts history off, if anything does."""
        self._writer, self._masker = writer, masker
        self._store = writer.history(boundary)
        self.segments = self._store.load()
        self.sound = self._store.sound(self.segments)
        """Whether that is everything that was stored, under this boundary."""
        self.walked = {commit for one in self.segments for commit in one.told()}
        """Ids of the commits that need not be told again."""

    def digest(self) -> bytes:
        """A digest of everything that is stored."""
        return self._store.digest()

    def drop(self) -> None:
        """Forget everything, so that it is told anew."""
        self.segments, self.walked = [], set()
        self._writer.replace_history(self._store, [])

    def look_again(self) -> None:
        """Look at all path names with rules that did not see them yet.

        A name that older rules masked cannot be read here; then history is told anew.
        """
        if any(mark for segment in self.segments for _, mark in segment.paths):
            self.drop()
            return
        again = [self._masked(segment) for segment in self.segments]
        self.segments = [segment for segment, _ in again]
        if any(sightings for _, sightings in again):
            self._writer.add([one for _, sightings in again for one in sightings])
            self._writer.replace_history(self._store, self.segments)

    def _masked(self, segment: StoredSegment) -> tuple[StoredSegment, list[Sighting]]:
        paths, sightings = self._names(path for path, _ in segment.paths)
        return replace(segment, paths=paths), sightings

    def _names(
        self, names: Iterable[bytes]
    ) -> tuple[tuple[tuple[bytes, bytes], ...], list[Sighting]]:
        paths: list[tuple[bytes, bytes]] = []
        sightings: list[Sighting] = []
        for name in names:
            masked, fingerprint, seen = self._masker.name(name, "path")
            paths.append((masked, fingerprint))
            sightings += seen
        return tuple(paths), sightings

    def add(self, part: HistoryPart, covered: bytes = b"") -> None:
        """Keep what some commits changed, with the sightings in path names.

        Args:
            part: as it was read.
            covered: ids of the commits whose reading counts only now that they are told.
        """
        paths, sightings = self._names(part.paths)
        segment = StoredSegment(
            part.commits, part.parents, paths, part.blobs, part.changes, part.whole, part.doubtful
        )
        if any(segment.same(before) for before in self.segments):
            return  # what was missing still is
        self._writer.add_history(self._store, segment, sightings, covered)
        self.segments.append(segment)
        self.walked |= segment.told()

    def tell(
        self, made: ObjectPlan, git: Git, commits: Iterable[bytes], trees: Iterable[bytes]
    ) -> None:
        """Add commits that became known late, being loose, and trees that refs name."""
        late = tuple(oid for oid in commits if oid not in self.walked)
        if late:
            self._add_result(history_task(made, git, late))
        named = [tree for tree in trees if tree not in self.walked]
        if named:
            part, lost = read_history_carefully(made.repository, made, (), named)
            self.add(part)
            self._writer.add(skips=[Skip(one.oid, one.reason) for one in lost])

    def _add_result(self, result: TaskResult) -> None:
        assert result.history is not None
        part = result.history
        doubtful = {part.commits[number] for number in part.doubtful}
        self.add(part, b"".join(oid for oid in part.commits if oid not in doubtful))
        self._writer.add(skips=result.skips)
