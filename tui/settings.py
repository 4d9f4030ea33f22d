"""What `[tui]` of a forensics.toml says.

    [tui]
    theme = "light"

    [tui.keys]
    "audit.verify" = "w"
    "table.down" = "j,down,ctrl+n"

`?` shows the id of each binding.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

from textual.binding import Binding
from textual.dom import DOMNode

from forensics.errors import UsageProblem
from forensics.settings.file import UserFile, refuse_unknown
from tui.tabs import TABS

__all__ = ["Settings", "read_settings"]

_NAMES = ("theme", "keys")
_THEMES = ("dark", "light", "contrast")
_DOCS = "docs/tui.md shows what it may say"


class Settings(NamedTuple):
    """How a user wants it to be."""

    theme: str = ""
    """One of the names on the command line; empty for the usual one."""
    keys: dict[str, str] = {}  # noqa: RUF012  never changed
    """Keys between commas, by the id of a binding."""


def read_settings(file: UserFile | None) -> Settings:
    """What a file says of the interface.

    Raises:
        UsageProblem: it says something that cannot be.
    """
    if file is None:
        return Settings()
    try:
        return _settings(file.section("tui"))
    except ValueError as error:
        raise UsageProblem(f"{file.name}: {error}", _DOCS) from None


def _settings(said: dict[str, Any]) -> Settings:
    refuse_unknown(said, _NAMES, "[tui]")
    theme, keys = said.get("theme", ""), said.get("keys", {})
    if theme and theme not in _THEMES:
        raise ValueError(f"[tui]: theme is one of {', '.join(_THEMES)}")
    if not isinstance(keys, dict) or not all(isinstance(one, str) for one in keys.values()):
        raise ValueError('[tui.keys] holds keys by id, such as "audit.verify" = "w"')
    if keys:
        refuse_unknown(keys, sorted(_ids()), "[tui.keys]", "binding")
    return Settings(theme, keys)


def _ids() -> set[str]:
    """The ids of all bindings that there are."""
    for mode in TABS:
        import_module(f"tui.screens.{mode}.screen")
    import_module("tui.app")
    ours = [kind for kind in _below(DOMNode) if kind.__module__.startswith("tui.")]
    bindings: list[object] = [each for kind in ours for each in kind.__dict__.get("BINDINGS", ())]
    return {one.id for one in bindings if isinstance(one, Binding) and one.id}


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    found: list[type[Any]] = kind.__subclasses__()
    for one in found:
        yield one
        yield from _below(one)
