"""Reading what `forensics report` wrote."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

from tests.cli.command import forensics

__all__ = ["NOW", "Element", "Page", "page_of", "without_code"]

NOW = "2026-01-01"
_VOID = frozenset({"meta", "input"})
_CODE = re.compile(r"(?<!`)`[^`]+`(?!`)|<code>[^<>`|]*</code>")


class Element(NamedTuple):
    """An element with its attributes and the text inside."""

    tag: str
    attributes: dict[str, str | None]
    text: list[str]

    @property
    def said(self) -> str:
        return "".join(self.text)

    def has(self, name: str) -> bool:
        return name in (self.attributes.get("class") or "").split()


class Page(HTMLParser):
    """A page as a browser would take it apart; what is not nested rightly fails the test."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        made = Element(tag, dict(attrs), [])
        self.elements.append(made)
        if tag not in _VOID:
            self._open.append(made)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one.text.append(data)

    def all(self, tag: str, kind: str = "") -> list[Element]:
        return [one for one in self.elements if one.tag == tag and (not kind or one.has(kind))]

    def rows(self) -> list[Element]:
        """Of the table of all secrets."""
        return [one for one in self.all("tr") if "data-status" in one.attributes]


def page_of(*words: object) -> Page:
    """The page that `forensics report` writes."""
    done = forensics("report", "--now", NOW, *words)
    assert (done.code, done.err) == (0, "")
    return Page(done.out)


def without_code(text: str) -> str:
    """Markdown without what stands in code, where nothing is read."""
    return _CODE.sub("CODE", re.sub(r"(?ms)^```mermaid$.*?^```$", "", text))
