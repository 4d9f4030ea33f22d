"""Walking what is new in history, and knowing what was walked before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Thread

from forensics.errors import GitFailed
from forensics.git.careful_history import read_history_carefully
from forensics.git.history import HistorySegment, read_history
from forensics.git.plan import ObjectPlan, Skipped
from forensics.git.refs import Tips
from forensics.git.runner import Git
from forensics.index.history_store import StoredSegment
from forensics.scan.placement import TipSets

__all__ = ["Chronicle", "tip_sets", "tips_digest"]


def tip_sets(tips: Tips) -> TipSets:
    """Where walks start, by what names the commits."""
    stash = {ref.peeled for ref in tips.refs if ref.name == b"refs/stash"}
    named = {ref.peeled for ref in tips.refs if ref.kind == "commit"}
    return TipSets(
        tips.head,
        frozenset(named - stash),
        frozenset(tips.stashed | stash),
        frozenset(tips.logged),
    )


def tips_digest(tips: Tips) -> bytes:
    """A digest that changes whenever a ref, a reflog or HEAD does."""
    sets = tip_sets(tips)
    facts = (sorted((ref.name, ref.target) for ref in tips.refs), sets.head,
             sorted(sets.stashed), sorted(sets.logged))  # fmt: skip
    return sha256(repr(facts).encode()).digest()


@dataclass(slots=True)
class Chronicle:
    """Reads history beside the scan of contents, in a thread that waits for git."""

    made: ObjectPlan
    git: Git
    tips: TipSets
    stored: Sequence[StoredSegment]
    """Walked by earlier scans."""
    walked: list[HistorySegment] = field(default_factory=list)
    """Walked by this one, oldest first."""
    lost: list[Skipped] = field(default_factory=list)
    """Commits and trees that cannot be read."""
    _known: set[bytes] = field(default_factory=set)
    _thread: Thread | None = None
    _error: Exception | None = None

    def start(self) -> None:
        """Begin to walk from every ref, stash and reflog."""
        self._known = {commit for segment in self.stored for commit in segment.commits}
        tips = self.tips.refs | self.tips.stashed | self.tips.logged
        if self.tips.head:
            tips |= {self.tips.head}
        self._thread = Thread(target=self._run, args=(tips,), daemon=True)
        self._thread.start()

    def _run(self, tips: Iterable[bytes]) -> None:
        try:
            self._walk(tips, _heads(self.stored))
        except Exception as error:
            self._error = error

    def _walk(self, tips: Iterable[bytes], exclude: Iterable[bytes]) -> None:
        new = sorted(set(tips) - self._known)
        if new:
            try:
                if self.made.faulty:
                    raise GitFailed("a damaged pack could lead git astray")
                segment = read_history(self.git, new, exclude)
            except GitFailed:
                segment, lost = read_history_carefully(
                    self.made.repository, self.made, new, self._known
                )
                self.lost += lost
            self.walked.append(segment)
            self._known.update(segment.commits)

    def finish(self, commits: Iterable[bytes]) -> None:
        """Wait for the walk, then walk from those of `commits` that nothing led to."""
        assert self._thread is not None
        self._thread.join()
        if self._error is not None:
            raise self._error
        self._walk(commits, _heads([*self.stored, *self.walked]))


def _heads(segments: Iterable[StoredSegment | HistorySegment]) -> list[bytes]:
    """Commits that are nobody's parent: they stand for everything walked."""
    commits: set[bytes] = set()
    parents: set[bytes] = set()
    for segment in segments:
        commits.update(segment.commits)
        parents.update(parent for group in segment.parents for parent in group)
    return sorted(commits - parents)
