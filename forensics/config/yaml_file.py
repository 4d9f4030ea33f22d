"""Slots of YAML files, also of those that are templates."""

from __future__ import annotations

import re
from typing import Any

from forensics.config.indented import read_indented
from forensics.config.slot import Reading, key_text
from forensics.config.tree import Alias, Items, Node, Scalar, Table, slots_of

__all__ = ["read_yaml"]

_DEEPEST = 100
"""The time that libyaml takes is quadratic in the depth of brackets."""
_MOST_EVENTS = 1_000_000
_BOM = b"\xef\xbb\xbf"
# One byte is one character then, so that the parser's marks are positions in bytes. What is not
# printable would stop it.
_ONE_BYTE = bytes(
    byte if 32 <= byte < 127 or byte in b"\t\r\n" else ord("_") for byte in range(256)
)
_PROPERTIES = re.compile(rb"(?:[&!][^\s,\[\]{}]*+\s++)*+(?:[&!][^\s,\[\]{}]*+$)?")
_BLOCK = re.compile(rb"[|>][^\n]*+\n?\s*+")
_TEMPLATE = re.compile(rb"\{\{(?:[^{}]|\{(?!\{)|\}(?!\}))*+\}\}|\{%[^%{}]*+%\}|<%[^%<>]*+%>")


def read_yaml(content: bytes) -> Reading:
    """Slots of all documents; line by line where the file does not parse."""
    start = len(_BOM) if content.startswith(_BOM) else 0
    text = _without_templates(content.translate(_ONE_BYTE)) if _TEMPLATE.search(content) else None
    plain = (text or content.translate(_ONE_BYTE))[start:]
    try:
        documents = _Composer(content, start).documents(plain)
    except ValueError as error:
        return Reading(read_indented(content), str(error))
    found, trouble = slots_of(content, documents)
    return Reading(found, trouble)


def _without_templates(text: bytes) -> bytes:
    """`text` with bytes that mean nothing for each place that a template fills.

    A line that holds nothing else becomes a comment.
    """

    def fill(match: re.Match[bytes]) -> bytes:
        length = match.end() - match.start()
        if b"\n" in match[0]:
            return b"\n".join(b"#" * len(line) for line in match[0].split(b"\n"))
        first = text.rfind(b"\n", 0, match.start()) + 1
        last = text.find(b"\n", match.end())
        rest = text[match.end() : last if last >= 0 else len(text)]
        alone = not text[first : match.start()].strip() and not rest.strip()
        return (b"#" if alone else b"_") * length

    return _TEMPLATE.sub(fill, text)


class _Composer:
    """Builds trees of places out of the parser's events."""

    def __init__(self, content: bytes, offset: int) -> None:
        self._content = content
        self._offset = offset
        self._anchors: dict[str, Node] = {}

    def documents(self, text: bytes) -> list[Node]:
        """One tree a document.

        Raises:
            ValueError: why it is not YAML.
        """
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        documents: list[Node] = []
        stack: list[tuple[Node, str | None]] = []
        try:
            for count, event in enumerate(yaml.parse(text.decode("ascii"), Loader=loader)):
                if count > _MOST_EVENTS:
                    raise ValueError("more values than are looked at")
                if isinstance(event, yaml.DocumentStartEvent):
                    self._anchors.clear()
                elif isinstance(event, yaml.CollectionEndEvent):
                    node, _ = stack.pop()
                    if not stack:
                        documents.append(node)
                elif isinstance(event, yaml.NodeEvent):
                    node = self._node(event, yaml)
                    if stack:
                        self._place(stack, node)
                    elif isinstance(node, Scalar):
                        documents.append(node)
                    if isinstance(node, Table | Items):
                        stack.append((node, None))
                        if len(stack) > _DEEPEST:
                            raise ValueError("nested too deep")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f" in line {mark.line + 1}" if mark else ""
            raise ValueError(f"not YAML{where}") from None
        return [each for each in documents if not _nothing(each)]

    def _node(self, event: Any, yaml: Any) -> Node:
        if isinstance(event, yaml.AliasEvent):
            target = self._anchors.get(event.anchor)
            if target is None:
                raise ValueError("an alias of nothing")
            return Alias(target)
        if isinstance(event, yaml.ScalarEvent):
            node: Node = self._scalar(event)
        else:
            node = Table([]) if isinstance(event, yaml.MappingStartEvent) else Items([])
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _scalar(self, event: Any) -> Scalar:
        start = event.start_mark.index + self._offset
        end = event.end_mark.index + self._offset
        content = self._content
        if event.anchor or event.tag:
            properties = _PROPERTIES.match(content, start, end)
            start = properties.end() if properties else start
        if event.style in ("'", '"'):
            return Scalar(start + 1, max(end - 1, start + 1))
        if event.style:
            header = _BLOCK.match(content, start, end)
            start = header.end() if header else start
        return Scalar(start, max(start, start + len(content[start:end].rstrip())))

    def _place(self, stack: list[tuple[Node, str | None]], node: Node) -> None:
        """Put `node` where it belongs in the collection that is being read."""
        parent, name = stack[-1]
        if isinstance(parent, Items):
            parent.items.append(node)
        elif isinstance(parent, Table):
            if name is None:
                stack[-1] = (parent, self._name(node))
            else:
                parent.entries.append((name, node))
                stack[-1] = (parent, None)

    def _name(self, node: Node) -> str:
        if isinstance(node, Alias):
            node = node.target
        return key_text(self._content[node.start : node.end]) if isinstance(node, Scalar) else "?"


def _nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.start == node.end
