"""Procfiles: a process a line, and the variables that it is started with."""

from __future__ import annotations

import re

from forensics.config.shell import read_shell, unquoted
from forensics.config.slot import Found, Reading, key_text
from forensics.config.tree import part

__all__ = ["procfile_settings", "read_procfile"]

_PROCESS = re.compile(rb"^(?P<name>[A-Za-z0-9_][\w.-]*+)[ \t]*+:[ \t]*+(?P<command>[^\n]*+)", re.M)
_BEFORE = re.compile(
    rb"(?:env[ \t]++|export[ \t]++)?(?:[A-Za-z_]\w*+=(?:\"[^\"\n]*+\"|'[^'\n]*+'|[^\s\"'])*+\s++)*+"
)


def read_procfile(content: bytes) -> Reading:
    """`web: KEY=value command --flag x`: slots `web.KEY` and `web.--flag`."""
    found: list[Found] = []
    for match in _PROCESS.finditer(content):
        name, start = key_text(match["name"]), match.start("command")
        found += [
            Found(name + part(each.key), start + each.start, start + each.end)
            for each in read_shell(match["command"]).found
        ]
    return Reading(found)


def procfile_settings(content: bytes) -> Reading:
    """The variables before each command: `web.KEY`."""
    found: list[Found] = []
    trouble = ""
    for number, line in enumerate(content.split(b"\n"), 1):
        text = line.strip()
        if text and not text.startswith(b"#") and not _PROCESS.match(line):
            trouble = trouble or f"no process in line {number}"
    for match in _PROCESS.finditer(content):
        name, start = key_text(match["name"]), match.start("command")
        command = match["command"]
        before = _BEFORE.match(command)
        end = before.end() if before else 0
        for each in read_shell(command[:end]).found:
            text = unquoted(command, each.start, each.end)
            found.append(Found(name + part(each.key), start + each.start, start + each.end, text))
    return Reading(found, trouble)
