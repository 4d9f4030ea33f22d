"""`triage`: states, and what becomes of them with later scans."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from forensics.index.database import create_or_open, writing
from forensics.index.triage import Triage
from tests.cli.command import figure
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


def test_who_has_it_until_when_outlives_that_it_is_real(project: Project) -> None:
    """And a note any state; what is not to be rotated is not due."""
    name = project.name()

    def said() -> tuple[str, str, bool]:
        with closing(create_or_open(project.index, project.key)) as connection:
            (one,) = Triage(connection, project.key).current([name])
        return one.decision.owner, one.decision.note, one.decision.due is not None

    project.triage(name, "--owner", "Ada", "--due", "2031-01-31", "--note", "ask Ben")
    project.triage(name, "--state", "confirmed")
    assert said() == ("Ada", "ask Ben", True)
    project.triage(name, "--state", "open")
    assert said() == ("Ada", "ask Ben", True)
    project.triage(name, "--state", "test")
    assert said() == ("Ada", "ask Ben", False)


@pytest.mark.parametrize(
    "words",
    [
        ["--expires", "2001-01-01", "--state", "accepted"],
        ["--expires", "soon", "--state", "accepted"],
        ["--expires", "99999999999d", "--state", "accepted"],
        ["--expires", "2300-01-01", "--state", "accepted"],
        ["--expires", "3660d", "--state", "accepted"],
        ["--due", "2300-01-01", "--state", "confirmed"],
        ["--evidence", "x", "--state", "accepted"],
        ["--when", "2024-01-01", "--state", "test"],
        ["--expires", "9d", "--state", "open"],
        ["--when", "2999-01-01", "--evidence", "x", "--state", "revoked"],
        ["--when", "2024-01-01", "--evidence", "x", "--state", "revoked", "--expires", "9d"],
        ["--when", "0001-01-01T00:00:00+23:59", "--evidence", "x", "--state", "revoked"],
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


@pytest.mark.parametrize("option", ["--expires", "--due"])
def test_a_date_too_far_ahead_was_mistyped(project: Project, option: str) -> None:
    """Ten years are not, which one line says."""
    state = "accepted" if option == "--expires" else "confirmed"
    done = project.run("triage", project.name(), option, "2204-01-31", "--state", state)
    assert f"{option} is more than ten years ahead; give an earlier date" in done.error()
    project.triage(project.name(), option, "3652d", "--state", state)
    assert project.states() == {project.name(): state}


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


@pytest.mark.parametrize("tagged", [False, True])
@pytest.mark.parametrize("scanned", [False, True])
def test_what_went_and_came_back_alerts_again(
    project: Project, tagged: bool, scanned: bool
) -> None:
    """Once: whoever accepts it again knows of that. Also where no scan saw it gone, and where a
    release has it all the time."""
    if tagged:
        project.builder.tag("v1")
    project.triage(project.name(), "--state", "accepted")
    project.builder.delete("a.env")
    project.builder.write("README", "")
    project.builder.commit("Delete it")
    project.builder.populate()
    if scanned:
        assert project.scan().code == 0
    project.leak()
    assert project.scan().code == 1
    told = project.run("log", project.name(), "-f", "jsonl").lines
    assert told[-1]["detail"]["why"] == "it is back at a.env"
    project.triage(project.name(), "--state", "accepted")
    project.builder.write("README", "more")
    project.builder.commit("Something else")
    project.builder.populate()
    assert project.scan().code == 0


def test_what_is_amended_or_rebased_does_not_come_back(project: Project) -> None:
    """An accepted secret that returned once is not back again because its commit has another
    id."""
    builder = project.builder
    builder.delete("a.env")
    before = builder.commit("Delete it")
    project.leak()
    assert project.scan().code == 1
    project.triage(project.name(), "--state", "accepted")
    back = builder.head
    builder.reset(before)
    builder.write("README", "more")
    builder.commit("Something else")
    builder.cherry_pick(back)
    builder.populate()
    assert project.scan().code == 0


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
