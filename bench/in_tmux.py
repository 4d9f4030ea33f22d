"""The terminal interface in a real terminal, tmux, on the index of a real repository.

    python -m bench.in_tmux curl.git

Keys go in as a user's do, and what the terminal shows is read until it changes. Reading it takes a
few milliseconds itself, which are in the figures.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from bench.timing import line

__all__ = ["main"]

_SIZE = ("120", "40")
_TIMES = 40
_LONGEST = 60.0
_QUIET = 0.3
"""Seconds after which nothing more is drawn."""
_PROGRAM = "from forensics.cli.main import run; run()"


class _Terminal:
    """A tmux server of its own, with one window.

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
        width, height = _SIZE
        self.ask("new-session", "-d", "-x", width, "-y", height, shlex.join(command))

    def text(self) -> str:
        """What it shows."""
        return self.ask("capture-pane", "-p")

    def until(self, true: Callable[[str], bool]) -> float:
        """Milliseconds until it shows something."""
        started = time.perf_counter()
        while not true(self.text()):
            if time.perf_counter() - started > _LONGEST:
                sys.exit(f"the terminal never showed it:\n{self.text()}")
        return (time.perf_counter() - started) * 1000

    def press(self, key: str) -> float:
        """Milliseconds from a key until something else is shown, once all before it is."""
        before = ""
        while before != (before := self.text()):
            time.sleep(_QUIET)
        started = time.perf_counter()
        self.ask("send-keys", key)
        self.until(lambda text: text != before)
        return (time.perf_counter() - started) * 1000

    def memory(self) -> float:
        """MB that the program used at most."""
        pid = self.ask("display-message", "-p", "#{pane_pid}").strip()
        status = Path("/proc", pid, "status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main(repository: Path) -> None:
    """Scan it, open the interface on it, and print what was measured."""
    with tempfile.TemporaryDirectory(prefix="bench-tmux-") as made:
        folder = Path(made)
        os.environ.update(
            XDG_CONFIG_HOME=f"{folder}/config", XDG_CACHE_HOME=f"{folder}/cache",
            XDG_STATE_HOME=f"{folder}/state",
        )  # fmt: skip
        index = folder / "index.db"
        program = [sys.executable, "-c", _PROGRAM]
        scan = [*program, "scan", str(repository.resolve()), "--index", str(index)]
        subprocess.run(scan, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        terminal = _Terminal(folder)
        try:
            _measure(terminal, [*program, "tui", str(index), "--screen", "triage"])
        finally:
            with suppress(subprocess.CalledProcessError):
                terminal.ask("kill-server")


def _measure(terminal: _Terminal, command: Sequence[str]) -> None:
    print(f"{'ms':50} {'median':>8} {'at 95%':>8} {'worst':>8}")
    first = []
    for run in range(5):
        started = time.perf_counter()
        terminal.start(command)
        terminal.until(lambda text: "\n>" in text or " 0 of 0" in text)
        if " 0 of 0" in terminal.text():
            sys.exit("nothing was found in that repository: name another one")
        first.append((time.perf_counter() - started) * 1000)
        terminal.until(lambda text: " of " in text.partition("\n")[0])
        if run < 4:
            terminal.ask("kill-server")
            time.sleep(0.5)
    print(terminal.text().partition("\n")[0].rstrip())
    line("reading the screen of the terminal", [terminal.until(lambda _: True) for _ in range(20)])
    line("first row, from process start", first, 600)
    line("next row, from key to screen", [terminal.press("j") for _ in range(_TIMES)], 50)
    line("last and first row", [terminal.press("Gg"[n % 2]) for n in range(_TIMES)], 50)
    for key, name in (("1", "overview"), ("3", "rotation"), ("5", "audit"), ("2", "triage")):
        line(f"another screen: {name}", [terminal.press(key)])
        time.sleep(1)
    line("memory of the program, MB", [terminal.memory()], 150)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.in_tmux", description=__doc__)
    parser.add_argument("repository", type=Path)
    main(parser.parse_args().repository)
