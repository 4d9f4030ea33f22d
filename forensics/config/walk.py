"""The keys of what stands in trees, as places and as settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from forensics.config.meaning import settled
from forensics.config.slot import Found, Reading, key_text
from forensics.config.tree import (
    Alias,
    Items,
    Node,
    Parsed,
    Scalar,
    Table,
    identity,
    merged,
    part,
    resource,
)

__all__ = ["settings_of", "slots_of"]

_DEEPEST = 100
_MOST_ALIASED = 20_000
_PAIRS = re.compile(rb"([A-Za-z_][\w.-]{0,100})(?:=|$)")
_PAIR_LISTS = frozenset({"environment", "env", "envs", "args", "build_args", "labels", "variables"})
_GENERATED = re.compile(r"\.(?:configMap|secret)Generator\[[^\]]*\]\.literals")
"""Entries that Kustomize generates."""
_NAMES_ALONE = _PAIR_LISTS - {"args", "labels"}


def slots_of(content: bytes, parsed: Parsed) -> Reading:
    """Every place with a value, also those that a later one of the same name hides."""
    return _Walk(content, settle=False).all(parsed)


def settings_of(content: bytes, parsed: Parsed) -> Reading:
    """Every value that a program gets: see `forensics.config.meaning`."""
    reading = _Walk(content, settle=True).all(parsed)
    if not reading.trouble and any(each.key in _NO_KEY for each in reading.found):
        return Reading(reading.found, "no keys, only a text")
    return reading


_NO_KEY = frozenset({""})


class _Todo(NamedTuple):
    """A node that is still to be told."""

    node: Node
    path: str
    name: str
    """Of the nearest table entry above."""
    depth: int
    aliased: bool
    told_by: str = ""
    """The entry that an item of a list goes by."""


class _Walk:
    """Goes through trees; what aliases repeat is bounded."""

    def __init__(self, content: bytes, *, settle: bool) -> None:
        self.content = content
        self.settle = settle
        self.trouble = ""
        self._aliased = 0

    def all(self, parsed: Parsed) -> Reading:
        """All values of all documents."""
        found: list[Found] = []
        several = len(parsed.documents) > 1
        for number, document in enumerate(parsed.documents, 1):
            name = ""
            if several:
                name = f"{resource(self.content, document) or f'#{number}'}:"
            found += self._values(document, name)
        return Reading(found, parsed.trouble or self.trouble)

    def _values(self, root: Node, prefix: str) -> Iterator[Found]:
        # A list of what is still to be told, the next last: trees may be deeper than the stack.
        todo = [_Todo(root, "", "", 0, False)]
        while todo:
            node, path, name, depth, aliased, told_by = todo.pop()
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
                yield Found(prefix + path.removeprefix("."), *node)
                continue
            inner: list[_Todo] = []
            if isinstance(node, Table):
                entries = merged(node)
                if self.settle:
                    entries = settled(self.content, entries, path, told_by)
                for key, child in entries:
                    inner.append(_Todo(child, path + part(key), key, depth + 1, aliased))
            elif isinstance(node, Items):
                for number, child in enumerate(node.items):
                    inner.append(self._item(child, number, _Todo(node, path, name, depth, aliased)))
            if not inner and self.settle and path:
                assert isinstance(node, Table | Items)
                yield Found(
                    prefix + path.removeprefix("."), node.start, node.start, b"", kind="empty"
                )
            todo += reversed(inner)

    def _item(self, child: Node, number: int, above: _Todo) -> _Todo:
        _, path, name, depth, aliased, _ = above
        paired = name in _PAIR_LISTS or (name == "literals" and _GENERATED.fullmatch(path))
        pair = self._pair(child, name) if paired else None
        if pair:
            return _Todo(pair[1], path + part(pair[0]), "", depth + 1, aliased)
        own = identity(self.content, child)
        told_by = own.partition("=")[0] if "=" in own else ""
        return _Todo(child, f"{path}[{own or number}]", name, depth + 1, aliased, told_by)

    def _pair(self, node: Node, name: str) -> tuple[str, Scalar] | None:
        """Name and value of `KEY=value`, or of `KEY`, whose value comes from outside."""
        if not isinstance(node, Scalar):
            return None
        match = _PAIRS.match(self.content, node.start, node.end)
        if match is None:
            return None
        if match.end() == match.end(1):
            if self.settle and name not in _NAMES_ALONE:
                return None
            return key_text(match[1]), Scalar(
                match.end(), node.end, b"", kind="reference", by="environment"
            )
        text = None if node.text is None else node.text.partition(b"=")[2]
        return key_text(match[1]), Scalar(match.end(), node.end, text)
