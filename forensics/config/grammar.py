"""Files read by a grammar of tree-sitter."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

__all__ = ["children", "first_error", "syntax"]


def syntax(language: str, content: bytes) -> Node:
    """The root of the tree that `content` is by the grammar `tree_sitter_<language>`."""
    return _parser(language).parse(content).root_node


@cache
def _parser(language: str) -> Parser:
    from tree_sitter import Language, Parser

    grammar: Callable[[], object] = import_module(f"tree_sitter_{language}").language
    return Parser(Language(grammar()))


def children(node: Node) -> list[Node]:
    """The named children of a node, without comments."""
    return [each for each in node.named_children if each.type != "comment"]


def first_error(root: Node) -> int:
    """The line, from 1, of the first thing that the grammar does not have; 0 if there is none."""
    if not root.has_error:
        return 0
    node = root
    while True:
        inner = next((each for each in node.children if each.has_error or each.is_missing), None)
        if inner is None or node.is_error:
            return node.start_point[0] + 1
        node = inner
