"""What commands stand on: compiled rules, and a history with drift."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.stories.story import PLACE, begin, setting, token
from forensics.key import Key
from tests.cli.caching import warm_cache
from tests.cli.drift_web import Told, web_in
from tests.cli.triaging import Project

__all__ = ["warm_cache"]


@pytest.fixture
def web(tmp_path: Path) -> Told:
    """Three environments: production lacks one key for a while and another until now."""
    return web_in(tmp_path / "web")


@pytest.fixture
def leaked(tmp_path: Path) -> Path:
    """The second of three commits leaks."""
    builder, _ = begin(tmp_path / "leaked")
    builder.write(PLACE, setting(token()))
    builder.commit("Leak")
    builder.write("more", "text\n")
    builder.commit("More")
    return builder.populate()


@pytest.fixture
def project(tmp_path: Path, key: Key) -> Project:
    """One leak at the tip, scanned."""
    made = Project(tmp_path / "r", key)
    made.leak()
    assert made.scan().code == 1
    return made
