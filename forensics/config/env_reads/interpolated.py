"""Variables that files take in which are no program: Dockerfiles, compose files, makefiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from forensics.config.env_reads.model import EMPTY, EXPRESSION, LITERAL, NONE, REQUIRED, EnvRead

__all__ = ["compose", "dockerfile", "makefile"]

_ARG = re.compile(rb"^[ \t]*ARG[ \t]+(.*)", re.IGNORECASE | re.MULTILINE)
_GIVEN = re.compile(rb"([A-Za-z_]\w*)(=(\"\"|''|[^\s]*))?")
_COMPOSE = re.compile(
    r"(?<!\$)(?:\$\$)*\$(?:\{([A-Za-z_]\w*)(?:(:?[-?+])((?:[^{}]|\{[^{}]*\})*))?\}|([A-Za-z_]\w*))"
)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_CONDITIONAL = re.compile(rb"^([A-Z][A-Z0-9_]*)[ \t]*\?=[ \t]*(.*)", re.MULTILINE)
_CHECKED = re.compile(rb"^ifndef[ \t]+([A-Z][A-Z0-9_]*)[ \t]*\r?\n[ \t]*\$\(error\b", re.MULTILINE)


def _line(content: bytes, at: int) -> int:
    return content.count(b"\n", 0, at) + 1


def dockerfile(content: bytes) -> Iterator[EnvRead]:
    """Each `ARG`, which whoever builds the image gives.

    Source: https://docs.docker.com/reference/dockerfile/#arg
    """
    values: set[bytes] = set()
    for found in _ARG.finditer(content):
        for name, given, value in _GIVEN.findall(found[1].partition(b" #")[0]):
            default = NONE if not given else LITERAL if value.strip(b"\"'") else EMPTY
            # A later stage takes up with a bare ARG what an earlier one has a default for.
            if default == NONE and name in values:
                continue
            values.add(name)
            line = _line(content, found.start())
            # Without a value, the image is built with none.
            yield EnvRead(name.decode(), line, default, "ARG", True, default == NONE)


def compose(content: bytes) -> Iterator[EnvRead]:
    """What a compose file interpolates.

    Source: https://docs.docker.com/reference/compose-file/interpolation/
    """
    for number, line in enumerate(content.decode(errors="replace").split("\n"), 1):
        if "$" not in line:
            continue
        for found in _COMPOSE.finditer(_COMMENT.sub("", line)):
            braced, operator, value, bare = found.groups()
            kind, optional = NONE, False
            if operator and "?" in operator:
                kind = REQUIRED
            elif operator and "+" in operator:
                optional = True
            elif operator:
                kind = EXPRESSION if "$" in value else LITERAL if value.strip() else EMPTY
            yield EnvRead(braced or bare, number, kind, "compose", True, optional)
            if value and "${" in value:
                for inner in re.finditer(r"\$\{([A-Za-z_]\w*)(:?-)?", value):
                    default = LITERAL if inner[2] else NONE
                    yield EnvRead(inner[1], number, default, "compose", True, True)


def makefile(content: bytes) -> Iterator[EnvRead]:
    """What a makefile takes from outside for sure: `X ?= default`, and what it fails without."""
    for found in _CONDITIONAL.finditer(content):
        value = found[2].strip()
        default = EMPTY if not value else EXPRESSION if b"$" in value else LITERAL
        yield EnvRead(found[1].decode(), _line(content, found.start()), default, "?=")
    for found in _CHECKED.finditer(content):
        # A makefile that includes this one can set it.
        yield EnvRead(found[1].decode(), _line(content, found.start()), REQUIRED, "ifndef", False)
