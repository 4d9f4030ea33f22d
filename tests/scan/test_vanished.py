"""What was found and then vanished from the repository is gone, and its story is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from tests.scan.scanning import ALL_BUT_ONE, scan


@pytest.mark.parametrize("packed", [False, True])
def test_a_pruned_blob_is_gone(dangling_blob: Story, tmp_path: Path, packed: bool) -> None:
    """Whether it lay in a file or in a pack."""
    path = dangling_blob.path
    if packed:
        layouts.repack(path)
    before = scan(path, tmp_path / "index.db")
    assert before.statuses(dangling_blob.secret) == {(None, "unreachable")}
    git(path, "gc", "-q", "--prune=now")
    after = scan(path, tmp_path / "index.db")
    assert after.statuses(dangling_blob.secret) == {(None, "gone")}
    assert scan(path, tmp_path / "index.db").findings == after.findings


@pytest.mark.parametrize("packed", [False, True])
def test_a_pruned_commit_keeps_its_story(
    dangling_commit: Story, tmp_path: Path, packed: bool
) -> None:
    """Who, when, where, and the commits, although none of them can be read any more."""
    path = dangling_commit.path
    if packed:
        layouts.repack(path)
    (before,) = scan(path, tmp_path / "index.db").findings
    git(path, "gc", "-q", "--prune=now")
    scanned = scan(path, tmp_path / "index.db")
    (after,) = scanned.findings
    assert after.status == "gone"
    assert (after.path, after.commit, after.blob) == (before.path, before.commit, before.blob)
    assert (after.author, after.email) == (before.author, before.email)
    assert (after.commit_time, after.commit_offset) == (before.commit_time, before.commit_offset)
    (placed,) = scanned.occurrences
    assert placed.introduced == {dangling_commit.commits["leak"]}
    assert placed.removed == {dangling_commit.commits["clean up"]}
    # Something new makes everything be placed again; the story survives that too.
    (path / "more.txt").write_text("more\n")
    git(path, "add", ".")
    git(path, "commit", "-q", "-m", "More")
    assert scan(path, tmp_path / "index.db").findings == [after]


def test_what_gc_only_unpacked_is_not_gone(dangling_commit: Story, tmp_path: Path) -> None:
    """It lies beside the packs now, for some weeks."""
    path = dangling_commit.path
    layouts.repack(path)
    before = scan(path, tmp_path / "index.db")
    git(path, "repack", "-q", "-A", "-d", "--unpack-unreachable=2.weeks.ago")
    assert git(path, "count-objects").split()[0] != b"0"
    after = scan(path, tmp_path / "index.db")
    assert after.statuses(dangling_commit.secret) == before.statuses(dangling_commit.secret)


def test_what_came_back_is_not_gone(dangling_blob: Story, tmp_path: Path) -> None:
    """Somebody may add the very same content again."""
    path = dangling_blob.path
    scan(path, tmp_path / "index.db")
    git(path, "gc", "-q", "--prune=now")
    scan(path, tmp_path / "index.db")
    git(path, "hash-object", "-w", "--stdin", given=setting(token()))
    after = scan(path, tmp_path / "index.db")
    assert after.statuses(dangling_blob.secret) == {(None, "unreachable")}


def test_a_copy_that_went_takes_nothing_along(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """A pack may vanish while its objects are in another one, or in files."""
    path = leaked_then_deleted.path
    layouts.repack(path)
    before = scan(path, tmp_path / "index.db")
    layouts.unpack(path)
    after = scan(path, tmp_path / "index.db")
    assert after.occurrences == before.occurrences
    assert after.statuses(leaked_then_deleted.secret) == {(b"deploy/ci.env", "removed")}
    layouts.pack_loose(path)
    again = scan(path, tmp_path / "index.db")
    assert again.findings == before.findings


def test_a_rewritten_history_leaves_what_it_dropped(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """After a filter and a prune the leak is gone, not forgotten: somebody may have a clone."""
    path = leaked_then_deleted.path
    scan(path, tmp_path / "index.db")
    git(path, "checkout", "-q", "--orphan", "clean")
    git(path, "commit", "-q", "-m", "Start anew")
    git(path, "branch", "-q", "-M", "main")
    git(path, "reflog", "expire", "--expire=now", "--all")
    git(path, "gc", "-q", "--prune=now")
    after = scan(path, tmp_path / "index.db")
    assert after.statuses(leaked_then_deleted.secret) == {(b"deploy/ci.env", "gone")}
    assert after.findings[0].commit == leaked_then_deleted.commits["leak"]
    assert after.findings[0].author == b"Ben Instance"


def test_what_an_alternate_lends_is_not_gone(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """Loose there, reached from here, while a pack here vanishes."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-s", leaked_then_deleted.path, clone)
    git(clone, "commit", "-q", "--allow-empty", "-m", "Here")
    layouts.pack_loose(clone)
    before = scan(clone, tmp_path / "index.db")
    git(clone, "commit", "-q", "--allow-empty", "-m", "More")
    git(clone, "repack", "-adlq")
    git(clone, "prune-packed", "-q")
    after = scan(clone, tmp_path / "index.db")
    assert after.occurrences == before.occurrences
    assert {one.status for one in after.findings} == {one.status for one in before.findings}
    assert "gone" not in {one.status for one in after.findings}


def test_what_a_pack_without_an_index_holds_is_not_gone(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """It was read through an index made anew, which is nowhere on the disk."""
    path = leaked_then_deleted.path
    layouts.repack(path)
    (pack,) = layouts.packs(path)
    pack.with_suffix(".idx").unlink()
    loose = git(path, "hash-object", "-w", "--stdin", given=b"harmless\n").decode().strip()
    before = scan(path, tmp_path / "index.db")
    (path / ".git/objects" / loose[:2] / loose[2:]).unlink()
    assert scan(path, tmp_path / "index.db").findings == before.findings


def test_a_gone_story_survives_another_rule_set(dangling_commit: Story, tmp_path: Path) -> None:
    """The history that it stands on is nobody's in particular."""
    path = dangling_commit.path
    scan(path, tmp_path / "index.db")
    git(path, "gc", "-q", "--prune=now")
    (before,) = scan(path, tmp_path / "index.db").findings
    (after,) = scan(path, tmp_path / "index.db", setup=ALL_BUT_ONE).findings
    assert after == before
    assert (after.status, after.path) == ("gone", dangling_commit.place)


def test_an_alternate_that_is_not_mounted_takes_nothing_away(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """It is said that something could not be read."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "-s", leaked_then_deleted.path, clone)
    before = scan(clone, tmp_path / "index.db")
    leaked_then_deleted.path.rename(tmp_path / "away")
    during = scan(clone, tmp_path / "index.db")
    assert "gone" not in {one.status for one in during.findings}
    assert during.summary.skipped
    (tmp_path / "away").rename(leaked_then_deleted.path)
    after = scan(clone, tmp_path / "index.db")
    assert (after.findings, after.summary.skipped) == (before.findings, {})
