"""The five screens, by mode; each is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from textual.screen import Screen

from tui.tabs import TABS

__all__ = ["SCREENS"]


def _made(mode: str) -> Callable[[], Screen[Any]]:
    def make() -> Screen[Any]:
        screen: Screen[Any] = import_module(f"tui.screens.{mode}.screen").ThisScreen()
        return screen

    return make


SCREENS = {mode: _made(mode) for mode in TABS}
