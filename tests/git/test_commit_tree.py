"""All files of a commit, and what changed each last, as git itself tells them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from forensics.git import commit_tree
from forensics.git.commit_tree import last_changes, read_tree
from forensics.git.repository import open_repository
from forensics.git.resolve import named_commit


def git(path: Path, *arguments: str) -> str:
    """What git prints."""
    done = subprocess.run(["git", "-C", path, *arguments], capture_output=True, check=True)
    return done.stdout.decode()


def test_files_are_those_that_git_lists(acme_repository: Path) -> None:
    """With kinds, ids and sizes."""
    repository = open_repository(acme_repository)
    with repository.git() as running:
        tree = read_tree(running, named_commit(repository, "HEAD").oid)
    listed = git(acme_repository, "ls-tree", "-r", "-l", "HEAD").splitlines()
    told = [
        (fields[2], int(fields[3]), path)
        for fields, path in ((line.split("\t")[0].split(), line.split("\t")[1]) for line in listed)
    ]
    assert [(one.oid.hex(), one.size, one.path.decode()) for one in tree.files] == told
    assert tree.trouble == ""
    assert tree.committed.email.endswith(b"@acme.example")


def test_last_changes_are_those_that_git_tells(acme_repository: Path) -> None:
    """Along first parents, where a merge changes what it brings in."""
    repository = open_repository(acme_repository)
    with repository.git() as running:
        commit = named_commit(repository, "HEAD").oid
        paths = [one.path for one in read_tree(running, commit).files]
        found = last_changes(running, commit, paths)
    assert len(paths) > 10
    for path in paths:
        told = git(
            acme_repository, "log", "-1", "--first-parent", "--diff-merges=first-parent", "-s",
            "--format=%H %ct", "HEAD", "--", path.decode(),
        )  # fmt: skip
        assert f"{found[path][0].hex()} {found[path][1]}" == told.strip()


def test_what_a_shallow_clone_starts_with_was_changed_by_nobody_known(tmp_path: Path) -> None:
    """The commit at the boundary only seems to add it all."""
    builder = Builder(tmp_path / "whole")
    builder.write("old", "1\n")
    builder.commit("One")
    builder.write("new", "1\n")
    builder.commit("Two")
    builder.write("newest", "1\n")
    last = builder.commit("Three")
    source = f"file://{builder.path}"
    git(tmp_path, "clone", "-q", "--bare", "--depth=2", source, str(tmp_path / "shallow"))
    repository = open_repository(tmp_path / "shallow")
    boundary = {bytes.fromhex(one.decode()) for one in repository.boundary().split()}
    with repository.git() as running:
        commit = named_commit(repository, "HEAD").oid
        found = last_changes(running, commit, [b"old", b"new", b"newest"], boundary)
    assert {path: one[0].hex() for path, one in found.items()} == {b"newest": last}


def test_a_tree_without_end_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read stays, and the trouble says that there is more."""
    monkeypatch.setattr(commit_tree, "MOST_FILES", 1_000)
    builder = Builder(tmp_path)
    blob = builder.objects.write("blob", b"x")
    tree = builder.objects.write("tree", b"100644 a\0" + bytes.fromhex(blob))
    for _ in range(30):
        entries = b"".join(b"40000 %c\0" % name + bytes.fromhex(tree) for name in b"abcdefgh")
        tree = builder.objects.write("tree", entries)
    content = f"tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\nBomb\n".encode()
    commit = builder.objects.write("commit", content)
    with open_repository(tmp_path).git() as running:
        found = read_tree(running, bytes.fromhex(commit))
    assert len(found.files) == 1_000
    assert found.trouble == "there are more than 1,000 files"
