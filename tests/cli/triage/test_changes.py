"""`triage`: one or many, undone, and what is kept of what was said."""

from __future__ import annotations

import pytest

from fixtures_repos.stories.story import token
from tests.cli.triaging import Project

pytestmark = pytest.mark.usefixtures("key")


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
    """As long as the state does; with another one the owner and the note do."""
    project.triage(project.name(), "--state", "accepted", "--owner", "ada", "--reason", "old")
    project.triage(project.name(), "--note", "asked again")
    (line,) = project.triage("-f", "jsonl").lines
    assert [line[name] for name in ("owner", "reason", "note")] == ["ada", "old", "asked again"]
    project.triage(project.name(), "--state", "confirmed")
    (line,) = project.triage("-f", "jsonl").lines
    assert [line[name] for name in ("owner", "reason", "note")] == ["ada", "", "asked again"]


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
