"""Ids of the built-in rules, without the rules: for shells that complete them."""

from __future__ import annotations

import re
from importlib.resources import files

__all__ = ["built_in_ids"]

_ID = re.compile(r'^id = "([^"]+)"', re.MULTILINE)


def built_in_ids() -> list[str]:
    """As `built_in_rules` has them, in the same order, in a third of the time."""
    folder = files("detectors") / "rules"
    texts = (file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml"))
    return sorted(one for text in texts for one in _ID.findall(text))
