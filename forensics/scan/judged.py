"""Judging what is new in a repository: commits of a range, what is staged, files at work."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from forensics.errors import UsageProblem
from forensics.git.batch import blobs_at, kinds_of, read_objects
from forensics.git.introduced import Change, Changes, read_changes, read_index_changes
from forensics.git.repository import Repository
from forensics.git.revisions import Revisions
from forensics.git.runner import Git
from forensics.git.tags import tagged_commits, tags_on
from forensics.git.working import Place, check_index, merged_heads, working_git
from forensics.index.records import Sighting, Skip
from forensics.key import Key
from forensics.scan.introductions import Examined, Introduction, introductions
from forensics.scan.setup import ScannerSetup
from forensics.scan.summary import ScanSummary
from forensics.scan.uncovered import advised, advising

__all__ = ["Judged", "judge_commits", "judge_staged", "judge_work_tree", "summary_of"]

_BOUNDARY = (
    "its parents are not in this shallow clone, so what it introduces cannot be told;"
    " `git fetch --deepen=N` or `git fetch --unshallow` brings them"
)
_LIST_SECONDS = 120.0
_MOST_OF_FILE = 512 << 20


class Judged(NamedTuple):
    """What is introduced, and what it was found in."""

    found: tuple[Introduction, ...]
    sightings: tuple[Sighting, ...]
    skips: tuple[Skip, ...]
    raw: Mapping[bytes, bytes]
    """Commits that introduce anything, by id."""
    ended: frozenset[tuple[bytes, tuple[bytes, bytes]]]
    """Secrets and paths that no named tip holds any more."""
    commits: int
    objects: int
    bytes_read: int
    seconds: float
    files: bool = False
    """Whether contents were read from files, not from git."""


Choose = Callable[[Repository, Git], Revisions]


def judge_commits(
    repository: Repository,
    key: Key,
    setup: ScannerSetup,
    choose: Choose,
    *,
    place: Place | None = None,
    all_tags: bool = True,
) -> Judged:
    """What some commits introduce, with what their messages and those of tags hold.

    Args:
        repository: where they are.
        key: makes fingerprints.
        setup: what to look with.
        choose: which commits; called with git over the repository.
        place: where git says that new objects are.
        all_tags: whether every annotated tag that leads to one of them counts, not only those
            that `choose` names.

    Raises:
        UsageProblem: there are no such commits.
        GitFailed: history cannot be walked.
    """
    began = time.monotonic()
    pushed = place is not None and place.objects is not None
    with working_git(repository, place) as git, advising(repository, pushed=pushed):
        revisions = choose(repository, git)
        commits: list[Changes] = []
        skips: list[Skip] = []
        cut_off = {bytes.fromhex(one.decode("ascii")) for one in repository.boundary().split()}
        if revisions.given:
            for one in read_changes(git, revisions.given, walk=revisions.walk):
                if one.commit in cut_off:
                    skips.append(Skip(one.commit, _BOUNDARY))
                    one = one._replace(changes=())
                commits.append(one)
        commits += revisions.beside
        tags = list(revisions.tags)
        if all_tags and commits:
            tags += tags_on(git, (one.commit for one in commits))
        examined = Examined(setup.scanner(), key, lambda oids: read_objects(git, oids))
        found, sightings = introductions(
            examined, commits, tagged_commits(git, tags), revisions.names
        )
        ended = _ended(git, examined, found, revisions.tips)
        return _judged(repository, examined, found, sightings, skips, ended, len(commits), began)


def judge_staged(
    repository: Repository, key: Key, setup: ScannerSetup, place: Place | None = None
) -> Judged:
    """What the index file holds and the commit at HEAD, and any that is being merged, does not.

    Raises:
        GitFailed: the index file is damaged.
    """
    began = time.monotonic()
    check_index(repository, place)
    with working_git(repository, place) as git, advising(repository):
        against = _parents(repository, git)
        changes = Changes(b"", (), tuple(read_index_changes(git, against, "--cached")))
        examined = Examined(setup.scanner(), key, lambda oids: read_objects(git, oids))
        found, sightings = introductions(examined, [changes])
        return _judged(repository, examined, found, sightings, [], frozenset(), 0, began)


def judge_work_tree(repository: Repository, key: Key, setup: ScannerSetup) -> Judged:
    """What files at work hold and the commit at HEAD does not: tracked ones that changed, and
    untracked ones that are not ignored.

    Raises:
        UsageProblem: the repository is bare.
        GitFailed: the index file is damaged.
    """
    began = time.monotonic()
    root = repository.work_tree
    if root is None:
        raise UsageProblem(f"{repository.path} has no work tree", "scan commits with --range")
    skips: list[Skip] = []
    check_index(repository)
    with working_git(repository, Place(work_tree=root)) as git, advising(repository):
        against = _parents(repository, git)
        tracked = read_index_changes(git, against)
        excluded = repository.common_dir / "info" / "exclude"
        own = (f"--exclude-from={excluded}",) if excluded.is_file() else ()
        told = git.output(
            ["-C", str(root), "ls-files", "--others", "-z", "--exclude-standard", *own],
            timeout=_LIST_SECONDS,
        )
        untracked = [Change(path, b"", ()) for path in told.split(b"\0")[:-1]]
        examined = Examined(setup.scanner(), key, lambda oids: read_objects(git, oids))
        changes: list[Change] = []
        for one in (*tracked, *untracked):
            oid = key.fingerprint(b"file\0" + one.path)
            content = _content(root / os.fsdecode(one.path))
            if isinstance(content, str):
                name = examined.masker.mask(one.path).decode("utf-8", "backslashreplace")
                skips.append(Skip(b"", f"{name}: {content}"))
            elif content is not None:
                examined.look(oid, "file", content)
                changes.append(one._replace(oid=oid))
        found, sightings = introductions(examined, [Changes(b"", (), tuple(changes))], kind="file")
    return _judged(
        repository, examined, found, sightings, skips, frozenset(), 0, began
    )._replace(files=True)  # fmt: skip


def summary_of(judged: Judged, setup: ScannerSetup) -> ScanSummary:
    """Figures of what was judged, without findings."""
    scanner = setup.scanner()
    return ScanSummary(
        objects=judged.objects,
        bytes_read=judged.bytes_read,
        commits=judged.commits,
        rules=len(scanner.kinds),
        prefilter=scanner.prefilter.name,
        seconds=judged.seconds,
    )


def _judged(
    repository: Repository,
    examined: Examined,
    found: Sequence[Introduction],
    sightings: Sequence[Sighting],
    skips: Sequence[Skip],
    ended: frozenset[tuple[bytes, tuple[bytes, bytes]]],
    commits: int,
    began: float,
) -> Judged:
    return Judged(
        tuple(found), tuple(sightings),
        tuple(advised(repository, (*skips, *dict.fromkeys(examined.skips)))),
        examined.raw(one.commit for one in found if one.commit), ended, commits,
        examined.objects, examined.bytes_read, time.monotonic() - began,
    )  # fmt: skip


def _parents(repository: Repository, git: Git) -> list[str]:
    """What the next commit will stand on; the empty tree where it will be the first."""
    ((head, kind),) = kinds_of(git, ["HEAD^{commit}"])
    heads = [head.hex()] if kind == "commit" else []
    return [*heads, *merged_heads(repository)] or [_empty_tree(git)]


def _empty_tree(git: Git) -> str:
    return git.output(["hash-object", "-t", "tree", "--stdin"]).decode("ascii").strip()


def _content(file: Path) -> bytes | str | None:
    """What git would commit of a file; None where there is nothing, or why it cannot be read."""
    try:
        facts = file.lstat()
        if stat.S_ISLNK(facts.st_mode):
            return os.fsencode(os.readlink(file))
        if not stat.S_ISREG(facts.st_mode):
            return None
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as opened:
            content = opened.read(_MOST_OF_FILE + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return f"it cannot be read: {error.strerror}"
    return content if len(content) <= _MOST_OF_FILE else "it is too large to be read at work"


def _ended(
    git: Git, examined: Examined, found: Iterable[Introduction], tips: Sequence[bytes]
) -> frozenset[tuple[bytes, tuple[bytes, bytes]]]:
    """What no tip holds any more, of what stands in files whose names hold no secret."""
    wanted = [
        (one.fingerprint, one.path)
        for one in found
        if one.path is not None and one.kind == "blob" and not one.path[1]
    ]
    if not wanted or not tips:
        return frozenset()
    paths = list(dict.fromkeys(path for _, path in wanted))
    told = iter(blobs_at(git, tips, [path for path, _ in paths]))
    now = {path: next(told) for path in paths}
    examined.need(oid for oids in now.values() for oid in oids)
    return frozenset(
        (fingerprint, path)
        for fingerprint, path in wanted
        if not any(fingerprint in examined.held(oid) for oid in now[path])
    )
