"""Which commit a user means."""

from __future__ import annotations

import os
from typing import NamedTuple

from forensics.errors import GitFailed, UsageProblem
from forensics.git.batch import kinds_of
from forensics.git.inflate import Damaged
from forensics.git.plan import plan
from forensics.git.ref_names import refuse_several
from forensics.git.refs import read_tips
from forensics.git.repository import Repository
from forensics.git.single import SingleObjects
from forensics.git.working import working_git

__all__ = ["NamedCommit", "named_blob", "named_commit", "unknown_commit"]

_SECONDS = 60.0


class NamedCommit(NamedTuple):
    """A commit and what it was asked for by."""

    name: str
    """A ref in full for the default branch, else as it was given."""
    oid: bytes


def named_commit(repository: Repository, name: str | None = None) -> NamedCommit:
    """The commit that a ref, an id or an expression such as `main~3` names, by default the tip of
    the default branch, or HEAD where there is none.

    Raises:
        UsageProblem: it names none, or could name several.
        GitFailed: the refs cannot be listed at all.
    """
    with working_git(repository) as git:
        if name is None:
            tips = read_tips(repository, git)
            commits = {ref.name: ref.peeled for ref in tips.refs if ref.kind == "commit"}
            for default in tips.default:
                if default in commits:
                    return NamedCommit(default.decode("utf-8", "replace"), commits[default])
            name = "HEAD"
        words = ["rev-parse", "--verify", "--quiet", "--end-of-options", name]
        try:
            if not name or "\0" in name:
                raise GitFailed("no name")
            oid = git.output(words, timeout=_SECONDS).decode("ascii").strip()
        except GitFailed:
            raise unknown_commit(repository, name) from None
        refuse_several(git, name)
        (there, _), (commit, _) = kinds_of(git, (oid, f"{oid}^{{commit}}"))
    if not commit:
        raise unknown_commit(repository, name, "" if there else oid)
    return NamedCommit(name, commit)


def named_blob(
    repository: Repository, name: str, commit: bytes | None = None, path: bytes | None = None
) -> tuple[bytes, bytes]:
    """The id and the content of a file: that of a path at a commit, else of a blob by its id.

    Raises:
        UsageProblem: there is none, or it is a folder or anything else.
    """
    what = name if path is None else f"{name}:{os.fsdecode(path)}"
    wanted = name if commit is None or path is None else f"{commit.hex()}:{os.fsdecode(path)}"
    missing = UsageProblem(f"{what!r} is no file here", "name COMMIT:PATH, or a blob by its id")
    with working_git(repository) as git, repository.git() as reading:
        words = ["rev-parse", "--verify", "--quiet", "--end-of-options", wanted]
        try:
            if "\0" in wanted:
                raise GitFailed("no name")
            oid = bytes.fromhex(git.output(words, timeout=_SECONDS).decode("ascii").strip())
            kind, content = SingleObjects(repository, reading, plan(repository, kinds=())).read(oid)
        except (GitFailed, Damaged, ValueError):
            raise missing from None
    if kind != "blob":
        raise UsageProblem(f"{what!r} is a {kind}, not a file", "name a file in it")
    return oid, content


def unknown_commit(repository: Repository, text: str, oid: str = "") -> UsageProblem:
    """What to say of words that name no commit here.

    Args:
        repository: where they were looked up.
        text: the words.
        oid: of an object that they need, in hexadecimal digits.
    """
    missing = f"{text!r} names no commit of this repository"
    if oid and oid not in text:
        missing = f"{text!r} needs {oid}, which is not here"
    elif text in ("HEAD", "@"):
        return UsageProblem(f"{repository.path} has no commit yet", "commit something first")
    if repository.shallow:
        return UsageProblem(
            f"{missing}, which is a shallow clone",
            "fetch more of it with `git fetch --unshallow` or `git fetch --deepen=N`",
        )
    return UsageProblem(missing, "name branches, tags or commits that are here")
