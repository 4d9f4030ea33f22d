"""Taking what stands at places of a document that are described by patterns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from forensics.inventory.nodes import Node, each

__all__ = ["Picked", "pick"]

_STEP = re.compile(r"\[\]|[^.\[]+")


class Picked(NamedTuple):
    """A text and its line."""

    text: str
    line: int


def pick(documents: Iterable[Node], places: Iterable[str]) -> Iterator[Picked]:
    """The texts at these places, as `pipelines.toml` describes them."""
    for document in documents:
        for place in places:
            yield from _at([document], _steps(place))


@cache
def _steps(place: str) -> tuple[str, ...]:
    return tuple(_STEP.findall(place))


def _at(nodes: list[Node], steps: tuple[str, ...]) -> Iterator[Picked]:
    for at, step in enumerate(steps):
        if step == "@":
            for node in nodes:
                yield from (Picked(name, below.line) for name, below in node.table.items())
            return
        if step == "=":
            for node in nodes:
                for name, below in node.table.items():
                    if isinstance(below.value, str):
                        yield Picked(f"{name}: {below.value}", below.line)
            return
        if step == "**":
            rest = steps[at + 1 :]
            for node in nodes:
                for name, below in each(node):
                    if name == rest[0]:
                        yield from _at([below], rest[1:])
            return
        nodes = [below for node in nodes for below in _below(node, step)]
    for node in nodes:
        if node.text:
            yield Picked(node.text, node.line)


def _below(node: Node, step: str) -> Iterable[Node]:
    if step == "*":
        return node.table.values()
    if step == "[]":
        return node.items
    found = node.table.get(step)
    return () if found is None else (found,)
