"""Many literals as one expression that `re` tries quickly."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["trie"]


def trie(literals: Iterable[bytes]) -> str:
    """An expression for any of `literals`, longest first, their common starts written once."""
    return _branches(sorted(set(literals)))


def _branches(literals: list[bytes]) -> str:
    ends = b"" in literals
    tails: dict[bytes, list[bytes]] = {}
    for one in literals:
        if one:
            tails.setdefault(one[:1], []).append(one[1:])
    parts = [re.escape(head.decode("latin-1")) + _branches(rest) for head, rest in tails.items()]
    if not parts:
        return ""
    if len(parts) == 1 and not ends:
        return parts[0]
    return "(?:" + "|".join(parts) + ")" + ("?" if ends else "")
