"""`forensics doctor`: what is looked at, what it says of each, and that it changes nothing."""

from __future__ import annotations

import faulthandler
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from detectors.sealed import write_sealed
from fixtures_repos.hostile import PLACES, Hostile
from fixtures_repos.stories import Story
from forensics.doctor.libraries import GRAMMARS, TRIALS, library_checks
from forensics.key import Key, key_file, load_key, state_folder
from tests.cli.command import ROOT, forensics

GIBIBYTE = 1 << 30


class Disk(NamedTuple):
    """What a file system has."""

    free: int


@pytest.fixture(autouse=True)
def spacious(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with room, whatever machine this is."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(500 * GIBIBYTE))


@pytest.fixture(autouse=True, scope="module")
def loaded() -> None:
    """Libraries are imported once, and not anew in every process that tries one."""
    for name, trial in TRIALS.items():
        assert trial(), name


@pytest.fixture
def scanned(only_in_a_merge: Story, key: Key) -> Path:
    """A repository with an index, made with the user's key."""
    assert key.id
    assert forensics("scan", only_in_a_merge.path).code == 1
    return only_in_a_merge.path


def checks(*words: object) -> list[dict[str, str]]:
    """All that is said, where the exit code agrees with it."""
    done = forensics("doctor", "--format", "json", *words)
    assert done.err == ""
    told = json.loads(done.out)
    found: list[dict[str, str]] = told["checks"]
    states = [one["state"] for one in found]
    assert {*states} <= {"ok", "warning", "problem"}
    assert (told["problems"], told["warnings"]) == (
        states.count("problem"), states.count("warning"),
    )  # fmt: skip
    assert done.code == (2 if told["problems"] else 0)
    assert all(bool(one["advice"]) == (one["state"] != "ok") for one in found)
    return found


def of(area: str, *words: object) -> list[tuple[str, str]]:
    """State and finding of one area."""
    return [(one["state"], one["found"]) for one in checks(*words) if one["area"] == area]


def only(area: str, *words: object) -> tuple[str, str]:
    """State and finding, of an area of which there is one thing to say."""
    (one,) = of(area, *words)
    return one


def tree(*folders: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below, with its time and content, and every folder."""
    return {
        str(one): (one.stat().st_mtime_ns, one.read_bytes() if one.is_file() else b"")
        for folder in folders
        for one in folder.rglob("*")
    }


def change(index: Path, *statements: str) -> None:
    """What somebody else does to an index."""
    with sqlite3.connect(index) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def index_of(repository: Path) -> Path:
    """Where a scan keeps it."""
    return repository / ".git/forensics/index.db"


def test_where_all_is_in_order_everything_is_ok(scanned: Path) -> None:
    """Each area is told of, and the exit code is 0."""
    found = checks(scanned)
    assert {one["state"] for one in found} == {"ok"}
    areas = {one["area"] for one in found}
    assert areas == {
        "git", "repository", "key", "folders", "index", "rules", "libraries", "space",
    }  # fmt: skip


def test_looking_changes_nothing(scanned: Path, no_user: Path) -> None:
    """No file is made, removed or touched: not by SQLite either."""
    before = tree(scanned, no_user)
    assert checks(scanned)
    assert tree(scanned, no_user) == before


def test_for_a_new_user_nothing_is_made_and_nothing_wrong(
    only_in_a_merge: Story, no_user: Path
) -> None:
    """No key yet, no index, no folders: a first scan makes them."""
    found = checks(only_in_a_merge.path)
    assert {one["state"] for one in found} == {"ok"}
    assert only("key", only_in_a_merge.path)[1].startswith("none yet")
    assert only("index", only_in_a_merge.path)[1].startswith("none yet")
    assert list(no_user.iterdir()) == []


def test_text_says_the_same_line_by_line(scanned: Path) -> None:
    """State, area and what was found; below it, what to do."""
    index_of(scanned).chmod(0o644)
    lines = forensics("doctor", scanned).out.splitlines()
    place = next(at for at, line in enumerate(lines) if line.startswith("warning  index "))
    assert "others can read" in lines[place]
    assert lines[place + 1].strip() == f"run `chmod go-rwx {index_of(scanned)}`"
    assert any(line.startswith("ok       git         ") for line in lines)


def test_a_hostile_path_cannot_move_the_cursor(tmp_path: Path) -> None:
    """Control characters are escaped."""
    folder = tmp_path / "\x1b[2Jgone"
    subprocess.run(["git", "init", "-q", folder], check=True)
    done = forensics("doctor", folder)
    assert "\x1b" not in done.out
    assert "gone is whole" in done.out


def test_nothing_of_a_repository_is_obeyed(running_commands: Hostile) -> None:
    """What it plants for git to run leaves no mark."""
    forensics("doctor", running_commands.path)
    assert not [*running_commands.marks.iterdir()]


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


def test_compiled_rules_count_by_their_seal(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was planted is not used; those that a scan kept are."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert only("rules", scanned)[1].startswith("none compiled yet")
    folder = tmp_path / "cache/git-forensics/rules"
    folder.mkdir(parents=True)
    (folder / "planted.hsdb").write_bytes(b"from elsewhere")
    state, found = only("rules", scanned)
    assert (state, found.startswith("0 of 1 files")) == ("ok", True)
    write_sealed(folder / "ours.hsdb", load_key().seal("compiled rules"), b"compiled")
    assert only("rules", scanned)[1].startswith("1 of 2 files")


def test_compiled_rules_of_another_user_are_a_warning(
    scanned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody can write where nobody else should."""
    owner = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    assert only("rules", scanned)[0] == "warning"


def test_a_missing_hyperscan_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is another way, which takes longer."""
    monkeypatch.setitem(sys.modules, "hyperscan", None)
    states = {found.split()[0]: state for state, found in of("libraries")}
    assert states.pop("hyperscan") == "warning"
    assert {*states.values()} == {"ok"}
    assert {*states} == {*TRIALS} - {"hyperscan"}


def test_a_missing_grammar_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them is tried."""
    monkeypatch.setitem(sys.modules, f"tree_sitter_{GRAMMARS[-1]}", None)
    states = {found.split()[0]: state for state, found in of("libraries")}
    assert states["tree-sitter"] == "problem"


def test_every_grammar_of_the_project_is_tried() -> None:
    """As pyproject.toml lists them."""
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = (one.split(">")[0] for one in project["dependencies"])
    listed = {one.removeprefix("tree-sitter-") for one in asked if one.startswith("tree-sitter-")}
    assert listed == {one.replace("_", "-") for one in GRAMMARS}


def _dies() -> bool:
    faulthandler.disable()  # which pytest has write of it
    os.kill(os.getpid(), signal.SIGILL)
    return True


def _fails() -> bool:
    raise ValueError("the version of the grammar is 99")


@pytest.mark.parametrize(
    ("trial", "told"),
    [
        (_dies, "ends with SIGILL"),
        (_fails, "does not work: ValueError: the version of the grammar is 99"),
        (lambda: False, "gives wrong results"),
        (lambda: os._exit(0), "ended without a word"),
    ],
    ids=["signal", "error", "wrong", "silent"],
)
def test_a_library_that_does_not_work_is_a_problem(trial: Callable[[], bool], told: str) -> None:
    """Also one that takes the whole process down; the doctor goes on."""
    one, other = library_checks({"isal": trial, "regex": TRIALS["regex"]})
    assert (one.state, told in one.found) == ("problem", True)
    assert "pip install" in one.advice
    assert other.state == "ok"


@pytest.mark.parametrize(
    ("free", "state"), [(GIBIBYTE, "ok"), (GIBIBYTE - 1, "warning"), (1 << 20, "problem")]
)
def test_little_space_is_told(monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    """Before a scan finds out."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(free))
    assert {one for one, _ in of("space")} == {state}
