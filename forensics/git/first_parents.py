"""The line of first parents that a commit stands on, and which files its commits change.

What a commit changes is told against its first parent, so a merge changes what it brings in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple

from forensics.errors import GitFailed
from forensics.git.log_output import moment, whole_tokens
from forensics.git.repository import Repository
from forensics.git.runner import Git

__all__ = [
    "SHALLOW", "FileChange", "LineCommit", "LineIds", "Stretch", "Wanted", "commit_time",
    "line_ids", "stretches", "told_commits",
]  # fmt: skip

Wanted = Callable[[bytes], bool]
"""Whether the file at a path counts."""

_LOG = (
    "log", "--stdin", "--no-walk=unsorted", "--raw", "-z", "--no-renames", "--no-abbrev",
    "--diff-merges=first-parent", "--encoding=none", "--date=raw",
    "--format=%x01%H %P%x02%cd%x02%an%x02%ae",
)  # fmt: skip
_FILE = b"100"
"""How the modes of files start that are neither links nor submodules."""
_COMMITS_AT_ONCE = 4_000
_AHEAD = 4
_SECONDS = 60.0
_MOST_PATHS_KNOWN = 500_000
_MOST_CHANGES = 2_000_000
"""Of one commit. A tree of a few kilobytes can hold its parts ten to the tenth power of times."""
SHALLOW = "the clone is shallow: what came before is not in it"


class FileChange(NamedTuple):
    """A file that differs from the first parent's."""

    path: bytes
    before: bytes
    """Id of the blob; empty where there was no file."""
    after: bytes


class LineCommit(NamedTuple):
    """A commit and which of the wanted files it changes."""

    commit: bytes
    merge: bool
    name: bytes
    """Of the author."""
    email: bytes
    time: int
    """When it was committed: seconds since 1970."""
    offset: int
    """Minutes east of UTC."""
    changes: tuple[FileChange, ...]


class LineIds(NamedTuple):
    """Part of a line, by ids alone."""

    ids: tuple[bytes, ...]
    """Oldest first."""
    known: bytes
    """The known commit on which the oldest stands; empty where there is none."""
    cut: str
    """Why the oldest is not the first there ever was; empty where it is, or stands on a known
    one."""


class Stretch(NamedTuple):
    """Some commits of a line."""

    commits: tuple[LineCommit, ...]
    """Those that change wanted files, oldest first."""
    newest: bytes
    """The last commit that was looked at."""
    length: int
    """How many were."""
    cut: str = ""
    """Why nothing that came before counts; the first commit then lists all that it holds."""


def line_ids(repository: Repository, git: Git, tip: bytes, known: Collection[bytes]) -> LineIds:
    """The line that ends at `tip`, down to the newest commit that is `known`, to a commit without
    parents, or to where the repository has no more."""
    if tip in known:
        return LineIds((), tip, "")
    ids: list[bytes] = []
    above = tip.hex().encode()
    arguments = ("rev-list", "--first-parent", "--parents", "--stdin")
    rest = b""
    try:
        for piece in git.pieces(arguments, above + b"\n"):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                named = line.split(b" ")
                oid = bytes.fromhex(named[0].decode("ascii"))
                above = named[1] if len(named) > 1 else b""
                if oid in known:
                    return LineIds(tuple(reversed(ids)), oid, "")
                ids.append(oid)
    except GitFailed as failure:
        # The last one told has a parent that can be read, for git looks ahead by one.
        if above:
            oid = bytes.fromhex(above.decode("ascii"))
            if oid in known:
                return LineIds(tuple(reversed(ids)), oid, "")
            ids.append(oid)
        return LineIds(tuple(reversed(ids)), b"", str(failure))
    cut = SHALLOW if ids and ids[-1].hex().encode() in repository.boundary().split() else ""
    return LineIds(tuple(reversed(ids)), b"", cut)


def stretches(
    repository: Repository, git: Git, line: LineIds, wanted: Wanted, jobs: int = 2
) -> Iterator[Stretch]:
    """Yield all of a line, stretch by stretch, oldest first.

    Where something that git needs is missing or damaged, the line is cut: the next stretch says
    why, and starts anew at a commit that lists every wanted file it holds.

    Args:
        repository: to read.
        git: that runs in it.
        line: as `line_ids` gives it.
        wanted: which files count; asked once a path, mostly, and from several threads.
        jobs: git processes at once.
    """
    memory = _Memory(wanted)
    ids = line.ids
    groups = [ids[at : at + _COMMITS_AT_ONCE] for at in range(0, len(ids), _COMMITS_AT_ONCE)]
    waiting: deque[Future[Stretch]] = deque()
    first = line.cut
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for group in groups:
                waiting.append(pool.submit(_stretch, repository, git, group, memory))
                if len(waiting) > _AHEAD:
                    yield _with_cut(waiting.popleft().result(), first)
                    first = ""
            while waiting:
                yield _with_cut(waiting.popleft().result(), first)
                first = ""
        finally:
            for left in waiting:
                left.cancel()


