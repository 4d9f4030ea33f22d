"""What the doctor says of indexes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.hostile import PLACES
from forensics.key import Key, key_file
from tests.cli.command import forensics
from tests.cli.doctor.asking import change, index_of, of, only


def test_an_index_of_another_key_is_a_problem(
    scanned: Path, key: Key, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which it was made with."""
    monkeypatch.setenv("FORENSICS_KEY", Key(bytes(32), "the test").export())
    state, found = only("index", scanned)
    assert (state, key.id in found) == ("problem", True)


def test_an_index_without_a_key_is_a_problem(scanned: Path, key: Key) -> None:
    """There is nothing to open it with."""
    key_file().unlink()
    state, found = only("index", scanned)
    assert (state, key.id in found) == ("problem", True)


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["PRAGMA user_version = 99"], "newer version"),
        (["CREATE TABLE more (one)"], "not ours"),
        (["UPDATE meta SET value = 'none' WHERE name = 'seal'"], "not made with your key"),
        (
            ["DROP TRIGGER journal_never_changes", "UPDATE journal SET actor = 'nobody'",
             "CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal\n"
             "    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"],
            "its journal",
        ),
        (
            ["DROP TRIGGER journal_keeps_its_rows",
             "DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)",
             "CREATE TRIGGER journal_keeps_its_rows BEFORE DELETE ON journal\n"
             "    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"],
            "does not end where",
        ),
        (["UPDATE triage SET owner = 'nobody'"], "triage in it was changed"),
    ],
    ids=["schema", "tables", "seal", "journal", "journal-end", "triage"],
)  # fmt: skip
def test_an_index_that_somebody_changed_is_a_problem(
    scanned: Path, statements: list[str], told: str
) -> None:
    """Each in the words of what is wrong."""
    words = ("triage", "--all", "--yes", "--state", "test", "-C", scanned)
    assert forensics(*words).code == 0
    assert only("index", scanned)[0] == "ok"
    change(index_of(scanned), *statements)
    found = of("index", scanned)
    assert [one for one in found if one[0] == "problem" and told in one[1]], found


def test_a_damaged_index_is_a_problem(scanned: Path) -> None:
    """Also where it opens."""
    index = index_of(scanned)
    change(index, "PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(index.read_bytes())
    content[len(content) // 2 : -4096] = b"\xa5" * (len(content) - 4096 - len(content) // 2)
    index.write_bytes(content)
    assert only("index", scanned)[0] == "problem"


def test_a_scan_that_never_ended_is_a_warning(scanned: Path) -> None:
    """As a killed one is."""
    change(index_of(scanned), "UPDATE run SET finished = NULL")
    found = of("index", scanned)
    assert [one for one in found if one[0] == "warning" and "did not end" in one[1]]


def test_an_index_behind_a_link_is_a_problem(tmp_path: Path, key: Key) -> None:
    """A repository could have brought it along."""
    assert key.id
    told = PLACES["planted_index_symlink"](tmp_path)
    state, found = only("index", told.path)
    assert (state, "symbolic link" in found) == ("problem", True)


def test_the_index_that_is_named_is_looked_at(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --index or FORENSICS_INDEX; there need be no repository."""
    monkeypatch.chdir(tmp_path)
    index = index_of(scanned)
    assert str(index) in only("index", "--index", index)[1]
    monkeypatch.setenv("FORENSICS_INDEX", str(index))
    assert str(index) in only("index")[1]


def test_an_index_that_others_can_write_is_a_warning(scanned: Path) -> None:
    """The file, or the folder around it."""
    index_of(scanned).chmod(0o620)
    assert ("warning", f"others can write {index_of(scanned)}") in of("index", scanned)
    index_of(scanned).chmod(0o600)
    index_of(scanned).parent.chmod(0o777)
    assert ("warning", f"others can write {index_of(scanned).parent}") in of("index", scanned)
