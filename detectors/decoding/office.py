"""The text of office documents, whose words their programs cut into pieces of markup."""

from __future__ import annotations

import re

__all__ = ["is_office_text", "text_of"]

_TEXT = re.compile(
    rb"(?:word|xl|ppt)/(?:\w+/)*\w+\.xml|(?:content|styles|meta)\.xml|docProps/\w+\.xml"
)
_BREAK = re.compile(
    rb"</(?:w:p|a:p|w:tr|w:tc|si|row|c|v|f|text:p|text:h|table:table-cell|vt:lpwstr)>"
    rb"|<(?:w:br|a:br|w:tab|text:tab|text:line-break)\b[^<>]{0,200}+/>"
)
_TAG = re.compile(rb"<[^<>]*+>")
_ENTITY = re.compile(rb"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[a-z]{2,4});")


def is_office_text(name: bytes) -> bool:
    """Whether a member of an archive is called like one that holds a document's text."""
    return _TEXT.fullmatch(name) is not None


def text_of(markup: bytes) -> bytes:
    """The text alone, a paragraph or cell a line, as if it had been typed in one go."""
    from html import unescape

    text = _TAG.sub(b"", _BREAK.sub(b"\n", markup))
    return _ENTITY.sub(
        lambda found: unescape(found.group().decode()).encode("utf-8", "replace"), text
    )
