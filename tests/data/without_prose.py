"""Prints a JSON schema without its titles, descriptions and examples, which validate nothing.

python tests/data/without_prose.py < PUBLISHED.json > tests/data/NAME.json
"""

from __future__ import annotations

import json
import sys
from typing import Any

_PROSE = frozenset(("title", "description", "examples"))
_NAMED = frozenset(("properties", "patternProperties", "definitions", "dependencies"))
"""Under these stand names of somebody's choice, which may be words such as `description`."""


def without_prose(schema: Any, *, named: bool = False) -> Any:
    """All the rest, in the same order."""
    if isinstance(schema, list):
        return [without_prose(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: without_prose(value, named=not named and name in _NAMED)
        for name, value in schema.items()
        if named or name not in _PROSE
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(without_prose(json.load(sys.stdin)), indent=1) + "\n")
