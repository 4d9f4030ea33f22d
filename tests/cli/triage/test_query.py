"""`triage --query`: many at once, as many as were meant, and those that fitted then."""

from __future__ import annotations

import os
import pty
from contextlib import closing
from typing import Any

import pytest

from fixtures_repos.stories.story import setting, token
from forensics.index.database import create_or_open
from forensics.index.triage import Decision, Triage
from forensics.key import Key
from forensics.scan import deciding
from tests.cli.command import process
from tests.cli.triaging import Project

MANY = range(2, 55)
BULK = ("triage", "-q", "path:many", "--state", "test")


@pytest.fixture
def many(project: Project) -> Project:
    """Besides the leak, more in one file than are changed without their number."""
    for seed in MANY:
        project.builder.write(f"many/{seed}.env", setting(token(seed)))
    project.builder.commit("Many")
    project.scan()
    return project


def answered(project: Project, *answers: str) -> tuple[int, str]:
    """Exit code and output of the bulk at a terminal where somebody types."""
    ours, theirs = pty.openpty()
    started = process(*BULK, "--index", project.index, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    for answer in answers:
        while b"changes them" not in shown:
            shown += os.read(ours, 4096)
        os.write(ours, answer.encode() + b"\n")
    try:
        while more := os.read(ours, 4096):
            shown += more
    except OSError:  # it has ended
        pass
    os.close(ours)
    return started.wait(60), shown.decode()


def test_what_fits_a_query_is_decided_about(many: Project) -> None:
    """Together with the other options; listed and taken back by it too."""
    assert len(many.triage(*BULK[1:], "--yes").err.splitlines()) == 1
    assert set(many.states()) == {many.name(seed) for seed in MANY}
    only = ("-q", f"path:many fp:{many.name(3)}")
    assert [one["secret"] for one in many.triage(*only, "-f", "jsonl").lines] == [many.name(3)]
    many.triage("-q", "state:test", "--path", "many/1*", "--undo", "--yes")
    assert set(many.states()) == {many.name(s) for s in MANY if not str(s).startswith("1")}
    many.triage("-q", "path:a.env", "--owner", "Ada", "--due", "9d", "--note", "soon", "--yes")
    (line,) = (one for one in many.triage("-f", "jsonl").lines if one["secret"] == many.name())
    assert [line[name] for name in ("state", "owner", "note")] == ["open", "Ada", "soon"]
    words = ("--state", "revoked", "--when", "2024-05-06", "--evidence", "ticket 7", "--yes")
    many.triage("-q", "owner:ada stage:assigned", *words)
    assert many.states()[many.name()] == "revoked"


@pytest.mark.parametrize("words", [[], ["--count", "52"], ["--count", "54"]])
def test_without_the_right_number_nothing_changes(many: Project, words: list[str]) -> None:
    """It is told how many there are."""
    done = many.run(*BULK, *words)
    assert done.code == 2
    assert "53 secrets" in done.error()
    assert many.states() == {}
    many.triage(*BULK[1:], "--count", "53")
    assert len(many.states()) == 53


@pytest.mark.parametrize(("answer", "changed"), [("53", 53), ("yes", 0), ("", 0), ("5", 0)])
def test_at_a_terminal_the_number_is_typed(many: Project, answer: str, changed: int) -> None:
    """Where there are more than fifty; an answer that is another one changes nothing."""
    code, shown = answered(many, answer)
    assert "53 secrets would be changed" in shown
    assert code == (0 if changed else 2)
    assert len(many.states()) == changed


def test_who_decides_meanwhile_is_not_gone_over(
    many: Project, monkeypatch: pytest.MonkeyPatch, key: Key
) -> None:
    """The secrets are those that fitted when it was asked, as they were then; else none changes."""
    before = deciding.decision_from

    def late(*arguments: Any) -> Any:
        with closing(create_or_open(many.index, key)) as database:
            Triage(database, key).decide_all([(many.name(7), Decision("confirmed", "Bo"))])
        return before(*arguments)

    monkeypatch.setattr(deciding, "decision_from", late)
    done = many.run(*BULK, "--yes")
    assert done.code == 2
    assert "stale: 1 changed meanwhile" in done.error()
    assert many.states() == {many.name(7): "confirmed"}


def test_a_query_that_fits_nothing_or_cannot_be_read_changes_nothing(project: Project) -> None:
    """And neither goes with names."""
    for words in (("-q", "path:nowhere"), ("-q", "sev:hihg"), (project.name(), "-q", "")):
        done = project.run("triage", *words, "--state", "test", "--yes")
        assert done.code == 2
        assert "forensics: " in done.err
    assert project.states() == {}


def test_redo_does_again_what_was_taken_back(many: Project) -> None:
    """All of it, once; not after another decision."""
    assert many.run("triage", "--redo").code == 2
    many.triage(*BULK[1:], "--yes")
    many.triage(many.name(), "--state", "accepted", "--reason", "known", "--owner", "Ada")
    before = many.triage("-f", "jsonl").lines
    for _ in range(2):
        many.triage("--undo")
    assert many.states() == {}
    many.triage("--redo")
    assert len(many.states()) == 53
    done = many.run("triage", "--redo")
    assert "nothing to do again" in done.error()
    many.triage("--undo")
    many.triage(many.name(), "--state", "test")
    assert many.run("triage", "--redo").code == 2
    many.triage("--undo")
    many.triage("--redo")
    assert many.states() == {many.name(): "test"}
    assert len(before) == 54
