"""What the doctor says of git and repositories."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from fixtures_repos.stories import Story
from tests.cli.command import forensics
from tests.cli.doctor.asking import checks, of, only


def test_what_is_no_repository_is_a_problem_where_it_was_named(tmp_path: Path) -> None:
    """Without a PATH, the rest is looked at."""
    (tmp_path / "plain").mkdir()
    state, found = only("repository", tmp_path / "plain")
    assert (state, "is not a git repository" in found) == ("problem", True)
    done = forensics("doctor", cwd=tmp_path / "plain")
    assert done.code == 0
    assert "repository" not in done.out


def test_a_shallow_clone_is_a_warning(only_in_a_merge: Story, tmp_path: Path) -> None:
    """It says how to get the rest."""
    source = f"file://{only_in_a_merge.path}"
    subprocess.run(["git", "clone", "-q", "--depth=1", source, tmp_path / "part"], check=True)
    (one,) = (one for one in checks(tmp_path / "part") if one["area"] == "repository")
    assert one["state"] == "warning"
    assert "shallow" in one["found"]
    assert "git fetch --unshallow" in one["advice"]


def test_a_partial_clone_is_a_warning(only_in_a_merge: Story, tmp_path: Path) -> None:
    """And what it says to do gives what was missing."""
    subprocess.run(
        ["git", "-C", only_in_a_merge.path, "config", "uploadpack.allowFilter", "true"], check=True
    )
    clone, source = tmp_path / "part", f"file://{only_in_a_merge.path}"
    subprocess.run(
        ["git", "clone", "-q", "--bare", "--filter=blob:none", source, clone], check=True
    )
    (one,) = (one for one in checks(clone) if one["area"] == "repository")
    assert (one["state"], "partial" in one["found"]) == ("warning", True)
    missing = ["git", "-C", str(clone), "rev-list", "--objects", "--all", "--missing=print"]
    assert b"?" in subprocess.run(missing, capture_output=True, check=True).stdout
    advised = one["advice"].split("`")[1].split()
    assert advised[0] == "git"
    subprocess.run(["git", "-C", clone, *advised[1:], "-q"], check=True)
    assert b"?" not in subprocess.run(missing, capture_output=True, check=True).stdout


def test_borrowed_objects_that_are_not_there_are_a_problem(only_in_a_merge: Story) -> None:
    """A scan would miss them."""
    info = only_in_a_merge.path / ".git/objects/info"
    info.mkdir(exist_ok=True)
    (info / "alternates").write_text("/nothing/here\n")
    assert only("repository", only_in_a_merge.path)[0] == "problem"


def test_another_users_repository_is_a_warning_until_it_is_declared_safe(
    only_in_a_merge: Story, no_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As git itself decides whether to work there."""
    path = only_in_a_merge.path
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    state, found = only("repository", path)
    assert (state, "belongs to another user" in found) == ("warning", True)
    (no_user / ".gitconfig").write_text(f"[safe]\n\tdirectory = {path}\n")
    assert only("repository", path)[0] == "ok"
    (no_user / ".gitconfig").write_text(f"[safe]\n\tdirectory = {path}\n\tdirectory =\n")
    assert only("repository", path)[0] == "warning"
    (no_user / "config/git").mkdir(parents=True)
    (no_user / "config/git/config").write_text(f"[safe]\n\tdirectory = {path.parent}/*\n")
    (no_user / ".gitconfig").unlink()
    assert only("repository", path)[0] == "ok"


def test_no_git_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And all that needs none is looked at nevertheless."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert only("git") == ("problem", "git is not installed")
    assert of("libraries")


def test_an_old_git_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below what scans need."""
    script = tmp_path / "git"
    script.write_text("#!/bin/sh\necho git version 2.9.5\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert only("git", "--index", tmp_path / "none") == ("problem", "2.9.5 is too old")
