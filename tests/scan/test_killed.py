"""kill -9 at any moment loses nothing that was committed, and the next scan completes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.git import git
from fixtures_repos.stories.story import setting, token
from forensics.index import database
from forensics.index.writer import IndexWriter
from forensics.scan import pool
from forensics.scan.pool import _work as real_work
from tests.scan.scanning import Scanned, read, same_findings, scan

MOMENTS = (
    "begin", "add", "add_history", "forget_what_was_not_found_again", "place", "finish",
    "_store_sightings", "_store_occurrences", "_store_commits", "_end_run",
)  # fmt: skip
"""Methods of the writer; some are called in the middle of a transaction."""


def killed(action: Callable[[], object]) -> int:
    """Run this in a process of its own; gives the signal that ended it, or 0."""
    child = os.fork()
    if not child:
        try:
            action()
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1] & 127


def dying(method: Callable[..., object], *, on_call: int, after: bool) -> Callable[..., object]:
    """The method, killing its process at its n-th call."""
    calls = 0

    def called(*given: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == on_call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = method(*given, **named)
        if calls == on_call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return called


@pytest.fixture
def many_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small tasks, and a commit of the index after each."""
    monkeypatch.setattr("forensics.git.plan._LEAST_TASK", 1 << 12)
    monkeypatch.setattr("forensics.git.plan._MOST_TASK", 1 << 14)
    monkeypatch.setattr("forensics.git.plan._LOOSE_IN_A_TASK", 16)
    monkeypatch.setattr("forensics.scan.reading._COMMIT_EVERY", 0.0)


def assert_completes(path: Path, index: Path, undisturbed: Scanned) -> None:
    after = scan(path, index)
    assert after.summary.complete
    assert after.occurrences == undisturbed.occurrences
    assert same_findings(after.findings) == same_findings(undisturbed.findings)
    again = scan(path, index)
    assert again.summary.objects == 0
    assert again.findings == after.findings


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
@pytest.mark.parametrize("call", [2, 4, 6])
@pytest.mark.parametrize("moment", ["add", "add_history", "place"])
def test_what_was_committed_is_not_read_again(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, call: int
) -> None:
    """A killed scan resumes where it stopped."""
    layouts.repack(acme_repository)
    whole = scan(acme_repository, tmp_path / "undisturbed.db").summary.objects
    call = call if moment == "add" else 1
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
    real = database._statements

    def statements(script: str) -> Iterator[str]:
        for number, one in enumerate(real(script), 1):
            if number == statement:
                os.kill(os.getpid(), signal.SIGKILL)
            yield one

    with monkeypatch.context() as patched:
        patched.setattr(database, "_statements", statements)
        killed(lambda: scan(acme_repository, tmp_path / "index.db"))
    assert scan(acme_repository, tmp_path / "index.db").findings


@pytest.mark.usefixtures("many_tasks")
@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("on_call", [1, 2])
def test_a_killed_worker_costs_one_task(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, on_call: int
) -> None:
    """The others' results stay; what it was reading is counted as skipped, and read next time."""
    layouts.repack(acme_repository)
    undisturbed = scan(acme_repository, tmp_path / "undisturbed.db")
    with monkeypatch.context() as patched:
        patched.setattr(pool, "scan_task", dying(pool.scan_task, on_call=on_call, after=False))
        first = scan(acme_repository, tmp_path / "index.db", jobs=jobs)
    assert not first.summary.complete
    assert any("worker died" in reason for reason in first.summary.skipped)
    assert 0 < first.summary.objects < undisturbed.summary.objects
    assert_completes(acme_repository, tmp_path / "index.db", undisturbed)


def _half_an_answer(pipe: Connection, *rest: object) -> None:
    """A worker that dies while it answers, but for those that come in its place."""
    marker = Path(os.environ["HALF_AN_ANSWER"])
    if marker.exists():
        real_work(pipe, *rest)  # type: ignore[arg-type]
        return
    marker.touch()
    while pipe.poll(0.2):
        pipe.recv()
    os.write(pipe.fileno(), b"\0\0\x10\0half")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_killed_while_it_answers_costs_its_task(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half an answer is none."""
    undisturbed = scan(acme_repository, tmp_path / "undisturbed.db")
    with monkeypatch.context() as patched:
        patched.setenv("HALF_AN_ANSWER", str(tmp_path / "marker"))
        patched.setattr(pool, "_work", _half_an_answer)
        first = scan(acme_repository, tmp_path / "index.db")
    assert not first.summary.complete
    assert_completes(acme_repository, tmp_path / "index.db", undisturbed)
