"""Told repositories and what the linter says of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fixtures_repos.builder import Builder
from forensics.drift.env_vars import EnvFinding, lint
from forensics.drift.environments import Placer
from forensics.git.repository import open_repository
from forensics.git.resolve import named_commit

__all__ = ["Told", "linted", "tell"]


class Told:
    """A repository told commit by commit, each a change of some files."""

    def __init__(self, path: Path) -> None:
        self.builder = Builder(path)
        self.path = path
        self.commits: list[str] = []

    def commit(self, changes: Mapping[str, str | None]) -> str:
        """Write files, or delete those whose content is None; the commit's id."""
        for name, content in changes.items():
            if content is None:
                self.builder.delete(name)
            else:
                self.builder.write(name, content)
        self.commits.append(self.builder.commit(f"Change {', '.join(changes)}"[:60]))
        return self.commits[-1]


def tell(path: Path, *commits: Mapping[str, str | None]) -> Told:
    """A repository with these commits."""
    told = Told(path)
    for changes in commits:
        told.commit(changes)
    return told


def linted(told: Told, at: str = "HEAD") -> dict[tuple[str, str], EnvFinding]:
    """By kind and name: what is found at a commit."""
    repository = open_repository(told.path)
    found = lint(repository, named_commit(repository, at).oid, Placer())
    return {(one.kind, one.name): one for one in found.findings}
