"""Compiled rules that all tests of one process share; compiling them takes half a second."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def warm_cache(
    no_user: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """The user's cache folder, kept from test to test. Nothing but compiled rules goes there."""
    assert no_user.exists()
    folder = tmp_path_factory.getbasetemp() / "shared-cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    return folder
