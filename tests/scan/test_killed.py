"""kill -9 at any moment loses nothing that was committed, and the next scan completes."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.git import git
from fixtures_repos.stories.story import setting, token
from forensics.index import ours
from forensics.index.writer import IndexWriter
from tests.scan.killing import assert_completes, dying, killed
from tests.scan.scanning import read, scan

MOMENTS = (
    "begin", "add", "add_history", "drop_older_sightings", "place", "finish",
    "_store_sightings", "_store_occurrences", "_store_commits", "_end_run",
)  # fmt: skip
"""Methods of the writer; some are called in the middle of a transaction."""


@pytest.mark.usefixtures("many_tasks")
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_killed_first_scan_is_completed_by_the_next(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, after: bool
) -> None:
    """With the same findings as an undisturbed one, at its first and at a later write."""
    layouts.repack(acme_repository)
    undisturbed = scan(acme_repository, tmp_path / "undisturbed.db")
    for call in (1, 3):
        index = tmp_path / f"{call}.db"
        with monkeypatch.context() as patched:
            method = getattr(IndexWriter, moment)
            patched.setattr(IndexWriter, moment, dying(method, on_call=call, after=after))
            ended = killed(lambda index=index: scan(acme_repository, index))
        assert ended in (signal.SIGKILL, 0)
        assert call > 1 or ended == signal.SIGKILL
        read(index)
        assert_completes(acme_repository, index, undisturbed)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("new", ["a dangling blob", "a commit"])
def test_a_killed_later_scan_is_completed_by_the_next(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    moment: str, after: bool, new: str,
) -> None:  # fmt: skip
    """What was found before stays; what it had found and not placed is placed then."""
    before = scan(acme_repository, tmp_path / "index.db")
    blob = git(acme_repository, "hash-object", "-w", "--stdin", given=setting(token(7)))
    if new == "a commit":
        name = f"100644,{blob.decode().strip()},new.env"
        git(acme_repository, "update-index", "--add", "--cacheinfo", name)
        git(acme_repository, "commit", "-q", "-m", "Add a file")
    with monkeypatch.context() as patched:
        method = getattr(IndexWriter, moment)
        patched.setattr(IndexWriter, moment, dying(method, on_call=1, after=after))
        killed(lambda: scan(acme_repository, tmp_path / "index.db"))
    known = {one.secret for one in read(tmp_path / "index.db")[0]}
    assert {one.secret for one in before.findings} <= known
    undisturbed = scan(acme_repository, tmp_path / "undisturbed.db")
    assert undisturbed.of(token(7))
    assert_completes(acme_repository, tmp_path / "index.db", undisturbed)


@pytest.mark.usefixtures("many_tasks")
@pytest.mark.parametrize(("moment", "call"), [("add", 4), ("add", 6), ("place", 1)])
def test_what_was_committed_is_not_read_again(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, call: int
) -> None:
    """A killed scan resumes where it stopped."""
    layouts.repack(acme_repository)
    whole = scan(acme_repository, tmp_path / "undisturbed.db").summary.objects
    with monkeypatch.context() as patched:
        method = getattr(IndexWriter, moment)
        patched.setattr(IndexWriter, moment, dying(method, on_call=call, after=True))
        assert killed(lambda: scan(acme_repository, tmp_path / "index.db")) == signal.SIGKILL
    left = scan(acme_repository, tmp_path / "index.db").summary.objects
    assert left < whole
    assert (left == 0) == (moment == "place")


@pytest.mark.parametrize("moment", ["add", "add_history", "place", "finish"])
def test_a_killed_later_scan_costs_no_whole_rescan(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """What earlier scans covered stays covered."""
    layouts.repack(acme_repository)
    scan(acme_repository, tmp_path / "index.db")
    git(acme_repository, "commit", "-q", "--allow-empty", "-m", "Something new")
    with monkeypatch.context() as patched:
        method = getattr(IndexWriter, moment)
        patched.setattr(IndexWriter, moment, dying(method, on_call=1, after=True))
        assert killed(lambda: scan(acme_repository, tmp_path / "index.db")) == signal.SIGKILL
    assert scan(acme_repository, tmp_path / "index.db").summary.objects <= 2


@pytest.mark.parametrize("statement", [1, 2, 5, 20])
def test_a_kill_while_the_index_is_made_does_no_harm(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statement: int
) -> None:
    """An index that was never finished is made anew."""
    real = ours.statements

    def statements(script: str) -> Iterator[str]:
        for number, one in enumerate(real(script), 1):
            if number == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            yield one

    with monkeypatch.context() as patched:
        patched.setattr(ours, "statements", statements)
        killed(lambda: scan(acme_repository, tmp_path / "index.db"))
    assert scan(acme_repository, tmp_path / "index.db").findings


@pytest.mark.parametrize("moment", ["forget_history", "add", "add_history", "place"])
def test_a_kill_after_a_boundary_was_lifted(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """History is forgotten then, and with it every claim that something is covered."""
    clone = layouts.shallow_clone(acme_repository, tmp_path / "clone", depth=2)
    scan(clone, tmp_path / "index.db")
    git(clone, "fetch", "-q", "--unshallow")
    with monkeypatch.context() as patched:
        method = getattr(IndexWriter, moment)
        patched.setattr(IndexWriter, moment, dying(method, on_call=1, after=True))
        assert killed(lambda: scan(clone, tmp_path / "index.db")) == signal.SIGKILL
    fresh = scan(clone, tmp_path / "fresh.db")
    assert scan(clone, tmp_path / "index.db").occurrences == fresh.occurrences
