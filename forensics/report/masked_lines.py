"""Lines of files and diffs in which every secret is masked, as they may be printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from forensics.report.text import iso_date, printable

if TYPE_CHECKING:
    from forensics.scan.masked_diff import DiffLine

__all__ = ["diff_texts", "plain_line"]

_STYLES = {
    "head": "dim", "message": "", "file": "bold", "hunk": "dim", "same": "", "added": "green",
    "removed": "red", "told": "italic",
}  # fmt: skip
_CLOCK = re.compile(rb" (\d{1,11}) ([+-]\d{4})$")
_SIGNS = {"same": " ", "added": "+", "removed": "-"}


def plain_line(line: bytes, longest: int | None = None) -> str:
    """A line without its end; what is more than `longest` bytes is cut off."""
    cut = line[:longest].rstrip(b"\r").replace(b"\t", b"    ")
    return printable(cut) + ("…" if longest is not None and len(line) > longest else "")


def diff_texts(lines: Iterable[DiffLine], longest: int | None = None) -> Iterator[Text]:
    """A diff, with an empty line before each file."""
    for one in lines:
        if one.kind == "file":
            yield Text()
        yield _text(one, longest)


def _text(line: DiffLine, longest: int | None) -> Text:
    text = line.text
    if line.kind == "head" and (clock := _CLOCK.search(text)):
        when = iso_date(int(clock[1]), 60 * int(clock[2][:3]) + int(clock[2][0:1] + clock[2][3:]))
        text = text[: clock.start()] + f" {when}".encode()
    return Text(_SIGNS.get(line.kind, "") + plain_line(text, longest), _STYLES[line.kind])
