"""What the doctor says of the key and of folders."""

from __future__ import annotations

import os

import pytest

from forensics.key import Key, key_file, state_folder
from tests.cli.command import forensics
from tests.cli.doctor.asking import of, only


def test_a_key_that_others_can_read_is_a_problem(key: Key) -> None:
    """As a scan would say."""
    assert only("key")[0] == "ok"
    key_file().chmod(0o644)
    state, found = only("key")
    assert (state, "others can read" in found) == ("problem", True)
    assert key.export() not in found


def test_a_key_of_another_user_is_a_problem(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever owns the file knows it."""
    assert key.id
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert only("key")[0] == "problem"


def test_a_broken_key_is_a_problem_and_not_shown(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    """One digit is missing."""
    monkeypatch.setenv("FORENSICS_KEY", key.export()[:-1])
    done = forensics("doctor", "-f", "json")
    assert done.code == 2
    assert key.export()[:-1] not in done.out


def test_two_different_keys_are_a_warning(key: Key, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one in the environment wins, which explains why an index is refused."""
    other = Key(bytes(32), "the test")
    monkeypatch.setenv("FORENSICS_KEY", other.export())
    state, found = only("key")
    assert state == "warning"
    assert other.id in found
    assert key.id in found
    monkeypatch.setenv("FORENSICS_KEY", key.export())
    assert only("key") == ("ok", f"{key.id} from FORENSICS_KEY")


def test_a_folder_that_others_can_write_is_a_problem(key: Key) -> None:
    """They could put a key there."""
    assert key.id
    assert {state for state, _ in of("folders")} == {"ok"}
    key_file().parent.chmod(0o770)
    problems = [found for state, found in of("folders") if state == "problem"]
    assert problems == [f"config: others can write in {key_file().parent}"]


def test_a_file_where_a_folder_belongs_is_a_problem() -> None:
    """Nothing can be kept below it."""
    state_folder().parent.mkdir(parents=True)
    state_folder().touch()
    assert [found for state, found in of("folders") if state == "problem"] == [
        f"state: {state_folder()} is not a folder"
    ]


def test_a_folder_that_cannot_be_written_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked as the system would answer somebody who may not."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert {state for state, _ in of("folders")} == {"warning"}
