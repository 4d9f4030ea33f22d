"""Structured files as trees of places, and the keys of what stands in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.config.slot import Found, key_text

__all__ = ["Alias", "Items", "Node", "Scalar", "Table", "part", "slots_of"]

_DEEPEST = 100
_MOST_ALIASED = 20_000
_MOST_MERGED = 50
_LONGEST_IDENTITY = 100
_PLAIN = re.compile(r"[^\s.\[\]\"':#]+")
_IDENTITIES = ("name", "id", "key", "secretKey")
_VALUES = frozenset({"value", "valueFrom", "val", "secret", "remoteRef", "path"})
_PAIRS = re.compile(rb"([A-Za-z_][\w.-]{0,100})(?:=|$)")
_PAIR_LISTS = frozenset({"environment", "env", "envs", "args", "build_args", "labels", "variables"})


class Scalar(NamedTuple):
    """Where a value stands, without quotes."""

    start: int
    end: int


class Table(NamedTuple):
    """Names and what stands under them, in the file's order."""

    entries: list[tuple[str, Node]]


class Items(NamedTuple):
    """A list."""

    items: list[Node]


class Alias(NamedTuple):
    """What stands here is what stands elsewhere."""

    target: Node


Node = Scalar | Table | Items | Alias


def part(name: str) -> str:
    """`name` as a part of a key, with a dot before it."""
    if _PLAIN.fullmatch(name):
        return "." + name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'["{escaped}"]'


def slots_of(content: bytes, documents: Sequence[Node]) -> tuple[list[Found], str]:
    """Every value in `documents` with its key, and what was left out, if anything."""
    walk = _Walk(content)
    found: list[Found] = []
    several = len(documents) > 1
    for number, document in enumerate(documents, 1):
        name = ""
        if several:
            name = f"{_resource(content, document) or f'#{number}'}:"
        found += walk.values(document, "", name)
    return found, walk.trouble


class _Walk:
    """Goes through trees; what aliases repeat is bounded."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.trouble = ""
        self._aliased = 0

    def values(self, root: Node, path: str, prefix: str) -> Iterator[Found]:
        # A list of what is still to be told, the next last: trees may be deeper than the stack.
        todo: list[tuple[Node, str, str, int, bool]] = [(root, path, "", 0, False)]
        while todo:
            node, path, name, depth, aliased = todo.pop()
            if isinstance(node, Alias):
                node, aliased = node.target, True
            if aliased:
                self._aliased += 1
                if self._aliased > _MOST_ALIASED:
                    self.trouble = "aliases repeat too much"
                    continue
            if depth > _DEEPEST:
                self.trouble = "nested too deep"
                continue
            if isinstance(node, Scalar):
                yield Found(prefix + path.removeprefix("."), node.start, node.end)
            elif isinstance(node, Table):
                inner: list[tuple[Node, str, str, int, bool]] = []
                for key, child in _merged(node):
                    inner.append((child, path + part(key), key, depth + 1, aliased))
                todo += reversed(inner)
            elif isinstance(node, Items):
                inner = []
                for number, child in enumerate(node.items):
                    pair = _pair(self.content, child) if name in _PAIR_LISTS else None
                    if pair:
                        inner.append((pair[1], path + part(pair[0]), "", depth + 1, aliased))
                        continue
                    own = f"{path}[{_identity(self.content, child) or number}]"
                    inner.append((child, own, name, depth + 1, aliased))
                todo += reversed(inner)


def _merged(table: Table) -> Iterator[tuple[str, Node]]:
    """The entries of a table, and those that it takes over from others (`<<`)."""
    own = {key for key, _ in table.entries}
    sources: list[Node] = []
    for key, child in table.entries:
        if key == "<<":
            sources.append(child)
        else:
            yield key, child
    taken: list[Table] = []
    while sources and len(taken) < _MOST_MERGED:
        source = _bare(sources.pop(0))
        if isinstance(source, Items):
            sources[:0] = source.items
        elif isinstance(source, Table) and not any(source is each for each in taken):
            taken.append(source)
            for key, value in source.entries:
                if key == "<<":
                    sources.append(value)
                elif key not in own:
                    own.add(key)
                    yield key, Alias(_bare(value))


def _bare(node: Node) -> Node:
    return node.target if isinstance(node, Alias) else node


def _pair(content: bytes, node: Node) -> tuple[str, Scalar] | None:
    """Name and value of an item such as `KEY=value`, or `KEY`, whose value comes from outside."""
    if not isinstance(node, Scalar):
        return None
    match = _PAIRS.match(content, node.start, node.end)
    if match is None:
        return None
    return key_text(match[1]), Scalar(match.end(), node.end)


def _identity(content: bytes, node: Node) -> str:
    """What an item of a list is told by, other than its index."""
    node = _bare(node)
    if not isinstance(node, Table):
        return ""
    keys = {key for key, _ in node.entries}
    for name in _IDENTITIES:
        # A key beside no value may be a secret itself.
        if name in keys and (name != "key" or keys & _VALUES):
            text = _text(content, node, name)
            if text:
                return f"{name}={text}"
    return _resource(content, node)


def _resource(content: bytes, node: Node) -> str:
    """`Secret/name` for a Kubernetes resource."""
    if not isinstance(node, Table):
        return ""
    kind = _text(content, node, "kind")
    metadata = next((_bare(each) for key, each in node.entries if key == "metadata"), None)
    if not kind or not isinstance(metadata, Table):
        return ""
    name = _text(content, metadata, "name")
    return f"{kind}/{name}" if name else ""


def _text(content: bytes, table: Table, name: str) -> str:
    """A short and plain text under `name`."""
    for key, node in table.entries:
        if key == name and isinstance(node, Scalar):
            if node.end - node.start > _LONGEST_IDENTITY:
                return ""
            text = key_text(content[node.start : node.end])
            return "" if set(text) & set("\n[]:\"'") else text
    return ""
