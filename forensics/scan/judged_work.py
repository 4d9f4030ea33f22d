"""Judging what is not committed yet: what is staged, and files at work."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from forensics.errors import UsageProblem
from forensics.git.batch import ReadObject, Unread, blobs_at, kinds_of, read_objects
from forensics.git.introduced import (
    Change,
    Changes,
    read_index_changes,
    read_unstaged_changes,
)
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.working import Place, check_index, merged_heads, working_git
from forensics.index.records import Skip
from forensics.key import Key
from forensics.scan.introductions import introductions
from forensics.scan.judged import Judged, Known, examined_in, judged_of
from forensics.scan.setup import ScannerSetup
from forensics.scan.uncovered import advising

__all__ = ["judge_staged", "judge_work_tree"]

_LIST_SECONDS = 120.0
_MOST_OF_FILE = 512 << 20


def judge_staged(
    repository: Repository,
    key: Key,
    setup: ScannerSetup,
    place: Place | None = None,
    folder: bytes = b"",
    known: Known | None = None,
) -> Judged:
    """What the index file holds and the commit at HEAD, and any that is being merged, does not.

    Args:
        repository: where it is.
        key: makes fingerprints.
        setup: what to look with.
        place: where git says that the index file is.
        folder: what paths have to start with.
        known: gives the values that are known.

    Raises:
        GitFailed: the index file is damaged.
    """
    began = time.monotonic()
    check_index(repository, place)
    with working_git(repository, place) as git, advising(repository):
        against = _parents(repository, git)
        changes = _below(read_index_changes(git, against, "--cached"), folder)
        examined = examined_in(repository, git, key, setup, known)
        found, sightings = introductions(examined, [Changes(b"", (), changes)])
        return judged_of(repository, examined, found, sightings, [], frozenset(), 0, began)


def judge_work_tree(
    repository: Repository,
    key: Key,
    setup: ScannerSetup,
    *,
    unstaged: bool = False,
    folder: bytes = b"",
    known: Known | None = None,
) -> Judged:
    """What files at work hold and the commit at HEAD does not: tracked ones that changed, and
    untracked ones that are not ignored.

    Args:
        repository: whose files they are.
        key: makes fingerprints.
        setup: what to look with.
        unstaged: to compare tracked files alone, and with the index file.
        folder: what paths have to start with.
        known: gives the values that are known.

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
        if unstaged:
            changed = read_unstaged_changes(git)
        else:
            parents = _parents(repository, git)
            changed = read_index_changes(git, parents)
            changed += _overlooked(git, root, parents, {one.path for one in changed})
            changed += _untracked(repository, git, root)
        files: dict[bytes, Path] = {}
        read = partial(_read, files, git)
        examined = examined_in(repository, git, key, setup, known, read)
        changes: list[Change] = []
        for one in _below(changed, folder):
            oid = key.fingerprint(b"file\0" + one.path)
            content = _content(root / os.fsdecode(one.path))
            if isinstance(content, str):
                name = examined.masker.mask(one.path).decode("utf-8", "backslashreplace")
                skips.append(Skip(b"", f"{name}: {content}"))
            elif content is not None:
                files[oid] = root / os.fsdecode(one.path)
                examined.look(oid, "file", content)
                changes.append(one._replace(oid=oid))
        found, sightings = introductions(examined, [Changes(b"", (), tuple(changes))], kind="file")
    return judged_of(
        repository, examined, found, sightings, skips, frozenset(), 0, began
    )._replace(files=True)  # fmt: skip


def _read(
    files: Mapping[bytes, Path], git: Git, oids: Iterable[bytes]
) -> Iterator[ReadObject | Unread]:
    """Files again, by the ids that they go by here, and objects of git."""
    objects: list[bytes] = []
    for oid in oids:
        if oid not in files:
            objects.append(oid)
        elif isinstance(content := _content(files[oid]), bytes):
            yield ReadObject(oid, "file", content)
    yield from read_objects(git, objects)


def _overlooked(
    git: Git, root: Path, parents: Sequence[str], known: Collection[bytes]
) -> list[Change]:
    """Tracked files that git is told to take for unchanged, or not to have here. Whatever stands
    there is compared with what the next commit will stand on."""
    told = git.output(["-C", str(root), "ls-files", "-v", "-z"], timeout=_LIST_SECONDS)
    paths = [
        one[2:]
        for one in told.split(b"\0")[:-1]
        if (one[:1].islower() or one[:1] == b"S")
        and one[2:] not in known
        and os.path.lexists(root / os.fsdecode(one[2:]))
    ]
    tips = [bytes.fromhex(one) for one in parents]
    return [
        Change(path, b"", tuple(before))
        for path, before in zip(paths, blobs_at(git, tips, paths), strict=True)
    ]


def _untracked(repository: Repository, git: Git, root: Path) -> list[Change]:
    """Files that git does not know and is not told to ignore."""
    excluded = repository.common_dir / "info" / "exclude"
    own = (f"--exclude-from={excluded}",) if excluded.is_file() else ()
    told = git.output(
        ["-C", str(root), "ls-files", "--others", "-z", "--exclude-standard", *own],
        timeout=_LIST_SECONDS,
    )
    return [Change(path, b"", ()) for path in told.split(b"\0")[:-1]]


def _below(changes: Iterable[Change], folder: bytes) -> tuple[Change, ...]:
    return tuple(one for one in changes if one.path.startswith(folder))


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
