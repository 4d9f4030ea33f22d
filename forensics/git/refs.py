"""Refs, reflogs and the other names that a repository has for commits."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from forensics.errors import GitFailed
from forensics.git.reflogs import read_reflogs
from forensics.git.repository import Repository
from forensics.git.runner import Git
from forensics.git.smallfile import files_below, read_small

__all__ = ["Ref", "Tips", "read_tips", "ref_kind"]

_HEX = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SYMBOLIC = b"ref:"
_REMOTE_HEAD = b"refs/remotes/origin/HEAD"
_STASH = b"refs/stash"
_USUAL_BRANCHES = (b"refs/heads/main", b"refs/heads/master", b"refs/heads/trunk")
_NO_FILE = "it is no file that can be read"
_PEEL_SECONDS = _LIST_SECONDS = 120.0
_LEAST_REF, _MOST_REF = 40, 4096
"""Bytes."""


class Ref(NamedTuple):
    """A name for an object."""

    name: bytes
    """In full, as in `refs/heads/main`; `HEAD` for a detached one."""
    target: bytes
    """Id of the object it names."""
    peeled: bytes
    """Id of what an annotated tag leads to; the target itself otherwise."""
    kind: str
    """Of the peeled object: `commit`, `tree`, `blob`, or `missing`."""


_KINDS = (
    (b"refs/heads/", "branch"),
    (b"refs/tags/", "tag"),
    (b"refs/remotes/", "remote"),
    (b"refs/pull/", "pull-request"),
    (b"refs/merge-requests/", "pull-request"),
    (b"refs/pull-requests/", "pull-request"),
    (b"refs/changes/", "pull-request"),
    (b"refs/notes/", "note"),
    (b"refs/stash", "stash"),
    (b"stash@{", "stash"),
)


def ref_kind(name: bytes) -> str:
    """What a ref is, by its full name: branch, tag, remote, pull-request, note, stash, head (a
    detached one) or other. An entry of the stash is a stash too."""
    if name.endswith(b"HEAD") and not name.startswith(b"refs/"):
        return "head"
    return next((kind for start, kind in _KINDS if name.startswith(start)), "other")


class Tips(NamedTuple):
    """Where walks over history start."""

    refs: tuple[Ref, ...]
    head: bytes | None
    """Id of the commit at HEAD of the repository, if there is one."""
    stashes: tuple[bytes, ...]
    """Ids of the commits that entries of the stash name, the newest first: the place of each is its
    number in `git stash list`. Empty for what is not here, or is no commit."""
    logged: frozenset[bytes]
    """Commit ids in any other reflog, or in a file such as ORIG_HEAD."""
    default: tuple[bytes, ...] = ()
    """Names of the refs that stand for the default branch: the one here, the remote's."""
    trouble: tuple[str, ...] = ()
    """Why there may be more."""

    @property
    def stashed(self) -> frozenset[bytes]:
        """Ids of all entries of the stash."""
        return frozenset(filter(None, self.stashes))

    @property
    def told_apart(self) -> tuple[Ref, ...]:
        """The refs, with each entry of the stash by the name that `git stash list` gives it, as
        `stash@{0}`, in the place of the ref that names only the newest."""
        stash = next((ref for ref in self.refs if ref.name == _STASH), None)
        if stash is None or stash.peeled not in self.stashed:
            return self.refs
        entries = (
            Ref(b"stash@{%d}" % number, oid, oid, "commit")
            for number, oid in enumerate(self.stashes) if oid
        )  # fmt: skip
        return (*(ref for ref in self.refs if ref is not stash), *entries)


def _head_files(repository: Repository) -> list[Path]:
    """HEAD of the repository first, then those of its linked work trees."""
    linked = sorted(repository.common_dir.glob("worktrees/*/HEAD"))
    return [repository.git_dir / "HEAD", repository.common_dir / "HEAD", *linked]