def _with_cut(stretch: Stretch, cut: str) -> Stretch:
    return stretch._replace(cut=stretch.cut or cut)


def told_commits(
    repository: Repository, git: Git, commits: Sequence[bytes], wanted: Wanted
) -> list[LineCommit]:
    """What single commits change, or hold where that cannot be told."""
    return [one for oid in commits for one in _stretch(repository, git, [oid], wanted).commits]


def commit_time(git: Git, oid: bytes) -> int:
    """When a commit was made, by its committer: seconds since 1970; 0 where it cannot be read."""
    arguments = ("log", "--no-walk", "--date=raw", "--format=%cd", oid.hex())
    try:
        return moment(git.output(arguments, timeout=_SECONDS).strip())[0]
    except GitFailed:
        return 0


class _Memory:
    """What was said of each path."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._known: dict[bytes, bool] = {}

    def __call__(self, path: bytes) -> bool:
        said = self._known.get(path)
        if said is None:
            if len(self._known) >= _MOST_PATHS_KNOWN:
                self._known.clear()
            said = self._known[path] = self._wanted(path)
        return said


class _Told:
    """Takes the output of git log."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._header = b""
        self._changes: list[FileChange] = []
        self._count = 0
        self.commits: list[LineCommit] = []
        self.headers = 0
        """How many commits have been begun."""

    def feed(self, tokens: Sequence[bytes]) -> None:
        """Take whole tokens: a header, or a change and its path."""
        wanted = self._wanted
        stream = iter(tokens)
        for token in stream:
            if token[:1] == b"\x01":
                self.end()
                self._header = token
                self.headers += 1
                continue
            self._count += 1
            if wanted(path := next(stream)):
                self._take(token, path)
        if self._count > _MOST_CHANGES:
            raise GitFailed("a commit changes too much")

    def _take(self, token: bytes, path: bytes) -> None:
        before_mode, after_mode, before, after, _ = token.lstrip(b"\n:").split(b" ")
        old = bytes.fromhex(before.decode("ascii")) if before_mode.startswith(_FILE) else b""
        new = bytes.fromhex(after.decode("ascii")) if after_mode.startswith(_FILE) else b""
        if old != new:
            self._changes.append(FileChange(path, old, new))

    def end(self) -> None:
        """Nothing more comes of the present commit."""
        if self._changes:
            ids, date, name, email = self._header[1:].split(b"\x02", 3)
            named = ids.decode("ascii").split()
            commit, merge = bytes.fromhex(named[0]), len(named) > 2
            changes = tuple(self._changes)
            self.commits.append(LineCommit(commit, merge, name, email, *moment(date), changes))
        self._header, self._changes, self._count = b"", [], 0


def _tell(git: Git, ids: Sequence[bytes], told: _Told) -> None:
    """Let git tell what these commits change.

    Raises:
        GitFailed: it stopped at something; `told` has what came before.
    """
    given = b"".join(oid.hex().encode() + b"\n" for oid in ids)
    for tokens in whole_tokens(git.pieces(_LOG, given)):
        told.feed(tokens)
    told.end()


def _stretch(repository: Repository, git: Git, ids: Sequence[bytes], wanted: Wanted) -> Stretch:
    told = _Told(wanted)
    try:
        _tell(git, ids, told)
    except GitFailed:
        return _cut_stretch(repository, git, ids, wanted)
    return Stretch(tuple(told.commits), ids[-1], len(ids))


def _cut_stretch(repository: Repository, git: Git, ids: Sequence[bytes], wanted: Wanted) -> Stretch:
    """Backwards, as far as git gets: what is older than the newest damage does not count."""
    from forensics.git.whole_commit import whole_commit  # NumPy, which only damage needs

    told = _Told(wanted)
    back = ids[::-1]
    try:
        _tell(git, back, told)
    except GitFailed as failure:
        at = max(told.headers - 1, 0)
        if told.headers and at + 1 < len(back):  # the last one begun, or the one after it?
            alone = _Told(wanted)
            with suppress(GitFailed):
                _tell(git, back[at : at + 1], alone)
                told.commits += alone.commits
                at += 1
        start, lost = whole_commit(repository, git, back[at], wanted)
        found = [] if start is None else [start]
        return Stretch((*found, *reversed(told.commits)), ids[-1], len(ids), lost or str(failure))
    return Stretch(tuple(reversed(told.commits)), ids[-1], len(ids))
