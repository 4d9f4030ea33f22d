"""Two scans at once: the second says so."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from forensics.git.repository import open_repository
from forensics.index.database import create_or_open, writing
from forensics.index.lock import scan_lock
from forensics.key import Key, save_key
from tests.cli.command import ended, forensics, process


@pytest.fixture(autouse=True)
def _key(no_user: Path) -> None:
    save_key(Key(bytes(range(32)), "the tests"))


def index_of(path: Path) -> Path:
    return open_repository(path).common_dir / "forensics" / "index.db"


def test_the_second_scan_says_so_and_changes_nothing(acme_repository: Path) -> None:
    """One line and exit code 2; reading goes on meanwhile."""
    forensics("scan", acme_repository)
    before = index_of(acme_repository).read_bytes()
    with scan_lock(index_of(acme_repository)):
        done = forensics("scan", acme_repository)
        assert done.code == 2
        assert "another scan" in done.error()
        assert "wait" in done.error()
        assert forensics("findings", acme_repository).code == 1
    assert index_of(acme_repository).read_bytes() == before
    assert forensics("scan", acme_repository).code == 1


def test_the_second_scan_says_so_before_there_is_an_index(acme_repository: Path) -> None:
    """The lock comes first."""
    with scan_lock(index_of(acme_repository)):
        assert forensics("scan", acme_repository).code == 2
    assert not index_of(acme_repository).exists()


def test_folders_are_locked_too(acme_repository: Path, tmp_path: Path) -> None:
    """Where their results are kept."""
    with scan_lock(tmp_path / "index.db"):
        done = forensics("scan", "--dir", acme_repository, "--index", tmp_path / "index.db")
        assert (done.code, "another scan" in done.error()) == (2, True)
        assert forensics("scan", "--dir", acme_repository).code in (0, 1)


def test_of_two_real_scans_one_works(acme_repository: Path) -> None:
    """Started together, each ends well or says that the other is at work; never both say so."""
    started = [process("scan", acme_repository) for _ in range(3)]
    done = [ended(one) for one in started]
    assert 1 in {one.code for one in done}
    for one in done:
        assert one.code in (1, 2)
        assert one.code == 1 or "another scan" in one.error()
    assert forensics("findings", acme_repository).code == 1


def test_two_first_scans_agree_on_one_key(
    acme_repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever makes it, the other uses it."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "new user"))
    started = [
        process("scan", acme_repository, "--index", tmp_path / f"{number}.db", "-f", "jsonl")
        for number in range(4)
    ]
    done = [ended(one) for one in started]
    assert {one.code for one in done} == {1}
    assert len({one.out for one in done}) == 1


def test_findings_while_a_scan_is_writing(acme_repository: Path, tmp_path: Path) -> None:
    """Readers see what was there before, and wait for nobody."""
    forensics("scan", acme_repository)
    ready, told = os.pipe()
    child = os.fork()
    if not child:
        try:
            connection = create_or_open(index_of(acme_repository), Key(bytes(range(32)), ""))
            with writing(connection):
                connection.execute("DELETE FROM occurrence")
                os.write(told, b"writing")
                signal.pause()
        finally:
            os._exit(0)
    os.read(ready, 7)
    done = forensics("findings", acme_repository, "-f", "jsonl")
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert (done.code, len(done.lines) > 10) == (1, True)
    for end in (ready, told):
        os.close(end)
