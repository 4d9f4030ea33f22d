"""XML files: attributes, and the text of elements that hold nothing else."""

from __future__ import annotations

import codecs
import html
import re
from collections import Counter
from typing import Any

from forensics.config.code import read_code
from forensics.config.slot import Found, Reading, key_text
from forensics.config.tree import part

__all__ = ["read_xml", "xml_settings"]

_DEEPEST = 60
_ATTRIBUTE = re.compile(rb"([^\s=<>/\"']++)\s*+=\s*+(?:\"([^\"<]*+)\"|'([^'<]*+)')")
_IDENTITIES = (b"name", b"key", b"id")
_ENCODING = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']")
_COMMENT = re.compile(rb"<!--.*?-->|<\?.*?\?>", re.S)
_CDATAS = re.compile(rb"<!\[CDATA\[(.*?)\]\]>", re.S)
_CDATA = re.compile(rb"<!\[CDATA\[(.*)\]\]>", re.S)


def read_xml(content: bytes) -> Reading:
    """Slots `configuration.appSettings.add[key=X].value` and `server[id=x].password`.

    An element goes by its attribute `name`, `key` or `id`, or by its child of that name, where it
    has one. In a property list a value goes by the `<key>` before it. Entities are not expanded.
    """
    return _read(content, _Reader(content))


def xml_settings(content: bytes) -> Reading:
    """Settings of it, without the attributes that elements go by; items of a list have numbers."""
    reader = _Reader(content, settle=True)
    return _read(content, reader)


class _Element:
    """An element that is open."""

    def __init__(self, tag: str, path: str, inside: int, attributes: list[tuple[bytes, int, int]]):
        self.tag, self.path, self.inside, self.attributes = tag, path, inside, attributes
        self.children = 0
        self.key = ""
        self.identity = ""
        """The attribute that it goes by, as a part of a key."""
        self.told_by = ""
        """The child that it goes by."""
        self.own: list[tuple[str, int, int, bool]] = []
        """Keys below this element, spans, and which of them are attributes."""
        self.known: Counter[str] = Counter()


def _read(content: bytes, reader: _Reader) -> Reading:
    from xml.parsers import expat  # entities are refused below

    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, _: reader.opened(tag, parser.CurrentByteIndex)
    parser.EndElementHandler = lambda _: reader.closed(parser.CurrentByteIndex)
    parser.EntityDeclHandler = reader.refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = f" in line {error.lineno}" if isinstance(error, expat.ExpatError) else ""
        trouble = f"not XML{line}" if not isinstance(error, ValueError) else str(error)
        return Reading(read_code(content).found, trouble)
    return Reading(reader.found)


class _Reader:
    def __init__(self, content: bytes, *, settle: bool = False) -> None:
        self._content = content
        self._settle = settle
        match = _ENCODING.match(content)
        self._encoding = _known(match[1].decode("latin-1")) if match else ""
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
        name, identity = part(tag[:100]), ""
        for key, start, stop in attributes:
            if key.rpartition(b":")[2] in _IDENTITIES and 0 < stop - start <= 100:
                name += f"[{key_text(key)}={key_text(content[start:stop])}]"
                identity = part(key_text(key))
                break
        if self._open:
            parent = self._open[-1]
            parent.children += 1
            if parent.tag == "dict" and tag != "key" and parent.key:
                name, parent.key = part(parent.key), ""
        self._open.append(_Element(tag, name, end, attributes))
        self._open[-1].identity = identity

    def closed(self, at: int) -> None:
        """The element that was opened last ends at `at`."""
        content = self._content
        element = self._open.pop()
        parent = self._open[-1] if self._open else None
        own = element.own
        for key, start, end in self._attributes(element, at):
            own.append((part(key_text(key)), start, end, True))
        if not element.children and at >= element.inside:
            start, end = _text(content, element.inside, at)
            if parent and parent.tag == "dict" and element.tag == "key":
                parent.key = key_text(content[start:end])[:100]
                return
            named = element.tag in ("id", "name", "key") and 0 < end - start <= 100
            if parent and named and "[" not in parent.path:
                parent.path += f"[{element.tag}={key_text(content[start:end])}]"
                parent.told_by = element.tag
            if start < end or not element.attributes:
                own.append(("", start, end, False))
        if self._settle and parent:
            count = parent.known[element.path]
            parent.known[element.path] += 1
            if count and "[" not in element.path:
                element.path += f"[{count}]"
        if parent is None:
            self.found = [
                self._found(element.path + key, start, end, attribute)
                for key, start, end, attribute in own
            ]
        else:
            if element.told_by and self._settle:
                own[:] = [each for each in own if each[0] != part(element.told_by)] or own
            parent.own += [
                ((element.path + key)[-300:], start, end, attribute)
                for key, start, end, attribute in own
            ]

    def _attributes(self, element: _Element, at: int) -> list[tuple[bytes, int, int]]:
        """Those that are told: no namespaces, nor what the element goes by if it has more."""
        if not self._settle:
            return element.attributes
        told = [
            each
            for each in element.attributes
            if not each[0].startswith((b"xmlns", b"xsi:"))
            and part(key_text(each[0])) != element.identity
        ]
        if told or element.children or _text(self._content, element.inside, at)[0] < at:
            return told
        return element.attributes

    def _found(self, key: str, start: int, end: int, attribute: bool) -> Found:
        key = key.removeprefix(".")
        if not self._settle:
            return Found(key, start, end)
        raw = self._content[start:end]
        if self._encoding:
            raw = raw.decode(self._encoding, "replace").encode()
        if attribute:
            text = _plain(re.sub(rb"\r\n|[\t\r\n]", b" ", raw))
        elif self._content[max(0, start - 9) : start] == b"<![CDATA[":
            text = raw
        else:
            pieces = _CDATAS.split(_COMMENT.sub(b"", raw))
            text = b"".join(_plain(each) if n % 2 == 0 else each for n, each in enumerate(pieces))
        return Found(key, start, end, text.replace(b"\r\n", b"\n"))


def _known(encoding: str) -> str:
    """`encoding`, if it is one and not UTF-8."""
    try:
        name = codecs.lookup(encoding).name
    except LookupError:
        return ""
    return "" if name in ("utf-8", "ascii") or not name.startswith(("iso8859", "cp")) else name


def _plain(text: bytes) -> bytes:
    if b"&" not in text:
        return text
    return html.unescape(text.decode(errors="surrogateescape")).encode(errors="surrogateescape")


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
