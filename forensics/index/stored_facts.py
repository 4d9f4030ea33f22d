"""What an index keeps as JSON of a sighting: facts of a token, reasons of its score."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["stored_facts", "stored_reasons"]


def stored_facts(stored: str | None) -> list[tuple[str, str]]:
    """Names and values; none of what somebody else put there instead."""
    return [(name, value) for name, value in _pairs(stored) if isinstance(value, str)]


def stored_reasons(stored: str | None) -> list[tuple[str, float]]:
    """Reasons, and by how much each moved the score; none of what somebody else put there."""
    return [(text, value) for text, value in _pairs(stored) if isinstance(value, int | float)]


def _pairs(stored: str | None) -> list[tuple[str, Any]]:
    try:
        found = json.loads(stored or "[]")
    except (ValueError, RecursionError):
        return []
    return [
        (one[0], one[1])
        for one in (found if isinstance(found, list) else ())
        if isinstance(one, list) and len(one) == 2 and isinstance(one[0], str)
    ]
