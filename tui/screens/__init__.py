"""The five screens, by mode; each is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from textual.screen import Screen

from tui.tabs import TABS

__all__ = ["SCREENS", "screen_of"]


def screen_of(mode: str) -> type[Screen[Any]]:
    """The class of a screen. Each has a name of its own: styles go by it."""
    kind: type[Screen[Any]] = getattr(
        import_module(f"tui.screens.{mode}.screen"), f"{mode.capitalize()}Screen"
    )
    return kind


def _made(mode: str) -> Callable[[], Screen[Any]]:
    def make() -> Screen[Any]:
        return screen_of(mode)()

    return make


SCREENS = {mode: _made(mode) for mode in TABS}
