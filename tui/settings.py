"""What `[tui]` of a forensics.toml says.

    [tui]
    theme = "light"

    [tui.keys]
    "audit.verify" = "w"
    "table.down" = "j,down,ctrl+n"

`?` shows the id of each binding.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from forensics.errors import UsageProblem
from forensics.settings.file import UserFile, refuse_unknown
from forensics.settings.interface import THEMES

__all__ = ["Settings", "read_settings"]

_NAMES = ("theme", "keys")
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
    if theme and theme not in THEMES:
        raise ValueError(f"[tui]: theme is one of {', '.join(THEMES)}")
    if not isinstance(keys, dict) or not all(isinstance(one, str) for one in keys.values()):
        raise ValueError('[tui.keys] holds keys by id, such as "audit.verify" = "w"')
    if keys:
        from tui.keymap import binding_ids, keys_problem  # loads every screen

        refuse_unknown(keys, sorted(binding_ids()), "[tui.keys]", "binding")
        if problem := keys_problem(keys):
            raise ValueError(f"[tui.keys]: {problem}")
    return Settings(theme, keys)
