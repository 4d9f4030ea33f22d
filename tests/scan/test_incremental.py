"""A second scan reads only what is new, and ends where a first one would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from tests.scan.scanning import Scanned, same_findings, scan


def commit(path: Path, name: str, content: bytes) -> None:
    """Add a file: a blob, a commit and a tree more."""
    (path / name).write_bytes(content)
    git(path, "add", "--", name)
    git(path, "commit", "-q", "-m", f"Add {name}")


def blobs_and_texts(path: Path) -> int:
    """How many objects there are that a scan can find something in."""
    listed = git(path, "cat-file", "--batch-all-objects", "--batch-check").decode().split()
    return sum(listed.count(kind) for kind in ("blob", "commit", "tag"))


def assert_nothing_read(scanned: Scanned) -> None:
    assert scanned.summary.objects == scanned.summary.bytes_read == 0


def test_a_second_scan_reads_nothing(any_story: Story, tmp_path: Path) -> None:
    """And finds the same."""
    first = scan(any_story.path, tmp_path / "index.db")
    second = scan(any_story.path, tmp_path / "index.db")
    assert_nothing_read(second)
    assert second[1:] == first[1:]
    assert second.summary.commits == first.summary.commits
    assert second.summary.refs == first.summary.refs
    assert second.summary.by_severity == first.summary.by_severity


def test_a_second_scan_opens_no_object(
    leaked_then_deleted: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not in workers, and not for placing either."""
    layouts.repack(leaked_then_deleted.path)
    scan(leaked_then_deleted.path, tmp_path / "index.db")

    def never(*_: object, **__: object) -> None:
        raise AssertionError("nothing is new")

    monkeypatch.setattr("forensics.scan.engine.Reading", never, raising=False)
    monkeypatch.setattr("forensics.scan.reading.Reading.run", never)
    assert scan(leaked_then_deleted.path, tmp_path / "index.db").findings


REARRANGING: dict[str, Callable[[Path], object]] = {
    "gc": lambda path: git(path, "gc", "-q"),
    "gc that keeps everything": lambda path: git(path, "gc", "-q", "--prune=never"),
    "repack": lambda path: layouts.repack(path, depth=10, window=5),
    "one more pack": layouts.pack_loose,
    "multi-pack-index": lambda path: (
        layouts.pack_loose(path),
        layouts.write_multi_pack_index(path),
    ),
    "pack-refs": lambda path: git(path, "pack-refs", "--all"),
    "commit-graph": lambda path: git(path, "commit-graph", "write", "--reachable"),
}


@pytest.mark.parametrize("how", REARRANGING)
@pytest.mark.parametrize("packed", [False, True])
def test_nothing_is_read_again_after_it_was_rearranged(
    acme_repository: Path, tmp_path: Path, how: str, packed: bool
) -> None:
    """Objects are known by their ids, wherever they lie."""
    if packed:
        layouts.repack(acme_repository)
    first = scan(acme_repository, tmp_path / "index.db")
    REARRANGING[how](acme_repository)
    second = scan(acme_repository, tmp_path / "index.db")
    assert_nothing_read(second)
    assert second.occurrences == first.occurrences
    assert same_findings(second.findings) == same_findings(first.findings)
    third = scan(acme_repository, tmp_path / "index.db")
    assert_nothing_read(third)


def test_an_unpacked_repository_is_not_read_again(acme_repository: Path, tmp_path: Path) -> None:
    """Its objects are files now."""
    layouts.repack(acme_repository)
    first = scan(acme_repository, tmp_path / "index.db")
    layouts.unpack(acme_repository)
    second = scan(acme_repository, tmp_path / "index.db")
    assert_nothing_read(second)
    assert second.occurrences == first.occurrences


