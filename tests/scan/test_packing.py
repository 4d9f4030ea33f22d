"""However a repository is packed, opened or read, the findings are the same."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories.story import token
from forensics.scan.setup import ScannerSetup
from tests.scan.scanning import Scanned, same_findings, scan


def assert_same(one: Scanned, other: Scanned) -> None:
    assert one.summary.complete
    assert other.summary.complete
    assert same_findings(one.findings) == same_findings(other.findings)
    assert one.occurrences == other.occurrences
    assert one.summary.by_severity == other.summary.by_severity
    assert one.summary.commits == other.summary.commits


@pytest.fixture
def small_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small repository keeps several workers busy, and families are cut."""
    monkeypatch.setattr("forensics.git.plan._LEAST_TASK", 1 << 12)
    monkeypatch.setattr("forensics.git.plan._MOST_TASK", 1 << 15)


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """A large file of which tokens come and go in small changes: what deltas are made for."""
    builder = Builder(tmp_path / "versions")
    lines = [f"setting_{at} = value_{at % 7}\n".encode() for at in range(900)]
    for at in range(120):
        place = at * 7 % 900
        if at % 5 == 0:
            lines[place] = b"token = '%s'\n" % token(at)
        elif at % 5 == 3:
            lines[at * 11 % 900] = b"setting = changed\n"
        else:
            lines[place] = f"setting_{place} = changed_{at}\n".encode()
        if at % 9 == 4:  # half a token, which the next change completes
            half = token(at)
            lines[500] = half[:20] + b" " + half[20:] + b"\n"
        if at % 9 == 5:
            lines[500] = token(at - 1) + b"\n"
        builder.write("large.conf", b"".join(lines))
        builder.commit(f"Version {at}")
    return builder.populate()


WAYS = [(0, 0), (1, 2), (5, 10), (50, 10), (50, 250), (250, 250), (4095, 100)]


@pytest.mark.parametrize("which", ["acme_repository", "versions"])
def test_repacking_changes_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, which: str
) -> None:
    """Loose objects, no deltas, short chains, long ones."""
    path = request.getfixturevalue(which)
    loose = scan(path, tmp_path / "loose.db")
    assert len(loose.findings) >= 12
    for number, (depth, window) in enumerate(WAYS):
        layouts.repack(path, depth=depth, window=window)
        assert_same(scan(path, tmp_path / f"{number}.db"), loose)


@pytest.mark.usefixtures("small_tasks")
@pytest.mark.parametrize("which", ["acme_repository", "versions"])
@pytest.mark.parametrize("jobs", [2, 4])
def test_the_number_of_jobs_changes_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, which: str, jobs: int
) -> None:
    """Whoever finds something first."""
    path = request.getfixturevalue(which)
    layouts.repack(path, depth=30, window=30)
    assert_same(
        scan(path, tmp_path / "many.db", jobs=jobs), scan(path, tmp_path / "one.db", jobs=1)
    )


@pytest.mark.parametrize("which", ["acme_repository", "versions"])
def test_several_packs_and_loose_copies_change_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, which: str
) -> None:
    """An object in two packs, and in a file too, is read once."""
    path = request.getfixturevalue(which)
    loose = scan(path, tmp_path / "loose.db")
    copy = Path(shutil.copytree(path, tmp_path / "copy", symlinks=True))
    layouts.repack(copy, depth=50)
    assert loose.summary.objects >= scan(copy, tmp_path / "one.db").summary.objects
    objects, pack = path / ".git/objects", "pack/pack"
    listed = git(path, "rev-list", "--objects", "--all").split(b"\n")
    half = b"\n".join(line.split()[0] for line in listed[: len(listed) // 2] if line) + b"\n"
    git(path, "pack-objects", "-q", objects / pack, given=half)
    git(path, "pack-objects", "-q", "--all", objects / pack)
    assert len(layouts.packs(path)) >= 2
    again = scan(path, tmp_path / "again.db")
    assert_same(again, loose)
    assert again.summary.objects <= loose.summary.objects


@pytest.mark.parametrize("which", ["acme_repository", "versions"])
def test_a_bare_repository_gives_what_a_work_tree_gives(
    request: pytest.FixtureRequest, tmp_path: Path, which: str
) -> None:
    """A copy of the git folder gives everything; a clone gives all that refs reach."""
    path = request.getfixturevalue(which)
    tree = scan(path, tmp_path / "tree.db")
    bare = Path(shutil.copytree(path / ".git", tmp_path / "bare", symlinks=True))
    git(bare, "config", "core.bare", "true")
    assert_same(scan(bare, tmp_path / "bare.db"), tree)
    clone = scan(layouts.bare_clone(path, tmp_path / "clone"), tmp_path / "clone.db")
    assert clone.summary.complete
    reached = [one for one in tree.occurrences if one.reach in ("branch", "tag")]
    assert [one for one in clone.occurrences if one.reach in ("branch", "tag")] == reached
    linked = layouts.add_worktree(path, tmp_path / "linked")
    assert_same(scan(linked, tmp_path / "linked.db"), tree)


@pytest.mark.parametrize("which", ["acme_repository", "versions"])
@pytest.mark.parametrize("packed", [False, True])
def test_the_pure_prefilter_changes_nothing(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    which: str,
    packed: bool,
) -> None:
    """Where Hyperscan has no build, scanning is slower, and that is all."""
    path = request.getfixturevalue(which)
    if packed:
        layouts.repack(path)
    best = scan(path, tmp_path / "best.db")
    assert best.summary.prefilter == "Hyperscan"
    monkeypatch.setitem(sys.modules, "detectors.prefilter.hyperscan", None)
    pure = scan(path, tmp_path / "pure.db", setup=ScannerSetup(confirm_seconds=5.25))
    assert pure.summary.prefilter == "pure Python"
    assert_same(pure, best)
