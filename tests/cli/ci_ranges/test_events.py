"""`scan --ci`: what a job brings, by what its service tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import token
from tests.cli.ci_ranges.scene import between, github, gitlab, pull, pushed, range_of
from tests.cli.ci_scene import ZEROS, Scene
from tests.cli.command import Done

pytestmark = pytest.mark.usefixtures("key")


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
