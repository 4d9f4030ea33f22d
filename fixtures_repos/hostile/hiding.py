"""Repositories in which plain git overlooks what leaked."""

from __future__ import annotations

import hashlib
from pathlib import Path

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.hostile.places import Hostile, begin
from fixtures_repos.stories.story import PLACE, setting, token

__all__ = [
    "commit_graph_that_lies",
    "grafts_that_hide",
    "planted_shallow_file",
    "replaced_blob",
    "replaced_commit",
]

_NO_PARENT = bytes.fromhex("70000000")


def _replace(builder: Builder, old: str, new: str) -> None:
    builder.refs.write(f"refs/replace/{old}", new)


def replaced_commit(path: Path) -> Hostile:
    """refs/replace shows the newest commit as a child of the first, without what lay between."""
    builder, marks, commits = begin(path)
    original = git(builder.path, "cat-file", "commit", commits["delete"])
    shown = original.replace(commits["leak"].encode(), commits["start"].encode())
    _replace(builder, commits["delete"], builder.objects.write("commit", shown))
    return Hostile(builder.path, marks, token(), commits)


def replaced_blob(path: Path) -> Hostile:
    """refs/replace shows a harmless blob instead of the leaking one."""
    builder, marks, commits = begin(path)
    leaking = builder.objects.write("blob", setting(token()))
    _replace(builder, leaking, builder.objects.write("blob", setting(b"$CI_TOKEN")))
    return Hostile(builder.path, marks, token(), commits, outside=path / "repository" / PLACE)


def grafts_that_hide(path: Path) -> Hostile:
    """`info/grafts` makes the newest commit a child of the first."""
    builder, marks, commits = begin(path)
    grafts = builder.git_dir / "info/grafts"
    grafts.parent.mkdir(exist_ok=True)
    grafts.write_text(f"{commits['delete']} {commits['start']}\n")
    return Hostile(builder.path, marks, token(), commits)


def planted_shallow_file(path: Path) -> Hostile:
    """`.git/shallow` claims that history begins at the newest commit, though all of it is here."""
    builder, marks, commits = begin(path)
    (builder.git_dir / "shallow").write_text(commits["delete"] + "\n")
    return Hostile(builder.path, marks, token(), commits)


def commit_graph_that_lies(path: Path) -> Hostile:
    """The commit-graph file, which git believes, says that the newest commit has no parent.

    Format: gitformat-commit-graph(5).
    """
    builder, marks, commits = begin(path)
    git(builder.path, "commit-graph", "write", "--reachable")
    place = builder.git_dir / "objects/info/commit-graph"
    graph = bytearray(place.read_bytes())
    chunks = {
        bytes(graph[at : at + 4]): int.from_bytes(graph[at + 4 : at + 12], "big")
        for at in range(8, 8 + 12 * graph[6], 12)
    }
    position = sorted(commits.values()).index(commits["delete"])
    parent = chunks[b"CDAT"] + position * 36 + 20
    graph[parent : parent + 4] = _NO_PARENT
    graph[-20:] = hashlib.sha1(graph[:-20], usedforsecurity=False).digest()
    place.chmod(0o644)
    place.write_bytes(graph)
    return Hostile(builder.path, marks, token(), commits)
