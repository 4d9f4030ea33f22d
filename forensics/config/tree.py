"""Structured files as trees of places and values."""

from __future__ import annotations

import re
from typing import NamedTuple

from forensics.config.slot import key_text

__all__ = [
    "Alias", "Items", "Node", "Parsed", "Scalar", "Table", "bare", "identity", "merged", "part",
    "plain_text", "resource",
]  # fmt: skip

_MOST_MERGED = 50
_LONGEST_IDENTITY = 100
_PLAIN = re.compile(r"[^\s.\[\]\"':#]+")
_IDENTITIES = ("name", "id", "key", "secretKey")
_VALUES = frozenset({"value", "valueFrom", "val", "secret", "remoteRef", "path"})
_NOT_PLAIN = frozenset("\n[]:\"'")


class Scalar(NamedTuple):
    """A value, and where it stands without quotes. It prints without the value."""

    start: int
    end: int
    text: bytes | None = None
    """As a program gets it; None where that is what stands between start and end."""
    type: str = "untyped"
    kind: str = ""
    """As in `Standing`, where not the text but what is around it tells."""
    by: str = ""

    def __repr__(self) -> str:
        return f"Scalar({self.start}, {self.end})"


class Table(NamedTuple):
    """Names and what stands under them, in the file's order."""

    entries: list[tuple[str, Node]]
    start: int = 0


class Items(NamedTuple):
    """A list."""

    items: list[Node]
    start: int = 0


class Alias(NamedTuple):
    """What stands here is what stands elsewhere."""

    target: Node


Node = Scalar | Table | Items | Alias


class Parsed(NamedTuple):
    """What a reader of one kind of structured file makes of a content."""

    documents: list[Node]
    trouble: str = ""


def part(name: str) -> str:
    """`name` as a part of a key, with a dot before it."""
    if _PLAIN.fullmatch(name):
        return "." + name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'


def merged(table: Table) -> list[tuple[str, Node]]:
    """The entries of a table, and those that it takes over from others (`<<`)."""
    if not any(key == "<<" for key, _ in table.entries):
        return table.entries
    entries: list[tuple[str, Node]] = []
    own = {key for key, _ in table.entries}
    sources: list[Node] = []
    for key, child in table.entries:
        if key == "<<":
            sources.append(child)
        else:
            entries.append((key, child))
    taken: list[Table] = []
    while sources and len(taken) < _MOST_MERGED:
        source = bare(sources.pop(0))
        if isinstance(source, Items):
            sources[:0] = source.items[:_MOST_MERGED]
        elif isinstance(source, Table) and not any(source is each for each in taken):
            taken.append(source)
            # What a source itself takes over comes before the next source.
            sources[:0] = [value for key, value in source.entries if key == "<<"]
            theirs = {key: value for key, value in source.entries if key not in own}
            own |= theirs.keys()
            entries += [(key, Alias(bare(value))) for key, value in theirs.items() if key != "<<"]
    return entries


def bare(node: Node) -> Node:
    """`node`, or what it is an alias of."""
    return node.target if isinstance(node, Alias) else node


def identity(content: bytes, node: Node) -> str:
    """What an item of a list is told by, other than its index."""
    node = bare(node)
    if not isinstance(node, Table):
        return ""
    keys = {key for key, _ in node.entries}
    for name in _IDENTITIES:
        # A key beside no value may be a secret itself.
        if name in keys and (name != "key" or keys & _VALUES):
            text = plain_text(content, node, name)
            if text:
                return f"{name}={text}"
    return resource(content, node)


def resource(content: bytes, node: Node) -> str:
    """`Secret/name` for a Kubernetes resource."""
    if not isinstance(node, Table):
        return ""
    kind = plain_text(content, node, "kind")
    metadata = next((bare(each) for key, each in node.entries if key == "metadata"), None)
    if not kind or not isinstance(metadata, Table):
        return ""
    name = plain_text(content, metadata, "name")
    return f"{kind}/{name}" if name else ""


def plain_text(content: bytes, table: Table, name: str) -> str:
    """A short and plain text under `name`."""
    for key, node in table.entries:
        if key == name and isinstance(node, Scalar):
            raw = content[node.start : node.end] if node.text is None else node.text
            if len(raw) > _LONGEST_IDENTITY:
                return ""
            text = key_text(raw)
            return "" if set(text) & _NOT_PLAIN else text
    return ""
