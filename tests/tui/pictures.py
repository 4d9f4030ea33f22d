"""Pictures of the interface, which docs/ shows: a picture that looks otherwise fails its test."""

from __future__ import annotations

import os
import re
import tempfile
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.piloting import grid

__all__ = ["GRIDS", "PICTURES", "same_grid", "same_picture", "svg"]

_ROOT = Path(__file__).parents[2]
PICTURES = _ROOT / "docs" / "pictures"
GRIDS = Path(__file__).with_name("grids")
_RENEW = os.environ.get("PICTURES") == "renew"
_FONT = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace'
_DIFFERENT = re.compile(r"\bterminal-\d+-")
"""Ids that are made of all of the text."""
_RULES = re.compile(r"(?<=scanner:.)\d+:[0-9a-f]+")
"""Version of the engine and digest of the rules, which change with each of them."""
_FONT_FACE = re.compile(r"\s*@font-face \{[^}]*\}")
_LINE_CLIP = re.compile(r'<clipPath id="t-line-\d+">.*?</clipPath>\s*', re.DOTALL)
_LINE_END = re.compile(r"<text [^>]*>\n</text>")
_REVEALED = "x"
_SPACE = "\N{NO-BREAK SPACE}"
"""For every space, or words side by side look like a setting to those who look for secrets."""


def svg(pilot: Pilot[Any], secret: str = "") -> str:
    """A picture of the screen that is the same wherever it is made, and needs no font from
    elsewhere.

    Args:
        pilot: drives it.
        secret: is shown; other characters stand in its place.
    """
    for field in pilot.app.screen.query(Input):
        field.cursor_blink = False
    drawn = App.export_screenshot(pilot.app, simplify=True).replace("&#160;", _SPACE)
    drawn = _LINE_CLIP.sub("", _FONT_FACE.sub("", _DIFFERENT.sub("t-", drawn)))
    drawn = re.sub(r' clip-path="url\(#t-line-\d+\)"', "", drawn)
    drawn = _LINE_END.sub("\n", drawn.replace("Fira Code, monospace", _FONT))
    drawn = "\n".join(filter(None, (line.strip() for line in drawn.splitlines()))) + "\n"
    return _hidden(drawn, secret)


def same_picture(pilot: Pilot[Any], name: str, secret: str = "") -> None:
    """Fail if the screen, in which a secret is hidden, is not as `docs/pictures/NAME.svg` and
    `grids/NAME.txt` have it."""
    same_grid(pilot, name, secret)
    _same(PICTURES / f"{name}.svg", svg(pilot, secret))


def same_grid(pilot: Pilot[Any], name: str, secret: str = "") -> None:
    """Fail if the text of the screen is not as `grids/NAME.txt` has it."""
    text = "".join(f"{line}\n" for line in grid(pilot)).replace(" ", _SPACE)
    _same(GRIDS / f"{name}.txt", _hidden(text, secret))


def _hidden(text: str, secret: str) -> str:
    text = _RULES.sub(lambda found: "0" * len(found[0]), text)
    if not secret:
        return text
    assert secret in text
    return text.replace(secret, _REVEALED * len(secret))


def _same(kept: Path, made: str) -> None:
    if _RENEW:
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(made, "utf-8")
        return
    before = kept.read_text("utf-8") if kept.exists() else ""
    if made == before:
        return
    new = Path(tempfile.mkdtemp(prefix="picture-")) / kept.name
    new.write_text(made, "utf-8")
    shown = kept.relative_to(_ROOT)
    line = f"{shown} is not what is shown now: compare it with {new}; `make pictures` renews all"
    if kept.suffix == ".txt":
        diff = unified_diff(before.splitlines(), made.splitlines(), "kept", "now", "", "", 0, "")
        line = "\n".join([line, *[*diff][2:]])
    pytest.fail(line, pytrace=False)
