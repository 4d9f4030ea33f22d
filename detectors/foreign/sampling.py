"""Texts that an expression matches, as templates, so that imported rules prove themselves."""

from __future__ import annotations

import string
from random import Random

from detectors.foreign.emit import width
from detectors.foreign.tree import Bytes, Edge, Group, Node, Repeat
from detectors.template import ALPHABETS

__all__ = ["sample"]

_MASKS = {
    sum(1 << ord(one) for one in alphabet): name
    for name, alphabet in ALPHABETS.items()
    if name in ("alnum", "letters", "lower", "upper", "digits", "hex", "HEX", "loweralnum",
                "upperalnum", "base64url")
}  # fmt: skip
_PREFERRED = string.ascii_lowercase + string.digits + string.ascii_uppercase + "-_=:. \"'/\n"
_LONG = 24
_SHOWN = 0.6
"""How often what may be missing is not."""
_VALUE = 4
"""From so many characters on, they are a value rather than what stands between others."""
_BETWEEN = "= :\"'"


def sample(tree: Group, seed: int) -> str:
    """A template that expands into a match of `tree`, most likely; what edges demand of the text
    around is not looked at."""
    random = Random(seed)  # noqa: S311 - no secret, and the same each time
    return "".join(_text(part, random) for part in _choice(tree, random))


def _choice(tree: Group, random: Random) -> tuple[Node, ...]:
    return random.choice(tree.choices)


def _text(node: Node, random: Random) -> str:
    if isinstance(node, Edge):
        return ""
    if isinstance(node, Bytes):
        return _byte(node.mask, random)
    if isinstance(node, Group):
        return "".join(_text(part, random) for part in _choice(node, random))
    times = _times(node)
    if not times and node.most != 0 and random.random() < _SHOWN:
        least = random.choice((1, 1, 3))
        times = least if node.most is None or least <= node.most else 1
    name = isinstance(node.part, Bytes) and _alphabet(node.part.mask)
    if name and times >= _VALUE:
        return f"{{{name}:{times}}}"
    return "".join(_text(node.part, random) for _ in range(times))


def _times(node: Repeat) -> int:
    """How often to repeat: as little as may be, but long enough for a secret's value."""
    if node.least == 0:
        return 0
    if not isinstance(node.part, Bytes) or width(node.part)[0] == 0:
        return node.least
    most = node.most if node.most is not None else _LONG
    return max(node.least, min(most, _LONG))


def _alphabet(mask: int) -> str:
    """The name of an alphabet all of whose characters are in a set, the largest."""
    fitting = [one for one in _MASKS if one & ~mask == 0 and one.bit_count() >= 10]
    return _MASKS[max(fitting, key=int.bit_count)] if fitting else ""


def _byte(mask: int, random: Random) -> str:
    known = [one for one in _PREFERRED if mask >> ord(one) & 1]
    if not known:
        known = [chr(number) for number in range(128) if mask >> number & 1] or ["\ufffd"]
    between = [one for one in _BETWEEN if mask >> ord(one) & 1]
    if between:
        return random.choice(between)
    name = _alphabet(mask)
    return f"{{{name}:1}}" if name else random.choice(known[:36])
