"""A repository with two environments, and what is read of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import BEN, Builder
from forensics.drift.model import Reading
from forensics.drift.reading import Reader
from tests.drift.record.bringing import DEV, PROD


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index.db"


@pytest.fixture
def told(tmp_path: Path) -> Builder:
    """Two environments; the second gets a key late."""
    builder = Builder(tmp_path / "told")
    builder.write(DEV, "HOST=db.dev.example.com\nLIMIT=10\n")
    builder.write(PROD, "HOST=db.prod.example.com\n")
    builder.write("src/main.py", "print()\n")
    builder.commit("Start")
    builder.write("src/main.py", "print(1)\n")
    builder.commit("Code")
    builder.write(PROD, "HOST=db.prod.example.com\nLIMIT=10\n")
    builder.commit("Limit in production", author=BEN)
    return builder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Paths of the versions read."""
    found: list[bytes] = []
    original = Reader._observed

    def observed(self: Reader, path: bytes, content: bytes) -> Reading:
        found.append(path)
        return original(self, path, content)

    monkeypatch.setattr(Reader, "_observed", observed)
    return found
