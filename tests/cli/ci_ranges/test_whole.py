"""`scan --ci`: where nothing says what is new, and names that are odd."""

from __future__ import annotations

from typing import Any

import pytest

from fixtures_repos.git import git
from tests.cli.ci_ranges.scene import between, github, gitlab, pull, range_of
from tests.cli.ci_scene import Scene

pytestmark = pytest.mark.usefixtures("key")


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
