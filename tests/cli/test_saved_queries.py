"""`forensics query`: saved by name, used with @NAME, kept outside of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.key import state_folder
from tests.cli.command import Done, forensics

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def scanned(acme_repository: Path) -> Path:
    forensics("scan", acme_repository)
    return acme_repository


def query(path: Path, *words: str) -> Done:
    return forensics("query", *words, "-C", path)


def test_a_saved_query_is_listed_used_and_deleted(scanned: Path) -> None:
    """By every command that takes one."""
    assert "no query is saved" in query(scanned, "list").err
    assert query(scanned, "save", "bad", "sev:critical").code == 0
    assert query(scanned, "save", "@tests", "path:**/test/**").code == 0
    assert query(scanned, "list").out.splitlines() == [
        "@bad    sev:critical", "@tests  path:**/test/**",
    ]  # fmt: skip
    listed = [forensics("findings", scanned, "-f", "jsonl", "-q", one).lines
              for one in ("@bad", "sev:critical")]  # fmt: skip
    assert listed[0] == listed[1] != []
    rotating = [forensics("rotation", scanned, "-f", "jsonl", "-q", one).out
                for one in ("@bad", "sev:critical")]  # fmt: skip
    assert rotating[0] == rotating[1] != ""
    done = forensics("triage", "-q", "@bad", "--state", "test", "-C", scanned)
    assert f"{len({one['secret'] for one in listed[0]})} secrets would" in done.error()
    query(scanned, "save", "bad", "sev:low")
    assert "@bad    sev:low" in query(scanned, "list").out
    assert query(scanned, "delete", "bad").code == 0
    assert "@bad" not in query(scanned, "list").out


def test_what_is_no_query_or_no_name_is_not_saved(scanned: Path) -> None:
    """And one that is not there is told with those that are."""
    query(scanned, "save", "some", "sev:low")
    assert "^" in query(scanned, "save", "wrong", "sev:hihg").err
    for words in (("save", "a b", "x"), ("save", "x" * 41, "x"), ("save", "twice", "@some"),
                  ("save", "long", "x" * 5000), ("save", "all", " "),
                  ("delete", "other")):  # fmt: skip
        done = query(scanned, *words)
        assert done.code == 2, words
        assert done.error()
    done = forensics("findings", scanned, "-q", "@other")
    assert done.code == 2
    assert "@some" in done.error()
    assert len(query(scanned, "list").out.splitlines()) == 1


def test_queries_lie_in_the_state_folder_and_belong_to_an_index(
    scanned: Path, tmp_path: Path
) -> None:
    """Nothing of them is in the repository; another index has none of them."""
    query(scanned, "save", "needle-name", "sev:low")
    (file,) = (state_folder() / "tui").iterdir()
    assert b"needle-name" in file.read_bytes()
    for one in scanned.rglob("*"):
        assert not one.is_file() or b"needle-name" not in one.read_bytes()
    other = tmp_path / "other.db"
    forensics("scan", scanned, "--index", other)
    assert "no query is saved" in forensics("query", "list", "--index", other).err


def test_where_nothing_can_be_kept_saving_is_an_error(
    scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody is to think that it was."""
    monkeypatch.setenv("XDG_STATE_HOME", "/dev/null")
    done = query(scanned, "save", "some", "sev:low")
    assert done.code == 2
    assert "XDG_STATE_HOME" in done.error()
