"""Repositories and indexes for tests of the drift screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from forensics.index.database import create_or_open
from forensics.key import Key
from tests.tui.drift.driving import Told, env


@pytest.fixture(autouse=True)
def _own_key(key: Key) -> None:
    """All of these tests need the user's key."""


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """An index without anything."""
    path = tmp_path / "index.db"
    create_or_open(path, key).close()
    return path


@pytest.fixture
def web(tmp_path: Path, index: Path) -> Told:
    """Two components: in one production lacks a key for a while, in the other a value changes."""
    builder = Builder(tmp_path / "web")
    has = {
        name: {"LOG_FORMAT": "json", "WORKERS": "prefork"} for name in ("dev", "staging", "prod")
    }
    commits = {}

    def commit(name: str) -> None:
        for environment, values in has.items():
            builder.write(f"web/.env.{environment}", env(**values))
        builder.wait(days=1)
        commits[name] = builder.commit(name)

    commit("start")
    for name in ("dev", "staging"):
        has[name]["FLAGS"] = "alpha"
    commit("flags")
    has["prod"]["FLAGS"] = "alpha"
    commit("released")
    for name in ("dev", "prod"):
        builder.write(f"api/.env.{name}", env(MODE="thread", DEPTH="seven"))
    commit("api")
    has["prod"]["WORKERS"] = "thread"
    commit("workers")
    for name in ("dev", "staging"):
        has[name]["PREFIX"] = "web7"
    commit("prefix")
    builder.write("README.md", "# Web\n")
    commits["words"] = builder.commit("Words")
    return Told(builder.populate(), index, commits)
