"""What several screens are tested on."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.large_index import build
from forensics.index.database import create_or_open
from forensics.key import Key
from tests.tui.scan_scene import FAKE
from tests.tui.triage_history import Told, copied, tell
from tui.scans import Scans


@pytest.fixture
def told(told_once: Path, tmp_path: Path, key: Key) -> Told:
    """A history of leaks, scanned; the index is the test's own."""
    place = told_once / "triage"
    if not (place / "index.db").exists():
        place.mkdir(exist_ok=True)
        tell(place / "parcels", key)
    return copied(place / "index.db", tmp_path, key)


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """One in which nothing is."""
    path = tmp_path / "index.db"
    create_or_open(path, key).close()
    return path


@pytest.fixture
def told_what(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """An index of a hundred secrets, and a folder whose files say what a scan does."""
    index, folder = tmp_path / "index.db", tmp_path / "steps"
    build(index, 100)
    folder.mkdir()
    command = [sys.executable, "-c", FAKE, str(index), str(folder)]
    monkeypatch.setattr(Scans, "command", lambda *_: command)
    return index, folder
