"""What ends the interface, or must not, and what is told then: no values."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fixtures_repos.stories.story import token
from tests.tui.terminal import START, run_in_terminal

CRASH = """
import os
from tui.screens.audit.screen import AuditScreen

def on_mount(self):
    canary = os.environ["TEST_VALUE"]
    raise ValueError(canary)

AuditScreen.on_mount = on_mount
from forensics.cli.main import run
run()
"""


UNREAD = """
import os
from textual.drivers.linux_driver import LinuxDriver

def run_input_thread(self):
    canary = os.environ["TEST_VALUE"]
    raise ValueError(canary)

LinuxDriver.run_input_thread = run_input_thread
from forensics.cli.main import run
run()
"""


LOST = """
import asyncio, gc, os
from tui.screens.audit.screen import AuditScreen

async def fail():
    canary = os.environ["TEST_VALUE"]
    raise ValueError(canary)

def on_mount(self):
    asyncio.create_task(fail())
    self.set_timer(0.2, gc.collect)

AuditScreen.on_mount = on_mount
from forensics.cli.main import run
run()
"""


ENDED = """
import os, signal, subprocess
from textual import work
from tui.screens.audit.screen import AuditScreen

@work
async def on_mount(self):
    with self.app.suspend():
        os.kill(os.getpid(), signal.SIGTERM)
        subprocess.call(["sleep", "600"])

AuditScreen.on_mount = on_mount
from forensics.cli.main import run
run()
"""


def test_a_crash_tells_no_values(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a variable nor the message of the error, only where it was."""
    canary = token().decode()
    monkeypatch.setenv("TEST_VALUE", canary)
    code, written = run_in_terminal(CRASH, "tui", index, "--screen", "audit")
    assert code == 2
    assert "unexpected ValueError at <string>:7" in written
    assert canary not in written
    assert "canary" not in written


def test_a_signal_while_an_editor_is_open_ends_it_without_a_traceback(index: Path) -> None:
    """With the exit code of that signal."""
    code, written = run_in_terminal(ENDED, "tui", index, "--screen", "audit")
    assert code == 143
    assert "Traceback" not in written
    assert "never retrieved" not in written


def test_what_a_task_fails_with_is_told_without_values(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As any other crash."""
    monkeypatch.setenv("TEST_VALUE", token().decode())
    code, written = run_in_terminal(LOST, "tui", index, "--screen", "audit")
    assert code == 2
    assert "unexpected ValueError at <string>:7" in written
    assert token().decode() not in written


def test_no_log_of_textual_has_values(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would tell the messages of errors."""
    log = tmp_path / "textual.log"
    monkeypatch.setenv("TEXTUAL_LOG", str(log))
    monkeypatch.setenv("TEST_VALUE", token().decode())
    program = CRASH.replace("def on_mount", "from textual import work\n@work\nasync def on_mount")
    code, _ = run_in_terminal(program, "tui", index, "--screen", "audit")
    assert code == 2
    assert not log.exists() or token() not in log.read_bytes()


def test_bytes_that_are_no_text_are_no_keys(index: Path) -> None:
    """They end nothing, and nothing is printed of what stands in variables."""
    code, written = run_in_terminal(
        START, "tui", index, "--screen", "audit", keys=b"\xff\xfe\xc3q", once="No entry"
    )
    assert code == 0
    assert "Traceback" not in written


def test_escape_and_what_is_typed_right_behind_it_are_two_keys(index: Path) -> None:
    """So `q` leaves, and is no text; an escape in what was pasted is neither."""
    pasted = "\x1b[200~a\x1bqb\x1b[201~"
    code, written = run_in_terminal(
        START, "tui", index, "--screen", "audit", keys=f"/{pasted}\x1bq", once="No entry"
    )
    assert (code, "forensics: " in written) == (0, False)


def test_it_ends_with_its_terminal(index: Path) -> None:
    """Also where nothing tells it so: a session without a terminal of its own gets no signal."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, "-c", START, "tui", str(index)],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**os.environ, "TERM": "xterm-256color", "PYTHONPATH": str(Path.cwd())},
    )  # fmt: skip
    os.close(theirs)
    try:
        written, end = b"", time.monotonic() + 60
        while b"Triage" not in written and time.monotonic() < end:
            if select.select([ours], [], [], 0.1)[0]:
                written += os.read(ours, 1 << 16)
        assert b"Triage" in written
        os.close(ours)
        assert child.wait(60) == 0
    finally:
        child.kill()
        child.wait()


def test_a_terminal_that_cannot_be_read_is_a_line(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing of what stood in variables."""
    canary = token().decode()
    monkeypatch.setenv("TEST_VALUE", canary)
    code, written = run_in_terminal(UNREAD, "tui", index, "--screen", "audit")
    assert code == 2
    assert "the terminal cannot be read any more" in written
    assert canary not in written
    assert "canary" not in written
