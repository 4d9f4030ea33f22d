"""Repositories whose parts are elsewhere, or were planted."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from fixtures_repos.builder import Builder
from fixtures_repos.layouts import add_alternate
from fixtures_repos.stories.story import PLACE, setting, token

__all__ = [
    "Hostile",
    "alternates_elsewhere",
    "begin",
    "git_file_elsewhere",
    "git_symlink",
    "planted_index",
    "planted_index_symlink",
]


@dataclass(frozen=True, slots=True)
class Hostile:
    """A repository at `path` that must leave `marks`, a folder, empty.

    `secret` leaked in it; `foreign` belongs to somebody else. `outside` is a
    file or folder beside the repository that must stay as it is.
    """

    path: Path
    marks: Path
    secret: bytes = field(repr=False)
    commits: Mapping[str, str] = field(default_factory=dict)
    foreign: bytes = field(default=b"", repr=False)
    outside: Path | None = None


def begin(path: Path, name: str = "repository") -> tuple[Builder, Path, dict[str, str]]:
    """A repository below `path` that leaks and deletes a token, and an empty folder for marks."""
    marks = path / "marks"
    marks.mkdir(parents=True, exist_ok=True)
    builder = Builder(path / name)
    builder.write("README.md", "# Parcels\n")
    commits = {"start": builder.commit("Start the project")}
    builder.write(PLACE, setting(token()))
    commits["leak"] = builder.commit("Deploy from CI")
    builder.write(PLACE, setting(b"$CI_TOKEN"))
    commits["delete"] = builder.commit("Read the token from CI")
    builder.populate()
    return builder, marks, commits


def git_symlink(path: Path) -> Hostile:
    """`.git` is a symbolic link into a folder beside the work tree."""
    builder, marks, commits = begin(path)
    elsewhere = path / "elsewhere"
    builder.git_dir.rename(elsewhere)
    builder.git_dir.symlink_to(elsewhere)
    return Hostile(builder.path, marks, token(), commits, outside=elsewhere)


def git_file_elsewhere(path: Path) -> Hostile:
    """`.git` is a file that names another project's git directory."""
    other, marks, commits = begin(path, "other")
    repository = path / "repository"
    repository.mkdir()
    (repository / ".git").write_text("gitdir: ../other/.git\n")
    return Hostile(repository, marks, token(), commits, outside=other.git_dir)


def alternates_elsewhere(path: Path) -> Hostile:
    """`objects/info/alternates` names another tenant's objects, which no ref here reaches."""
    builder, marks, commits = begin(path)
    tenant = Builder(path / "tenant")
    tenant.write("tenant.env", setting(token(2), b"TENANT_TOKEN"))
    commits["tenant"] = tenant.commit("Somebody else's work")
    add_alternate(builder.path, tenant.path)
    return Hostile(builder.path, marks, token(), commits, foreign=token(2), outside=tenant.git_dir)


def planted_index(path: Path) -> Hostile:
    """The repository brings a SQLite file where our index belongs, with a trigger of its own."""
    builder, marks, commits = begin(path)
    place = builder.git_dir / "forensics/index.db"
    place.parent.mkdir()
    with closing(sqlite3.connect(place)) as database:
        database.executescript(
            "CREATE TABLE runs (id INTEGER PRIMARY KEY, complete INTEGER);"
            "INSERT INTO runs VALUES (1, 1);"
            "CREATE TRIGGER forget AFTER INSERT ON runs BEGIN DELETE FROM runs; END;"
            "PRAGMA user_version = 1;"
        )
    return Hostile(builder.path, marks, token(), commits)


def planted_index_symlink(path: Path) -> Hostile:
    """Where our index belongs lies a link to a file of the user's."""
    builder, marks, commits = begin(path)
    precious = path / "precious.txt"
    precious.write_text("keep this\n")
    place = builder.git_dir / "forensics/index.db"
    place.parent.mkdir()
    place.symlink_to(precious)
    return Hostile(builder.path, marks, token(), commits, outside=precious)
