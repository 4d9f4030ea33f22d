"""Scanning from within the interface: whose code runs, and that nothing of it is left."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from forensics.index.database import open_for_reading
from forensics.key import Key
from tui.opened import Opened
from tui.scan_process import ScanProcess
from tui.scans import Scans


@pytest.mark.parametrize("module", ["click", "json", "forensics"])
def test_a_scan_runs_no_code_of_the_folder_one_is_in(tmp_path: Path, key: Key, module: str) -> None:
    """Which may well be the repository that is scanned."""
    (tmp_path / f"{module}.py").write_text("print('planted'); raise SystemExit(77)\n")
    index = tmp_path / "index.db"
    opened = Opened(index, key, lambda: open_for_reading(index, key), tmp_path)
    command = Scans(opened, *[lambda: None] * 3).command([])
    command[command.index("scan") + 1 :] = ["--help"]
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, env={**os.environ, "PYTHONPATH": root},
        check=False,
    )  # fmt: skip
    assert (done.returncode, b"planted" in done.stdout) == (0, False)


@pytest.mark.parametrize("way", ["stop", "ended"])
def test_no_signal_is_sent_to_a_number_that_is_free(
    way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever the group of a scan is signalled, the scan still holds its number: it has not been
    taken note of. What it started is gone after."""
    send, held = os.killpg, []

    def kill(group: int, number: int) -> None:
        os.waitid(os.P_PID, group, os.WEXITED | os.WNOWAIT | os.WNOHANG)  # or there is no such one
        held.append(number)
        send(group, number)

    monkeypatch.setattr(os, "killpg", kill)
    program = "import os, subprocess, sys, time; one = subprocess.Popen(['sleep', '600']);"
    program += "print(one.pid, file=sys.stderr, flush=True);"
    program += "time.sleep(600)" if way == "stop" else "os.close(2)"

    async def run() -> int:
        process = ScanProcess([sys.executable, "-c", program])
        started = 0
        async for line in process.lines():
            started = int(line)
            break
        await (process.stop() if way == "stop" else process.ended())
        return started

    started = asyncio.run(run())
    assert held[-1] == signal.SIGKILL
    late = time.monotonic() + 60
    while _runs(started):  # a signal takes a moment
        assert time.monotonic() < late
        time.sleep(0.02)


def _runs(number: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{number}/stat").read_text()
    except FileNotFoundError:
        return False
