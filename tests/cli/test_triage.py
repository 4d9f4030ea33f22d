"""`triage`: what people decide about secrets, and what becomes of it."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from forensics.errors import StaleDecision
from forensics.index.database import create_or_open, writing
from forensics.index.triage import Decision, Triage
from forensics.index.triage_seal import TriageSeal
from forensics.key import Key
from forensics.scan import reading
from forensics.scan.placing import place_everything
from tests.cli.command import ended, figure, forensics, process
from tests.cli.triaging import Project

pytestmark = pytest.mark.usefixtures("key")


@pytest.mark.parametrize("state", ["accepted", "false-positive", "test"])
def test_what_is_triaged_away_no_longer_counts(project: Project, state: str) -> None:
    """For exit codes, of scans and lists; it is still shown, under its state."""
    project.triage(project.name()[:8], "--state", state, "--reason", "known")
    for done in (project.scan(), project.run("findings")):
        assert done.code == 0
        assert state in done.out
    assert figure(project.scan(), "secrets") == "0"
    assert figure(project.scan(), "triaged") == f"1 (1 {state})"
    assert project.statuses() == {("a.env", state, state)}


@pytest.mark.parametrize("state", ["confirmed", "open"])
def test_what_is_confirmed_counts(project: Project, state: str) -> None:
    """It is what should be looked after."""
    project.triage(project.name(), "--state", state)
    assert project.scan().code == 1
    shown = None if state == "open" else state
    assert {
        (one["status"], one["triage"]) for one in project.run("findings", "-f", "jsonl").lines
    } == {("present", shown)}


def test_a_revocation_says_when_and_what_shows_it(project: Project) -> None:
    """Else it is refused."""
    for words in ([], ["--when", "2024-01-31"], ["--evidence", "ticket 12"]):
        done = project.run("triage", project.name(), "--state", "revoked", *words)
        assert done.code == 2
        assert "--when" in done.error()
    project.triage(
        project.name(), "--state", "revoked", "--when", "2024-01-31", "--evidence", "ticket 12"
    )
    shown = project.run("show", project.name()).out
    assert "revoked on 2024-01-31, ticket 12" in shown
    assert project.scan().code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["--expires", "2001-01-01", "--state", "accepted"],
        ["--expires", "soon", "--state", "accepted"],
        ["--expires", "99999999999d", "--state", "accepted"],
        ["--evidence", "x", "--state", "accepted"],
        ["--when", "2024-01-01", "--state", "test"],
        ["--expires", "9d", "--state", "open"],
        ["--when", "2999-01-01", "--evidence", "x", "--state", "revoked"],
        ["--when", "2024-01-01", "--evidence", "x", "--state", "revoked", "--expires", "9d"],
        ["--reason", "x" * 2001, "--state", "test"],
        ["--state", "fine"],
        ["--undo", "--state", "test"],
    ],
)
def test_what_does_not_fit_together_is_an_error(project: Project, words: list[str]) -> None:
    """And changes nothing."""
    done = project.run("triage", project.name(), *words)
    assert done.code == 2
    assert done.error()
    assert project.states() == {}


def test_an_acceptance_that_expired_is_open_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once for whoever asks; the next scan, though nothing is new, tells the journal."""
    project.triage(project.name(), "--state", "accepted", "--expires", "30d")
    assert project.scan().code == 0
    expire(project)
    assert project.run("findings").code == 1
    assert project.states() == {project.name(): "open"}
    assert "reopened" not in project.kinds()
    done = project.scan()
    assert done.code == 1
    assert f"#{project.name()[:8]}" in done.err
    assert project.kinds()[-1] == "reopened"
    project.scan()
    assert project.kinds().count("reopened") == 1


def expire(project: Project) -> None:
    """Let a month pass for every decision."""
    with closing(create_or_open(project.index, project.key)) as connection, writing(connection):
        rows = [row for (row,) in connection.execute("SELECT id FROM triage")]
        with Triage(connection, project.key)._sealed.changing(rows):
            connection.execute("UPDATE triage SET expires = expires - 40 * 86400")


@pytest.mark.parametrize(
    ("state", "code"), [("accepted", 1), ("test", 1), ("false-positive", 0), ("revoked", 0)]
)
def test_an_accepted_secret_at_a_new_place_alerts_again(
    project: Project, state: str, code: int
) -> None:
    """What is no secret at all, or dead, is so at any place."""
    words = ["--when", "2024-01-01", "--evidence", "x"] if state == "revoked" else []
    project.triage(project.name(), "--state", state, *words)
    project.leak(more=b"# the same place\n")
    assert project.scan().code == 0
    project.leak("b.env")
    assert project.scan().code == code
    assert ("reopened" in project.kinds()) == bool(code)


@pytest.mark.parametrize("gone_first", [True, False])
def test_an_accepted_secret_that_returns_alerts_again(project: Project, gone_first: bool) -> None:
    """Whether it had gone before it was accepted, or later."""

    def delete() -> None:
        project.builder.delete("a.env")
        project.builder.write("README", "")
        project.builder.commit("Delete it")
        project.scan()

    if gone_first:
        delete()
    project.triage(project.name(), "--state", "accepted")
    if not gone_first:
        delete()
    assert project.scan().code == 0
    project.leak()
    assert project.scan().code == 1
    told = project.run("log", project.name(), "-f", "jsonl").lines
    assert told[-1]["detail"]["why"] == "it is back at a.env"


