"""What is new since a ref: introduced by commits that it does not lead to."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import NamedTuple

from forensics.errors import UsageProblem
from forensics.gate.policy import Policy
from forensics.git.batch import kinds_of
from forensics.git.ref_names import refs_called, stem_of
from forensics.git.repository import Repository
from forensics.git.resolve import named_commit
from forensics.git.runner import Git
from forensics.git.working import Place, working_git

__all__ = ["Base", "NewSince", "base_of"]

_SHORT_ID = re.compile(r"[0-9a-f]{4,39}")


class Base(NamedTuple):
    """A repository, and the commits in it that a policy compares with."""

    repository: Repository | None = None
    """None for what is in no repository, where everything is new."""
    place: Place | None = None
    """Where git says that new objects are."""
    refs: Mapping[str, bytes] = {}
    """Ids of commits, by what the policy calls them."""

    def git(self) -> AbstractContextManager[Git]:
        """Git over it."""
        assert self.repository is not None
        return working_git(self.repository, self.place)


def base_of(policy: Policy, repository: Repository | None, place: Place | None = None) -> Base:
    """The commits that a policy compares with, as they are in a repository.

    Raises:
        UsageProblem: a name means no commit there, or more than one ref.
    """
    if repository is None or not policy.refs:
        return Base(repository, place)
    with working_git(repository, place) as git:
        refs = {name: _commit(policy, repository, git, name) for name in sorted(policy.refs)}
    return Base(repository, place, refs)


def _commit(policy: Policy, repository: Repository, git: Git, name: str) -> bytes:
    where = f"{policy.name}: new-since"
    stem = stem_of(name)
    if not stem or ":" in name or "{/" in name or {"\0", "\n"} & {*name} or stem.startswith("-"):
        raise UsageProblem(f"{where}: {name!r} is no ref", "name a branch, a tag or a commit")
    if _SHORT_ID.fullmatch(stem):
        raise UsageProblem(f"{where}: {name!r} could mean several things", "give the whole id")
    meant = refs_called(git, stem)
    if len(meant) > 1:
        raise UsageProblem(f"{where}: {name!r} means {', '.join(meant)}", "write the one in full")
    if stem.startswith("refs/") and meant != [stem]:
        raise UsageProblem(f"{where}: there is no {stem}", "fetch it, or name another")
    try:
        return named_commit(repository, name).oid
    except UsageProblem as problem:
        raise UsageProblem(f"{where}: {problem.args[0]}", problem.hint) from None


class NewSince:
    """Tells which commits a ref does not lead to. Asks git once a ref."""

    def __init__(self, base: Base, commits: Collection[str]) -> None:
        """Ask about `commits` in the repository of `base`."""
        self._base, self._commits = base, commits
        self._new: dict[str, frozenset[str]] = {}

    def among(self, ref: str, commits: Iterable[str]) -> tuple[bool, ...]:
        """Of each commit, whether the ref does not lead to it.

        Raises:
            GitFailed: history cannot be walked.
        """
        if ref not in self._new:
            self._new[ref] = self._ask(self._base.refs[ref].hex())
        new = self._new[ref]
        return tuple(one in new for one in commits)

    def _ask(self, ref: str) -> frozenset[str]:
        names = sorted(self._commits)
        with self._base.git() as git:
            there = {oid.hex() for oid, kind in kinds_of(git, names) if kind == "commit"}
            given = "".join(f"{one}\n" for one in [*sorted(there), f"^{ref}"])
            told = git.output(["rev-list", "--stdin"], given.encode()) if there else b""
        beyond = {*told.decode("ascii").split()}
        return frozenset(one for one in names if one not in there or one in beyond)
