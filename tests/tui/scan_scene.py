"""What tests of scans from within the interface do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input

from forensics.index.database import in_memory, open_for_reading
from forensics.key import Key
from tests.tui.piloting import comes, grid, until
from tui.dialogs import AskText
from tui.scanning import ScanLine
from tui.scans import Scans

__all__ = ["FAKE", "begin", "line", "opened", "text"]

FAKE = """
import json, os, pathlib, sqlite3, sys, time
index, folder = sys.argv[1], pathlib.Path(sys.argv[2])
secrets = 0
while not (folder / "end").exists():
    facts = {"phase": "reading objects", "objects": 5, "bytes": 10, "done": 10, "total": 100}
    print(json.dumps(facts), file=sys.stderr, flush=True)
    if (folder / str(secrets)).exists():
        secrets += 1
        with sqlite3.connect(index) as one:
            new = 1000 + secrets
            one.execute("INSERT INTO secret SELECT ?, randomblob(32), preview, length,"
                        " character_class, rule_id, confidence FROM secret WHERE id = 1", (new,))
            row = one.execute("SELECT * FROM sighting WHERE id = 1").fetchone()
            marks = ", ".join("?" * len(row))
            row = (10_000 + secrets, new, *row[2:])
            one.execute(f"INSERT INTO sighting VALUES ({marks})", row)
    time.sleep(0.05)
sys.exit(1)
"""
"""Tells of progress, and adds a secret to the index for each file that a test makes."""


def opened(index: Path, key: Key) -> Any:
    """The index, or an empty one where none is there yet."""
    return open_for_reading(index, key) if index.exists() else in_memory(key)


def text(pilot: Pilot[Any]) -> str:
    """All of the screen."""
    return "\n".join(grid(pilot))


def line(pilot: Pilot[Any]) -> str:
    """What is told of the scan."""
    shown = pilot.app._page.query_one(ScanLine)  # type: ignore[attr-defined]
    return str(shown.content) if shown.display else ""


async def begin(pilot: Pilot[Any], options: str = "") -> Scans:
    """Scan here, with options."""
    await pilot.press("S")
    dialog = await comes(pilot, AskText)
    dialog.query_one(Input).value = options
    await pilot.press("enter")
    scans: Scans = pilot.app.scans  # type: ignore[attr-defined]
    await until(pilot, lambda: scans.at_work or scans.last is not None)
    return scans
