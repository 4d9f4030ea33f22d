"""What commands stand on: compiled rules, and a key that is there before the first of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from forensics.key import Key, save_key
from tests.cli.caching import warm_cache
from tests.cli.drift_web import Told, web_in

__all__ = ["warm_cache"]


@pytest.fixture
def key(no_user: Path) -> Key:
    """The user's own key, kept in the user's own folder."""
    made = Key(bytes(range(32)), "the tests")
    save_key(made)
    return made


@pytest.fixture
def web(tmp_path: Path) -> Told:
    """Three environments: production lacks one key for a while and another until now."""
    return web_in(tmp_path / "web")
