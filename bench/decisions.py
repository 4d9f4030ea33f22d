"""What a decision costs where very many were made, and for how long it keeps others from writing.

    python -m bench.large_index 40000 browse.db 1000000
    python -m bench.decisions browse.db

Works on a copy of the index.
"""

from __future__ import annotations

import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

from bench.timing import line, timed
from forensics.index.database import create_or_open
from forensics.index.triage import Decision, Triage
from forensics.key import load_key

__all__ = ["main"]

_LOCK = 100.0
_TIMES = 50


class _Waiting:
    """Another writer, who wants the index again and again, and how long it waits each time."""

    def __init__(self, index: Path) -> None:
        self._index, self.waits, self._over = index, [0.0], threading.Event()
        self._thread = threading.Thread(target=self._work)

    def _work(self) -> None:
        with closing(sqlite3.connect(self._index, isolation_level=None, timeout=60)) as database:
            while not self._over.wait(0.003):
                self.waits.append(timed(lambda: database.execute("BEGIN IMMEDIATE")))
                database.execute("ROLLBACK")

    def __enter__(self) -> _Waiting:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def main(index: Path) -> None:
    """Print how long everything takes."""
    with tempfile.TemporaryDirectory(prefix="bench-decisions-") as folder:
        copy = Path(folder, "index.db")
        shutil.copy(index, copy)
        _measure(copy)


def _measure(index: Path) -> None:
    key = load_key(create=False)
    with closing(create_or_open(index, key)) as connection:
        triage = Triage(connection, key)
        rows = connection.execute("SELECT lower(hex(fingerprint)) FROM secret ORDER BY id")
        names = [name for (name,) in rows.fetchall()]
        seen = {one.secret: one.revision for one in triage.current()}
        bulk = [(name, Decision("confirmed")) for name in names]
        before = {name: seen.get(name, 0) for name in names}
        with _Waiting(index) as other:
            started = time.perf_counter()
            made = triage.decide_all(bulk, seen=before)
            took = (time.perf_counter() - started) * 1000
        line(f"{len(names):,} decisions at once", [took])
        line("  another writer waits, at most", [max(other.waits)], _LOCK)
        line("looking through all decisions", [timed(triage.sound) for _ in range(5)])
        one = [(names[0], Decision("test"))]
        line("one decision, all being decided", [timed(lambda: triage.decide_all(one))
                                                 for _ in range(_TIMES)], _LOCK)  # fmt: skip
        line("taking one back", [timed(lambda: triage.undo([names[0]]))
                                 for _ in range(_TIMES)], _LOCK)  # fmt: skip
        with _Waiting(index) as other:
            took = timed(lambda: triage.undo(made, seen=made))
        line(f"taking {len(names):,} back", [took])
        line("  another writer waits, at most", [max(other.waits)], _LOCK)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
