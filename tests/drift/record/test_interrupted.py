"""A run that is killed, or loses a worker, loses nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from forensics.drift.environments import Placer
from forensics.drift.file_record import FileRecord
from forensics.drift.model import Reading
from forensics.drift.reading import Reader
from forensics.git.repository import open_repository
from forensics.index.drift_lines import LineStore
from tests.drift.record.bringing import DEV, bring_up
from tests.scan.killing import dying, killed
from tests.scan.scanning import KEY


@pytest.mark.parametrize(
    ("room", "method"),
    [
        (LineStore, "add_steps"),
        (LineStore, "set_line"),
        (FileRecord, "_keep"),
        (Reader, "read_all"),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_killed_run_loses_nothing(
    told: Builder,
    index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    room: type,
    method: str,
    after: bool,
) -> None:
    """The next one comes to the same end."""
    with monkeypatch.context() as patched:
        patched.setattr(room, method, dying(getattr(room, method), on_call=1, after=after))
        assert killed(lambda: bring_up(told.path, index)) == signal.SIGKILL
    assert bring_up(told.path, index) == bring_up(told.path, tmp_path / "fresh.db")


def test_several_processes_read_the_same(
    told: Builder, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one."""
    alone = bring_up(told.path, index)
    monkeypatch.setattr("forensics.drift.reading._FEW", 0)
    monkeypatch.setattr("forensics.drift.reading._AT_ONCE", 1)
    assert bring_up(told.path, tmp_path / "fresh.db", jobs=2) == alone


def test_a_worker_that_dies_is_said(
    told: Builder, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was to read is uncertain, and is read the next time."""
    monkeypatch.setattr("forensics.drift.reading._FEW", 0)
    us = os.getpid()
    original = Reader._observed

    def observed(self: Reader, path: bytes, content: bytes) -> Reading:
        if os.getpid() != us:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self, path, content)

    with monkeypatch.context() as patched:
        patched.setattr(Reader, "_observed", observed)
        lost = bring_up(told.path, index, jobs=2)
    assert {one.trouble for one in lost.readings.values()} == {"a worker died while it was read"}
    assert not any(one.trouble for one in bring_up(told.path, index).readings.values())


def test_ending_workers_and_what_they_work_for_ends_quietly(
    told: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a signal to the whole group of processes does: nothing fails over work that is left."""
    monkeypatch.setattr("forensics.drift.reading._FEW", 0)
    monkeypatch.setattr("forensics.drift.reading._AT_ONCE", 1)

    def observed(_: Reader, path: bytes, content: bytes) -> Reading:
        if path != b"first":
            time.sleep(60)
        return Reading(())

    monkeypatch.setattr(Reader, "_observed", observed)
    before = set(multiprocessing.active_children())
    blob = bytes.fromhex(git(told.path, "rev-parse", f"HEAD:{DEV}").decode().strip())
    versions = [(b"first", blob), *((b"%d" % number, blob) for number in range(50))]
    reading = Reader(open_repository(told.path), KEY, Placer()).read_all(versions)
    assert isinstance(reading, Generator)
    assert next(reading)[0] == (b"first", blob)
    workers = set(multiprocessing.active_children()) - before
    assert len(workers) == 2
    # Once what is left is given up, which waits for what they have begun.
    ending = threading.Timer(0.5, lambda: [worker.kill() for worker in workers])
    ending.start()
    reading.close()
    ending.join()
    assert not any(worker.is_alive() for worker in workers)
