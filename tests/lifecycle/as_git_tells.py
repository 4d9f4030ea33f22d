"""What plain git says of who had a value, where it stands now, and how long it stood."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from fixtures_repos.git import git
from forensics.lifecycle.case import Case
from tests.scan.as_git_says import GitSays

__all__ = ["Facts", "facts_of", "git_facts", "refs_told_apart"]


class Facts(NamedTuple):
    """What an incident commander asks, of one value."""

    refs: frozenset[bytes]
    """Those at whose tips it stands."""
    releases: frozenset[bytes]
    """Tags that have it."""
    people: frozenset[tuple[bytes, bytes]]
    """Names and addresses of whoever made a commit that has it, or one on top of such a commit."""
    stays: tuple[tuple[str, str | None, int], ...]
    """On the first parents of the default branch: since, until, commits."""
    at_default: frozenset[bytes]
    """Paths at the tip of the default branch."""


def _parents_and_itself(says: GitSays, commit: str) -> list[str]:
    return [commit, *says.parents.get(commit, ())[1:]]


def refs_told_apart(path: Path) -> list[bytes]:
    """Names of refs, and in the place of refs/stash what `git stash list` names."""
    listed = git(path, "for-each-ref", "--format=%(refname)").split()
    if b"refs/stash" not in listed:
        return listed
    stashes = git(path, "stash", "list", "--format=%gd").split()
    return [*(name for name in listed if name != b"refs/stash"), *stashes]


def git_facts(says: GitSays, value: bytes, default: str | None) -> Facts:
    """All of it, asked of git; values stand in files, on one line.

    Args:
        says: of the repository.
        value: as it stands there.
        default: the default branch, if there is one.
    """
    presence = says.presence(value)
    holds = {commit for commit, paths in presence.items() if paths}
    refs: set[bytes] = set()
    for name in refs_told_apart(says.path):
        tip = _commit(says, name)
        tips = _parents_and_itself(says, tip) if name.startswith(b"stash@") else [tip]
        if holds & {*tips}:
            refs.add(name)
    people: set[tuple[bytes, bytes]] = set()
    if holds:
        above = _descendants(says, holds)
        told = git(
            says.path, "log", "--no-walk", "--format=%an%x00%ae%x00%cn%x00%ce", *sorted(above)
        )
        for one in told.splitlines():
            author, email, committer, address = one.split(b"\0")
            people |= {(author, email), (committer, address)}
    line: list[str] = []
    if default is not None:
        line = git(
            says.path, "rev-list", "--first-parent", "--reverse", default, "--"
        ).decode().split()  # fmt: skip
    return Facts(
        frozenset(refs),
        frozenset(name[10:] for name in refs if name.startswith(b"refs/tags/")),
        frozenset(people),
        tuple(_stays(line, holds)),
        presence[line[-1]] if line else frozenset(),
    )


def _commit(says: GitSays, name: bytes) -> str:
    return git(says.path, "rev-parse", name + b"^{}").decode().strip()


def _descendants(says: GitSays, commits: set[str]) -> set[str]:
    """These commits and all on top of them."""
    children: dict[str, list[str]] = {}
    for commit, parents in says.parents.items():
        for parent in parents:
            children.setdefault(parent, []).append(commit)
    found, todo = set(commits), [*commits]
    while todo:
        for child in children.get(todo.pop(), ()):
            if child not in found:
                found.add(child)
                todo.append(child)
    return found


def _stays(line: Sequence[str], holds: set[str]) -> list[tuple[str, str | None, int]]:
    found: list[tuple[str, str | None, int]] = []
    since, count = "", 0
    for commit in line:
        if commit in holds:
            since, count = since or commit, count + 1
        elif since:
            found.append((since, commit, count))
            since, count = "", 0
    if since:
        found.append((since, None, count))
    return found


def facts_of(case: Case) -> Facts:
    """The same as an index has it."""
    return Facts(
        frozenset(ref.name for ref in case.refs if ref.kind != "head"),
        frozenset(ref.name[10:] for ref in case.refs if ref.kind == "tag"),
        frozenset(case.people),
        tuple(
            (one.since.commit, one.until and one.until.commit, one.commits)
            for one in case.life.stays
        ),
        frozenset(one.path for one in case.life.places if one.at_default and one.path is not None),
    )
