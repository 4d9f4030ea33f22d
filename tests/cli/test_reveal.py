"""`show --reveal`: the value itself, and a journal that knew of it before."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from forensics.key import Key
from tests.cli.command import forensics
from tests.cli.test_terminal import on_a_terminal

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def name(key: Key) -> str:
    return key.fingerprint(token(1)).hex()


@pytest.fixture
def path(leaked_then_deleted: Story) -> Path:
    forensics("scan", leaked_then_deleted.path)
    return leaked_then_deleted.path


def journal(path: Path) -> list[str]:
    return [one["kind"] for one in forensics("log", path, "-f", "jsonl").lines]


def test_a_value_goes_to_a_pipe_as_it_is(path: Path, name: str) -> None:
    """Nothing added; a line on standard error says what it is, and the journal keeps it."""
    done = forensics("show", name[:8], path, "--reveal")
    assert (done.code, done.out) == (0, token(1).decode())
    assert name[:8] in done.error()
    last = forensics("log", name, path, "-f", "jsonl").lines[-1]
    assert (last["kind"], last["detail"]) == ("revealed", {"to": "pipe"})


def test_the_log_says_whose_value_it_was(path: Path, name: str) -> None:
    """In the story of everything as in that of the secret."""
    forensics("show", name[:8], path, "--reveal")
    for words in (("log", path), ("log", name, path)):
        line = next(one for one in forensics(*words).out.splitlines() if " revealed " in one)
        assert f"#{name[:8]}" in line


def test_a_terminal_gets_a_line(path: Path, name: str) -> None:
    """In which nothing moves the cursor."""
    code, _, sent = on_a_terminal("show", name, path, "--reveal", stdout=True)
    assert code == 0
    assert token(1).decode() in sent


def test_without_reveal_nothing_is_shown_or_told(path: Path, name: str) -> None:
    """The story is as ever."""
    before = journal(path)
    assert token(1).decode() not in forensics("show", name, path).out
    assert journal(path) == before


def test_where_the_journal_cannot_be_written_nothing_is_shown(
    path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds the index, no value leaves without a trace."""
    index = path / ".git/forensics/index.db"
    monkeypatch.setattr("forensics.index.database._BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(index, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = forensics("show", name, path, "--reveal")
    assert done.code == 2
    assert token(1).decode() not in done.out + done.err
    assert "revealed" not in journal(path)


def test_what_cannot_be_read_again_is_told_though_nothing_was_shown(
    path: Path, name: str, leaked_then_deleted: Story
) -> None:
    """The attempt counts."""
    blob = forensics("findings", path, "-f", "jsonl").lines[0]["blob"]
    os.unlink(path / ".git/objects" / blob[:2] / blob[2:])
    done = forensics("show", name, path, "--reveal")
    assert (done.code, done.out) == (2, "")
    assert "cannot be read again" in done.error()
    assert journal(path)[-1] == "revealed"


def test_a_value_out_of_a_folder_is_read_from_there(tmp_path: Path, name: str) -> None:
    """Scanned as files, into an index that was named."""
    (tmp_path / "d" / "sub").mkdir(parents=True)
    (tmp_path / "d" / "sub" / "a.env").write_bytes(setting(token(1)))
    index = tmp_path / "index.db"
    forensics("scan", "--dir", tmp_path / "d", "--index", index)
    done = forensics("show", name, tmp_path / "d", "--reveal", "--index", index)
    assert (done.code, done.out) == (0, token(1).decode())


def test_another_repository_shows_nothing(path: Path, name: str, replaced: Story) -> None:
    """The index may be named; the value is where it was found."""
    index = path / ".git/forensics/index.db"
    done = forensics("show", name, replaced.path, "--reveal", "--index", index)
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize("more", [["--why"], ["--format", "json"]])
def test_reveal_takes_nothing_that_it_would_pass_over(
    path: Path, name: str, more: list[str]
) -> None:
    """And then neither shows the value nor tells the journal."""
    before = journal(path)
    done = forensics("show", name, path, "--reveal", *more)
    assert (done.code, done.out) == (2, "")
    assert "--reveal" in done.error()
    assert journal(path) == before
