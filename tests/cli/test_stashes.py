"""Entries of the stash told apart, by the names that `git stash list` gives them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import setting, token
from forensics.key import Key
from tests.cli.command import forensics

STAGED, SECOND, UNTRACKED = 1, 2, 3
"""Seeds of the secrets, in the order in which they were stashed."""


@pytest.fixture
def path(tmp_path: Path, key: Key) -> Path:
    """Three entries: one staged a secret, one has another in the same slot, the newest has one in a
    file that git does not track."""
    folder = tmp_path / "r"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "ci.env").write_bytes(b"\n")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Start")
    (folder / "ci.env").write_bytes(setting(token(STAGED)))
    git(folder, "add", ".")
    (folder / "ci.env").write_bytes(b"\n\n")
    git(folder, "stash", "-q")
    (folder / "ci.env").write_bytes(setting(token(SECOND)))
    git(folder, "stash", "-q")
    (folder / "new.env").write_bytes(setting(token(UNTRACKED)))
    git(folder, "stash", "-q", "-u")
    forensics("scan", folder)
    return folder


def shown(path: Path, key: Key, seed: int) -> dict[str, Any]:
    """What `show` says of a secret, as JSON."""
    name = key.fingerprint(token(seed)).hex()
    told: dict[str, Any] = json.loads(forensics("show", name, path, "-f", "json").out)
    return told


def commit(path: Path, name: str) -> str:
    """The id of a commit."""
    return git(path, "rev-parse", name).decode().strip()


@pytest.mark.parametrize(
    ("seed", "entry", "since", "file"),
    [
        (STAGED, "stash@{2}", "stash@{2}^2", "ci.env"),
        (SECOND, "stash@{1}", "stash@{1}", "ci.env"),
        (UNTRACKED, "stash@{0}", "stash@{0}^3", "new.env"),
    ],
)
def test_a_secret_is_in_its_own_entry(
    path: Path, key: Key, seed: int, entry: str, since: str, file: str
) -> None:
    """In its tree, in what it keeps of the index, or in its untracked files; since the commit that
    has it, as text, JSON and gantt."""
    told = shown(path, key, seed)
    assert [(one["name"], one["kind"], one["path"]) for one in told["refs"]] == [
        (entry, "stash", file)
    ]
    assert [(one["name"], one["at_tip"], one["since"]) for one in told["by_ref"]] == [
        (entry, True, commit(path, since))
    ]
    assert [(one["path"], one["ref"], one["line"]) for one in told["places"]] == [(file, entry, 2)]
    name = key.fingerprint(token(seed)).hex()
    page = forensics("show", name, path).out
    assert f"1 stash: {entry}\n" in page
    assert f"{entry}: since " in page
    assert "refs/stash" not in page
    assert f"    {entry} : " in forensics("log", name, path, "-f", "gantt").out


def test_entries_are_no_rotation_of_a_slot(path: Path, key: Key) -> None:
    """One did not follow another: each stands for itself."""
    told = shown(path, key, SECOND)
    assert {one["reach"] for one in told["slots"]} == {"stash"}
    page = forensics("show", key.fingerprint(token(SECOND)).hex(), path).out
    headings = [line.strip() for line in page.splitlines() if "GITHUB_TOKEN  in a stash" in line]

    assert len(headings) == len(told["slots"]) > 1


def test_a_dropped_entry_is_told_no_more(path: Path, key: Key) -> None:
    """The others move up, though refs/stash names what it named."""
    before = commit(path, "refs/stash")
    git(path, "stash", "drop", "-q", "stash@{1}")
    assert commit(path, "refs/stash") == before
    forensics("scan", path)
    assert shown(path, key, SECOND)["refs"] == []
    assert [one["name"] for one in shown(path, key, STAGED)["refs"]] == ["stash@{1}"]


def test_an_entry_stored_twice(path: Path, key: Key) -> None:
    """Is told twice, until one is dropped, which leaves the same commits stashed."""
    git(path, "stash", "store", "-m", "again", commit(path, "stash@{2}"))
    forensics("scan", path)
    names = [one["name"] for one in shown(path, key, STAGED)["refs"]]
    assert names == ["stash@{0}", "stash@{3}"]
    git(path, "stash", "drop", "-q", "stash@{3}")
    forensics("scan", path)
    assert [one["name"] for one in shown(path, key, STAGED)["refs"]] == ["stash@{0}"]


def test_a_stash_without_a_reflog(path: Path, key: Key) -> None:
    """Is the one commit that its ref names."""
    (path / ".git/logs/refs/stash").unlink()
    forensics("scan", path)
    assert [one["name"] for one in shown(path, key, UNTRACKED)["refs"]] == ["refs/stash"]
