"""Lines of a file in colours."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from forensics.report.text import iso_date, printable

if TYPE_CHECKING:
    from forensics.scan.masked_diff import DiffLine

__all__ = ["diff_text", "highlighted"]

_LONGEST = 2_000
_MOST = 20_000
"""Characters that are coloured; more would take too long."""
_STYLES = {
    "head": "dim", "message": "", "file": "bold", "hunk": "dim", "same": "", "added": "green",
    "removed": "red", "told": "italic",
}  # fmt: skip
_CLOCK = re.compile(rb" (\d{1,11}) ([+-]\d{4})$")
_SIGNS = {"same": " ", "added": "+", "removed": "-"}


def _plain(line: bytes) -> str:
    cut = line[:_LONGEST].rstrip(b"\r").replace(b"\t", b"    ")
    return printable(cut) + ("…" if len(line) > _LONGEST else "")


def highlighted(lines: Sequence[bytes], path: bytes | None, *, dark: bool) -> list[Text]:
    """Lines as they may be printed, coloured by what the name of the file says.

    Args:
        lines: without line ends; nothing in them may be a secret.
        path: of the file.
        dark: whether the background is.
    """
    from rich.syntax import Syntax  # loads all of Pygments

    shown = [_plain(line) for line in lines]
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


def diff_text(line: DiffLine) -> Text:
    """A line of a diff."""
    text = line.text
    if line.kind == "head" and (clock := _CLOCK.search(text)):
        when = iso_date(int(clock[1]), 60 * int(clock[2][:3]) + int(clock[2][0:1] + clock[2][3:]))
        text = text[: clock.start()] + f" {when}".encode()
    return Text().append(_SIGNS.get(line.kind, "") + _plain(text), _STYLES[line.kind])
