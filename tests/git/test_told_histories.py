"""The repositories that tests stand on are the same everywhere, sound, and hold what they say."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

import fixtures_repos
from fixtures_repos import acme
from fixtures_repos.builder import Builder
from fixtures_repos.git import ENVIRONMENT, git
from fixtures_repos.hostile import HIDING, PLACES, RUNNING, Hostile
from fixtures_repos.stories import STORIES, Story
from tests.git.as_git_says import objects_by_git

ACME_HEAD = "37f99382796d994091b258925805f873e6251a6e"


def head(path: Path) -> str:
    return git(path, "rev-parse", "HEAD").decode().strip()


def source() -> bytes:
    """All Python source of the repositories told here."""
    (folder,) = fixtures_repos.__path__
    return b"".join(place.read_bytes() for place in sorted(Path(folder).rglob("*.py")))


@pytest.mark.parametrize("name", STORIES)
def test_a_story_told_twice_has_the_same_ids(tmp_path: Path, name: str) -> None:
    """Nothing of the clock, the user or the folder gets into an object."""
    first, second = (STORIES[name](tmp_path / place) for place in ("one", "two"))
    assert first.commits == second.commits
    assert first.ids == second.ids
    assert objects_by_git(first.path) == objects_by_git(second.path)


def test_a_story_is_sound_and_holds_its_secret(any_story: Story) -> None:
    """Git has nothing to complain about, and the secret is in an object or in a ref's name."""
    git(any_story.path, "fsck", "--strict", "--full")
    everything = b"".join(content for _, content in objects_by_git(any_story.path).values())
    everything += git(any_story.path, "for-each-ref")
    for secret in (any_story.secret, *any_story.others.values()):
        assert secret in everything


def test_no_secret_stands_in_the_source(any_story: Story) -> None:
    """Secrets are assembled when a story is told."""
    for secret in (any_story.secret, *any_story.others.values()):
        assert secret not in source()


def test_acme_is_the_same_everywhere(acme_repository: Path) -> None:
    """Documents and other tests may name its commits."""
    assert head(acme_repository) == ACME_HEAD


def test_acme_is_a_believable_project(acme_repository: Path) -> None:
    """Four authors, some eighty commits over two years, merges and release tags."""
    commits = git(acme_repository, "log", "--format=%ct %an %p").decode().splitlines()
    times = sorted(int(line.split()[0]) for line in commits)
    assert 60 <= len(commits) <= 120
    assert times[-1] - times[0] > 1.5 * 365 * 86400
    assert len(git(acme_repository, "shortlog", "-sn", "HEAD").splitlines()) == 4
    assert len(git(acme_repository, "rev-list", "--merges", "HEAD").splitlines()) >= 3
    assert len(git(acme_repository, "tag").splitlines()) >= 6
    git(acme_repository, "fsck", "--strict", "--full")


@pytest.mark.parametrize("name", acme.LEAKS)
def test_acme_leaks_what_it_says_and_its_source_does_not(acme_repository: Path, name: str) -> None:
    """Each planted value is in some object, and in no line of source."""
    value = acme.LEAKS[name].value
    assert any(value in content for _, content in objects_by_git(acme_repository).values())
    assert value not in source()


@pytest.mark.parametrize("stand_in", acme.STAND_INS)
def test_acme_holds_stand_ins(acme_repository: Path, stand_in: str) -> None:
    """What no scan should report is there to be passed over."""
    contents = (content for _, content in objects_by_git(acme_repository).values())
    assert any(stand_in.encode() in content for content in contents)


def test_acme_is_told_quickly(tmp_path: Path) -> None:
    """`forensics demo` should not keep anybody waiting."""
    began = time.perf_counter()
    acme.build(tmp_path / "acme")
    assert time.perf_counter() - began < 3


def test_planted_commands_run_under_plain_git(running_commands: Hostile) -> None:
    """Otherwise a reader that leaves no mark would prove nothing."""
    assert not [*running_commands.marks.iterdir()]
    for words in (["status"], ["add", "-A"], ["log", "-3"], ["log", "-p", "--all"]):
        # Whatever the planted command answers, and over whatever protocol it is reached.
        subprocess.run(
            ["git", *words],
            cwd=running_commands.path,
            capture_output=True,
            check=False,
            env={**ENVIRONMENT, "PATH": os.environ["PATH"], "GIT_ALLOW_PROTOCOL": "file:ssh"},
        )
    assert [*running_commands.marks.iterdir()]


def test_hidden_leaks_are_hidden_from_plain_git(hiding: Hostile) -> None:
    """Otherwise finding them would prove nothing."""
    assert hiding.secret not in git(hiding.path, "log", "-p")


@pytest.mark.parametrize("name", [*RUNNING, *HIDING, *PLACES])
def test_a_hostile_repository_told_twice_has_the_same_commits(tmp_path: Path, name: str) -> None:
    """Each has the ids that its story gives."""
    tell = {**RUNNING, **HIDING, **PLACES}[name]
    assert tell(tmp_path / "one").commits == tell(tmp_path / "two").commits


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_a_merge_keeps_what_each_side_changed(tmp_path: Path, object_format: str) -> None:
    """The builder's merge is that of git for files that changed on one side only."""
    builder = Builder(tmp_path / "r", object_format="sha256" if "256" in object_format else "sha1")
    for name in "abc":
        builder.write(name, f"{name}\n")
    builder.commit("Start")
    builder.branch("side")
    builder.write("a", "changed\n")
    builder.delete("b")
    builder.commit("Change a, delete b")
    builder.checkout("main")
    builder.write("c", "changed too\n")
    builder.commit("Change c")
    told = builder.merge("side")
    git(builder.populate(), "checkout", "-q", "-b", "again", "HEAD~1")
    git(builder.path, "merge", "-q", "--no-edit", "side")
    assert git(builder.path, "rev-parse", "HEAD^{tree}") == git(
        builder.path, "rev-parse", f"{told}^{{tree}}"
    )


def test_a_conflict_that_nobody_answers_is_an_error(tmp_path: Path) -> None:
    """A story never merges by chance."""
    builder = Builder(tmp_path / "r")
    builder.write("a", "start\n")
    builder.commit("Start")
    builder.branch("side")
    builder.write("a", "theirs\n")
    builder.commit("Theirs")
    builder.checkout("main")
    builder.write("a", "ours\n")
    builder.commit("Ours")
    with pytest.raises(ValueError, match="changed on both sides"):
        builder.merge("side")
    builder.merge("side", files={"a": "both\n"})
