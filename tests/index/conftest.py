"""An index with something in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.stories import Story
from tests.scan.scanning import scan


@pytest.fixture
def index(leaked_then_deleted: Story, tmp_path: Path) -> Path:
    """The index of a scanned repository, closed."""
    path = tmp_path / "folder" / "index.db"
    scan(leaked_then_deleted.path, path)
    return path
