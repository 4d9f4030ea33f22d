"""Colours. Nothing is told by a colour alone."""

from __future__ import annotations

from textual.theme import Theme

from forensics.settings.interface import THEMES as NAMES

__all__ = ["DEFAULT", "THEMES", "theme_called"]


def theme_called(name: str) -> str:
    """What Textual knows a theme by, which brings some of its own."""
    return f"forensics-{name}"


def _quiet(bar: str, behind: str, hint: str) -> dict[str, str]:
    """Scroll bars and the lines between panes, and what an empty field says."""
    return {
        "text-disabled": hint,
        "scrollbar": bar, "scrollbar-hover": bar, "scrollbar-active": bar, "border": bar,
        "scrollbar-background": behind, "scrollbar-background-hover": behind,
        "scrollbar-background-active": behind, "scrollbar-corner-color": behind,
    }  # fmt: skip


_DARK, _LIGHT, _CONTRAST = map(theme_called, NAMES)
DEFAULT = _DARK
THEMES = (
    Theme(
        _DARK, primary="#5c9ded", secondary="#7aa2c9", accent="#b79cf0", success="#7fb77e",
        warning="#e0b25a", error="#e5686b", background="#14181d", surface="#1b2128",
        panel="#232b34", foreground="#d5dbe1", dark=True,
        variables=_quiet("#3d4a58", "#181d23", "#8a939c"),
    ),
    Theme(
        _LIGHT, primary="#1f5fae", secondary="#3f6a94", accent="#6d3fa8",
        success="#2c6e2f", warning="#8a5d00", error="#b3261e", background="#fbfbf9",
        surface="#f1f1ee", panel="#e4e4df", foreground="#1d2126", dark=False,
        variables=_quiet("#b4b4ac", "#f1f1ee", "#6b6b66"),
    ),
    Theme(
        _CONTRAST, primary="#ffff00", secondary="#00ffff", accent="#00ffff",
        success="#00ff00", warning="#ffff00", error="#ff6060", background="#000000",
        surface="#000000", panel="#202020", foreground="#ffffff", dark=True,
        variables=_quiet("#ffffff", "#404040", "#c8c8c8") | {"text-muted": "#c8c8c8"},
    ),
)  # fmt: skip
