"""A terminal of its own, in tmux, into which keys go as a user's do."""

from __future__ import annotations

import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["LINES", "Terminal"]

_COLUMNS, LINES = 120, 40
_LONGEST = 60.0
_PATIENCE = 10.0
"""Seconds after which a key has changed nothing."""
_QUIET = 0.3
"""Seconds after which nothing more is drawn."""


class Terminal:
    """A tmux server, with one window.

    Args:
        folder: for its socket.
    """

    def __init__(self, folder: Path) -> None:
        self._socket = folder / "tmux"

    def ask(self, *words: str) -> str:
        """What tmux answers."""
        command = ["tmux", "-S", str(self._socket), "-f", "/dev/null", *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def start(self, command: Sequence[str]) -> None:
        """Run a program in it."""
        size = ("-x", str(_COLUMNS), "-y", str(LINES))
        self.ask("new-session", "-d", *size, shlex.join(command))

    def text(self) -> str:
        """What it shows."""
        return self.ask("capture-pane", "-p")

    def until(self, true: Callable[[str], bool]) -> float:
        """Milliseconds until it shows something."""
        took = self.within(_LONGEST, true)
        if took is None:
            sys.exit(f"the terminal never showed it:\n{self.text()}")
        return took

    def press(self, key: str, part: Callable[[str], object] = str) -> float | None:
        """Milliseconds from a key until something else is shown, once all before it is; None where
        it changes nothing.

        Args:
            key: as tmux calls it.
            part: what has to change of the text.
        """
        before = part(self.quiet())
        started = time.perf_counter()
        self.ask("send-keys", key)
        if self.within(_PATIENCE, lambda text: part(text) != before) is None:
            return None
        return (time.perf_counter() - started) * 1000

    def quiet(self) -> str:
        """What it shows once nothing more is drawn."""
        before = None
        while before != (before := self.text()):
            time.sleep(_QUIET)
        return before

    def memory(self) -> float:
        """MB that the program used at most."""
        pid = self.ask("display-message", "-p", "#{pane_pid}").strip()
        status = Path("/proc", pid, "status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def within(self, seconds: float, true: Callable[[str], bool]) -> float | None:
        """Milliseconds until it shows something; None where it does not so soon."""
        started = time.perf_counter()
        while not true(self.text()):
            if time.perf_counter() - started > seconds:
                return None
        return (time.perf_counter() - started) * 1000
