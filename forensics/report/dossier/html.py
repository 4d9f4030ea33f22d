"""Elements of a page. Text becomes part of one only escaped, so nothing has to remember to."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from forensics.report.text import printable

__all__ = ["Content", "Html", "cut", "element", "joined", "opening", "unescaped"]

_LONGEST = 300
_VOID = frozenset({"input", "meta"})


class Html(str):
    """Markup that was put together here; every other text is escaped."""

    __slots__ = ()


Content = Html | str | bytes | int | None


def cut(text: bytes | str, most: int = _LONGEST) -> str:
    """Text in which nothing hides or moves, and no more than `most` characters of it."""
    shown = printable(text[: most + 1] if isinstance(text, str) else text[: 4 * most + 4])
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def _markup(content: Content) -> str:
    if isinstance(content, Html):
        return content
    if content is None:
        return ""
    return escape(f"{content:,}" if isinstance(content, int) else cut(content, 4000))


def joined(parts: Iterable[Content], between: str = "") -> Html:
    """Contents one after another."""
    return Html(escape(between).join(_markup(part) for part in parts))


def opening(name: str, /, **attributes: str | bytes | int | bool | None) -> Html:
    """The start of an element. Of an attribute's name, `_` at the end is dropped and `_` inside is
    `-`; True stands for one without a value, and None and False leave it out."""
    parts = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        if value is True:
            parts.append(attribute)
        else:
            text = str(value) if isinstance(value, int) else cut(value, 4000)
            parts.append(f'{attribute}="{escape(text)}"')
    return Html(f"<{' '.join(parts)}>")


def element(name: str, /, *content: Content, **attributes: str | bytes | int | bool | None) -> Html:
    """An element; attributes as in `opening`."""
    start = opening(name, **attributes)
    if name in _VOID:
        return start
    return Html(f"{start}{''.join(map(_markup, content))}</{name}>")


def unescaped(name: str, text: str) -> Html:
    """A style or a script of our own, which no escape would be read in."""
    assert "</" not in text
    return Html(f"<{name}>{text}</{name}>")
