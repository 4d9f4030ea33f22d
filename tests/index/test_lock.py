"""One scan at a time."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
from pathlib import Path

import pytest

from forensics.errors import IndexWriteFailed, ScanRunning
from forensics.index.lock import scan_lock


def test_a_second_lock_says_so(tmp_path: Path) -> None:
    """At once, and with what to do."""
    with (
        scan_lock(tmp_path / "index.db"),
        pytest.raises(ScanRunning, match=r"another scan.*wait for it"),
        scan_lock(tmp_path / "index.db"),
    ):
        pass


def test_a_lock_is_let_go_of(tmp_path: Path) -> None:
    """Also where a scan ends with an error."""
    with pytest.raises(ZeroDivisionError), scan_lock(tmp_path / "index.db"):
        _ = 1 / 0
    with scan_lock(tmp_path / "index.db"):
        pass


def test_other_indexes_are_not_locked(tmp_path: Path) -> None:
    """Two repositories are scanned at once."""
    with scan_lock(tmp_path / "one.db"), scan_lock(tmp_path / "two.db"):
        pass


def test_the_lock_of_a_killed_process_is_gone(tmp_path: Path) -> None:
    """The system sees to it; the file that stays means nothing."""
    ready, told = os.pipe()
    child = os.fork()
    if not child:
        with scan_lock(tmp_path / "index.db"):
            os.write(told, b"held")
            signal.pause()
    os.read(ready, 4)
    with pytest.raises(ScanRunning), scan_lock(tmp_path / "index.db"):
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with scan_lock(tmp_path / "index.db"):
        pass
    for end in (ready, told):
        os.close(end)


def test_a_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    """A git process that outlives its scan must not block the next one."""
    with scan_lock(tmp_path / "index.db"):
        child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False)
    with scan_lock(tmp_path / "index.db"):
        pass
    child.communicate()


def test_a_forked_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    """A worker that is still at its task when its scan is killed must not block the next one."""
    ready, told = os.pipe()
    with scan_lock(tmp_path / "index.db"):
        child = os.fork()
        if not child:
            os.write(told, b"up")
            signal.pause()
        os.read(ready, 2)
    try:
        with scan_lock(tmp_path / "index.db"):
            pass
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for end in (ready, told):
            os.close(end)


def test_the_lock_is_the_users_own(tmp_path: Path) -> None:
    """Nobody else can hold it, and so block scans."""
    with scan_lock(tmp_path / "folder" / "index.db"):
        (file,) = (tmp_path / "folder").iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_where_no_lock_can_be_made_there_is_an_error(tmp_path: Path) -> None:
    """One that says what to do."""
    (tmp_path / "file").touch()
    with pytest.raises(IndexWriteFailed, match="--index"), scan_lock(tmp_path / "file" / "a.db"):
        pass
