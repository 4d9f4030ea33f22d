"""A line to write in that shows nothing as anything but text."""

from __future__ import annotations

import unicodedata
from typing import Any

from rich.highlighter import Highlighter
from rich.text import Text
from textual.events import Paste
from textual.widgets import Input

from forensics.report.text import printable

__all__ = ["InertInput"]

_INSTEAD = "\ufffd"


class _Inert(Highlighter):
    """Draws what could move the cursor, hide or turn around as a sign of its own, one for each, so
    that places in the text are places on the screen."""

    def __call__(self, text: str | Text) -> Text:
        """The text as it is drawn."""
        plain = str(text)
        drawn = "".join(one if printable(one) == one else _INSTEAD for one in plain)
        return Text(drawn, no_wrap=True, overflow="ignore", end="")

    def highlight(self, text: Text) -> None:
        """Nothing besides."""


def _in_one_line(text: str) -> str:
    """All lines of a text, one after another, without control characters."""
    lines = text.replace("\t", " ").splitlines()
    if len(lines) > 1:
        lines = [one.strip() for one in lines]
    joined = " ".join(filter(None, lines))
    return "".join(one for one in joined if unicodedata.category(one) != "Cc")


class InertInput(Input):
    """`Input`, which draws its value as it is: with the escapes of whoever wrote a path. Of what is
    pasted it takes all lines."""

    def __init__(self, value: str = "", **options: Any) -> None:
        super().__init__(value, highlighter=_Inert(), **options)

    def on_paste(self, event: Paste) -> None:
        """Leave nothing out that can be seen; `Input` would take the first line and no more."""
        event.text = _in_one_line(event.text)
