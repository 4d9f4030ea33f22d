"""Colours of parts of a widget."""

from __future__ import annotations

from rich.style import Style
from textual.widget import Widget

__all__ = ["part_style"]


def part_style(widget: Widget, name: str, *, background: bool = False) -> Style:
    """The style of a component class as it looks on the widget: colours that are seen through, or
    that go by what is behind them, are worked out.

    Args:
        widget: has the component class.
        name: of the class.
        background: whether its background counts, and not its colour.
    """
    whole = widget.get_component_rich_style(name)
    if background:
        return Style(bgcolor=whole.bgcolor, bold=whole.bold)
    return Style(color=whole.color, bold=whole.bold)
