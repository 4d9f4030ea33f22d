"""Whether other keys for bindings can be had: they exist, and each does one thing where it is."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from itertools import combinations
from pkgutil import iter_modules
from typing import Any

from textual.binding import Binding
from textual.dom import DOMNode
from textual.keys import Keys, _character_to_key, key_to_character
from textual.screen import Screen
from textual.widget import Widget

import tui
from tui.screens import screen_of
from tui.tabs import TABS

__all__ = ["binding_ids", "keys_problem", "normal"]

_MODIFIERS = frozenset(("ctrl", "shift", "alt", "super", "meta", "hyper"))
_TAKEN = frozenset(("tab", "shift+tab", "ctrl+p", "ctrl+c"))
"""Keys that go to the next pane, open the palette, and copy, wherever the user is."""
_NAMED = frozenset(one.value for one in Keys)


def binding_ids() -> set[str]:
    """The ids of all bindings that there are."""
    return {name for place in _places() for name in place}


def keys_problem(keys: Mapping[str, str]) -> str:
    """Why these keys, by the id of a binding, cannot be had; empty if they can."""
    for name, text in keys.items():
        for key in text.split(","):
            if not _exists(key.strip()):
                return f"{name}: there is no key {key.strip() or 'without a name'}"
    for place in _places():
        for name, usually in place.items():
            if taken := normal(keys.get(name, "")) & _TAKEN - usually:
                return f"{name}: {min(taken)} is the library's"
        usual = _shared(place)
        said = {name: normal(keys.get(name, "")) or theirs for name, theirs in place.items()}
        for pair, key in _shared(said).items():
            if pair not in usual and pair & keys.keys():
                one, other = sorted(pair)
                return f"{key} would be {one} and {other} at once"
    return ""


def _exists(key: str) -> bool:
    *modifiers, plain = key.split("+")
    if not _MODIFIERS.issuperset(modifiers):
        return False
    if len(plain) == 1:
        return plain.isprintable() and not plain.isspace()
    return plain in _NAMED or key_to_character(plain) is not None


def normal(text: str) -> frozenset[str]:
    """Keys between commas, as the library calls them."""
    keys = (one.strip() for one in text.split(","))
    return frozenset(_character_to_key(one) if len(one) == 1 else one for one in keys if one)


def _shared(place: Mapping[str, frozenset[str]]) -> dict[frozenset[str], str]:
    """Pairs of bindings that have a key in common, with that key."""
    return {
        frozenset((one, other)): min(place[one] & place[other])
        for one, other in combinations(sorted(place), 2)
        if place[one] & place[other]
    }


def _places() -> Iterator[dict[str, frozenset[str]]]:
    """The bindings, with their usual keys, that can be in force at once: those of the application,
    a screen and what is on it; of each thing that comes in front of one, its own."""
    app = import_module("tui.app").ForensicsApp
    for one in iter_modules(tui.__path__, "tui."):
        import_module(one.name)  # what comes in front of a screen is loaded when it does
    seen: set[type[Any]] = set()
    for mode in TABS:
        screen = screen_of(mode)
        seen.update(screen.__mro__)
        modules = {kind.__module__ for kind in screen.__mro__ if kind.__module__[:4] == "tui."}
        modules |= {name for name in sys.modules if name.startswith(f"tui.screens.{mode}.")}
        on_it = {
            kind
            for name in modules
            for kind in vars(sys.modules[name]).values()
            if isinstance(kind, type) and issubclass(kind, Widget) and not issubclass(kind, Screen)
        }
        yield _bindings((app, *screen.__mro__, *on_it))
    for kind in {*_below(DOMNode)} - seen:
        if issubclass(kind, Screen) and kind.__module__.startswith("tui."):
            yield _bindings(kind.__mro__)


def _bindings(kinds: Iterable[type[Any]]) -> dict[str, frozenset[str]]:
    ours = (kind for kind in kinds if kind.__module__.startswith("tui."))
    return {
        one.id: normal(one.key)
        for kind in ours
        for one in kind.__dict__.get("BINDINGS", ())
        if isinstance(one, Binding) and one.id
    }


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    found: list[type[Any]] = kind.__subclasses__()
    for one in found:
        yield one
        yield from _below(one)
