"""Slots of what should be YAML and is not: line by line, by indentation."""

from __future__ import annotations

import re

from forensics.config.lines import value_span
from forensics.config.slot import Found, key_text
from forensics.config.tree import part

__all__ = ["read_indented"]

_LINE = re.compile(
    rb"""(?P<indent>[ \t]*+)(?P<items>(?:-[ \t]++)*+)"""
    rb"""(?:"(?P<double>[^"\n]{1,300})"|'(?P<single>[^'\n]{1,300})'"""
    rb"""|(?P<plain>[^\s:'"{}\[\]#&*!|>%@`,-][^:\n]{0,299}?))[ \t]*+:(?=[ \t\r]|$)[ \t]*+"""
)
_PAIR = re.compile(rb"""(?P<indent>[ \t]*+)-[ \t]++["']?(?P<key>[A-Za-z_][\w.-]{0,100})=""")
_BLOCK = re.compile(rb"(?:[&!]\S*[ \t]+)*[|>][-+0-9]*\s*(?:#.*)?")
_PROPERTIES = re.compile(rb"(?:[&!][^\s{}\[\]]*+[ \t]++)*+")
_DEEPEST = 100
_EDGES = frozenset({"indent", "items"})


def read_indented(content: bytes) -> list[Found]:
    """Values after `name:`, each under the names that are less indented."""
    found: list[Found] = []
    above: list[tuple[int, str]] = []
    block: tuple[int, str, int, int] | None = None
    at = 0
    for line in content.split(b"\n"):
        start, at = at, at + len(line) + 1
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip())
        if block:
            if indent > block[0]:
                first = start + indent if block[2] < 0 else block[2]
                block = (block[0], block[1], first, start + len(line.rstrip()))
                continue
            found.append(Found(block[1], max(block[2], 0), block[3]))
            block = None
        match = _LINE.match(line) or _PAIR.match(line)
        if match is None:
            continue
        named = match.groupdict()
        indent = len(match["indent"]) + len(named.get("items", b"- "))
        while above and above[-1][0] >= indent:
            above.pop()
        name = next(each for group, each in named.items() if group not in _EDGES and each)
        path = (above[-1][1] if above else "") + part(key_text(name))
        if len(above) < _DEEPEST:
            above.append((indent, path[:300]))
        begin = match.end()
        if _BLOCK.fullmatch(line, begin):
            block = (len(match["indent"]), path.removeprefix("."), -1, start + len(line.rstrip()))
            continue
        properties = _PROPERTIES.match(line, begin)
        begin = properties.end() if properties else begin
        first, last = value_span(line, begin, len(line), b"#")
        if last > first:
            found.append(Found(path.removeprefix("."), start + first, start + last))
    if block and block[2] >= 0:
        found.append(Found(block[1], block[2], block[3]))
    return found
