"""Refs, reflogs and the other names that a repository has for commits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from forensics.errors import GitFailed
from forensics.git.repository import Repository
from forensics.git.runner import Git

__all__ = ["Ref", "Tips", "read_tips"]

_HEX = re.compile(rb"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SYMBOLIC = b"ref:"
_PEEL_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Ref:
    """A name for an object."""

    name: bytes
    """In full, as in `refs/heads/main`; `HEAD` for a detached one."""
    target: bytes
    """Id of the object it names."""
    peeled: bytes
    """Id of what an annotated tag leads to; the target itself otherwise."""
    kind: str
    """Of the peeled object: `commit`, `tree`, `blob`, or `missing`."""


@dataclass(frozen=True, slots=True)
class Tips:
    """Where walks over history start."""

    refs: tuple[Ref, ...]
    head: bytes | None
    """Id of the commit at HEAD of the repository, if there is one."""
    stashed: frozenset[bytes]
    """Commit ids in the stash's reflog."""
    logged: frozenset[bytes]
    """Commit ids in any other reflog, or in a file such as ORIG_HEAD."""


def _head_files(repository: Repository) -> list[Path]:
    """HEAD of the repository first, then those of its linked work trees."""
    linked = sorted(repository.common_dir.glob("worktrees/*/HEAD"))
    return [repository.git_dir / "HEAD", repository.common_dir / "HEAD", *linked]


def _reflog_ids(file: Path) -> set[bytes]:
    found: set[bytes] = set()
    try:
        text = file.read_bytes()
    except OSError:
        return found
    for line in text.split(b"\n"):
        found.update(_HEX.findall(line.partition(b" <")[0][:130]))
    return found


def _reflogs(repository: Repository, git: Git) -> tuple[set[bytes], set[bytes]]:
    """Hexadecimal ids in the stash's reflog, and in all others."""
    stashed: set[bytes] = set()
    logged: set[bytes] = set()
    for folder in (repository.common_dir, *repository.common_dir.glob("worktrees/*")):
        for file in (folder / "logs").rglob("*"):
            if file.is_file():
                ids = _reflog_ids(file)
                (stashed if file.name == "stash" else logged).update(ids)
        for file in folder.glob("*_HEAD"):
            if file.is_file():
                logged.update(_reflog_ids(file))
    if repository.ref_storage != "files":
        listed = git.output(["rev-list", "--reflog", "--no-walk=unsorted", "--ignore-missing"])
        logged.update(listed.split())
    return stashed, logged


def _zero(oid: bytes) -> bool:
    return not oid.strip(b"0")


def read_tips(repository: Repository, git: Git) -> Tips:
    """All refs, the heads of all work trees, and every commit that a reflog names.

    Raises:
        GitFailed: the refs cannot be listed.
    """
    listed = git.output(["for-each-ref", "--format=%(objectname) %(refname)"])
    named = [(line[: line.index(b" ")], line[line.index(b" ") + 1 :])
             for line in listed.split(b"\n") if line]  # fmt: skip
    targets = {name: oid for oid, name in named}
    head: bytes | None = None
    for number, file in enumerate(_head_files(repository)):
        try:
            text = file.read_bytes().strip()
        except OSError:
            continue
        if text.startswith(_SYMBOLIC):
            oid = targets.get(text[len(_SYMBOLIC) :].strip())
        elif _HEX.fullmatch(text):
            oid = text
            named.append((text, b"HEAD"))
        else:
            oid = None
        if not number:
            head = oid
    stashed, logged = _reflogs(repository, git)
    others = sorted(oid for oid in stashed | logged if not _zero(oid))
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
        stashed=frozenset(commits[oid] for oid in stashed if oid in commits),
        logged=frozenset(commits[oid] for oid in logged if oid in commits),
    )
