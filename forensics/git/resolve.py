"""Which commit a user means."""

from __future__ import annotations

import re
from typing import NamedTuple

from forensics.errors import GitFailed, UsageProblem
from forensics.git.refs import read_tips
from forensics.git.repository import Repository
from forensics.git.runner import Git

__all__ = ["NamedCommit", "named_commit"]

_SECONDS = 60.0
_HEAD = re.compile(r"(?:HEAD|@)(?P<rest>[~^].*)?")


class NamedCommit(NamedTuple):
    """A commit and what it was asked for by."""

    name: str
    """A ref in full for the default branch, else as it was given."""
    oid: bytes


def named_commit(repository: Repository, git: Git, name: str | None = None) -> NamedCommit:
    """The commit that a ref, an id or an expression such as `main~3` names, by default the tip of
    the default branch, or HEAD where there is none.

    Raises:
        UsageProblem: it names none.
        GitFailed: the refs cannot be listed at all.
    """
    if name is not None and not _HEAD.fullmatch(name):
        return NamedCommit(name, _parsed(git, name, name))
    tips = read_tips(repository, git)
    if name is None:
        commits = {ref.name: ref.peeled for ref in tips.refs if ref.kind == "commit"}
        for default in tips.default:
            if default in commits:
                return NamedCommit(default.decode("utf-8", "replace"), commits[default])
    if tips.head is None:
        raise UsageProblem(f"{repository.path} has no commit yet", "name a branch or commit")
    found = _HEAD.fullmatch(name or "HEAD")
    rest = found["rest"] if found else None
    if not rest:
        return NamedCommit(name or "HEAD", tips.head)
    return NamedCommit(f"{name}", _parsed(git, tips.head.hex() + rest, f"{name}"))


def _parsed(git: Git, expression: str, name: str) -> bytes:
    try:
        told = git.output(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{expression}^{{commit}}"],
            timeout=_SECONDS,
        )
        return bytes.fromhex(told.decode("ascii").strip())
    except (GitFailed, ValueError):
        raise UsageProblem(
            f"{name!r} names no commit of this repository", "name a branch, a tag or a commit"
        ) from None
