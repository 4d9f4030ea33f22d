"""What happened to a secret over several commits and refs, and the status that follows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from fixtures_repos.builder import BEN, CLEO, Builder
from fixtures_repos.git import git
from fixtures_repos.objects import File
from fixtures_repos.stories import STORIES
from forensics.lifecycle.refs import Releases
from tests.lifecycle.as_git_tells import facts_of, git_facts
from tests.lifecycle.lives import case_of, cases_in, scanned_case
from tests.lifecycle.told import ENV, NEW, OLD, TOLD, env
from tests.scan.as_git_says import GitSays
from tests.scan.scanning import fingerprint, scan

EXPECTED: dict[str, tuple[str, str, Sequence[tuple[str, str]]]] = {
    "rolled_back_by_hand": (
        "rolled-back", "default-branch",
        [("introduced", "leak"), ("replaced", "replace"), ("rolled-back", "back")],
    ),
    "rolled_back_after_a_value_no_rule_finds": (
        "rolled-back", "default-branch",
        [("introduced", "leak"), ("replaced", "replace"), ("rolled-back", "back")],
    ),
    "rolled_back_and_forward": (
        "replaced-everywhere", "history-only",
        [("introduced", "leak"), ("replaced", "replace"), ("rolled-back", "back"),
         ("replaced", "again")],
    ),
    "back_in_another_slot": (
        "exposed", "default-branch",
        [("introduced", "leak"), ("replaced", "replace"), ("reintroduced", "back")],
    ),
    "one_slot_rolled_back": (
        "rolled-back", "default-branch",
        [("introduced", "leak"), ("replaced", "replace"), ("rolled-back", "back")],
    ),
    "slot_after_slot": (
        "replaced-everywhere", "history-only",
        [("introduced", "leak"), ("replaced", "one"), ("replaced", "two")],
    ),
    "externalised_then_literal_again": (
        "exposed", "default-branch",
        [("introduced", "leak"), ("externalised", "out"), ("reintroduced", "back")],
    ),
    "moved_then_replaced": (
        "replaced-everywhere", "history-only",
        [("introduced", "leak"), ("moved", "move"), ("moved", "move"), ("replaced", "replace")],
    ),
    "moved_replaced_and_back_at_its_first_path": (
        "rolled-back", "default-branch",
        [("introduced", "leak"), ("moved", "move"), ("moved", "move"), ("replaced", "replace"),
         ("rolled-back", "back")],
    ),
    "replaced_and_still_in_another_file": (
        "replaced-still-elsewhere", "default-branch",
        [("introduced", "leak"), ("introduced", "leak"), ("replaced", "replace")],
    ),
    "replaced_in_one_environment_and_copied_to_another": (
        "replaced-still-elsewhere", "default-branch",
        [("introduced", "leak"), ("introduced", "leak"), ("replaced", "replace"),
         ("copied", "copy")],
    ),
    "replaced_on_main_alone": (
        "replaced-still-elsewhere", "other-branch",
        [("introduced", "leak"), ("replaced", "replace")],
    ),
    "picked_to_a_release_branch_and_replaced_on_main": (
        "replaced-still-elsewhere", "other-branch",
        [("introduced", "leak"), ("introduced", "pick"), ("replaced", "replace")],
    ),
    "replaced_under_another_root": (
        "replaced-still-elsewhere", "default-branch",
        [("introduced", "leak"), ("introduced", "root"), ("replaced", "replace")],
    ),
    "replaced_on_a_branch_and_merged": (
        "replaced-everywhere", "history-only",
        [("introduced", "leak"), ("merged", "merge"), ("replaced", "replace")],
    ),
    "replaced_on_main_and_an_old_branch_merged": (
        "replaced-everywhere", "history-only",
        [("introduced", "leak"), ("merged", "merge"), ("replaced", "replace")],
    ),
    "replaced_in_a_stash_only": (
        "exposed", "default-branch", [("introduced", "leak"), ("replaced", "stash")],
    ),
    "replaced_in_amended_work_only": (
        "deleted-not-rotated", "history-only",
        [("introduced", "leak"), ("removed", "delete"), ("replaced", "replace")],
    ),
    "rebased_away": ("deleted-not-rotated", "reflog", [("introduced", "leak")]),
    "in_four_releases": (
        "deleted-not-rotated", "history-only", [("introduced", "leak"), ("removed", "delete")],
    ),
    "left_dangling": (
        "replaced-everywhere", "unreachable", [("introduced", "leak"), ("replaced", "replace")],
    ),
    "on_a_pull_request_only": ("exposed", "other-branch", [("introduced", "leak")]),
    "replaced_here_and_deleted_there": (
        "replaced-everywhere", "history-only",
        [("introduced", "leak"), ("introduced", "leak"), ("removed", "delete"),
         ("replaced", "replace")],
    ),
    "other_environment_rotates_as_one_goes": (
        "deleted-not-rotated", "history-only", [("introduced", "leak"), ("removed", "both")],
    ),
    "dates_that_run_backwards": (
        "replaced-everywhere", "history-only", [("introduced", "leak"), ("replaced", "replace")],
    ),
}  # fmt: skip


def tell(name: str, path: Path) -> tuple[Builder, dict[str, str]]:
    """The history of this name, and its commits."""
    builder = Builder(path)
    builder.write("README.md", "# Parcels\n")
    start = builder.commit("Start the project")
    return builder, {"start": start} | TOLD[name](builder)


def test_every_story_has_its_expectation() -> None:
    """So that no new one goes untested."""
    assert EXPECTED.keys() == TOLD.keys()


@pytest.mark.parametrize("name", TOLD)
def test_what_happened_and_the_status(name: str, tmp_path: Path) -> None:
    """Events by what they are and by commit, where it is reachable, and every fact that plain git
    tells too."""
    builder, commits = tell(name, tmp_path / "r")
    case = scanned_case(builder.path, tmp_path / "index.db", OLD)
    named = {commit: called for called, commit in commits.items()}
    status, reachability, events = EXPECTED[name]
    assert (case.status.name, case.reachability) == (status, reachability)
    assert sorted((one.how, named[one.at.commit]) for one in case.life.events) == sorted(events)
    says = GitSays(builder.path)
    found = cases_in(tmp_path / "index.db")
    for value in (OLD, NEW):
        if fingerprint(value) in found:
            assert facts_of(found[fingerprint(value)]) == git_facts(says, value, "main")


def test_the_newer_value_that_comes_back_is_not_rolled_back(tmp_path: Path) -> None:
    """The roll back was undone: it is the older value that had come back."""
    builder, commits = tell("rolled_back_and_forward", tmp_path / "r")
    case = scanned_case(builder.path, tmp_path / "index.db", NEW)
    assert [(one.how, one.at.commit) for one in case.life.events] == [
        ("introduced", commits["replace"]), ("replaced", commits["back"]),
        ("reintroduced", commits["again"]),
    ]  # fmt: skip
    assert case.status.name == "exposed"


def test_releases_are_version_tags_in_order_of_ancestry(tmp_path: Path) -> None:
    """From the first that has it to the last; a tag that is no version counts for none."""
    builder, _ = tell("in_four_releases", tmp_path / "r")
    case = scanned_case(builder.path, tmp_path / "index.db", OLD)
    assert case.releases == Releases(b"v1.0", b"v1.3", 4)


def test_dates_that_run_backwards_are_called_uncertain(tmp_path: Path) -> None:
    """The order of events is that of ancestry nonetheless."""
    builder, _ = tell("dates_that_run_backwards", tmp_path / "r")
    case = scanned_case(builder.path, tmp_path / "index.db", OLD)
    assert [one.how for one in case.life.events] == ["introduced", "replaced"]
    assert "dates of its commits run backwards" in case.status.uncertain
    assert case.exposed_days == 0


def test_a_message_is_had_by_whatever_leads_to_its_commit(tmp_path: Path) -> None:
    """Branches and releases on top of it, and the people who made them; none from before."""
    builder = Builder(tmp_path / "r")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    builder.tag("v1.0")
    builder.write("README.md", "# Parcel\n")
    leak = builder.commit(f"Use DB_PASSWORD={OLD.decode()}", author=BEN)
    builder.write("README.md", "# Our parcels\n")
    builder.commit("Say whose", author=CLEO)
    builder.tag("v1.1")
    builder.write("README.md", "# All our parcels\n")
    builder.commit("Say how many", author=CLEO)
    case = scanned_case(builder.path, tmp_path / "index.db", OLD)
    listed = git(builder.path, "for-each-ref", "--contains", leak, "--format=%(refname)")
    assert {ref.name for ref in case.refs} == set(listed.split())
    assert case.releases == Releases(b"v1.1", b"v1.1", 1)
    assert {b"%s <%s>" % person for person in case.people} == {BEN, CLEO}


def test_a_message_of_a_tag_was_had_by_its_tagger(tmp_path: Path) -> None:
    """No commit has it, so nobody committed on top of it."""
    story = STORIES["in_a_tag_message"](tmp_path / "r")
    scan(story.path, tmp_path / "index.db")
    case = case_of(tmp_path / "index.db", story.secret)
    said = git(story.path, "for-each-ref", "--format=%(taggername) %(taggeremail)", "refs/tags")
    assert [b"%s <%s>" % person for person in case.people] == said.splitlines()


def test_a_file_that_git_does_not_track_is_stashed(tmp_path: Path) -> None:
    """It stands in the third parent of the stash; nothing took it away."""
    builder = Builder(tmp_path / "r")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    builder.populate()
    (tmp_path / "r" / ENV).write_bytes(env(OLD))
    git(tmp_path / "r", "stash", "push", "-u", "-q")
    untracked = git(tmp_path / "r", "rev-parse", "refs/stash^3").decode().strip()
    case = scanned_case(tmp_path / "r", tmp_path / "index.db", OLD)
    assert (case.status.name, case.reachability) == ("deleted-not-rotated", "stash")
    assert [one.at.commit for one in case.status.evidence] == [untracked]
    assert case.life.events[0].at.commit == untracked
    assert [ref.name for ref in case.refs] == [b"stash@{0}"]


def test_a_tree_that_a_tag_names_is_in_that_tag_only(tmp_path: Path) -> None:
    """No commit has it; the tag is a release like others."""
    builder = Builder(tmp_path / "r")
    builder.write("README.md", "# Parcels\n")
    builder.commit("Start the project")
    builder.write(ENV, env(OLD))
    files = {b".env": File("100644", builder.write(ENV, env(OLD)))}
    builder.refs.write("refs/tags/v9.0", builder.objects.write_tree(files))
    case = scanned_case(builder.path, tmp_path / "index.db", OLD)
    assert (case.status.name, case.reachability) == ("exposed", "tag-only")
    assert case.releases.first == b"v9.0"


STATUSES = {
    "leaked_then_deleted": ("deleted-not-rotated", "history-only"),
    "replaced": ("replaced-everywhere", "history-only"),
    "rolled_back": ("rolled-back", "default-branch"),
    "moved_by_rename": ("exposed", "default-branch"),
    "reintroduced": ("exposed", "default-branch"),
    "cherry_picked_to_a_release_branch": ("exposed", "other-branch"),
    "clock_skew": ("deleted-not-rotated", "history-only"),
    "same_value_in_three_environments": ("exposed", "default-branch"),
    "merged_in_by_an_evil_merge": ("deleted-not-rotated", "history-only"),
    "only_in_a_merge": ("exposed", "default-branch"),
    "side_branch_secret_dropped_by_merge": ("deleted-not-rotated", "history-only"),
    "octopus_merge": ("exposed", "default-branch"),
    "criss_cross_merge": ("deleted-not-rotated", "history-only"),
    "in_a_tag_only": ("exposed", "tag-only"),
    "in_a_tag_message": ("exposed", "tag-only"),
    "in_a_commit_message": ("exposed", "default-branch"),
    "in_a_note": ("exposed", "other-branch"),
    "in_a_branch_name": ("exposed", "other-branch"),
    "in_a_stash": ("deleted-not-rotated", "stash"),
    "dangling_commit": ("externalised-not-rotated", "unreachable"),
    "dangling_blob": ("deleted-not-rotated", "unreachable"),
    "staged_only": ("deleted-not-rotated", "unreachable"),
    "reflog_only": ("deleted-not-rotated", "reflog"),
    "rebased": ("exposed", "other-branch"),
}


@pytest.mark.parametrize("name", STATUSES)
def test_the_status_of_a_told_story(name: str, tmp_path: Path) -> None:
    """Status and what leads to it."""
    story = STORIES[name](tmp_path / name)
    scan(story.path, tmp_path / "index.db")
    case = case_of(tmp_path / "index.db", story.secret)
    assert (case.status.name, case.reachability) == STATUSES[name]
