"""History as far as it is known: what earlier scans stored, and what this one adds."""

from __future__ import annotations

from collections.abc import Iterable

from forensics.git.careful_history import read_history_carefully
from forensics.git.history import HistoryPart
from forensics.git.plan import ObjectPlan
from forensics.git.runner import Git
from forensics.index.history_store import StoredSegment
from forensics.index.records import Sighting, Skip
from forensics.index.writer import IndexWriter
from forensics.scan.masking import MaskedName, Masker
from forensics.scan.worker import TaskResult, history_task

__all__ = ["Chronicle"]


class Chronicle:
    """Segments of history, with path names masked."""

    def __init__(self, writer: IndexWriter, masker: Masker, boundary: bytes) -> None:
        """Recall what was stored; `boundary` is what cuts history off, if anything does."""
        self._writer, self._masker = writer, masker
        self._store = writer.history(boundary)
        self._texts: dict[bytes, bytes] = {}
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
        self._writer.forget_history(self._store)

    def look_again(self) -> None:
        """Look at all path names with rules that did not see them yet.

        A name that older rules masked cannot be read here; what holds one is told anew.
        """
        readable = [one for one in self.segments if not any(mark for _, mark in one.paths)]
        again = [self._masked(segment) for segment in readable]
        names = [name for _, seen in again for name in seen if name.fingerprint]
        if names or len(readable) < len(self.segments):
            self.segments = [segment for segment, _ in again]
            self.walked = {commit for one in self.segments for commit in one.told()}
            self._writer.add(_sightings(names), _skips(names))
            self._writer.replace_history(self._store, self.segments)

    def mask_known(self) -> None:
        """Mask in all names the values that the masker has learned since these were stored."""
        if not any(map(self._holds_known, self.segments)):
            return
        self._texts.clear()
        again = [self._masked(segment) for segment in self.segments]
        names = [name for _, seen in again for name in seen if name.fingerprint]
        self.segments = [segment for segment, _ in again]
        self._writer.add(_sightings(names), _skips(names))
        self._writer.replace_history(self._store, self.segments)

    def _holds_known(self, segment: StoredSegment) -> bool:
        names = [shown for shown, _ in segment.paths]
        names += [text for person in segment.people for text in person]
        return self._masker.knows_of(b"\0".join(names))

    def _masked(self, segment: StoredSegment) -> tuple[StoredSegment, list[MaskedName]]:
        names = [
            MaskedName(self._masker.mask(path), mark) if mark else self._masker.name(path, "path")
            for path, mark in segment.paths
        ]
        people = self._people(segment.people)
        return segment._replace(paths=_shown(names), people=people), names

    def _people(self, people: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[bytes, bytes], ...]:
        """Names and addresses with any secret in them masked."""
        return tuple((self._text(name), self._text(email)) for name, email in people)

    def _text(self, text: bytes) -> bytes:
        if text not in self._texts:
            self._texts[text] = self._masker.mask(text)
        return self._texts[text]

    def add(self, part: HistoryPart, covered: bytes = b"") -> None:
        """Keep what some commits changed, with the sightings in path names.

        Args:
            part: as it was read.
            covered: ids of the commits whose reading counts only now that they are told.
        """
        names = [self._masker.name(path, "path") for path in part.paths]
        segment = StoredSegment(
            part.commits,
            part.parents,
            _shown(names),
            part.blobs,
            part.changes,
            self._people(part.people),
            part.made,
            part.whole,
            part.doubtful,
        )
        if any(segment.same(before) for before in self.segments):
            return  # what was missing still is
        if unsure := _skips(names):
            self._writer.add(skips=unsure)
        self._writer.add_history(self._store, segment, _sightings(names), covered)
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
            self._writer.add(skips=self._masker.skips(Skip(one.oid, one.reason) for one in lost))

    def _add_result(self, result: TaskResult) -> None:
        assert result.history is not None
        part = result.history
        doubtful = {part.commits[number] for number in part.doubtful}
        self.add(part, b"".join(oid for oid in part.commits if oid not in doubtful))
        self._writer.add(skips=self._masker.skips(result.skips))


def _shown(names: Iterable[MaskedName]) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name.shown, name.fingerprint) for name in names)


def _sightings(names: Iterable[MaskedName]) -> list[Sighting]:
    return [one for name in names for one in name.sightings]


def _skips(names: Iterable[MaskedName]) -> list[Skip]:
    return [one for name in names for one in name.skips]
