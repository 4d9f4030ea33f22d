"""kill -9 of the real program, whenever it comes."""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from forensics.key import KEY_VARIABLE
from tests.cli.command import environment, process
from tests.scan.scanning import KEY, read, same_findings, scan

pytestmark = pytest.mark.usefixtures("shared_key")


@pytest.fixture
def shared_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process and the test use one key."""
    monkeypatch.setenv(KEY_VARIABLE, KEY.export())


def descendants(group: int) -> list[str]:
    """Processes left in a process group."""
    told = subprocess.run(
        ["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    return [
        line for line in told.splitlines()
        if line.split()[0] == str(group) and not line.split()[1].startswith("Z")
    ]  # fmt: skip


@pytest.mark.parametrize("seconds", [0.1, 0.3, 0.4, 0.5, 0.6, 0.8])
def test_a_scan_killed_at_any_time_is_completed_by_the_next(
    acme_repository: Path, tmp_path: Path, seconds: float
) -> None:
    """And leaves no process behind."""
    index = tmp_path / "index.db"
    started = process(
        "scan", acme_repository, "--index", index, "--jobs", "2",
        start_new_session=True, env=environment(), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(seconds)
    started.send_signal(signal.SIGKILL)
    started.wait()
    if index.exists() and index.stat().st_size:
        read(index)
    undisturbed = scan(acme_repository, tmp_path / "undisturbed.db")
    after = scan(acme_repository, index)
    assert after.occurrences == undisturbed.occurrences
    assert same_findings(after.findings) == same_findings(undisturbed.findings)
    deadline = time.monotonic() + 5
    while left := descendants(started.pid):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)


def test_findings_can_be_read_after_a_kill(acme_repository: Path, tmp_path: Path) -> None:
    """What SQLite left beside the index is no obstacle."""
    index = tmp_path / "index.db"
    scan(acme_repository, index)
    (acme_repository / "more.txt").write_text("more\n")
    started = process("scan", acme_repository, "--index", index, stdout=subprocess.DEVNULL)
    time.sleep(0.45)
    started.kill()
    started.communicate()
    done = process("findings", "--index", index, "-f", "jsonl")
    out, err = done.communicate()
    assert done.returncode == 1
    assert not err or err.endswith(
        b"was not scanned to the end; run `forensics scan` on it\n"
    )  # it depends on the moment
    assert len(out.splitlines()) >= 10
