"""From which commit to which each ref had a value, against what plain git tells of its commits."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories import STORIES, Story
from forensics.index.database import create_or_open
from forensics.lifecycle.ref_spans import RefSpan, ref_spans
from tests.lifecycle.as_git_tells import refs_told_apart
from tests.lifecycle.lives import case_of
from tests.lifecycle.test_facts import IN_FILES
from tests.lifecycle.test_stories import tell
from tests.lifecycle.told import OLD, TOLD
from tests.scan.as_git_says import GitSays
from tests.scan.scanning import KEY, scan


def _spans(index: Path, value: bytes) -> dict[bytes, RefSpan]:
    case = case_of(index, value)
    with closing(create_or_open(index, KEY)) as connection:
        return {one.name: one for one in ref_spans(connection, KEY, case) if one.kind != "head"}


def _compare(path: Path, index: Path, value: bytes) -> int:
    """Every ref is told that has the value in any of its commits, and only these; before its first
    commit and after its last, no other of its commits brought it or took it away."""
    says, spans = GitSays(path), _spans(index, value)
    stories = says.stories(value).values()
    came = {commit for one in stories for commit in one.introduced}
    left = {commit for one in stories for commit in one.removed}
    holds = {commit for commit, paths in says.presence(value).items() if paths}
    had = set()
    for name in refs_told_apart(path):
        tip = git(path, "rev-parse", name + b"^{}").decode().strip()
        commits = set(git(path, "rev-list", tip).decode().split())
        if not commits & holds:
            continue
        had.add(name)
        span = spans[name]
        assert span.holds == (name.startswith(b"stash@") or tip in holds)
        assert span.since is not None
        assert span.since.commit in came & commits
        above = set(git(path, "rev-list", span.since.commit).decode().split())
        assert came & above == {span.since.commit}
        if span.until is not None:
            assert span.until.commit in left & commits
            later = set(git(path, "rev-list", f"{span.until.commit}..{tip}").decode().split())
            on_top = {
                one for one in later
                if span.until.commit in git(path, "rev-list", one).decode().split()
            }  # fmt: skip
            assert not left & on_top
    assert had == set(spans)
    return len(had)


@pytest.mark.parametrize("name", IN_FILES)
def test_stories(name: str, tmp_path: Path) -> None:
    """Branches, tags, remotes' branches, pull requests and stashes."""
    story: Story = STORIES[name](tmp_path / name)
    scan(story.path, tmp_path / "index.db")
    _compare(story.path, tmp_path / "index.db", story.secret)


@pytest.mark.parametrize("name", TOLD)
def test_told_histories(name: str, tmp_path: Path) -> None:
    """Of rotations."""
    builder, _ = tell(name, tmp_path / "r")
    scan(builder.path, tmp_path / "index.db")
    _compare(builder.path, tmp_path / "index.db", OLD)


def test_a_branch_that_had_it_once_and_a_release_that_has_it(tmp_path: Path) -> None:
    """What was deleted on main stands in tags; later tags had it once."""
    builder, commits = tell("in_four_releases", tmp_path / "r")
    scan(builder.path, tmp_path / "index.db")
    spans = _spans(tmp_path / "index.db", OLD)
    main, first, later = (
        spans[name] for name in (b"refs/heads/main", b"refs/tags/v1.0", b"refs/tags/v1.4")
    )
    assert first.since is not None
    assert first.since.commit == commits["leak"]
    assert first.holds
    for one in (main, later):
        assert one.until is not None
        assert one.until.commit == commits["delete"]