def _unreadable(repository: Repository) -> list[str]:
    """Folders of refs and reflogs that cannot be listed, and refs that are no files."""
    trouble: list[str] = []

    def unlisted(error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            return
        trouble.append(f"{os.path.relpath(error.filename, home)}: {error.strerror}")

    home = repository.common_dir
    for folder in (home / "refs", home / "logs"):
        for at, folders, names in os.walk(folder, onerror=unlisted):
            trouble.extend(
                f"{Path(at, name).relative_to(home)}: it cannot be read"
                for name in folders
                if not os.access(Path(at, name), os.R_OK | os.X_OK)
            )
            files = [(name, _size(os.path.join(at, name))) for name in names]
            trouble.extend(
                f"{Path(at, name).relative_to(home)}: {_NO_FILE}"
                for name, size in files
                if size is None
            )
            if folder.name == "refs":
                trouble.extend(
                    f"{Path(at, name).relative_to(home)}: it is cut off"
                    for name, size in files
                    if size is not None and size < _LEAST_REF and _cut_off(Path(at, name))
                )
    return trouble


def _size(path: str) -> int | None:
    """Bytes of a file that can be read; None of anything else. There may be thousands of refs, and
    to make a Path of each takes longer than to look."""
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return facts.st_size if stat.S_ISREG(facts.st_mode) and os.access(path, os.R_OK) else None


def _cut_off(file: Path) -> bool:
    """Whether a short ref names nothing, as a crash of the system can leave it."""
    try:
        return not read_small(file).startswith(_SYMBOLIC)
    except OSError:
        return False


def _refs_of_files(repository: Repository) -> Iterator[tuple[bytes, bytes]]:
    """Id and name of each ref that can be made out, where git gives up on one."""
    found: dict[bytes, bytes] = {}
    with suppress(OSError):
        for line in read_small(repository.common_dir / "packed-refs").split(b"\n"):
            oid, _, name = line.partition(b" ")
            if _HEX.fullmatch(oid) and name.startswith(b"refs/"):
                found[name] = oid
    refs = _refs_below(repository, repository.common_dir / "refs")
    return ((oid, name) for name, oid in (found | {name: oid for oid, name in refs}).items())


def _refs_of_work_trees(repository: Repository) -> Iterator[tuple[bytes, bytes]]:
    """Id and name of refs that belong to one linked work tree, as of a bisection there."""
    for folder in sorted(repository.common_dir.glob("worktrees/*/refs")):
        yield from _refs_below(repository, folder)


def _refs_below(repository: Repository, folder: Path) -> Iterator[tuple[bytes, bytes]]:
    """Id and name of each file below a folder that holds an id."""
    for file in files_below(folder):
        with suppress(OSError):
            text = read_small(file, _MOST_REF).strip()
            if _HEX.fullmatch(text):
                yield text, os.fsencode(file.relative_to(repository.common_dir))


def _zero(oid: bytes) -> bool:
    return not oid.strip(b"0")


def read_tips(repository: Repository, git: Git) -> Tips:
    """All refs, the heads of all work trees, and every commit that a reflog names.

    Raises:
        GitFailed: the refs cannot be listed at all.
    """
    trouble = _unreadable(repository)
    try:
        if any(one.endswith(_NO_FILE) for one in trouble):
            raise GitFailed("git would wait for a ref that is no file")
        listed = git.output(
            ["for-each-ref", "--format=%(objectname) %(refname) %(symref)"], timeout=_LIST_SECONDS
        )
        lines = [line.split(b" ") for line in listed.split(b"\n") if line]
        named = [(oid, name) for oid, name, _ in lines]
        remote = next((leads_to for _, name, leads_to in lines if name == _REMOTE_HEAD), b"")
    except GitFailed as failure:
        if repository.ref_storage != "files":
            raise
        trouble.append(f"refs that git stops at: {failure}")
        named, remote = list(_refs_of_files(repository)), b""
    named += _refs_of_work_trees(repository)
    targets = {name: oid for oid, name in named}
    head: bytes | None = None
    branch = b""
    for number, file in enumerate(_head_files(repository)):
        try:
            text = read_small(file, _MOST_REF).strip()
        except OSError:
            continue
        if text.startswith(_SYMBOLIC):
            name = text[len(_SYMBOLIC) :].strip()
            oid = targets.get(name)
            branch = branch or name
        elif _HEX.fullmatch(text):
            oid = text
            named.append((text, b"HEAD"))
        else:
            oid = None
        if not number:
            head = oid
    stashes, logged = read_reflogs(repository, git)
    others = sorted(oid for oid in {*stashes} | logged if not _zero(oid))
    wanted = b"".join(oid + b"^{}\n" for oid in [*(oid for oid, _ in named), *others])
    try:
        answers = git.output(
            ["cat-file", "--batch-check=%(objectname) %(objecttype)"], wanted, timeout=_PEEL_SECONDS
        ).splitlines()
    except GitFailed:  # a damaged object can stop git; what refs name is then read as unreached
        answers = [b""] * wanted.count(b"\n")
    peeled = [
        (bytes.fromhex(one.decode()), kind.decode()) if _HEX.fullmatch(one) else (b"", "missing")
        for one, _, kind in (answer.partition(b" ") for answer in answers)
    ]
    refs = {
        (name, oid): Ref(name, bytes.fromhex(oid.decode()), *found)
        for (oid, name), found in zip(named, peeled, strict=False)
    }
    commits = {
        oid: found
        for oid, (found, kind) in zip(others, peeled[len(named) :], strict=True)
        if kind == "commit"
    }
    return Tips(
        refs=tuple(refs.values()),
        head=bytes.fromhex(head.decode()) if head else None,
        stashes=tuple(commits.get(oid, b"") for oid in stashes),
        logged=frozenset(commits[oid] for oid in logged.difference(stashes) if oid in commits),
        default=_default(repository, targets, remote, branch),
        trouble=tuple(trouble),
    )


def _default(
    repository: Repository, targets: Mapping[bytes, bytes], remote: bytes, head: bytes
) -> tuple[bytes, ...]:
    """Names of the refs that stand for the default branch, those that exist.

    In a clone it is what the remote's HEAD leads to, in a bare repository what its own does. In a
    work tree without a remote, HEAD only says where somebody works: there it is the only one of
    the usual names that exists, else HEAD's.
    """
    home, bare = _REMOTE_HEAD.removesuffix(b"HEAD"), repository.home == repository.git_dir
    usual = [name for name in _USUAL_BRANCHES if name in targets]
    if remote.startswith(home):
        name = b"refs/heads/" + remote.removeprefix(home)
    elif usual and (head not in targets or (not bare and len(usual) == 1)):
        name = usual[0]
    else:
        name = head
    known = (name, home + name.removeprefix(b"refs/heads/"))
    return tuple(one for one in known if one in targets)
