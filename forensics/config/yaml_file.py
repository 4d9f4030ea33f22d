"""YAML files, also those that are templates. Source: https://yaml.org/spec/1.2.2"""

from __future__ import annotations

from typing import Any

from forensics.config.indented import read_indented
from forensics.config.slot import Reading, key_text
from forensics.config.tree import Alias, Items, Node, Parsed, Scalar, Table
from forensics.config.walk import settings_of, slots_of
from forensics.config.yaml_text import BOM, bytes_of, one_character_a_byte, resolved, value_start

__all__ = ["read_yaml", "yaml_settings"]

_DEEPEST = 100
"""The time that libyaml takes is quadratic in the depth of brackets."""
_MOST_EVENTS = 1_000_000


def read_yaml(content: bytes) -> Reading:
    """Slots of all documents; line by line where the file does not parse."""
    try:
        return slots_of(content, _documents(content))
    except ValueError as error:
        return Reading(read_indented(content), str(error))


def yaml_settings(content: bytes) -> Reading:
    """Settings of all documents; line by line where the file does not parse."""
    try:
        return settings_of(content, _documents(content))
    except ValueError as error:
        return Reading(read_indented(content), str(error))


def _documents(content: bytes) -> Parsed:
    """Raises: ValueError: why it is not YAML."""
    offset = len(BOM) if content.startswith(BOM) else 0
    return Parsed(_Composer(content, offset).documents(one_character_a_byte(content)[offset:]))


class _Composer:
    """Builds trees out of the parser's events.

    The safe loader would give no places, stop at an anchor that is there twice, and read scalars
    as YAML 1.1 has them.
    """

    def __init__(self, content: bytes, offset: int) -> None:
        self._content = content
        self._offset = offset
        self._anchors: dict[str, Node] = {}

    def documents(self, text: str) -> list[Node]:
        """One tree a document.

        Raises:
            ValueError: why it is not YAML.
        """
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        scalar_event, alias_event = yaml.ScalarEvent, yaml.AliasEvent
        table_event, items_event = yaml.MappingStartEvent, yaml.SequenceStartEvent
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        documents: list[Node] = []
        stack: list[_Open] = []
        try:
            for count, event in enumerate(yaml.parse(text, Loader=loader)):
                kind = type(event)
                if kind is scalar_event:
                    node: Node = self._scalar(event)
                elif kind is table_event:
                    node = Table([], event.start_mark.index + self._offset)
                elif kind is items_event:
                    node = Items([], event.start_mark.index + self._offset)
                elif kind in ends:
                    stack.pop()
                    continue
                elif kind is alias_event:
                    node = self._alias(event)
                else:
                    if kind is yaml.DocumentStartEvent:
                        self._anchors.clear()
                    continue
                if count > _MOST_EVENTS:
                    raise ValueError("more values than are looked at")
                if event.anchor and kind is not alias_event:
                    self._anchors[event.anchor] = node
                if stack:
                    stack[-1].put(node, self._content)
                else:
                    documents.append(node)
                if isinstance(node, Table | Items):
                    stack.append(_Open(node))
                    if len(stack) > _DEEPEST:
                        raise ValueError("nested too deep")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f" in line {mark.line + 1}" if mark else ""
            raise ValueError(f"not YAML{where}") from None
        return [each for each in documents if not _nothing(each)]

    def _alias(self, event: Any) -> Alias:
        target = self._anchors.get(event.anchor)
        if target is None:
            raise ValueError("an alias of nothing")
        return Alias(target)

    def _scalar(self, event: Any) -> Scalar:
        start = event.start_mark.index + self._offset
        end = event.end_mark.index + self._offset
        style = event.style
        if event.anchor or event.tag or style in ("|", ">"):
            start = value_start(self._content, start, end, style)
        if style in ("'", '"'):
            start, end = start + 1, max(end - 1, start + 1)
        else:
            end = start + len(self._content[start:end].rstrip())
        return Scalar(start, end, *resolved(bytes_of(event.value), event.tag, plain=not style))


class _Open:
    """A collection that is being read."""

    __slots__ = ("_name", "_node")

    def __init__(self, node: Table | Items) -> None:
        self._node = node
        self._name: str | None = None

    def put(self, node: Node, content: bytes) -> None:
        """Put `node` where it belongs."""
        if isinstance(self._node, Items):
            self._node.items.append(node)
        elif self._name is None:
            name = node.target if isinstance(node, Alias) else node
            self._name = key_text(name.text or b"") if isinstance(name, Scalar) else "?"
        else:
            self._node.entries.append((self._name, node))
            self._name = None


def _nothing(node: Node) -> bool:
    return isinstance(node, Scalar) and node.start == node.end
