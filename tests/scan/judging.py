"""Judging commits in the test's own process."""

from __future__ import annotations

from pathlib import Path

from forensics.git.repository import Repository, open_repository
from forensics.git.revisions import Revisions, commits_named, commits_of_range
from forensics.git.runner import Git
from forensics.scan.judged import Judged, judge_commits
from tests.scan.scanning import ALL_RULES, KEY

__all__ = ["introduced", "judge_each", "judge_range"]

Introduced = set[tuple[bytes | None, str]]
"""Path as it may be shown, and id of the commit."""


def judge_range(path: Path, words: str) -> Judged:
    """What the commits of a range introduce."""

    def choose(repository: Repository, git: Git) -> Revisions:
        return commits_of_range(repository, git, words)

    return judge_commits(open_repository(path), KEY, ALL_RULES, choose)


def judge_each(path: Path, *names: str) -> Judged:
    """What some commits introduce, each by itself."""

    def choose(repository: Repository, git: Git) -> Revisions:
        return commits_named(repository, git, names)

    return judge_commits(open_repository(path), KEY, ALL_RULES, choose)


def introduced(judged: Judged, value: bytes) -> Introduced:
    """Where a secret comes, and by which commit."""
    fingerprint = KEY.fingerprint(value)
    return {
        (one.path and one.path[0], one.commit.hex())
        for one in judged.found
        if one.fingerprint == fingerprint
    }
