"""Which commit a user means."""

from __future__ import annotations

from typing import NamedTuple

from forensics.errors import GitFailed, UsageProblem
from forensics.git.batch import kinds_of
from forensics.git.ref_names import refuse_several
from forensics.git.refs import read_tips
from forensics.git.repository import Repository
from forensics.git.working import working_git

__all__ = ["NamedCommit", "named_commit", "unknown_commit"]

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
