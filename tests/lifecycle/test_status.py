"""What a secret's status and its days of exposure follow from."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.stories import STORIES
from tests.lifecycle.lives import case_of
from tests.lifecycle.told import ENV, NEW, OLD, env
from tests.scan.scanning import scan


def test_a_value_replaced_in_one_slot_only_and_then_amended_away(tmp_path: Path) -> None:
    """No commit took it away, so nothing says that it was replaced everywhere."""
    builder = Builder(tmp_path / "r")
    builder.write("README.md", "# Parcels\n")
    start = builder.commit("Start the project")
    builder.write(ENV, b"A_PASSWORD=%s\nB_PASSWORD=%s\n" % (OLD, OLD))
    builder.commit("Leak it twice")
    builder.write(ENV, b"A_PASSWORD=%s\nB_PASSWORD=%s\n" % (NEW, OLD))
    builder.commit("Replace it once")
    builder.reset(start)
    scan(builder.path, tmp_path / "index.db")
    case = case_of(tmp_path / "index.db", OLD)
    assert [one.how for one in case.life.events] == ["introduced", "replaced"]
    assert (case.status.name, case.until) == ("deleted-not-rotated", None)
    assert case.reachability == "reflog"


def test_of_several_repositories_the_one_that_had_it_first_counts(tmp_path: Path) -> None:
    """Whichever was scanned first."""
    late = Builder(tmp_path / "late")
    late.wait(days=100)
    late.write(ENV, env(OLD))
    late.commit("Deploy")
    early = Builder(tmp_path / "early")
    early.write(ENV, env(OLD))
    leak = early.commit("Deploy")
    scan(late.path, tmp_path / "index.db")
    once = case_of(tmp_path / "index.db", OLD).exposed_days
    scan(early.path, tmp_path / "index.db")
    case = case_of(tmp_path / "index.db", OLD)
    assert case.since is not None
    assert case.since.at.commit == leak
    assert once is not None
    assert case.exposed_days == once + 100


@pytest.mark.parametrize(
    ("name", "committed"), [("staged_only", False), ("dangling_blob", False), ("in_a_stash", True)]
)
def test_what_no_commit_had_was_not_deleted_by_one(
    tmp_path: Path, name: str, committed: bool
) -> None:
    """What is left to do says so; it names no event as evidence, for there is none."""
    story = STORIES[name](tmp_path / "r")
    scan(story.path, tmp_path / "index.db")
    status = case_of(tmp_path / "index.db", story.secret).status
    assert status.todo.startswith("no commit here ever had it") is not committed
    assert bool(status.evidence) is committed
