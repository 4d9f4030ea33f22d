"""Exposure over time, drawn with blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from tui.styling import part_style
from tui.table.columns import fitted

__all__ = ["Exposure", "bars", "month_name"]

_BLOCKS = " ▁▂▃▄▅▆▇█"


def month_name(month: int) -> str:
    """Such as 2024-11, of months since the year 0."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def bars(values: Sequence[int], width: int, height: int) -> list[str]:
    """Lines of blocks, the highest first; several values share a column where they are too many,
    by the largest of them."""
    if not values or width <= 0:
        return [""] * height
    columns = min(width, len(values))
    largest = [
        max(values[column * len(values) // columns : (column + 1) * len(values) // columns])
        for column in range(columns)
    ]
    top = max(largest) or 1
    steps = height * (len(_BLOCKS) - 1)
    full = [-(-one * steps // top) for one in largest]
    each = len(_BLOCKS) - 1
    return [
        "".join(_BLOCKS[max(0, min(each, one - each * (height - 1 - line)))] for one in full)
        for line in range(height)
    ]


class Exposure(Widget):
    """Secrets at a tip, month by month."""

    DEFAULT_CSS = """
    Exposure { height: 9; padding: 0 1; }
    Exposure > .exposure--title { color: $primary; text-style: bold; }
    Exposure > .exposure--bars { color: $primary; }
    Exposure > .exposure--muted { color: $text-muted; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "exposure--title", "exposure--bars", "exposure--muted",
    }  # fmt: skip

    def __init__(self) -> None:
        super().__init__(id="exposure")
        self._months: Sequence[tuple[int, int]] | None = None
        self._failed = ""

    def fails(self, why: str) -> None:
        """Say why there is nothing to show."""
        self._months, self._failed = None, why
        self.refresh()

    def show(self, months: Sequence[tuple[int, int]]) -> None:
        """Show these months and how many secrets stood at a tip at the end of each."""
        self._months = months
        self.refresh()

    def render(self) -> Text:
        """Title, bars, first and last month."""
        months, width = self._months, self.size.width
        text = Text(no_wrap=True, end="")
        if not months or not any(count for _, count in months):
            said = (
                (self._failed or "counting…")
                if months is None
                else "no commit ever brought a secret to a tip"
            )
            text.append(fitted(f"EXPOSURE  {said}", width), self._style("title"))
            return text
        months = months[next(place for place, one in enumerate(months) if one[1]) :]
        most = max(months, key=lambda one: one[1])
        title = (
            f"EXPOSURE  {months[-1][1]:,} secrets at a tip now, most {most[1]:,}"
            f" in {month_name(most[0])}"
        )
        text.append(fitted(title, width), self._style("title"))
        counts = [count for _, count in months]
        stretched = [count for count in counts for _ in range(max(width // len(counts), 1))]
        for line in bars(stretched, width, max(self.size.height - 2, 1)):
            text.append(f"\n{line}", self._style("bars"))
        first, last = month_name(months[0][0]), month_name(months[-1][0])
        space = min(width, len(stretched)) - len(first) - len(last)
        text.append(f"\n{first}{' ' * max(space, 1)}{last}", self._style("muted"))
        return text

    def _style(self, name: str) -> Style:
        return part_style(self, f"exposure--{name}")