def test_the_same_place_in_another_repository_is_a_new_one(
    project: Project, tmp_path: Path
) -> None:
    """In one index, a decision is about the places that were there."""
    project.triage(project.name(), "--state", "accepted")
    other = Builder(tmp_path / "other")
    other.write("a.env", setting(token(1)))
    other.commit("Leak it here too")
    assert project.run("scan", other.path).code == 1


def test_a_decision_survives_scans_with_other_rules(project: Project) -> None:
    """Also while these do not find the secret."""
    project.triage(project.name(), "--state", "accepted", "--reason", "known")
    project.run("scan", project.path, "--disable-rule", "github.pat-classic")
    assert project.scan().code == 0
    assert project.states() == {project.name(): "accepted"}


def test_a_repack_changes_nothing(project: Project) -> None:
    """Nor does cloning it anew into the same folder."""
    project.triage(project.name(), "--state", "accepted")
    subprocess.run(["git", "-C", project.path, "gc", "-q"], check=True)
    assert project.scan().code == 0
    assert "reopened" not in project.kinds()


def test_undo_takes_back_the_last_change(project: Project) -> None:
    """And the one before it, until nothing is left."""
    project.triage(project.name(), "--state", "confirmed", "--owner", "ada")
    project.triage(project.name(), "--state", "accepted")
    project.triage("--undo")
    assert project.states() == {project.name(): "confirmed"}
    project.triage("--undo", project.name())
    assert project.states() == {}
    assert project.run("triage", "--undo").code == 2
    assert project.kinds()[-2:] == ["undone", "undone"]


def test_a_change_of_many_is_undone_as_one(project: Project) -> None:
    """What was decided before it stays."""
    project.leak("b.env", seed=2)
    project.scan()
    project.triage(project.name(1), "--state", "confirmed")
    project.triage("--all", "--state", "test", "--yes")
    assert project.states() == {project.name(1): "test", project.name(2): "test"}
    project.triage("--undo")
    assert project.states() == {project.name(1): "confirmed"}


def test_many_are_changed_only_with_yes(project: Project) -> None:
    """Without it, their number is said and nothing is changed."""
    done = project.run("triage", "--all", "--state", "test")
    assert done.code == 2
    assert "1 secret would be changed" in done.error()
    assert project.states() == {}


@pytest.mark.parametrize(
    ("words", "seeds"),
    [
        (["--path", "deploy/*"], {2}),
        (["--path", "*.env"], {1, 2}),
        (["--rule", "gitleaks:github-pat"], {1, 2}),
        (["--severity", "low"], set()),
        (["--severity", "critical", "--path", "a*"], {1}),
        (["--state-is", "confirmed"], {2}),
        (["--state-is", "open"], {1}),
    ],
)
def test_filters_narrow_each_other_down(
    project: Project, words: list[str], seeds: set[int]
) -> None:
    """What fits none of them is an error."""
    project.leak("deploy/b.env", seed=2)
    project.scan()
    project.triage(project.name(2), "--state", "confirmed")
    done = project.run("triage", *words, "--state", "test", "--yes")
    if not seeds:
        assert done.code == 2
        assert "no secret fits" in done.error()
    changed = {secret for secret, state in project.states().items() if state == "test"}
    assert changed == {project.name(seed) for seed in seeds}


def test_what_is_not_said_again_stays(project: Project) -> None:
    """As long as the state does; with another one only the owner does."""
    project.triage(project.name(), "--state", "accepted", "--owner", "ada", "--reason", "old")
    project.triage(project.name(), "--note", "asked again")
    (line,) = project.triage("-f", "jsonl").lines
    assert [line[name] for name in ("owner", "reason", "note")] == ["ada", "old", "asked again"]
    project.triage(project.name(), "--state", "confirmed")
    (line,) = project.triage("-f", "jsonl").lines
    assert [line[name] for name in ("owner", "reason", "note")] == ["ada", "", ""]


def test_a_secret_in_a_reason_is_masked(project: Project) -> None:
    """It would be in the index, the journal and every list."""
    project.triage(project.name(), "--state", "test", "--reason", f"is {token(3).decode()} too")
    assert "is **** too" in project.triage().out
    for file in project.index.parent.glob("index.db*"):
        assert token(3) not in file.read_bytes()


def test_who_decided_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the environment or the system; never by the configuration of a repository."""
    git_config = project.builder.git_dir / "config"
    git_config.write_text(git_config.read_text() + "[user]\n\tname = Mallory\n")
    project.triage(project.name(), "--state", "test")
    assert "Mallory" not in project.triage().out
    monkeypatch.setenv("FORENSICS_ACTOR", "release bot\x1b[2J")
    project.triage(project.name(), "--state", "test")
    assert "release bot\\x1b" in project.triage().out


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
