"""Slots of HCL: Terraform, variables, Nomad. Source: https://github.com/hashicorp/hcl"""

from __future__ import annotations

import re

from forensics.config.lines import value_span
from forensics.config.slot import Found, Reading, key_text
from forensics.config.tree import part

__all__ = ["read_hcl"]

_LINE = re.compile(
    rb"[ \t]*+(?:\"(?P<quoted>[^\"\n]{1,200})\"|(?P<key>[A-Za-z_][\w.-]*+))"
    rb"[ \t]*+(?P<mark>=(?![=>])|:)[ \t]*+"
)
_BLOCK = re.compile(
    rb"[ \t]*+(?P<names>[A-Za-z_][\w-]*+(?:[ \t]++(?:\"[^\"\n]*+\"|[\w-]++))*+)[ \t]*+\{[ \t]*+"
)
_NAME = re.compile(rb"\"([^\"\n]*+)\"|([\w-]++)")
_HEREDOC = re.compile(rb"<<[-~]?(\w{1,60})[ \t]*\r?")
_COMMENT = re.compile(rb"[ \t]*+(?:#|//)")
_DEEPEST = 100


def read_hcl(content: bytes) -> Reading:
    """`name = value` under the blocks around it: `variable.db_password.default`."""
    found: list[Found] = []
    above: list[str] = []
    heredoc: tuple[bytes, str, int] | None = None
    at = 0
    for line in content.split(b"\n"):
        start, at = at, at + len(line) + 1
        text = line.strip()
        if heredoc:
            if text == heredoc[0]:
                found.append(Found(heredoc[1], min(heredoc[2], max(start - 1, 0)), start - 1))
                heredoc = None
            continue
        if not text or _COMMENT.match(line):
            continue
        path = above[-1] if above else ""
        match = _LINE.match(line)
        block = None if match else _BLOCK.match(line)
        if match:
            key = path + part(key_text(match["quoted"] or match["key"]))
            marked = _HEREDOC.fullmatch(line, match.end())
            if marked:
                heredoc = marked[1], key.removeprefix("."), at
                continue
            if text.endswith((b"{", b"[", b"({")):
                above.append(key[:300])
            else:
                span = value_span(line, match.end(), len(line), b"#")
                found.append(
                    Found(key.removeprefix("."), start + span[0], start + _uncomma(line, *span))
                )
        elif block:
            names = "".join(part(key_text(a or b)) for a, b in _NAME.findall(block["names"]))
            inside = (path + names)[:300]
            if block.end() < len(line.rstrip()):
                found += _one_line(line[block.end() :], start + block.end(), inside)
            if not text.endswith(b"}") and len(above) < _DEEPEST:
                above.append(inside)
        elif text[:1] in b"}])" and above:
            above.pop()
        elif text[:1] == b'"' and path:
            span = value_span(line, 0, len(line), b"#")
            found.append(Found(path.removeprefix("."), start + span[0], start + span[1]))
    return Reading(found, "a heredoc does not end" if heredoc else "")


def _one_line(line: bytes, start: int, path: str) -> list[Found]:
    """What stands in a block on one line: `{ default = "x" }`."""
    match = _LINE.match(line)
    if match is None:
        return []
    end = len(line.rstrip().removesuffix(b"}"))
    first, last = value_span(line, match.end(), end, b"#")
    key = path + part(key_text(match["quoted"] or match["key"]))
    return [Found(key.removeprefix("."), start + first, start + last)]


def _uncomma(line: bytes, start: int, end: int) -> int:
    return end - 1 if end > start and line[end - 1 : end] == b"," else end
