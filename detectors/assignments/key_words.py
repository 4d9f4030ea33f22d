"""Names, word by word."""

from __future__ import annotations

import re

__all__ = ["key_words"]

_KEY_WORD = re.compile(rb"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def key_words(key: bytes) -> list[bytes]:
    """The words of a name, in lower case: `DB_PassWord2` has db, pass, word and 2."""
    return [word.lower() for word in _KEY_WORD.findall(key)]
