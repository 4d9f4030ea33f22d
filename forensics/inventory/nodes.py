"""YAML and JSON as plain values that know their lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

__all__ = ["NOTHING", "Node", "compose", "each", "words"]

_DEEPEST = 60
_MOST_EVENTS = 200_000
_MOST_WALKED = 50_000
_TEMPLATE = re.compile(
    # What a template quotes may be a template again.
    rb"""\{\{(?:[^{}"`]|"(?:[^"\\\n]|\\.){0,500}+"|`[^`\n]{0,500}+`|\{(?!\{)|\}(?!\})){0,500}+\}\}"""
    rb"|\{\{.{0,1000}?\}\}|\{%.{0,1000}?%\}|<%.{0,1000}?%>",
    re.DOTALL,
)
_HARMLESS = bytes(byte if byte >= 32 or byte in b"\t\r\n" else ord("_") for byte in range(256))


class Node(NamedTuple):
    """A mapping, a list or a text, and where it starts."""

    value: dict[str, Node] | list[Node] | str
    line: int
    """From 1."""

    @property
    def table(self) -> dict[str, Node]:
        """Its entries; none unless it is a mapping."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> list[Node]:
        """Its items; none unless it is a list."""
        return self.value if isinstance(self.value, list) else []

    @property
    def text(self) -> str:
        """Itself, if it is a text."""
        return self.value if isinstance(self.value, str) else ""

    def get(self, *names: str) -> Node:
        """What stands below these names, one below the other; `NOTHING` where nothing does."""
        node = self
        for name in names:
            node = node.table.get(name, NOTHING)
        return node


NOTHING = Node("", 0)


def compose(content: bytes) -> tuple[list[Node], str]:
    """The documents of a file, and why some could not be read; those before stay.

    Places that a template fills are blanked. Of a name that stands twice, the last counts.
    """
    import yaml

    if _TEMPLATE.search(content):
        content = _TEMPLATE.sub(_blank, content)
    text = content.translate(_HARMLESS).decode("utf-8", "replace")
    text = re.sub("[\ud800-\udfff\ufffe\uffff\x7f-\x84\x86-\x9f]", "_", text.removeprefix("\ufeff"))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    composer = _Composer(yaml)
    try:
        for count, event in enumerate(yaml.parse(text, Loader=loader)):
            if count > _MOST_EVENTS:
                return composer.documents, "more values than are looked at"
            composer.take(event)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark else ""
        return composer.documents, f"not YAML{where}"
    except ValueError as error:
        return composer.documents, str(error)
    return composer.documents, ""


def _blank(match: re.Match[bytes]) -> bytes:
    # A GitHub expression holds what is looked for; it is YAML as it stands, unless a brace opens.
    before = match.string[match.start() - 1 : match.start()]
    if before == b"$":
        return match[0]
    start = match.string.rfind(b"\n", 0, match.start()) + 1
    end = match.string.find(b"\n", match.end())
    rest = match.string[match.end() : end if end >= 0 else None]
    alone = not match.string[start : match.start()].strip() and not rest.strip()
    lines = match[0].split(b"\n")
    return b"\n".join((b"#" if alone else b"_") * len(line) for line in lines)


class _Composer:
    def __init__(self, yaml: Any) -> None:
        self._yaml = yaml
        self.documents: list[Node] = []
        self._anchors: dict[str, Node] = {}
        self._open: list[tuple[Node, str | None]] = []

    def take(self, event: Any) -> None:
        """Take the next event of the parser.

        Raises:
            ValueError: why no more is taken.
        """
        yaml = self._yaml
        if isinstance(event, yaml.DocumentStartEvent):
            self._anchors.clear()
        elif isinstance(event, yaml.CollectionEndEvent):
            node, _ = self._open.pop()
            if isinstance(node.value, dict):
                _merge(node.value)
            if not self._open:
                self.documents.append(node)
        elif isinstance(event, yaml.NodeEvent):
            node = self._node(event)
            if self._open:
                self._place(node)
            elif isinstance(node.value, str):
                self.documents.append(node)
            if isinstance(event, yaml.CollectionStartEvent):
                self._open.append((node, None))
                if len(self._open) > _DEEPEST:
                    raise ValueError("nested too deep")

    def _node(self, event: Any) -> Node:
        yaml = self._yaml
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            return self._anchors.get(event.anchor, NOTHING)._replace(line=line)
        if isinstance(event, yaml.ScalarEvent):
            node = Node(event.value, line)
        else:
            node = Node({} if isinstance(event, yaml.MappingStartEvent) else [], line)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _place(self, node: Node) -> None:
        parent, name = self._open[-1]
        if isinstance(parent.value, list):
            parent.value.append(node)
        elif isinstance(parent.value, dict):
            if name is None:
                self._open[-1] = (parent, node.text or "?")
                return
            parent.value[name] = node
            self._open[-1] = (parent, None)


def _merge(table: dict[str, Node]) -> None:
    """Take over what `<<` names, unless it stands here."""
    source = table.pop("<<", None)
    if source is None:
        return
    for taken in source.items or [source]:
        for name, node in taken.table.items():
            if len(table) > _MOST_EVENTS:
                return
            table.setdefault(name, node)


def each(node: Node) -> Iterator[tuple[str, Node]]:
    """Every entry below a node with its name, the first first; an item of a list has that of the
    list. Bounded, for aliases can repeat each other without end."""
    todo = [("", node, 0)]
    for _ in range(_MOST_WALKED):
        if not todo:
            return
        name, one, depth = todo.pop()
        if depth:
            yield name, one
        if depth <= _DEEPEST:
            inner = list(one.table.items()) or [(name, item) for item in one.items]
            todo += [(key, child, depth + 1) for key, child in reversed(inner)]


def words(node: Node) -> list[str]:
    """The texts of a text, of a list of texts, or the names of a mapping."""
    if node.text:
        return [node.text]
    return [item.text for item in node.items if item.text] or list(node.table)
