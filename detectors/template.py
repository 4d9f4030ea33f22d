"""Templates: test secrets that exist only while a test runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from detectors.alphabets import ALPHABETS, draw
from detectors.armour import ARMOURS
from detectors.tokens import TOKENS

__all__ = ["ALPHABETS", "MACROS", "expand"]

MACROS: Mapping[str, Callable[[Random, str], str]] = {**TOKENS, **ARMOURS}
"""`{name:argument}` for whatever is more than a draw from an alphabet."""

_PLACE = re.compile(r"\{([\w-]+):([^{}]*)\}")
_LONGEST = 100_000
"""Characters that one draw may have: a file of rules may be anybody's."""


def _length(argument: str) -> int:
    digits = argument.lstrip("0")[: len(str(_LONGEST)) + 1]
    return min(int(digits or 0), _LONGEST)


def expand(template: str, seed: int = 0) -> bytes:
    """`template` with every `{alphabet:length}` and `{macro:argument}` filled in.

    The same seed gives the same bytes. Braces that form neither stay as they are. A length
    above 100,000 counts as that.
    """
    random = Random(f"{seed}:{template}")  # noqa: S311 - the same seed gives the same bytes

    def fill(place: re.Match[str]) -> str:
        name, argument = place.groups()
        if name in ALPHABETS and argument.isdecimal():
            return draw(random, name, _length(argument))
        if name in MACROS:
            return MACROS[name](random, argument)
        return place.group()

    return _PLACE.sub(fill, template).encode(errors="surrogateescape")
