"""Every told history: who had a value, which refs and releases have it, how long it stood."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.acme import LEAKS
from fixtures_repos.git import git
from fixtures_repos.stories import STORIES, Story
from tests.lifecycle.as_git_tells import facts_of, git_facts
from tests.lifecycle.lives import cases_in
from tests.scan.as_git_says import GitSays
from tests.scan.scanning import fingerprint, scan

IN_FILES = [
    name for name in STORIES
    if not name.startswith("in_a") or name in ("in_a_tag_only", "in_a_stash")
]  # fmt: skip
"""Stories of values in files that commits have."""


@pytest.mark.parametrize("name", IN_FILES)
def test_facts_are_what_plain_git_tells(name: str, tmp_path: Path) -> None:
    """Refs, releases, people, and stretches of the default branch."""
    story: Story = STORIES[name](tmp_path / name)
    scan(story.path, tmp_path / "index.db")
    found = cases_in(tmp_path / "index.db")
    says = GitSays(story.path)
    for value in (story.secret, *story.others.values()):
        assert facts_of(found[fingerprint(value)]) == git_facts(says, value, "main")


@pytest.mark.parametrize("name", IN_FILES)
def test_places_tell_the_line_at_the_tip(name: str, tmp_path: Path) -> None:
    """As `git grep -n` has it at the default branch, else where it stood."""
    story: Story = STORIES[name](tmp_path / name)
    scan(story.path, tmp_path / "index.db")
    found = cases_in(tmp_path / "index.db")
    for value in (story.secret, *story.others.values()):
        for place in found[fingerprint(value)].life.places:
            if place.at_default and place.path is not None:
                told = git(
                    story.path, "grep", "-nzaF", "-e", value, "main", "--",
                    b":(literal)" + place.path,
                )  # fmt: skip
                assert place.line == int(told.split(b"\0")[1])


def test_facts_of_acme_are_what_plain_git_tells(acme_repository: Path, tmp_path: Path) -> None:
    """Two years of it."""
    scan(acme_repository, tmp_path / "index.db")
    found = cases_in(tmp_path / "index.db")
    says = GitSays(acme_repository)
    compared = 0
    for leak in LEAKS.values():
        case = found.get(fingerprint(leak.value))
        if case is not None and any(says.presence(leak.value).values()):
            assert facts_of(case) == git_facts(says, leak.value, "main")
            compared += 1
    assert compared >= 9
