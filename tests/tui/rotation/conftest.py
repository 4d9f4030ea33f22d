"""What tests of the Rotation screen do."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.large_index import build
from forensics.key import Key
from tests.tui.rotation.scene import SECRETS


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """Sixty secrets, some of them replaced, none decided about."""
    path = tmp_path / "index.db"
    build(path, SECRETS)
    return path
