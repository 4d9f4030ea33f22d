"""A worker that dies costs the task it was at, until the next scan."""

from __future__ import annotations

import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from fixtures_repos import layouts
from forensics.scan import pool, worker
from forensics.scan.pool import _work as real_work
from tests.scan.killing import assert_completes, dying
from tests.scan.scanning import scan


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
        patched.setattr(worker, "scan_task", dying(worker.scan_task, on_call=on_call, after=False))
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
