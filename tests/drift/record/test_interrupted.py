"""A run that is killed, or loses a worker, loses nothing."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from forensics.drift.file_record import FileRecord
from forensics.drift.model import Reading
from forensics.drift.reading import Reader
from forensics.index.drift_lines import LineStore
from tests.drift.record.bringing import bring_up
from tests.scan.killing import dying, killed


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
