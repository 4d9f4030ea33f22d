"""What plain git says of where a value stood, when it came and when it went."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from fixtures_repos.git import git

Presence = Mapping[str, frozenset[bytes]]
"""By commit id: the paths at which a value stands."""


class Story(NamedTuple):
    """One value at one path."""

    reach: str
    at_head: bool
    at_tip: bool
    introduced: frozenset[str]
    removed: frozenset[str]


def _lines(path: Path, *arguments: str) -> list[str]:
    return git(path, *arguments).decode().split("\n")[:-1]


def _matching(path: Path, commits: list[str], *pattern: str | bytes) -> dict[str, set[bytes]]:
    """By commit: the files that `git grep` finds the pattern in."""
    found: dict[str, set[bytes]] = {}
    try:
        told = git(path, "grep", "-lza", *pattern, *commits)
    except subprocess.CalledProcessError as error:
        if error.returncode != 1 or error.stderr:
            raise
        return found
    for entry in told.split(b"\0")[:-1]:
        commit, _, name = entry.partition(b":")
        found.setdefault(commit.decode(), set()).add(name)
    return found


class GitSays:
    """Everything is asked of git; files are taken not to be empty."""

    def __init__(self, path: Path) -> None:
        self.path = path
        listed = _lines(path, "cat-file", "--batch-all-objects", "--batch-check")
        self.commits = [line.split()[0] for line in listed if line.split()[1] == "commit"]
        self.parents: dict[str, list[str]] = {}
        for line in _lines(path, "rev-list", "--no-walk", "--parents", *self.commits):
            commit, *parents = line.split()
            self.parents[commit] = parents

    @cached_property
    def _files(self) -> dict[str, set[bytes]]:
        return _matching(self.path, self.commits, "-e", "")

    @cached_property
    def reach(self) -> dict[str, str]:
        """What still leads to each commit, the strongest."""
        names = ["--exclude=refs/stash", "--exclude=refs/tags/*", "--all"]
        reflog = Path(git(self.path, "rev-parse", "--absolute-git-dir").decode().strip())
        stash = reflog / "logs/refs/stash"
        stashed = [line.split()[1] for line in stash.read_text().splitlines()] if (
            stash.exists()
        ) else []  # fmt: skip
        found: dict[str, str] = {}
        for reach, arguments in (
            ("branch", names),
            ("tag", ["--tags", *names]),
            ("stash", stashed),
            ("reflog", ["--reflog", *names]),  # git wants something to start from
        ):
            if arguments:
                for commit in _lines(self.path, "rev-list", *arguments):
                    found.setdefault(commit, reach)
        return found

    @cached_property
    def tips(self) -> set[str]:
        """The commits that refs and HEAD name."""
        return {*_lines(self.path, "rev-list", "--no-walk", "--exclude=refs/stash", "--all")}

    @cached_property
    def head(self) -> str:
        """The commit at HEAD; empty if it has none."""
        try:
            return git(self.path, "rev-parse", "-q", "--verify", "HEAD^{commit}").decode().strip()
        except subprocess.CalledProcessError:
            return ""

    @cache  # noqa: B019  it lives as long as one test
    def presence(self, value: bytes) -> Presence:
        """Where `value` stands: in a file, or in its name."""
        inside = _matching(self.path, self.commits, "-F", "-e", value)
        return {
            commit: frozenset(
                inside.get(commit, set())
                | {name for name in self._files.get(commit, set()) if value in name}
            )
            for commit in self.commits
        }

    def stories(self, value: bytes) -> dict[bytes, Story]:
        """By path: the whole story of `value` there."""
        presence = self.presence(value)
        found = {}
        for name in {name for names in presence.values() for name in names}:
            holds = {commit for commit, names in presence.items() if name in names}
            introduced = {one for one in holds if not holds & {*self.parents[one]}}
            removed = {
                one for one, parents in self.parents.items()
                if one not in holds and holds & {*parents}
            }  # fmt: skip
            order = ("branch", "tag", "stash", "reflog", "none")
            reach = min((self.reach.get(one, "none") for one in introduced), key=order.index)
            found[name] = Story(
                reach, self.head in holds, bool(holds & self.tips),
                frozenset(introduced), frozenset(removed),
            )  # fmt: skip
        return found
