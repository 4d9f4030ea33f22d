"""Hostile repositories: nothing in them runs, and nothing in them is believed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.hostile import PLACES, Hostile
from fixtures_repos.layouts import repack
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import token
from forensics.errors import IndexRefused
from forensics.git.repository import open_repository
from forensics.index.location import index_path
from forensics.key import KEY_VARIABLE
from tests.cli.command import ended, environment, forensics, process
from tests.scan.scanning import KEY, scan


def place(name: str, tmp_path: Path) -> Hostile:
    return PLACES[name](tmp_path / name)


def facts(folder: Path) -> dict[str, bytes]:
    """Everything below a folder."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.mark.parametrize("jobs", [1, 3])
def test_planted_commands_do_not_run(running_commands: Hostile, tmp_path: Path, jobs: int) -> None:
    """Neither in the first scan nor in a later one with something new."""
    path = running_commands.path
    scan(path, tmp_path / "index.db", jobs=jobs)
    (path / ".git/refs/heads/again").write_text(running_commands.commits["start"] + "\n")
    scan(path, tmp_path / "index.db", jobs=jobs)
    assert not [*running_commands.marks.iterdir()]


def test_planted_commands_do_not_run_for_the_command_line(running_commands: Hostile) -> None:
    """Started inside the repository, with its index at its usual place."""
    for words in (["scan"], ["scan"], ["findings"], ["scan", "--dir", "."], ["show", "00"]):
        assert "Traceback" not in forensics(*words, cwd=running_commands.path).err
    assert not [*running_commands.marks.iterdir()]


def test_planted_commands_do_not_keep_the_leak_from_being_found(
    running_commands: Hostile, tmp_path: Path
) -> None:
    """Where the leaking blob is in the repository at all."""
    scanned = scan(running_commands.path, tmp_path / "index.db")
    if "promisor" in str(running_commands.path.parent):
        assert not scanned.summary.complete
    else:
        assert scanned.statuses(running_commands.secret) == {(b"deploy/ci.env", "removed")}


def test_what_git_was_told_to_hide_is_found(hiding: Hostile, tmp_path: Path) -> None:
    """Replaced commits and blobs, grafts, a lying commit graph, a planted shallow file."""
    scanned = scan(hiding.path, tmp_path / "index.db")
    (found,) = scanned.of(hiding.secret)
    assert found.path == b"deploy/ci.env"
    assert found.introduced == {hiding.commits["leak"]}
    if "shallow" not in hiding.path.parent.name:
        assert found.removed == {hiding.commits["delete"]}
        assert (found.reach, found.at_tip) == ("branch", False)


def test_a_git_symlink_is_followed_and_its_target_left_alone(tmp_path: Path) -> None:
    """Scanning writes nothing there but the index, and not that either if one is named."""
    hostile = place("git_symlink", tmp_path)
    assert hostile.outside
    before = facts(hostile.outside)
    scanned = scan(hostile.path, tmp_path / "index.db")
    assert scanned.statuses(hostile.secret) == {(b"deploy/ci.env", "removed")}
    assert facts(hostile.outside) == before


def test_a_git_file_is_followed_as_git_does(tmp_path: Path) -> None:
    """Work trees of submodules and linked ones look the same."""
    hostile = place("git_file_elsewhere", tmp_path)
    assert hostile.outside
    before = facts(hostile.outside)
    scanned = scan(hostile.path, tmp_path / "index.db")
    assert scanned.statuses(hostile.secret) == {(b"deploy/ci.env", "removed")}
    assert facts(hostile.outside) == before


