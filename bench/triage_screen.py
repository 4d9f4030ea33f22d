"""How long those who triage a large index in the terminal wait.

    python -m bench.large_index 40000 browse.db 1000000
    python -m bench.triage_screen browse.db

First paint is measured in a terminal of its own, from the start of the process to the first row;
pages and jumps from the key to the drawn row, inside this process. Makes up neither index nor key:
both have to be the ones that `large_index.py` used.
"""

from __future__ import annotations

import asyncio
import os
import pty
import random
import resource
import select
import statistics
import sys
import time
from functools import partial
from pathlib import Path

from forensics.index.browse.facets import Facet
from forensics.index.database import Connection, open_for_reading
from forensics.key import load_key
from forensics.query.tree import Query
from tui.app import ForensicsApp
from tui.opened import Opened
from tui.screens.triage.screen import TriageScreen

__all__ = ["main"]

_SIZE = (160, 50)
_JUMPS = 100
_RUNS = 3
_LONGEST = 60.0
_PROGRAM = "from forensics.cli.main import run; run()"


def _first_paint(index: Path) -> tuple[float, float, float]:
    """Seconds to the first row, of processor time until then, and MB at most."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if not child:
        os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="40", COLORTERM="truecolor")
        command = [sys.executable, "-c", _PROGRAM, "tui", str(index), "--screen", "triage"]
        os.execv(sys.executable, command)  # noqa: S606  our own interpreter
    shown = b""
    while b"CRIT" not in shown and time.perf_counter() - started < _LONGEST:
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
    return took, worked, used.ru_maxrss / 1024


def _line(label: str, took: list[float], budget: float) -> None:
    took.sort()
    at_95 = took[min(len(took) - 1, int(len(took) * 0.95))]
    late = "" if at_95 <= budget else f"  over {budget:.0f}"
    print(f"{label:36} {statistics.median(took):8.1f} {at_95:8.1f} {took[-1]:8.1f}{late}")


async def _settled(screen: TriageScreen, app: ForensicsApp) -> None:
    await app.workers.wait_for_complete()
    await asyncio.sleep(0)


def _counted(screen: TriageScreen, field: str, index: Connection) -> Facet:
    return screen.browsers.facet(index, Query(), field)


async def _pages(index: Path) -> None:
    key = load_key(create=False)
    opened = Opened(index, key, lambda: open_for_reading(index, key))
    async with ForensicsApp(opened, mode="triage").run_test(size=_SIZE) as pilot:
        app, screen = pilot.app, pilot.app.screen
        assert isinstance(app, ForensicsApp)
        assert isinstance(screen, TriageScreen)
        while not screen.table.count:
            await asyncio.sleep(0.01)
        await _settled(screen, app)
        table, made = screen.table, random.Random(0)  # noqa: S311  only where to jump

        async def shown(go: object) -> float:
            started = time.perf_counter()
            go()  # type: ignore[operator]
            while table.row is None:
                await asyncio.sleep(0.0005)
            return (time.perf_counter() - started) * 1000

        steps, jumps = [], []
        for _ in range(_JUMPS):
            steps.append(await shown(lambda: table.action_page(1)))
            await asyncio.sleep(0.02)
        for _ in range(_JUMPS):
            place = made.randrange(table.count)
            jumps.append(await shown(lambda place=place: table.move_to(place)))
            await asyncio.sleep(0.02)
        _line("page down, ms", steps, 50)
        _line("jump anywhere, ms", jumps, 50)
        await _settled(screen, app)
        facets = []
        for field in ("rule", "state", "sev", "repo", "path", "author"):
            started = time.perf_counter()
            await opened.asking.ask(
                "bench",
                partial(_counted, screen, field),
            )
            facets.append((time.perf_counter() - started) * 1000)
        _line("counts of a facet, ms", facets, 200)


def main() -> None:
    """Print median, 95th percentile and worst of each."""
    index = Path(sys.argv[1])
    painted = [_first_paint(index) for _ in range(_RUNS)]
    _line("first row, ms from process start", [one[0] * 1000 for one in painted], 600)
    _line("its processor time, ms", [one[1] * 1000 for one in painted], 600)
    _line("its memory, MB", [one[2] for one in painted], 150)
    asyncio.run(_pages(index))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'memory of this process, MB':36} {peak:8.1f}")


if __name__ == "__main__":
    main()
