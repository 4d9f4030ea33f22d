"""Slots of XML files: attributes, and the text of elements that hold nothing else."""

from __future__ import annotations

import re
from typing import Any

from forensics.config.code import read_code
from forensics.config.slot import Found, Reading, key_text
from forensics.config.tree import part

__all__ = ["read_xml"]

_DEEPEST = 60
_ATTRIBUTE = re.compile(rb"([^\s=<>/\"']++)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')")
_IDENTITIES = (b"name", b"key", b"id")
_CDATA = re.compile(rb"<!\[CDATA\[(.*)\]\]>", re.S)


class _Element:
    """An element that is open."""

    def __init__(self, tag: str, path: str, inside: int, attributes: list[tuple[bytes, int, int]]):
        self.tag, self.path, self.inside, self.attributes = tag, path, inside, attributes
        self.children = 0
        self.key = ""
        self.own: list[tuple[str, int, int]] = []


def read_xml(content: bytes) -> Reading:
    """Slots `configuration.appSettings.add[key=X].value` and `server[id=x].password`.

    An element goes by its attribute `name`, `key` or `id`, or by its child of that name, where it
    has one. In a property list a value goes by the `<key>` before it. Entities are not expanded.
    """
    from xml.parsers import expat  # entities are refused below

    reader = _Reader(content)
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, _: reader.opened(tag, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda _: reader.closed(parser.CurrentByteIndex)
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        line = f" in line {error.lineno}" if isinstance(error, expat.ExpatError) else ""
        trouble = f"not XML{line}" if line else str(error)
        return Reading(read_code(content).found, trouble)
    return Reading(reader.found)


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._open: list[_Element] = []
        self.found: list[Found] = []

    def refuse(self, *_: Any) -> None:
        """Raises: ValueError: the document defines entities."""
        raise ValueError("XML with entities of its own")

    def opened(self, tag: str, at: int) -> None:
        """An element starts at `at`."""
        if len(self._open) >= _DEEPEST:
            raise ValueError("nested too deep")
        content = self._content
        end = _tag_end(content, at)
        attributes = [
            (match[1], *match.span(2 if match[2] is not None else 3))
            for match in _ATTRIBUTE.finditer(content, at + 1, end)
        ]
        name = part(tag[:100])
        for key, start, stop in attributes:
            if key.rpartition(b":")[2] in _IDENTITIES and 0 < stop - start <= 100:
                name += f"[{key_text(key)}={key_text(content[start:stop])}]"
                break
        if self._open:
            parent = self._open[-1]
            parent.children += 1
            if parent.tag == "dict" and tag != "key" and parent.key:
                name, parent.key = part(parent.key), ""
        self._open.append(_Element(tag, name, end, attributes))

    def closed(self, at: int) -> None:
        """The element that was opened last ends at `at`."""
        content = self._content
        element = self._open.pop()
        parent = self._open[-1] if self._open else None
        own = element.own
        for key, start, end in element.attributes:
            own.append((part(key_text(key)), start, end))
        if not element.children and at >= element.inside:
            start, end = _text(content, element.inside, at)
            if parent and parent.tag == "dict" and element.tag == "key":
                parent.key = key_text(content[start:end])[:100]
                return
            named = element.tag in ("id", "name", "key") and 0 < end - start <= 100
            if parent and named and "[" not in parent.path:
                parent.path += f"[{element.tag}={key_text(content[start:end])}]"
            if start < end or not element.attributes:
                own.append(("", start, end))
        if parent is None:
            self.found = [
                Found((element.path + key).removeprefix("."), start, end) for key, start, end in own
            ]
        else:
            parent.own += [((element.path + key)[-300:], start, end) for key, start, end in own]


def _tag_end(content: bytes, at: int) -> int:
    """Where the tag that starts at `at` ends; quotes may hold `>`."""
    match = re.compile(rb"(?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>").match(content, at + 1)
    return match.end() if match else len(content)


def _text(content: bytes, start: int, end: int) -> tuple[int, int]:
    """The text of an element without blanks around it, and inside CDATA."""
    raw = content[start:end]
    start += len(raw) - len(raw.lstrip())
    end = max(start, end - (len(raw) - len(raw.rstrip())))
    match = _CDATA.fullmatch(content, start, end)
    return match.span(1) if match else (start, end)
