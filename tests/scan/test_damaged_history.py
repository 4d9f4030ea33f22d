"""Where part of history cannot be read, the rest is told all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos import damage, layouts
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from forensics.scan.setup import ScannerSetup
from tests.scan.scanning import Scanned, scan


def lose(path: Path, name: str) -> str:
    """Delete a loose object; gives its id."""
    oid = git(path, "rev-parse", name).decode().strip()
    (path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    return oid


def assert_counted(scanned: Scanned) -> None:
    assert not scanned.summary.complete
    assert sum(scanned.summary.skipped.values()) >= 1


@pytest.mark.parametrize("what", ["start", "start^{tree}"])
def test_a_root_that_is_missing(leaked_then_deleted: Story, tmp_path: Path, what: str) -> None:
    """What stands in the commits after it is found, with its path."""
    path, commits = leaked_then_deleted.path, leaked_then_deleted.commits
    lose(path, what.replace("start", commits["start"]))
    scanned = scan(path, tmp_path / "index.db")
    assert_counted(scanned)
    (found,) = scanned.occurrences
    assert found.path == b"deploy/ci.env"
    assert found.introduced == {commits["leak"]}
    assert found.removed == {commits["delete"]}
    assert found.reach == "branch"


@pytest.mark.parametrize("what", ["between", "between^{tree}"])
def test_a_commit_in_the_middle_that_is_missing(
    leaked_then_deleted: Story, tmp_path: Path, what: str
) -> None:
    """What stands at a tip follows from the tip's own tree, whatever lies before it."""
    path, commits = leaked_then_deleted.path, leaked_then_deleted.commits
    lose(path, what.replace("between", commits["between"]))
    scanned = scan(path, tmp_path / "index.db")
    assert_counted(scanned)
    ((_, status),) = scanned.statuses(leaked_then_deleted.secret)
    assert status in ("removed", "reflog", "unreachable")
    assert commits["leak"] in {one for each in scanned.occurrences for one in each.introduced}


def test_the_tree_that_held_it_is_missing(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """The blob is still there, and so the finding is, placed or not."""
    path, commits = leaked_then_deleted.path, leaked_then_deleted.commits
    lose(path, f"{commits['leak']}:deploy")
    scanned = scan(path, tmp_path / "index.db")
    assert_counted(scanned)
    assert scanned.of(leaked_then_deleted.secret)
    assert {status for _, status in scanned.statuses(leaked_then_deleted.secret)} <= {
        "unreachable",
        "removed",
    }


def test_what_is_repaired_is_told_by_the_next_scan(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """As if it had never been missing."""
    path, commits = leaked_then_deleted.path, leaked_then_deleted.commits
    for name in (commits["between"], f"{commits['leak']}^{{tree}}", commits["start"]):
        oid = git(path, "rev-parse", name).decode().strip()
        place = path / ".git/objects" / oid[:2] / oid[2:]
        content = place.read_bytes()
        place.unlink()
        index = tmp_path / f"{oid}.db"
        assert_counted(scan(path, index))
        assert_counted(scan(path, index))
        place.write_bytes(content)
        repaired = scan(path, index)
        assert repaired.summary.complete
        assert repaired.occurrences == scan(path, tmp_path / f"{oid}-fresh.db").occurrences


@pytest.mark.parametrize("at", [0.3, 0.9])
def test_damaged_packs_of_the_example(acme_repository: Path, tmp_path: Path, at: float) -> None:
    """Every finding in an object that can be read is listed, and says where it is."""
    layouts.repack(acme_repository)
    sound = scan(acme_repository, tmp_path / "sound.db")
    lost = damage.flip_byte(acme_repository, lambda entry: entry.base is not None, at)
    damaged = scan(acme_repository, tmp_path / "damaged.db")
    assert_counted(damaged)
    found = {(one.secret, one.blob) for one in damaged.findings}
    for one in sound.findings:
        assert (
            (one.secret, one.blob) in found
            or one.blob in lost
            or any(secret == one.secret for secret, _ in found)
        )


def test_what_ran_out_of_time_is_tried_again(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """It is counted, and its object is not taken for clean."""
    hasty = ScannerSetup(confirm_seconds=0.0)
    first = scan(leaked_then_deleted.path, tmp_path / "index.db", setup=hasty)
    assert_counted(first)
    assert any("time" in reason for reason in first.summary.skipped)
    second = scan(leaked_then_deleted.path, tmp_path / "index.db")
    assert second.summary.complete
    assert second.statuses(leaked_then_deleted.secret) == {(b"deploy/ci.env", "removed")}
    assert second.summary.objects < 5
