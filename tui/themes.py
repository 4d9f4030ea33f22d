"""Colours. Nothing is told by a colour alone."""

from __future__ import annotations

from textual.theme import Theme

from forensics.settings.interface import THEMES as NAMES

__all__ = ["DEFAULT", "THEMES", "theme_called"]


def theme_called(name: str) -> str:
    """What Textual knows a theme by, which brings some of its own."""
    return f"forensics-{name}"


_DARK, _LIGHT, _CONTRAST = map(theme_called, NAMES)
DEFAULT = _DARK
THEMES = (
    Theme(
        _DARK, primary="#5c9ded", secondary="#7aa2c9", accent="#d7a65f", success="#7fb77e",
        warning="#e0b25a", error="#e5686b", background="#14181d", surface="#1b2128",
        panel="#232b34", foreground="#d5dbe1", dark=True,
    ),
    Theme(
        _LIGHT, primary="#1f5fae", secondary="#3f6a94", accent="#8a5a00",
        success="#2c6e2f", warning="#8a5d00", error="#b3261e", background="#fbfbf9",
        surface="#f1f1ee", panel="#e4e4df", foreground="#1d2126", dark=False,
    ),
    Theme(
        _CONTRAST, primary="#ffff00", secondary="#00ffff", accent="#ffff00",
        success="#00ff00", warning="#ffff00", error="#ff6060", background="#000000",
        surface="#000000", panel="#202020", foreground="#ffffff", dark=True,
    ),
)  # fmt: skip