@pytest.mark.parametrize("packed", [False, True])
def test_another_tenants_objects_need_to_be_asked_for(tmp_path: Path, packed: bool) -> None:
    """What no ref here reaches is not this repository's; the summary says so."""
    hostile = place("alternates_elsewhere", tmp_path)
    if packed:
        repack(tmp_path / "alternates_elsewhere/tenant")
    first = scan(hostile.path, tmp_path / "index.db")
    assert not first.of(hostile.foreign)
    assert first.of(hostile.secret)
    assert any("--alternates" in line for line in first.summary.uncovered)
    second = scan(hostile.path, tmp_path / "index.db")
    assert (second.summary.objects, second.findings) == (0, first.findings)
    asked = scan(hostile.path, tmp_path / "index.db", alternates=True)
    assert {one.reach for one in asked.of(hostile.foreign)} == {"none"}
    assert not any("--alternates" in line for line in asked.summary.uncovered)


def test_what_a_ref_here_reaches_in_an_alternate_is_found(tmp_path: Path) -> None:
    """Borrowed is not foreign."""
    hostile = place("alternates_elsewhere", tmp_path)
    git(hostile.path, "update-ref", "refs/heads/borrowed", hostile.commits["tenant"])
    scanned = scan(hostile.path, tmp_path / "index.db")
    assert scanned.statuses(hostile.foreign) == {(b"tenant.env", "present")}


@pytest.mark.parametrize("name", ["planted_index", "planted_index_symlink"])
def test_a_planted_index_is_refused(tmp_path: Path, name: str) -> None:
    """It is neither believed nor followed nor overwritten."""
    hostile = place(name, tmp_path)
    index = index_path(None, open_repository(hostile.path).common_dir)
    assert index
    before = index.read_bytes()
    with pytest.raises(IndexRefused):
        scan(hostile.path, index)
    done = ended(process("scan", cwd=hostile.path))
    assert done.code == 2
    assert "--index" in done.err
    assert index.read_bytes() == before
    assert scan(hostile.path, tmp_path / "index.db").findings


def test_a_planted_folder_for_the_index_is_refused(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """A link would lead the index, and its lock, out of the repository."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (leaked_then_deleted.path / ".git/forensics").symlink_to(outside)
    done = ended(process("scan", cwd=leaked_then_deleted.path))
    assert done.code == 2
    assert "symbolic link" in done.err
    assert not [*outside.iterdir()]


RECORDER = """#!{python}
import os, sys
with open({log!r}, "a") as log:
    log.write(repr((sys.argv[1:], dict(os.environ))) + "\\n")
os.execv({git!r}, ["git", *sys.argv[1:]])
"""


def test_git_never_sees_the_key_nor_the_users_setup(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every git process gets an environment of our own."""
    folder, log = tmp_path / "bin", tmp_path / "log"
    folder.mkdir()
    real = next(
        os.path.join(place, "git") for place in os.environ["PATH"].split(os.pathsep)
        if os.access(os.path.join(place, "git"), os.X_OK)
    )  # fmt: skip
    (folder / "git").write_text(RECORDER.format(python=sys.executable, log=str(log), git=real))
    (folder / "git").chmod(0o755)
    planted = {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        KEY_VARIABLE: KEY.export(),
        "GIT_DIR": "/nowhere",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.fsmonitor",
        "GIT_CONFIG_VALUE_0": "touch mark",
        "GIT_EXTERNAL_DIFF": "false",
        "GIT_SSH_COMMAND": "false",
        "SECRET_OF_THE_USER": token().decode(),
    }
    done = ended(process("scan", acme_repository, env=environment(**planted)))
    assert done.code == 1
    (acme_repository / ".git/refs/heads/more").write_text(
        git(acme_repository, "rev-parse", "HEAD~3").decode()
    )
    assert ended(process("scan", acme_repository, env=environment(**planted))).code == 1
    told = log.read_text()
    assert told
    assert KEY.export() not in told
    assert token().decode() not in told
    for line in told.splitlines():
        _, seen = eval(line)  # noqa: S307  we wrote it
        names = {name for name in seen if name.startswith(("GIT_", "FORENSICS_"))}
        assert not names & ({*planted} - {"GIT_DIR"}), names
        assert seen.get("GIT_DIR") != "/nowhere"
        assert seen["GIT_CONFIG_NOSYSTEM"] == "1"
    assert not any(tmp_path.rglob("mark"))
