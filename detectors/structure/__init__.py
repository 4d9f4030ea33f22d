"""What can be read from a token without a network, by the names that rules use for it.

Each format has a function in a module of this package; the tables below name them. A module is
imported when a token of its kind was found, not before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib import import_module

from detectors.structure.names import HOMES, TABLES
from detectors.structure.seen import Structure, Token, tidied

__all__ = ["NAMES", "Inspector", "Structure", "Token", "described", "inspect"]

Inspector = Callable[[Token], Structure]
"""Reads a token. Raises nothing, takes no longer than the token is long, asks no network."""

NAMES: Mapping[str, str] = {
    **HOMES,
    **{name: home for home, names in TABLES.items() for name in names},
}
"""Where each inspector is, `module:function`, by the name that rules use."""


@cache
def _inspector(name: str) -> Inspector:
    module, _, function = NAMES[name].partition(":")
    found = getattr(import_module(f"detectors.structure.{module}"), function)
    return found if name in HOMES else partial(found, name)


def described(name: str) -> str:
    """What the inspector of that name reads, in a few words.

    Raises:
        KeyError: there is none.
    """
    found = _inspector(name)
    if not isinstance(found, partial):
        return " ".join((found.__doc__ or "").partition("\n\n")[0].split())
    module = import_module(found.func.__module__)
    parts: str = module.told(name)
    return parts


def inspect(name: str, token: Token) -> Structure:
    """What the inspector of that name reads from a token: facts in printable ASCII, few and
    short, and nothing in them that gives away what is secret of the token.

    Raises:
        KeyError: there is no inspector of that name; `NAMES` has them all.
    """
    return tidied(_inspector(name)(token), token.value)
