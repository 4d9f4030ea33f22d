"""The terminal interface in a real terminal, tmux, on the index of a real repository.

    python -m bench.in_tmux curl.git

Keys go in as a user's do, and what the terminal shows is read until it changes. Reading it takes a
few milliseconds itself, which are in the figures. What cannot be measured on an index, such as
pages of a list that fits the screen, is left out, and said to be.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from bench.timing import as_installed, line
from bench.tmux import LINES, Terminal

__all__ = ["main"]

_TIMES = 40
_STEPS = 20
_STARTS = 5
_HISTORY = 300.0
"""Seconds for which the history of drift is read, at most."""
_READING = re.compile("reading|following|Esc stops")
_QUERIES = ("sev:>=high", "-state:false_positive", "path:**/t*")
_MASKED = "every secret masked"
_PROGRAM = "from forensics.cli.main import run; run()"
_COUNT = re.compile(r"([\d,]+) of [\d,]+ *$")
"""How many secrets are listed, at the end of the first line."""


def main(repository: Path) -> None:
    """Scan it, open the interface on it, and print what was measured."""
    with tempfile.TemporaryDirectory(prefix="bench-tmux-") as made:
        folder = Path(made)
        os.environ.update(
            XDG_CONFIG_HOME=f"{folder}/config", XDG_CACHE_HOME=f"{folder}/cache",
            XDG_STATE_HOME=f"{folder}/state",
        )  # fmt: skip
        as_installed(folder)
        index = folder / "index.db"
        program = [sys.executable, "-c", _PROGRAM]
        scan = [*program, "scan", str(repository.resolve()), "--index", str(index)]
        subprocess.run(scan, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        terminal = Terminal(folder)
        command = [*program, "tui", str(repository.resolve()), "--index", str(index)]
        try:
            _measure(terminal, [*command, "--screen", "triage"])
        finally:
            with suppress(subprocess.CalledProcessError):
                terminal.ask("kill-server")


def _measure(terminal: Terminal, command: Sequence[str]) -> None:
    print(f"{'ms':50} {'median':>8} {'at 95%':>8} {'worst':>8}")
    first = []
    for run in range(_STARTS + 1):
        started = time.perf_counter()
        terminal.start(command)
        terminal.until(lambda text: "\n>" in text or " 0 of 0" in text)
        if " 0 of 0" in terminal.text():
            sys.exit("nothing was found in that repository: name another one")
        if run:  # what is loaded for the first time is not what users wait for
            first.append((time.perf_counter() - started) * 1000)
        terminal.until(lambda text: _listed(text) > 0)
        if not run:
            _visit(terminal)
        if run < _STARTS:
            terminal.ask("kill-server")
            time.sleep(0.5)
    print(terminal.text().partition("\n")[0].rstrip())
    line("reading the screen of the terminal", [terminal.until(lambda _: True) for _ in range(20)])
    line("first row, from process start", first, 600)
    _list(terminal, _listed(terminal.text()))
    _tell(
        "a secret's file, every secret masked", [terminal.press("o", lambda text: _MASKED in text)]
    )
    terminal.press("Escape")
    _query(terminal)
    for key, name in (("1", "overview"), ("3", "rotation"), ("4", "drift"), ("5", "audit")):
        _tell(f"another screen: {name}", [terminal.press(key)])
        if name == "drift":
            _drift(terminal)
    _tell("back to the list", [terminal.press("2")])
    line("memory of the program, MB", [terminal.memory()], 150)


def _visit(terminal: Terminal) -> None:
    """Go everywhere once, so that all modules are compiled."""
    terminal.press("o", lambda text: _MASKED in text)
    terminal.press("Escape")
    for key in "13452":
        terminal.press(key)
        terminal.within(_HISTORY, lambda text: not _READING.search(text))


def _listed(text: str) -> int:
    """How many secrets the list says it has; 0 while it does not."""
    found = _COUNT.search(text.partition("\n")[0])
    return int(found[1].replace(",", "")) if found else 0


def _rows(text: str) -> str:
    """What is shown below the query."""
    return text.partition(" / ")[2].partition("\n")[2]


def _list(terminal: Terminal, count: int) -> None:
    """From row to row and back, and further where there is more than the screen shows."""
    down = min(count - 1, _TIMES // 2)
    keys = ["j"] * down + ["k"] * down
    _tell("next row, from key to screen", (terminal.press(key) for key in keys), 50)
    if count > LINES:
        pages = min(count // LINES, _TIMES // 2)
        keys = ["PageDown"] * pages + ["PageUp"] * pages
        _tell("page down and up", (terminal.press(key) for key in keys), 50)
        terminal.press("g")
        keys = ["G", "g"] * (_TIMES // 2)
        _tell("last and first row", (terminal.press(key) for key in keys), 50)
    else:
        print("pages and jumps: left out, all rows fit the screen")


def _query(terminal: Terminal) -> None:
    """From Enter to another list, of queries that leave another number of secrets."""
    took = []
    for query in _QUERIES:
        terminal.press("/")
        terminal.ask("send-keys", "-l", "--", query)
        took.append(terminal.press("Enter", _rows))
        terminal.quiet()
        terminal.press("Escape")  # back to everything
    _tell("a query, from Enter to screen", took, 50)


def _drift(terminal: Terminal) -> None:
    """Along the history of drift."""
    if terminal.within(_HISTORY, lambda text: not _READING.search(text)) is None:
        terminal.press("Escape")
        print("steps of drift: left out, it takes too long to read")
        return
    if "●" not in terminal.quiet():
        print("steps of drift: left out, no configuration has a history there")
        return
    back = [terminal.press("{") for _ in range(_STEPS)]
    forth = [terminal.press("}") for one in back if one is not None]
    _tell("a step of drift, from key to screen", [*back, *forth], 50)


def _tell(label: str, took: Iterable[float | None], budget: float | None = None) -> None:
    """Print what changed the screen, or that nothing did."""
    changed = [one for one in took if one is not None]
    if changed:
        line(label, changed, budget)
    else:
        print(f"{label}: left out, it changed nothing that is shown")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.in_tmux", description=__doc__)
    parser.add_argument("repository", type=Path)
    main(parser.parse_args().repository)
