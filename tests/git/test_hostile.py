"""Reading objects obeys nothing and believes nothing in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.hostile import PLACES, Hostile
from tests.git.as_git_says import Objects, objects_by_git, objects_streamed


def holds(found: Objects, secret: bytes) -> bool:
    return any(secret in content for _, content in found.values())


def test_reading_objects_runs_nothing(running_commands: Hostile) -> None:
    """Neither configuration, hooks, filters and signatures nor a promisor's remote."""
    found, _ = objects_streamed(running_commands.path)
    assert not [*running_commands.marks.iterdir()]
    assert {*running_commands.commits.values()} - found.keys() == set()


def test_what_git_was_told_to_hide_arrives(hiding: Hostile) -> None:
    """Replace refs, grafts, shallow files and commit-graphs say nothing about objects."""
    found, skipped = objects_streamed(hiding.path)
    assert not skipped
    assert holds(found, hiding.secret)
    assert {*hiding.commits.values()} <= found.keys()


def test_a_tenant_beside_us_stays_private(tmp_path: Path) -> None:
    """Objects that only an alternate holds, and no ref here reaches, need to be asked for."""
    told = PLACES["alternates_elsewhere"](tmp_path)
    found, _ = objects_streamed(told.path)
    assert holds(found, told.secret)
    assert not holds(found, told.foreign)
    found, _ = objects_streamed(told.path, alternates=True)
    assert holds(found, told.foreign)


@pytest.mark.parametrize("name", ["planted_index", "planted_index_symlink"])
def test_a_planted_index_does_not_change_what_is_read(tmp_path: Path, name: str) -> None:
    """Nothing under `.git/forensics` is believed or written by reading objects."""
    told = PLACES[name](tmp_path)
    place = told.path / ".git/forensics/index.db"
    before = place.read_bytes()
    assert objects_streamed(told.path) == (objects_by_git(told.path), {})
    assert place.read_bytes() == before
