"""`scan --ci`: what cannot be used is one line and 2."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.cli.ci_ranges.scene import github, pull
from tests.cli.ci_scene import Scene
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({}, "--ci finds none of GitHub Actions, GitLab CI"),
        ({"GITLAB_CI": "true", "JENKINS_URL": "x"}, "GitLab CI and Jenkins at once"),
        ({"GITHUB_ACTIONS": "true"}, "GITHUB_EVENT_NAME"),
        ({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push"}, "GITHUB_EVENT_PATH"),
        ({"GITLAB_CI": "true"}, "CI_PIPELINE_SOURCE"),
        ({"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": "push"}, "CI_COMMIT_SHA"),
        ({"TF_BUILD": "True", "BUILD_REASON": "PullRequest",
          "SYSTEM_PULLREQUEST_SOURCECOMMITID": "--all"}, "SOURCECOMMITID"),
        ({"JENKINS_URL": "x", "CHANGE_ID": "1"}, "GIT_COMMIT"),
        ({"JENKINS_URL": "x", "CHANGE_ID": "1", "GIT_COMMIT": "1" * 40}, "CHANGE_TARGET"),
        ({"JENKINS_URL": "x", "CHANGE_ID": "1", "GIT_COMMIT": "1" * 40, "CHANGE_TARGET": "main"},
         "1" * 40 + " is not in this clone"),
    ],
)  # fmt: skip
def test_variables_that_cannot_be_used_are_one_line_and_2(
    scene: Scene, ci: Any, variables: dict[str, str], said: str
) -> None:
    """Nothing is guessed."""
    done = ci(scene.checkout(scene.main), **variables)
    assert done.code == 2
    assert said in done.error()


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b"\xff", b"[" * 100_000, b'{"before": 1, "after": ["x"]}', b'{"after": "--all"}',
     b'{"after": "%s"}' % (b"0" * 40), b'{"after": null, "before": {}}'],
)  # fmt: skip
def test_a_file_that_tells_of_no_push_is_one_line_and_2(scene: Scene, ci: Any, text: bytes) -> None:
    """Whatever is in it; a deleted branch too, of which nothing is left to judge."""
    clone = scene.checkout(scene.main)
    variables = github(scene, "push", {})
    (scene.folder / "event.json").write_bytes(text)
    done = ci(clone, **variables)
    assert done.code == 2
    assert "GitHub Actions does not say" in done.error()


def test_half_a_character_names_no_branch(scene: Scene, ci: Any) -> None:
    """JSON can hold one."""
    clone = scene.checkout(scene.leak())
    told = pull(scene.id("HEAD"), "1" * 40)
    told["pull_request"]["base"]["ref"] = "\ud800"
    done = ci(clone, **github(scene, "pull_request", told))
    assert (done.code, "base.ref" in done.error()) == (2, True)


def test_a_file_of_an_event_is_not_read_without_end(scene: Scene, ci: Any) -> None:
    """Nor is a pipe waited for."""
    clone = scene.checkout(scene.main)
    variables = github(scene, "push", {})
    with (scene.folder / "event.json").open("r+b") as file:
        file.truncate(1 << 40)
    assert ci(clone, **variables).code == 2
    (scene.folder / "event.json").unlink()
    os.mkfifo(scene.folder / "event.json")
    assert ci(clone, **variables).code == 2


def test_it_goes_with_no_other_choice(scene: Scene, ci: Any) -> None:
    """Nor with several repositories."""
    for words in (["--range", "HEAD"], ["--staged"], ["--dir"], ["--since", "main"]):
        done = forensics("scan", scene.work, "--ci", *words)
        assert (done.code, "does not go with" in done.error()) == (2, True)
    done = forensics("scan", scene.work, scene.server, "--ci")
    assert (done.code, "one repository" in done.error()) == (2, True)