@pytest.mark.parametrize("how", [None, "gc", "repack", "one more pack"])
def test_only_what_is_new_is_read(acme_repository: Path, tmp_path: Path, how: str | None) -> None:
    """A commit's text and its blob; trees hold nothing but names."""
    scan(acme_repository, tmp_path / "index.db")
    before = blobs_and_texts(acme_repository)
    commit(acme_repository, "new.env", setting(token(77)))
    if how:
        REARRANGING[how](acme_repository)
    second = scan(acme_repository, tmp_path / "index.db")
    new = blobs_and_texts(acme_repository) - before
    assert new <= 2
    # Loose trees are opened before it is known that they are trees; nothing else is.
    assert second.summary.objects <= 3
    assert second.statuses(token(77)) == {(b"new.env", "present")}
    fresh = scan(acme_repository, tmp_path / "fresh.db")
    assert second.occurrences == fresh.occurrences


def test_only_what_a_fetch_brought_is_read(acme_repository: Path, tmp_path: Path) -> None:
    """Also where it comes in a pack with copies of what was there."""
    clone = layouts.bare_clone(acme_repository, tmp_path / "clone")
    scan(clone, tmp_path / "index.db")
    commit(acme_repository, "new.env", setting(token(77)))
    git(clone, "fetch", "-q", "origin")
    second = scan(clone, tmp_path / "index.db")
    assert 2 <= second.summary.objects <= 3
    assert second.statuses(token(77)) == {(b"new.env", "present")}


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["checkout", "-q", "--detach", "HEAD~1"], "present"),
        (["branch", "-q", "-D", "side"], "reflog"),
        (["tag", "-a", "-m", "A tag", "v9", "side"], "present"),
    ],
)
def test_refs_that_move_change_what_is_said(
    leaked_then_deleted: Story, tmp_path: Path, command: list[str], status: str
) -> None:
    """Nothing is read for that, but for a tag's own text."""
    path = leaked_then_deleted.path
    git(path, "checkout", "-q", "-b", "side")
    commit(path, "side.env", setting(token(5)))
    git(path, "checkout", "-q", "main")
    scan(path, tmp_path / "index.db")
    git(path, *command)
    second = scan(path, tmp_path / "index.db")
    assert second.summary.objects == (1 if command[0] == "tag" else 0)
    assert second.statuses(token(5)) == {(b"side.env", status)}
    assert second.occurrences == scan(path, tmp_path / "fresh.db").occurrences


def test_a_deleted_branch_takes_its_name_with_it(in_a_branch_name: Story, tmp_path: Path) -> None:
    """A secret in the name of a ref that is gone is not present any more."""
    path = in_a_branch_name.path
    before = scan(path, tmp_path / "index.db")
    assert before.statuses(in_a_branch_name.secret) == {(None, "present")}
    git(path, "branch", "-q", "-D", f"ci/{in_a_branch_name.secret.decode()}")
    after = scan(path, tmp_path / "index.db")
    assert (None, "present") not in after.statuses(in_a_branch_name.secret)


def test_history_that_a_shallow_clone_lacked_is_told_once_it_is_there(
    rolled_back: Story, tmp_path: Path
) -> None:
    """The commit at the boundary did not introduce what its parents had."""
    clone = layouts.shallow_clone(rolled_back.path, tmp_path / "clone")
    scan(clone, tmp_path / "index.db")
    git(clone, "fetch", "-q", "--unshallow")
    second = scan(clone, tmp_path / "index.db")
    assert not second.summary.uncovered
    assert second.occurrences == scan(clone, tmp_path / "fresh.db").occurrences
    (found,) = second.of(rolled_back.secret)
    assert found.introduced == {rolled_back.commits["leak"], rolled_back.commits["roll back"]}


def test_an_object_that_was_missing_is_read_once_it_is_there(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """What could not be read is tried again, and then placed."""
    path = leaked_then_deleted.path
    name = f"{leaked_then_deleted.commits['leak']}:deploy/ci.env"
    oid = git(path, "rev-parse", name).decode().strip()
    place = path / ".git/objects" / oid[:2] / oid[2:]
    content = place.read_bytes()
    place.unlink()
    first = scan(path, tmp_path / "index.db")
    assert not first.summary.complete
    assert not first.findings
    place.write_bytes(content)
    second = scan(path, tmp_path / "index.db")
    assert second.summary.complete
    assert second.statuses(leaked_then_deleted.secret) == {(b"deploy/ci.env", "removed")}
    assert second.occurrences == scan(path, tmp_path / "fresh.db").occurrences
