"""What a push brings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import IO

import pytest

from fixtures_repos.builder import Builder
from forensics.errors import GitFailed
from forensics.git import commit_tree
from forensics.git.pushed import Update, commits_received
from forensics.git.repository import open_repository
from forensics.git.revisions import Revisions
from forensics.git.runner import Git

ZERO = "0" * 40


def received(path: Path, **refs: str) -> Revisions:
    """What a push of new refs brings, each with the id that it names."""
    repository = open_repository(path)
    updates = [Update(ZERO, oid, f"refs/tags/{name}") for name, oid in refs.items()]
    with repository.git() as git:
        return commits_received(repository, git, updates)


def tag_of(builder: Builder, oid: str, kind: str, name: str) -> str:
    """A tag object that no ref names."""
    content = f"object {oid}\ntype {kind}\ntag {name}\ntagger A <a@b> 1 +0000\n\nText\n"
    return builder.objects.write("tag", content.encode())


def test_tags_of_tags_lead_to_their_commits(tmp_path: Path) -> None:
    """Each counts itself; a branch that is pushed with them counts once."""
    builder = Builder(tmp_path)
    commit = builder.objects.write(
        "commit",
        f"tree {builder.objects.write('tree', b'')}\nauthor A <a@b> 1 +0000\n"
        "committer A <a@b> 1 +0000\n\nOne\n".encode(),
    )
    inner = tag_of(builder, commit, "commit", "inner")
    outer = tag_of(builder, inner, "tag", "outer")
    found = received(tmp_path, outer=outer, again=inner, branch=commit)
    assert found.given == (commit,)
    assert {one.hex() for one in found.tags} == {inner, outer}
    assert not found.beside


def test_tags_of_tags_have_an_end(tmp_path: Path) -> None:
    """A push of more on top of each other is not judged."""
    builder = Builder(tmp_path)
    oid, kind = builder.objects.write("blob", b"x"), "blob"
    for number in range(60):
        oid, kind = tag_of(builder, oid, kind, f"t{number}"), "tag"
    with pytest.raises(GitFailed, match="refs/tags/deep is a tag of too many tags"):
        received(tmp_path, deep=oid)


def test_many_tags_take_few_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many refs are pushed."""
    builder = Builder(tmp_path)
    blob = builder.objects.write("blob", b"x")
    refs = {f"t{number}": tag_of(builder, blob, "blob", f"t{number}") for number in range(20)}
    started: list[Sequence[str]] = []
    start = Git.start

    def counted(
        git: Git, arguments: Sequence[str], stdin: IO[bytes] | int, stderr: IO[bytes] | int
    ):
        started.append(arguments)
        return start(git, arguments, stdin, stderr)

    monkeypatch.setattr(Git, "start", counted)
    assert len(received(tmp_path, **refs).beside) == 20
    assert len(started) < 10


def test_a_pushed_tree_without_end_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few kilobytes can list files until memory ends."""
    monkeypatch.setattr(commit_tree, "MOST_FILES", 100)
    builder = Builder(tmp_path)
    tree = builder.objects.write("blob", b"x")
    mode = b"100644"
    for _ in range(12):
        raw = b"".join(mode + b" %c\0" % name + bytes.fromhex(tree) for name in b"abcdefgh")
        tree, mode = builder.objects.write("tree", raw), b"40000"
    with pytest.raises(GitFailed, match="there are more than 100 files"):
        received(tmp_path, bomb=tree)
