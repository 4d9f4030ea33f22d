"""What several screens are tested on."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.index.database import create_or_open
from forensics.key import Key
from tests.tui.triage_history import Told, copied, tell


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
