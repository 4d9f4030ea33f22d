"""An expression as a tree over bytes."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ALL", "NON_ASCII", "Bytes", "Edge", "Group", "Node", "Repeat", "Sequence", "captures"]

ALL = (1 << 256) - 1
NON_ASCII = ALL ^ ((1 << 128) - 1)


class Bytes(NamedTuple):
    """One byte out of a set."""

    mask: int
    """Bit `n` is set if byte `n` is in it."""


class Edge(NamedTuple):
    """A place between bytes."""

    text: str
    r"""As `re` and `regex` write it: `\b`, `\B`, `\A`, `\Z`, `(?m:^)` or `(?m:$)`."""


class Repeat(NamedTuple):
    """A part so many times."""

    part: Node
    least: int
    most: int | None
    lazy: bool


class Group(NamedTuple):
    """Alternatives."""

    choices: tuple[Sequence, ...]
    capture: int = 0
    """Number of the group as the pattern counts it; 0 where it captures nothing."""
    name: str = ""


Node = Bytes | Edge | Repeat | Group
Sequence = tuple[Node, ...]


def captures(node: Node) -> int:
    """How many groups capture something."""
    if isinstance(node, Repeat):
        return captures(node.part)
    if isinstance(node, Group):
        inner = sum(captures(part) for choice in node.choices for part in choice)
        return inner + bool(node.capture)
    return 0
