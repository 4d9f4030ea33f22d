"""`forensics scan --ci`: what each service's variables make it look at."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import token
from forensics.cli.ci_job import SERVICES
from tests.cli.ci_scene import ZEROS, Scene
from tests.cli.command import Done, forensics

pytestmark = pytest.mark.usefixtures("key")

MARKS = {one.mark for one in SERVICES}


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A server, and a machine without variables of any CI service."""
    for name in [*os.environ]:
        if name in MARKS or name.startswith(("CI_", "GITHUB_", "BITBUCKET_", "BUILD_")):
            monkeypatch.delenv(name)
    return Scene(tmp_path / "scene")


@pytest.fixture
def ci(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Scan a clone of the server as a job with these variables would."""

    def scan(clone: Path, **variables: str) -> Done:
        with monkeypatch.context() as within:
            for name, value in variables.items():
                within.setenv(name, value)
            return forensics("scan", "--ci", clone)

    return scan


def github(scene: Scene, event: str, told: object) -> dict[str, str]:
    """The variables of GitHub Actions, and its file."""
    file = scene.folder / "event.json"
    file.write_text(json.dumps(told))
    return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(file)}


def pull(head: str, base: str) -> dict[str, Any]:
    """What an event tells of a pull request to main."""
    return {"pull_request": {"title": "`$(touch pwned)`", "head": {"sha": head, "ref": "$(x)"},
                             "base": {"sha": base, "ref": "main"}}}  # fmt: skip


def pushed(before: str, after: str, ref: str = "refs/heads/topic") -> dict[str, Any]:
    """What an event tells of a push."""
    return {"before": before, "after": after, "ref": ref, "repository": {"default_branch": "main"}}


def gitlab(source: str, **more: str) -> dict[str, str]:
    """The variables of GitLab CI."""
    return {"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": source, "CI_DEFAULT_BRANCH": "main", **more}


def range_of(done: Done) -> str:
    """What the line on standard error says was looked at."""
    (line,) = (line for line in done.err.splitlines() if ".." in line or "whole" in line)
    return line.split(": ", 2)[2]


def between(base: str, head: str) -> str:
    """A range as that line has it."""
    return f"{base[:12]}..{head[:12]}"


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target"])
def test_a_pull_request_is_judged_by_what_it_brings(scene: Scene, ci: Any, event: str) -> None:
    """Not by what main has, whatever is checked out."""
    scene.leak(1, "old.env")
    base = scene.id("HEAD")
    scene.push("main")
    scene.branch("topic")
    head = scene.commit("harmless", b"text\n")
    clone = scene.checkout(scene.merge(head))
    done = ci(clone, **github(scene, event, pull(head, base)))
    assert (done.code, range_of(done)) == (0, between(base, head))
    git(scene.work, "checkout", "-q", "topic")
    head = scene.leak(2)
    clone = scene.checkout(scene.merge(head), name="second")
    done = ci(clone, **github(scene, event, pull(head, base)))
    assert (done.code, range_of(done)) == (1, between(base, head))
    assert "old.env" not in done.out
    assert not (clone / "pwned").exists()


def test_a_base_that_is_gone_is_looked_up_by_its_branch(scene: Scene, ci: Any) -> None:
    """The branch of a pull request's base was pushed by force."""
    scene.branch("topic")
    head = scene.leak()
    clone = scene.checkout(scene.merge(head))
    done = ci(clone, **github(scene, "pull_request", pull(head, "1" * 40)))
    assert (done.code, range_of(done)) == (1, between(scene.main, head))


def test_a_merge_queue_is_judged_by_what_it_brings(scene: Scene, ci: Any) -> None:
    """From its base to its head."""
    scene.branch("topic")
    head = scene.merge(scene.leak())
    told = {"merge_group": {"head_sha": head, "base_sha": scene.main}}
    done = ci(scene.checkout(head), **github(scene, "merge_group", told))
    assert (done.code, range_of(done)) == (1, between(scene.main, head))


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_pushes_are_judged_by_what_was_there_before(scene: Scene, ci: Any, service: str) -> None:
    """On a branch, on the default branch, for a new branch and a force push."""

    def job(clone: Path, before: str, after: str, branch: str) -> Done:
        if service == "github":
            told = pushed(before, after, f"refs/heads/{branch}")
            return ci(clone, **github(scene, "push", told))  # type: ignore[no-any-return]
        more = {"CI_COMMIT_BEFORE_SHA": before, "CI_COMMIT_SHA": after, "CI_COMMIT_BRANCH": branch}
        return ci(clone, **gitlab("push", **more))  # type: ignore[no-any-return]

    scene.branch("topic")
    first = scene.leak(1, "first.env")
    scene.push("topic")
    clone = scene.checkout(first, name="new")
    done = job(clone, ZEROS, first, "topic")
    assert (done.code, range_of(done)) == (1, between(scene.main, first))
    second = scene.commit("second.txt", b"text\n")
    scene.push("topic")
    done = job(scene.checkout(second, name="old"), first, second, "topic")
    assert (done.code, range_of(done)) == (0, between(first, second))
    git(scene.work, "reset", "-q", "--hard", first)
    forced = scene.leak(3, "forced.env")
    scene.push("topic")
    done = job(scene.checkout(forced, name="forced"), second, forced, "topic")
    assert (done.code, range_of(done)) == (1, between(scene.main, forced))
    assert "first.env" in done.out
    git(scene.work, "checkout", "-q", "main")
    on_main = scene.commit("main.txt", b"text\n")
    scene.push("main")
    done = job(scene.checkout(on_main, name="main"), scene.main, on_main, "main")
    assert (done.code, range_of(done)) == (0, between(scene.main, on_main))


@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_a_default_branch_without_anything_before_is_judged_whole(
    scene: Scene, ci: Any, service: str
) -> None:
    """It is not compared with itself, which would find nothing."""
    scene.leak()
    scene.push("main")
    head = scene.id("main")
    for number, before in enumerate((ZEROS, "1" * 40)):
        clone = scene.checkout(head, name=f"c{number}")
        if service == "github":
            done = ci(clone, **github(scene, "push", pushed(before, head, "refs/heads/main")))
        else:
            done = ci(clone, **gitlab("push", CI_COMMIT_SHA=head, CI_COMMIT_BEFORE_SHA=before,
                                      CI_COMMIT_BRANCH="main"))  # fmt: skip
        assert done.code == 1
        assert "push to the default branch: the whole history" in done.err


def test_a_push_that_does_not_name_its_ref_is_judged_whole(scene: Scene, ci: Any) -> None:
    """It could be the default branch."""
    head = scene.leak()
    scene.push("main")
    told = pushed(ZEROS, head)
    del told["ref"]
    done = ci(scene.checkout(head), **github(scene, "push", told))
    assert (done.code, "whole history" in done.err) == (1, True)


def test_a_pushed_tag_is_judged_with_its_message(scene: Scene, ci: Any) -> None:
    """Its commit is on main, which was judged when it came there."""
    scene.push("main")
    git(scene.work, "tag", "-a", "v1", "-m", f"uses {token().decode()}")
    scene.push("v1")
    tag = scene.id("v1")
    clone = scene.checkout(scene.main)
    done = ci(clone, **github(scene, "push", pushed(ZEROS, tag, "refs/tags/v1")))
    assert (done.code, range_of(done)) == (1, between(scene.main, tag))
    done = ci(clone, **gitlab("push", CI_COMMIT_SHA=scene.main, CI_COMMIT_BEFORE_SHA=ZEROS,
                              CI_COMMIT_TAG="v1"))  # fmt: skip
    assert (done.code, range_of(done)) == (0, between(scene.main, scene.main))


@pytest.mark.parametrize(
    "variables",
    [
        gitlab("schedule"), gitlab("web"), gitlab("api"),
        {"BITBUCKET_BUILD_NUMBER": "1"},
        {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_TAG": "v1"},
        {"TF_BUILD": "True", "BUILD_REASON": "Schedule"},
        {"JENKINS_URL": "https://jenkins.example/"},
    ],
)  # fmt: skip
def test_where_nothing_says_what_is_new_all_of_history_is_judged(
    scene: Scene, ci: Any, variables: dict[str, str]
) -> None:
    """Scheduled jobs, and services that do not tell."""
    scene.leak()
    scene.push("main")
    clone = scene.checkout(scene.commit("later", b"text\n"))
    done = ci(clone, **variables)
    assert (done.code, "the whole history" in done.err) == (1, True)
    shallow = scene.checkout(scene.id("HEAD"), depth=1, name="shallow")
    done = ci(shallow, **variables)
    assert (done.code, "git fetch --unshallow" in done.error()) == (2, True)


def branches(name: str, head: str) -> list[dict[str, str]]:
    """What Bitbucket and Azure tell of a push: nothing of what was there before."""
    azure = {"TF_BUILD": "True", "BUILD_SOURCEBRANCH": f"refs/heads/{name}",
             "BUILD_SOURCEVERSION": head}  # fmt: skip
    return [
        {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_BRANCH": name, "BITBUCKET_COMMIT": head},
        *(azure | {"BUILD_REASON": reason} for reason in ("IndividualCI", "BatchedCI")),
    ]


def test_a_push_that_does_not_tell_its_base_is_compared_with_the_default_branch(
    scene: Scene, ci: Any
) -> None:
    """That of the clone, which git takes over from the server."""
    scene.leak(1)
    main = scene.commit("later", b"text\n")
    scene.push("main")
    scene.branch("team/topic")
    head = scene.leak(2, "other.env")
    scene.push("team/topic")
    git(scene.server, "symbolic-ref", "HEAD", "refs/heads/main")
    git(scene.folder, "clone", "-q", "--branch", "team/topic", f"file://{scene.server}", "cloned")
    for variables in branches("team/topic", head):
        done = ci(scene.folder / "cloned", **variables)
        assert (done.code, range_of(done)) == (1, between(main, head)), variables
        assert "secrets   1 " in done.out


def test_the_default_branch_is_never_compared_with_itself(scene: Scene, ci: Any) -> None:
    """Then all of history is judged; so it is where a clone knows no default branch, where what it
    knows is no link to a branch, and for a tag."""
    scene.leak()
    head = scene.commit("later", b"text\n")
    scene.push("main")
    git(scene.server, "symbolic-ref", "HEAD", "refs/heads/main")
    git(scene.folder, "clone", "-q", f"file://{scene.server}", "cloned")
    clone, whole = scene.folder / "cloned", "the whole history"
    for variables in branches("main", head):
        done = ci(clone, **variables)
        assert (done.code, whole in range_of(done)) == (1, True)
    tag = branches("x", head)[1] | {"BUILD_SOURCEBRANCH": "refs/tags/v1"}
    assert whole in range_of(ci(clone, **tag))
    for change in (["update-ref", "--no-deref", "refs/remotes/origin/HEAD", head],
                   ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/heads/main"],
                   ["symbolic-ref", "--delete", "refs/remotes/origin/HEAD"]):  # fmt: skip
        git(clone, *change)
        for variables in branches("topic", head):
            done = ci(clone, **variables)
            assert (done.code, whole in range_of(done)) == (1, True), change


def test_a_push_that_does_not_tell_its_commit_is_an_error(scene: Scene, ci: Any) -> None:
    """It could be compared with anything."""
    clone = scene.checkout(scene.leak())
    for variables in branches("topic", ""):
        assert ci(clone, **variables).code == 2


def test_a_scheduled_run_on_github_judges_the_whole_history(scene: Scene, ci: Any) -> None:
    """Its event tells of no commits."""
    head = scene.leak()
    done = ci(scene.checkout(head), **github(scene, "schedule", {"schedule": "0 0 * * *"}))
    assert (done.code, "GitHub Actions, schedule: the whole history" in done.err) == (1, True)


def test_changes_on_the_other_services_are_judged_by_their_target(scene: Scene, ci: Any) -> None:
    """GitLab with and without merged results and of other hosts, Bitbucket, Azure, Jenkins."""
    scene.branch("topic", "main~1")
    head = scene.leak()
    merged = scene.merge(head)
    clone = scene.checkout(merged)
    start = scene.id("main~1")
    request = {"CI_MERGE_REQUEST_IID": "1", "CI_MERGE_REQUEST_DIFF_BASE_SHA": start,
               "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}  # fmt: skip
    bitbucket = {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_PR_ID": "1", "BITBUCKET_COMMIT": head}
    azure = {"TF_BUILD": "True", "BUILD_REASON": "PullRequest",
             "SYSTEM_PULLREQUEST_SOURCECOMMITID": head}  # fmt: skip
    jenkins = {"JENKINS_URL": "https://jenkins.example/", "GIT_COMMIT": head}
    for variables, base, tip in (
        (gitlab("merge_request_event", **request, CI_COMMIT_SHA=head), scene.main, head),
        (gitlab("merge_request_event", **request | {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "gone"},
                CI_COMMIT_SHA=head), start, head),
        (gitlab("merge_request_event", **request, CI_COMMIT_SHA=merged,
                CI_MERGE_REQUEST_TARGET_BRANCH_SHA=scene.main), scene.main, merged),
        (gitlab("external_pull_request_event", CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA=head,
                CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA=scene.main), scene.main, head),
        (bitbucket | {"BITBUCKET_PR_DESTINATION_COMMIT": scene.main[:12]}, scene.main, head),
        (bitbucket | {"BITBUCKET_PR_DESTINATION_BRANCH": "main"}, scene.main, head),
        (azure | {"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}, scene.main, head),
        (azure | {"SYSTEM_PULLREQUEST_TARGETBRANCH": "main"}, scene.main, head),
        (jenkins | {"CHANGE_ID": "1", "CHANGE_TARGET": "main"}, scene.main, head),
        (jenkins | {"GIT_PREVIOUS_SUCCESSFUL_COMMIT": scene.main}, scene.main, head),
    ):  # fmt: skip
        done = ci(clone, **variables)
        assert (done.code, range_of(done)) == (1, between(base, tip)), variables


def test_a_shallow_clone_says_how_this_service_gets_all(scene: Scene, ci: Any) -> None:
    """For what a pull request and a push need."""
    scene.branch("topic")
    scene.commit("first", b"text\n")
    head = scene.leak()
    shallow = scene.checkout(scene.merge(head), depth=1)
    done = ci(shallow, **github(scene, "pull_request", pull(head, scene.main)))
    assert done.code == 2
    assert "`fetch-depth: 0` for actions/checkout" in done.error()
    shallow = scene.checkout(head, depth=1, name="second")
    done = ci(shallow, **gitlab("push", CI_COMMIT_SHA=head, CI_COMMIT_BEFORE_SHA=scene.main,
                                CI_COMMIT_BRANCH="topic"))  # fmt: skip
    assert done.code == 2
    assert "GIT_DEPTH" in done.error()


@pytest.mark.parametrize(
    "branch",
    ["main\nother", "main other", "main~1", "ma*n", "../main", "", "-x", "x/../main", "a@{1}",
     "main^{/x}"],
)  # fmt: skip
def test_the_name_of_a_branch_is_a_name_only(scene: Scene, ci: Any, branch: str) -> None:
    """What git takes for no name is refused; no name is taken for anything else."""
    scene.branch("topic")
    head = scene.leak()
    clone = scene.checkout(head)
    done = ci(clone, JENKINS_URL="x", CHANGE_ID="1", GIT_COMMIT=head, CHANGE_TARGET=branch)
    assert (done.code, "CHANGE_TARGET" in done.error()) == (2, True)


@pytest.mark.parametrize("odd", ["$(touch${IFS}pwned)", "`id`", "';x", "tëst", "main.lock;x"])
def test_odd_names_that_git_allows_are_compared_with(scene: Scene, ci: Any, odd: str) -> None:
    """They are names like any other."""
    git(scene.work, "branch", odd, "main")
    scene.push(odd)
    scene.branch("topic")
    head = scene.leak()
    clone = scene.checkout(head)
    done = ci(clone, JENKINS_URL="x", CHANGE_ID="1", GIT_COMMIT=head, CHANGE_TARGET=odd)
    assert (done.code, range_of(done)) == (1, between(scene.main, head))


def test_no_ref_passes_for_an_id_or_for_the_target(scene: Scene, ci: Any) -> None:
    """Whoever pushes a tag named like them cannot have everything compared with it."""
    scene.branch("topic")
    head = scene.leak()
    git(scene.work, "tag", scene.main[:12], head)
    git(scene.work, "tag", "refs/remotes/origin/gone", head)
    scene.push("--tags")
    clone = scene.checkout(head)
    change = {"BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_PR_ID": "1", "BITBUCKET_COMMIT": head}
    short = change | {"BITBUCKET_PR_DESTINATION_COMMIT": scene.main[:12]}
    done = ci(clone, **short, BITBUCKET_PR_DESTINATION_BRANCH="main")
    assert (done.code, range_of(done)) == (1, between(scene.main, head))
    assert ci(clone, **short).code == 2
    assert ci(clone, **change, BITBUCKET_PR_DESTINATION_BRANCH="gone").code == 2


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
