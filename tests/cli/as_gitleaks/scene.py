"""What commands of gitleaks are tried on."""

from __future__ import annotations

import json
from typing import Any

from tests.cli.command import Done

__all__ = ["report"]


def report(done: Done) -> list[dict[str, Any]]:
    """gitleaks' JSON on standard output."""
    found: list[dict[str, Any]] = json.loads(done.out)
    return found
