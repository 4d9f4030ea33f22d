"""Every told history: what is found, where it stands, when it came and when it went."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.acme import LEAKS
from fixtures_repos.builder import Builder
from fixtures_repos.stories import STORIES, Story
from fixtures_repos.stories.story import PLACE, setting, token
from tests.scan.as_git_says import GitSays
from tests.scan.scanning import Placed, Scanned, fingerprint, scan

BESIDE_TREES = {
    "in_a_tag_message": ("tag", "tag", True),
    "in_a_commit_message": ("commit", "branch", True),
    "in_an_author_name": ("commit", "branch", True),
    "in_a_branch_name": ("ref", "branch", True),
    "dangling_blob": ("blob", "none", False),
    "staged_only": ("blob", "none", False),
}
"""Stories of what no tree of a commit holds: kind of the object, reach, and whether at a tip."""

STATUSES = {
    "leaked_then_deleted": {"removed"},
    "replaced": {"removed"},
    "rolled_back": {"present"},
    "moved_by_rename": {"present", "removed"},
    "reintroduced": {"present", "removed"},
    "cherry_picked_to_a_release_branch": {"present"},
    "clock_skew": {"removed"},
    "same_value_in_three_environments": {"present", "removed"},
    "staged_only": {"unreachable"},
    "merged_in_by_an_evil_merge": {"removed"},
    "only_in_a_merge": {"present"},
    "side_branch_secret_dropped_by_merge": {"removed"},
    "octopus_merge": {"present"},
    "criss_cross_merge": {"removed"},
    "in_a_tag_only": {"present"},
    "in_a_tag_message": {"present"},
    "in_a_commit_message": {"present"},
    "in_a_note": {"present"},
    "in_a_path_name": {"removed"},
    "in_an_author_name": {"present"},
    "in_a_branch_name": {"present"},
    "names_in_any_bytes": {"present"},
    "in_a_stash": {"stash"},
    "dangling_commit": {"unreachable"},
    "dangling_blob": {"unreachable"},
    "reflog_only": {"reflog"},
    "rebased": {"present"},
}


@pytest.fixture
def scanned(any_story: Story, tmp_path: Path) -> Scanned:
    return scan(any_story.path, tmp_path / "index.db")


def secrets_of(story: Story) -> set[bytes]:
    return {story.secret, *story.others.values()}


def test_exactly_the_planted_secrets_are_found(any_story: Story, scanned: Scanned) -> None:
    """Nothing is missed, nothing is made up, and nothing was skipped."""
    expected = {fingerprint(value) for value in secrets_of(any_story)}
    assert {one.secret for one in scanned.findings} == expected
    assert {one.secret for one in scanned.occurrences} == expected
    assert scanned.summary.complete


def test_each_secret_has_the_story_that_plain_git_tells(any_story: Story, scanned: Scanned) -> None:
    """Introduced where present and absent in every parent; removed where the other way round;
    reach, HEAD and tips as `git rev-list` has them."""
    git = GitSays(any_story.path)
    for value in secrets_of(any_story):
        expected = {
            (name.replace(value, b"****"), *story) for name, story in git.stories(value).items()
        }
        found = {
            (one.path, one.reach, one.at_head, one.at_tip, one.introduced, one.removed)
            for one in scanned.of(value)
            if one.path is not None
        }
        assert found == expected


@pytest.mark.parametrize("name", BESIDE_TREES)
def test_a_secret_outside_of_trees_says_what_holds_it(name: str, tmp_path: Path) -> None:
    """A message, a name of a ref, or a blob that no commit has."""
    story = STORIES[name](tmp_path / name)
    kind, reach, at_tip = BESIDE_TREES[name]
    (found,) = scan(story.path, tmp_path / "index.db").of(story.secret)
    assert isinstance(found, Placed)
    assert (found.path, found.kind, found.reach, found.at_tip) == (None, kind, reach, at_tip)


def test_every_story_has_a_status() -> None:
    """So that no new story goes untested."""
    assert STATUSES.keys() == STORIES.keys()


def test_the_status_is_what_a_person_would_say(any_story: Story, scanned: Scanned) -> None:
    """Present at a tip, else removed, else what else still leads there."""
    found = {status for _, status in scanned.statuses(any_story.secret)}
    assert found == STATUSES[any_story.path.name]


def test_a_finding_names_its_first_commit_and_that_commits_author(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """And the commit that removed it."""
    (found,) = scan(leaked_then_deleted.path, tmp_path / "index.db").findings
    assert found.commit == leaked_then_deleted.commits["leak"]
    assert found.removed == leaked_then_deleted.commits["delete"]
    assert (found.author, found.email) == (b"Ben Instance", b"ben@acme.example")
    assert found.rule.startswith("github.")
    assert found.checksum == 1


def test_a_clock_that_runs_backwards_changes_no_order(clock_skew: Story, tmp_path: Path) -> None:
    """Before and after mean ancestor and descendant."""
    (found,) = scan(clock_skew.path, tmp_path / "index.db").findings
    assert (found.commit, found.removed) == (
        clock_skew.commits["leak"],
        clock_skew.commits["delete"],
    )


def test_a_message_names_the_commit_that_it_belongs_to(
    in_a_commit_message: Story, tmp_path: Path
) -> None:
    """With its author, like a file."""
    (found,) = scan(in_a_commit_message.path, tmp_path / "index.db").findings
    assert found.commit == found.blob == in_a_commit_message.commits["leak"]
    assert found.author == b"Ben Instance"


def test_a_tag_message_names_its_tagger(in_a_tag_message: Story, tmp_path: Path) -> None:
    """And the tag object, so that it can be shown."""
    (found,) = scan(in_a_tag_message.path, tmp_path / "index.db").findings
    assert found.blob == in_a_tag_message.ids["tag"]
    assert found.author == b"Ben Instance"


def test_acme_is_told_as_plain_git_tells_it(acme_repository: Path, tmp_path: Path) -> None:
    """Two years of it, every leak that stands in a file on one line."""
    git = GitSays(acme_repository)
    scanned = scan(acme_repository, tmp_path / "index.db")
    compared = 0
    for leak in LEAKS.values():
        found = {
            one.path: (one.reach, one.at_head, one.at_tip, one.introduced, one.removed)
            for one in scanned.of(leak.value)
            if one.path is not None
        }
        if found:
            assert found == {name: tuple(told) for name, told in git.stories(leak.value).items()}
            compared += 1
    assert compared >= 9


def test_a_sha256_repository_gives_the_same_findings(tmp_path: Path) -> None:
    """Ids are longer; nothing else differs."""
    builder = Builder(tmp_path / "r", object_format="sha256")
    builder.write(PLACE, setting(token()))
    leak = builder.commit("Deploy from CI")
    builder.delete(PLACE)
    builder.write("README.md", "gone\n")
    delete = builder.commit("Remove it")
    (found,) = scan(builder.populate(), tmp_path / "index.db").findings
    assert (found.commit, found.removed, found.status) == (leak, delete, "removed")
