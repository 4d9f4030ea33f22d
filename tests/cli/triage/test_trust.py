"""`triage`: forged, stale, during a scan."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from forensics.errors import StaleDecision
from forensics.index.database import create_or_open
from forensics.index.triage import Decision, Triage
from forensics.index.triage_seal import TriageSeal
from forensics.key import Key
from forensics.scan import reading
from forensics.scan.placing import place_everything
from tests.cli.command import ended, forensics, process
from tests.cli.triaging import Project

pytestmark = pytest.mark.usefixtures("key")


def test_forged_triage_does_not_count(project: Project) -> None:
    """Whoever lacks the key cannot have a finding accepted."""
    project.triage(project.name(), "--state", "confirmed")
    with closing(sqlite3.connect(project.index)) as connection, connection:
        connection.execute("UPDATE triage SET state = 'accepted'")
    for words in (["scan", project.path], ["findings"]):
        done = project.run(*words)
        assert done.code == 1
        assert "none of it counts" in done.err
    assert project.run("log", "verify").code == 1
    done = project.run("triage", project.name(), "--state", "test")
    assert done.code == 2
    assert "changed by something else" in done.error()


def test_an_older_decision_put_back_does_not_count(project: Project) -> None:
    """Though its seal is genuine: the journal has gone on."""
    older = ("triage", "meta")
    project.triage(project.name(), "--state", "accepted")
    with closing(sqlite3.connect(project.index)) as connection, connection:
        for name in older:
            connection.execute(f"CREATE TEMP TABLE old_{name} AS SELECT * FROM {name}")  # noqa: S608
        project.triage("--undo")
        connection.execute("DELETE FROM triage")
        connection.execute("INSERT INTO triage SELECT * FROM old_triage")
        connection.execute(
            "UPDATE meta SET value = (SELECT value FROM old_meta WHERE name = 'triage')"
            " WHERE name = 'triage'"
        )
    done = project.run("findings")
    assert done.code == 1
    assert "none of it counts" in done.err
    assert project.run("log", "verify").code == 1


def test_a_decision_made_meanwhile_is_no_forgery(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seal and what it is over are read as they were at one moment."""
    project.triage(project.name(), "--state", "confirmed")
    known = TriageSeal._known

    def late(self: TriageSeal) -> int | None:
        monkeypatch.setattr(TriageSeal, "_known", known)
        project.triage(project.name(), "--state", "accepted")
        return known(self)

    monkeypatch.setattr(TriageSeal, "_known", late)
    assert "none of it counts" not in project.run("findings").err
    assert project.states() == {project.name(): "accepted"}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE meta SET value = 'é' WHERE name = 'triage'",
        "UPDATE meta SET value = 'é:é:é' WHERE name = 'triage'",
        "UPDATE meta SET value = 'é' WHERE name = 'journal'",
        "UPDATE journal SET detail = '{x}'",
        "UPDATE journal SET time = 9e999",
        "UPDATE sighting SET facts = '{', reasons = '[[1]]'",
    ],
)
def test_whatever_stands_in_an_index_ends_no_command(project: Project, statement: str) -> None:
    """It is told, or counts for nothing."""
    project.triage(project.name(), "--state", "accepted")
    with closing(sqlite3.connect(project.index)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = guards.fetchall()
        for name, _ in kept:
            connection.execute(f"DROP TRIGGER {name}")
        assert connection.execute(statement).rowcount
        for _, text in kept:
            connection.execute(text)
        connection.commit()
    name = project.name()
    for words in (
        ("findings",), ("findings", "-f", "jsonl"), ("findings", "-f", "json"), ("rotation",),
        ("triage",), ("log",), ("log", "-f", "jsonl"), ("log", name, "-f", "mermaid"),
        ("log", "verify"), ("show", name, "--why"), ("show", name, "-f", "json"),
        ("report", project.path), ("scan", project.path),
    ):  # fmt: skip
        done = project.run(*words)
        assert "unexpected" not in done.err, words
    assert project.run("log", "verify").code == ("sighting" not in statement)


def test_deciding_does_not_wait_for_a_scan(project: Project) -> None:
    """The lock that keeps scans apart does not keep people from deciding."""
    from forensics.index.lock import scan_lock

    with scan_lock(project.index):
        project.triage(project.name(), "--state", "accepted")
    assert project.scan().code == 0


def test_a_decision_waits_for_a_transaction_of_a_scan(project: Project) -> None:
    """And is not lost."""
    with closing(sqlite3.connect(project.index, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        deciding = process(
            "triage", project.name(), "--state", "accepted", "--index", project.index
        )
        with pytest.raises(subprocess.TimeoutExpired):
            deciding.wait(0.5)
        other.execute("COMMIT")
        assert ended(deciding).code == 0
    assert project.states() == {project.name(): "accepted"}


def test_a_decision_that_waits_too_long_is_an_error(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line says by what it was kept waiting."""
    monkeypatch.setattr("forensics.index.database._BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(project.index, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = project.run("triage", project.name(), "--state", "accepted")
    assert done.code == 2
    assert "once the scan that writes it has ended" in done.error()


@pytest.mark.parametrize("killed", [False, True])
def test_a_decision_made_during_a_scan_is_kept(
    project: Project, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    """Whether that scan comes to its end or not; what it finds elsewhere reopens it."""
    project.leak("b.env")
    place = place_everything

    def decide_first(*arguments: Any) -> None:
        decided = process("triage", project.name(), "--state", "accepted", "--index", project.index)
        assert ended(decided).code == 0
        if killed:
            raise KeyboardInterrupt
        place(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(reading, "place_everything", decide_first)
        assert project.scan().code == (130 if killed else 1)
    assert project.kinds().count("triaged") == 1
    assert project.scan().code == 1
    assert project.kinds()[-1] == "reopened"
    assert project.run("log", "verify").code == 0


def test_nothing_is_made_where_no_index_is(tmp_path: Path) -> None:
    """Only scans and imports make one."""
    missing = tmp_path / "none.db"
    done = forensics("triage", "ab", "--state", "test", "--index", missing)
    assert done.code == 2
    assert "forensics scan" in done.error()
    assert not missing.exists()


def test_a_decision_about_what_changed_meanwhile_is_refused(project: Project, key: Key) -> None:
    """By its revision: neither a decision nor an undo goes over what somebody else decided."""
    name = project.name()
    with closing(create_or_open(project.index, key)) as database:
        triage = Triage(database, key)
        seen = triage.decide_all([(name, Decision("confirmed", "Ada"))], seen={name: 0})
        for stale in ({name: 0}, {name: seen[name] + 1}):
            with pytest.raises(StaleDecision, match="nothing was changed"):
                triage.decide_all([(name, Decision("accepted"))], seen=stale)
        project.triage(name, "--owner", "Bo")
        with pytest.raises(StaleDecision):
            triage.undo([name], seen=seen)
        (now,) = triage.current([name])
        assert now.decision == Decision("confirmed", "Bo")
        assert [*triage.undo([name], seen={name: now.revision})] == [name]
        assert triage.current([name])[0].revision == seen[name]


def test_a_due_date_is_listed_exported_and_taken_in(project: Project, tmp_path: Path) -> None:
    """And told in the journal; what is not to be rotated is never due."""
    project.triage(project.name(), "--owner", "Ada", "--due", "2031-02-03")
    assert project.triage("-f", "jsonl").lines[0]["due"].startswith("2031-02-03")
    assert "2031-02-03" in project.run("log", project.name()).out
    out = tmp_path / "t.toml"
    project.triage("export", out)
    assert "due = 2031-02-03T00:00:00Z" in out.read_text()
    project.triage("--undo")
    project.triage("import", out, "--force")
    assert project.triage("-f", "jsonl").lines[0]["due"].startswith("2031-02-03")
    for words in (("--due", "2020-01-01"), ("--state", "test", "--due", "9d")):
        assert project.run("triage", project.name(), *words).code == 2
