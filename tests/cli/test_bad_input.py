"""Bad input: one line that says what to do, exit code 2, and the index as it was."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories import Story
from forensics.index.location import INDEX_VARIABLE
from forensics.key import Key
from tests.cli.command import Done, forensics

pytestmark = pytest.mark.usefixtures("key")


def refused(done: Done) -> str:
    """The line that a refused command printed."""
    line = done.error()
    assert done.code == 2
    assert done.out == ""
    assert ";" in line or "Try '" in line, "it says what to do"
    return line


def test_a_folder_that_is_no_repository(tmp_path: Path) -> None:
    """The line names it and the way to scan it all the same."""
    line = refused(forensics("scan", tmp_path))
    assert str(tmp_path) in line
    assert "--dir" in line


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    """As a repository and as a folder."""
    assert "does not exist" in refused(forensics("scan", tmp_path / "nowhere"))
    assert "not a folder" in refused(forensics("scan", "--dir", tmp_path / "nowhere"))


@pytest.mark.parametrize("options", [[], ["--dir"]])
def test_a_path_longer_than_any_file_system_takes(tmp_path: Path, options: list[str]) -> None:
    """The system refuses even to look."""
    refused(forensics("scan", *options, tmp_path / ("long" * 100)))


def test_a_file_in_place_of_a_folder(tmp_path: Path) -> None:
    """It is neither a repository nor a folder of files."""
    file = tmp_path / "file"
    file.write_text("text\n")
    refused(forensics("scan", file))
    refused(forensics("scan", "--dir", file))


@pytest.mark.parametrize("left", ["", "HEAD", "objects"])
def test_a_git_folder_with_hardly_anything_in_it(tmp_path: Path, left: str) -> None:
    """Half a clone is not a repository."""
    (tmp_path / ".git").mkdir()
    if left == "HEAD":
        (tmp_path / ".git/HEAD").write_text("ref: refs/heads/main\n")
    elif left:
        (tmp_path / ".git" / left).mkdir()
    refused(forensics("scan", tmp_path))


def test_a_repository_of_an_unknown_format(only_in_a_merge: Story) -> None:
    """A newer git may have made it."""
    for setting in ("repositoryformatversion=1", "objectFormat=sha3"):
        section = "core" if "version" in setting else "extensions"
        git(only_in_a_merge.path, "config", *f"{section}.{setting}".split("="))
    assert "update" in refused(forensics("scan", only_in_a_merge.path))


def test_an_empty_repository_is_no_error(tmp_path: Path) -> None:
    """Nothing to scan is nothing found; a line says so."""
    git(tmp_path, "init", "-q")
    done = forensics("scan", tmp_path)
    assert done.code == 0
    assert "no commits yet" in done.error()


def test_an_index_that_is_not_sqlite(only_in_a_merge: Story, tmp_path: Path) -> None:
    """It stays as it was, byte for byte."""
    index = tmp_path / "notes.txt"
    index.write_text("These are notes, not an index.\n" * 100)
    before = index.read_bytes()
    for command in (["scan"], ["findings"], ["show", "abc"]):
        line = refused(forensics(*command, only_in_a_merge.path, "--index", index))
        assert "not an index" in line
    assert index.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith("notes")) in (
        ["notes.txt"],
        ["notes.txt", "notes.txt.lock"],
    )


def test_an_index_of_another_program(only_in_a_merge: Story, tmp_path: Path) -> None:
    """It is SQLite, but not ours."""
    index = tmp_path / "bookmarks.db"
    with closing(sqlite3.connect(index)) as connection:
        connection.execute("CREATE TABLE bookmark (address TEXT)")
    before = index.read_bytes()
    assert "not an index" in refused(forensics("scan", only_in_a_merge.path, "--index", index))
    assert index.read_bytes() == before


@pytest.mark.parametrize(
    "index", ["file/index.db", "file/deep/index.db", "folder", "/dev/null", "/dev/full", "pipe"]
)
@pytest.mark.parametrize("how", ["option", "variable"])
def test_an_index_in_a_place_where_none_can_be(
    only_in_a_merge: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: str, how: str
) -> None:
    """Below a file, or on a folder, a device or a pipe."""
    (tmp_path / "file").write_text("text\n")
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    if how == "option":
        done = forensics("scan", only_in_a_merge.path, "--index", tmp_path / index)
    else:
        monkeypatch.setenv(INDEX_VARIABLE, str(tmp_path / index))
        done = forensics("scan", only_in_a_merge.path)
    refused(done)
    assert not [*(tmp_path / "folder").iterdir()]


@pytest.mark.parametrize("command", [["findings"], ["show", "abcd"]])
def test_no_index_yet(only_in_a_merge: Story, command: list[str]) -> None:
    """Reading makes none."""
    assert "forensics scan" in refused(forensics(*command, only_in_a_merge.path))
    assert not (only_in_a_merge.path / ".git/forensics").exists()


@pytest.mark.parametrize("command", ["findings", "scan"])
def test_an_index_made_with_another_key(
    only_in_a_merge: Story, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """The line names both keys by their ids; the index stays as it was."""
    forensics("scan", only_in_a_merge.path)
    index = only_in_a_merge.path / ".git/forensics/index.db"
    before = index.read_bytes()
    other = Key(b"\1" * 32, "")
    monkeypatch.setenv("FORENSICS_KEY", other.export())
    line = refused(forensics(command, only_in_a_merge.path))
    assert other.id in line
    assert Key(bytes(range(32)), "").id in line
    assert index.read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        ["scan", "--stdin", "."],
        ["scan", "--stdin", "--dir"],
        ["scan", "--jobs", "0"],
        ["scan", "--jobs", "many"],
        ["scan", "--format", "yaml"],
        ["scan", "--no-such-option"],
        ["scan", "--index"],
        ["fly"],
        ["show"],
        ["rules", "show"],
        ["rules", "show", "no.such-rule"],
        ["rules", "check", "no-such-file.toml"],
        ["key", "import", "--replace", "more"],
    ],
    ids=" ".join,
)
def test_wrong_usage(words: list[str], tmp_path: Path) -> None:
    """Contradictory flags, unknown commands, rules and values."""
    refused(forensics(*words, cwd=tmp_path))


@pytest.mark.parametrize("words", [[], ["rules"], ["key"]], ids=str)
def test_half_a_command_shows_its_help(words: list[str]) -> None:
    """In full, beside the data; and it is wrong usage."""
    done = forensics(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("Usage: forensics")
    assert "\nCommands:\n" in done.err


def test_an_unknown_rule_id(only_in_a_merge: Story) -> None:
    """A filter that can match nothing is a mistake, not an empty result."""
    forensics("scan", only_in_a_merge.path)
    line = refused(forensics("findings", only_in_a_merge.path, "--rule", "github.tokne"))
    assert "github.tokne" in line
    assert "rules list" in line
