"""What commands stand on: compiled rules, and a history with drift."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.caching import warm_cache
from tests.cli.drift_web import Told, web_in

__all__ = ["warm_cache"]


@pytest.fixture
def web(tmp_path: Path) -> Told:
    """Three environments: production lacks one key for a while and another until now."""
    return web_in(tmp_path / "web")
