"""Lines of a file in colours."""

from __future__ import annotations

import os
from collections.abc import Sequence

from rich.text import Text

from forensics.report.masked_lines import plain_line

__all__ = ["LONGEST", "highlighted"]

LONGEST = 2_000
"""Bytes of a line that are shown."""
_MOST = 20_000
"""Characters that are coloured; more would take too long."""


def highlighted(lines: Sequence[bytes], path: bytes | None, *, dark: bool) -> list[Text]:
    """Lines as they may be printed, coloured by what the name of the file says.

    Args:
        lines: without line ends; nothing in them may be a secret.
        path: of the file.
        dark: whether the background is.
    """
    from rich.syntax import Syntax  # loads all of Pygments

    shown = [plain_line(line, LONGEST) for line in lines]
    code = "\n".join(shown)
    plain = [Text(line) for line in shown]
    if path is None or len(code) > _MOST:
        return plain
    lexer = Syntax.guess_lexer(os.fsdecode(path))
    if lexer == "default":
        return plain
    syntax = Syntax("", lexer, theme="ansi_dark" if dark else "ansi_light")
    text = syntax.highlight(code)
    found = list(text.split("\n", allow_blank=True))[: len(shown)]
    if [one.plain for one in found] != shown:
        return plain
    for one in found:
        one.end, one.style = "", ""
    return found
