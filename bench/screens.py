"""How long those who use the terminal interface on a large index wait.

    python -m bench.large_index 40000 browse.db 1000000
    python -m bench.screens browse.db

The first picture is measured in a terminal of its own, from the start of the process; all else from
the key to the drawn row, inside this process. Makes up neither index nor key: both have to be the
ones that `large_index.py` used.
"""

from __future__ import annotations

import asyncio
import gc
import os
import pty
import random
import resource
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from bench.timing import as_installed, line, pauses, until
from forensics.index.browse.facets import Facet
from forensics.index.database import Connection, open_for_reading
from forensics.key import load_key
from forensics.query.tree import Query
from tui.app import ForensicsApp
from tui.opened import Opened
from tui.screens.overview.panel import Panel
from tui.screens.triage.screen import TriageScreen

__all__ = ["main"]

_SIZE = (160, 50)
_TIMES = 100
_RUNS = 7
_LONGEST = 60.0
_PAUSE = 16.0
_PROGRAM = "from forensics.cli.main import run; run()"
_FIRST = {"triage": b"CRIT", "overview": b"SECRETS"}
"""What the first picture of a screen shows."""
_FACETS = ("rule", "state", "sev", "repo", "path", "env", "author")
_FILTERS = (
    "sev:>=high state:open", "-path:**/test/**,tests", "author:p12", '"settings"', "new:#20000",
)  # fmt: skip


def _first_paint(index: Path, screen: str) -> tuple[float, float, float]:
    """Milliseconds to the first picture, of processor time until then, and MB at most."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if not child:
        os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="40", COLORTERM="truecolor")
        command = [sys.executable, "-c", _PROGRAM, "tui", str(index), "--screen", screen]
        os.execv(sys.executable, command)  # noqa: S606  our own interpreter
    shown = b""
    while _FIRST[screen] not in shown and time.perf_counter() - started < _LONGEST:
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 1 << 16)
    took = time.perf_counter() - started
    facts = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    worked = sum(map(int, facts[11:13])) / os.sysconf("SC_CLK_TCK")
    end = time.perf_counter() + 3
    while time.perf_counter() < end:  # let it count, and read what it writes
        if select.select([terminal], [], [], 0.1)[0]:
            os.read(terminal, 1 << 16)
    os.write(terminal, b"q")
    _, _, used = os.wait4(child, 0)
    return took * 1000, worked * 1000, used.ru_maxrss / 1024


async def _overview(pilot: Pilot[Any]) -> None:
    """Every figure counted again, from the key to the last one."""
    screen, whole, late = pilot.app.screen, [], []
    panels = [*screen.query(Panel)]
    for _ in range(5):
        screen.action_reload()  # type: ignore[attr-defined]
        for panel in panels:
            panel.figures = ()
        async with pauses() as found:
            whole.append(await until(lambda: all(panel.figures for panel in panels)))
        late += found
    line("overview: all figures", whole, 1000)
    line("  pauses of the event loop meanwhile", late, _PAUSE)
    line("  the longest", [max(late)], _PAUSE)


def _counted(screen: TriageScreen, query: Query, field: str, index: Connection) -> Facet:
    return screen.browsers.facet(index, query, field)


async def _settled(app: ForensicsApp) -> None:
    with suppress(WorkerCancelled):
        await app.workers.wait_for_complete()


async def _triage(pilot: Pilot[Any]) -> None:
    app, screen = pilot.app, pilot.app.screen
    assert isinstance(app, ForensicsApp)
    assert isinstance(screen, TriageScreen)
    await until(lambda: screen.complete)
    await _settled(app)
    table, made = screen.table, random.Random(0)  # noqa: S311  only where to jump
    count = table.count

    async def drawn(go: Callable[[], object]) -> float:
        started = time.perf_counter()
        go()
        await until(lambda: table.row is not None)
        took = (time.perf_counter() - started) * 1000
        await asyncio.sleep(0.02)
        return took

    async with pauses() as found:
        steps = [await drawn(partial(table.action_page, 1)) for _ in range(_TIMES)]
        jumps = [await drawn(partial(table.move_to, made.randrange(count))) for _ in range(_TIMES)]
    line("page down", steps, 50)
    line("jump anywhere", jumps, 50)
    line("  the longest pause of the event loop meanwhile", [max(found)], _PAUSE)
    await _settled(app)
    for text in ("", *_FILTERS):
        first = []
        for _ in range(3):  # the first time, names are read
            table.show(0)
            screen._submit(text, keep=False)
            shown = await until(lambda: table.row is not None)
            first.append(shown)
            await until(lambda: screen.complete)
        line(f"first rows: {text or '(everything)'}", first, 50)
        query, counts = screen._query, []
        await _settled(app)
        for field in _FACETS:
            started = time.perf_counter()
            await app.opened.asking.ask("bench", partial(_counted, screen, query, field))
            counts.append((time.perf_counter() - started) * 1000)
        line("  counts of each facet", counts, 200)


async def _inside(index: Path, mode: str, told: Callable[[Pilot[Any]], Any]) -> None:
    key = load_key(create=False)
    opened = Opened(index, key, lambda: open_for_reading(index, key))
    gc.set_threshold(100_000, 50, 100)  # as the command line does
    async with ForensicsApp(opened, mode=mode).run_test(size=_SIZE) as pilot:
        await told(pilot)


def main(index: Path, part: str = "") -> None:
    """Print median, 95th percentile and worst of each; of one screen, each in its own process."""
    if part:
        asyncio.run(_inside(index, part, {"overview": _overview, "triage": _triage}[part]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        line("memory of this process, MB", [peak], 150)
        return
    with tempfile.TemporaryDirectory(prefix="bench-screens-") as folder:
        as_installed(Path(folder))
        _measure(index)


def _measure(index: Path) -> None:
    print(f"{'ms':50} {'median':>8} {'at 95%':>8} {'worst':>8}")
    for screen in _FIRST:
        _first_paint(index, screen)  # which compiles
        painted = [_first_paint(index, screen) for _ in range(_RUNS)]
        line(f"first picture of {screen}, from process start", [one[0] for one in painted], 600)
        line("  its processor time", [one[1] for one in painted], 600)
        line("  its memory, MB", [one[2] for one in painted], 150)
    for screen in ("overview", "triage"):
        command = [sys.executable, "-m", "bench.screens", str(index), screen]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
