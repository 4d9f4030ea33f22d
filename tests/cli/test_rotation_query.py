"""`rotation --query` and `findings --query`: one language, also about rotations."""

from __future__ import annotations

import pytest

from fixtures_repos.stories.story import setting, token
from tests.cli.triaging import Project

DAY = 86_400


@pytest.fixture
def rotating(project: Project) -> Project:
    """One secret at each stage but the last, one that is none to rotate; the second is overdue
    soon."""
    for seed in range(2, 6):
        project.leak(f"{seed}.env", seed)
    project.builder.write("3.env", setting(token(9)))
    project.builder.commit("Replace")
    project.scan()
    project.triage(project.name(2), "--owner", "Ada <ada@x.org>", "--due", "10d")
    revoked = ("--state", "revoked", "--when", "2099-01-01", "--evidence", "ticket 7")
    assert project.run("triage", project.name(4), *revoked).code == 2  # it lies ahead
    project.triage(project.name(4), *revoked[:3], "2024-01-01", *revoked[4:])
    project.triage(project.name(5), "--state", "test")
    return project


def secrets(project: Project, command: str, query: str) -> set[str]:
    """Fingerprints that a command lists."""
    lines = project.run(command, "-f", "jsonl", "-q", query).lines
    return {one["secret"] for one in lines}


@pytest.mark.parametrize(
    ("query", "seeds"),
    [
        ("stage:detected", {1, 9}),
        ("stage:assigned", {2}),
        ("stage:replaced", {3}),
        ("stage:revoked,verified", {4}),
        ("stage:none", {5}),
        ("-stage:detected,none", {2, 3, 4}),
        ("owner:ada", {2}),
        ("-owner:*", {1, 3, 4, 5, 9}),
        ("owner:*@x.org", {2}),
        ("due:<11d", {2}),
        ("due:<9d", set()),
        ("due:>9d", {2}),
        ("due:9d..11d", {2}),
        ("overdue:yes", set()),
        ("path:2.env stage:assigned", {2}),
        ("path:1.env stage:assigned", set()),
    ],
)
def test_both_commands_list_what_fits(rotating: Project, query: str, seeds: set[int]) -> None:
    """The one a secret a line, the other each of its places."""
    named = {rotating.name(seed) for seed in seeds}
    assert secrets(rotating, "rotation", query) == named
    assert secrets(rotating, "findings", query) == named


def test_overdue_is_what_the_option_says(
    rotating: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the day has come; and not of what is revoked since."""
    import time

    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 11 * DAY)
    lines = rotating.run("rotation", "-f", "jsonl", "--overdue").lines
    assert {one["secret"] for one in lines} == {rotating.name(2)}
    for command in ("rotation", "findings"):
        assert secrets(rotating, command, "overdue:yes") == {rotating.name(2)}
        assert rotating.name(2) not in secrets(rotating, command, "overdue:no")
    rotating.triage(
        rotating.name(2), "--state", "revoked", "--when", "2024-01-01", "--evidence", "ticket"
    )
    assert secrets(rotating, "rotation", "overdue:yes") == set()


def test_a_table_shows_what_fits_and_the_exit_code_is_of_that(rotating: Project) -> None:
    """Also what is done already, if it is asked for; a wrong query has its caret."""
    done = rotating.run("rotation", "-q", "stage:revoked,verified")
    assert (done.code, f"#{rotating.name(4)[:6]}" in done.out) == (0, True)
    assert rotating.run("rotation", "-q", "stage:assigned").code == 1
    assert "nothing" in rotating.run("rotation", "-q", "owner:nobody").err
    done = rotating.run("rotation", "-q", "stage:asigned")
    assert done.code == 2
    assert "assigned is" in done.err
    assert done.err.splitlines()[1] == "      ^"
