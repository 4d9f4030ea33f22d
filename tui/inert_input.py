"""A line to write in that shows nothing as anything but text."""

from __future__ import annotations

from typing import Any

from rich.highlighter import Highlighter
from rich.text import Text
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


class InertInput(Input):
    """`Input`, which draws its value as it is: with the escapes of whoever wrote a path."""

    def __init__(self, value: str = "", **options: Any) -> None:
        super().__init__(value, highlighter=_Inert(), **options)
