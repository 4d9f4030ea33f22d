"""The command palette: the screens, what can be done on the one in front, colours."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import NamedTuple

from textual.command import DiscoveryHit, Hit, Hits, Provider

from forensics.settings.interface import THEMES
from tui.help import told_bindings
from tui.themes import theme_called

__all__ = ["Commands"]

_SCREEN = "screen."
_BEFORE, _AFTER = ("app.scan",), ("app.help", "app.quit")
"""Ids of what is the same on every screen, before the themes and after them."""


class _Command(NamedTuple):
    title: str
    keys: str
    run: Callable[[], Awaitable[object] | None]


class Commands(Provider):
    """What keys do where the user was, but for moving about, and themes."""

    async def discover(self) -> Hits:
        """All of them, screens first."""
        for one in self._commands():
            yield DiscoveryHit(one.title, one.run, help=one.keys)

    async def search(self, query: str) -> Hits:
        """Those whose title fits."""
        matcher = self.matcher(query)
        for one in self._commands():
            if (score := matcher.match(one.title)) > 0:
                yield Hit(score, matcher.highlight(one.title), one.run, help=one.keys)

    def _commands(self) -> Iterator[_Command]:
        screens, here, same = [], [], {}
        for keys, title, name, active in told_bindings(self.screen):
            if not active.enabled:
                continue
            run = partial(self.app.run_action, active.binding.action, active.node)
            command = _Command(title, keys, run)
            if name.startswith(_SCREEN):  # the tab has its title short
                screens.append(command._replace(title=name.removeprefix(_SCREEN).capitalize()))
            elif name in _BEFORE + _AFTER:
                same[name] = command
            elif active.binding.show:
                here.append(command)
        yield from (*screens, *here)
        yield from (same[name] for name in _BEFORE if name in same)
        for theme in THEMES:
            yield _Command(f"Theme: {theme}", "", partial(self._choose_theme, theme))
        yield from (same[name] for name in _AFTER if name in same)

    def _choose_theme(self, name: str) -> None:
        self.app.theme = theme_called(name)
