"""Environment variables that a file reads, whatever its language."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

from forensics.config.env_reads.languages import is_test, language_of
from forensics.config.env_reads.model import NONE, EnvRead
from forensics.config.env_reads.wrappers import MARKER as WRAPPERS

if TYPE_CHECKING:
    from forensics.config.env_reads.syntax import Source

__all__ = ["LARGEST", "reads"]

LARGEST = 1 << 20
"""Bytes of a file that is looked at."""
_MOST = 5_000
"""Reads of one file that are told."""
_LONGEST_LINE = 20_000
"""Bytes; a longer line was written by a program."""

_PARSED = {
    "python": "python", "javascript": "javascript", "typescript": "javascript",
    "tsx": "javascript", "component": "javascript", "go": "go", "ruby": "ruby", "java": "jvm",
    "kotlin": "jvm", "php": "php", "csharp": "csharp", "rust": "rust", "shell": "shell",
}  # fmt: skip
"""Module that finds the reads in the tree of a language."""
_MARKS = (b"env", b"Env", b"ENV")
_MORE_MARKS = {
    "python": (b"BaseSettings", b"config("),
    "java": (b"@Value",),
    "kotlin": (b"@Value",),
    "php": (b"_SERVER",),
    "shell": (b"$",),
}
"""What a file worth a closer look holds: quicker to look for than what `MARKER` says."""
_PLAIN = {
    "dockerfile": "interpolated.dockerfile",
    "compose": "interpolated.compose",
    "makefile": "interpolated.makefile",
    "spring": "spring.placed",
}
"""Functions that need no tree."""
_OPENING = re.compile(rb"<script\b[^>]{0,1000}>")
_FRONT = re.compile(rb"---\r?\n(.*?)^---", re.DOTALL | re.MULTILINE)
_SHELL = re.compile(rb"#!.*\b(?:ba|da|z|k)?sh\b")


def reads(path: bytes, content: bytes) -> tuple[EnvRead, ...]:
    """Every environment variable that a file reads, by line.

    Never raises, whatever the content. A file that is too large, binary or in no language known
    has none; of one that takes seconds, the first are told, or none.

    Args:
        path: of the file: its name tells the language, and whether it is test code.
        content: all of it.
    """
    language = language_of(path)
    if not language and content[:2] == b"#!" and _SHELL.match(content[:80]):
        language = "shell"
    if not language or len(content) > LARGEST or b"\0" in content[:8000]:
        return ()
    if language in _PLAIN:
        found: Iterable[EnvRead] = _finder(_PLAIN[language])(content)
    else:
        found = _in_code(language, content)
    test = is_test(path)
    each: dict[tuple[str, int], EnvRead] = {}
    for one in _first(found):
        known = each.get((one.name, one.line))
        if known is None or (known.default == NONE and one.default != NONE):
            each[one.name, one.line] = one._replace(test=test)
    return tuple(sorted(each.values(), key=lambda one: (one.line, one.name)))


def _first(found: Iterable[EnvRead]) -> Iterator[EnvRead]:
    for number, read in enumerate(found):
        if number >= _MOST:
            return
        yield read


def _in_code(language: str, content: bytes) -> Iterator[EnvRead]:
    module = import_module(f"forensics.config.env_reads.{_PARSED[language]}")
    if not any(mark in content for mark in (*_MARKS, *_MORE_MARKS.get(language, ()))):
        return
    if not module.MARKER.search(content) and not WRAPPERS.search(content):
        return
    if language == "component":
        content, language = _scripts(content), "typescript"
    if any(len(line) > _LONGEST_LINE for line in content.split(b"\n")):
        return
    from forensics.config.env_reads.syntax import parsed

    source = parsed(language, content)
    if source is None:
        return
    find: Callable[[Source], Iterator[EnvRead]] = module.find
    yield from find(source)


def _scripts(content: bytes) -> bytes:
    """Only the scripts of a component, each byte at its place."""
    kept = bytearray(re.sub(rb"[^\n]", b" ", content))
    front = _FRONT.match(content)
    if front is not None:  # of Astro
        kept[front.start(1) : front.end(1)] = front[1]
    end = 0
    while (opening := _OPENING.search(content, end)) is not None:
        start = opening.end()
        end = content.find(b"</script", start)
        if end < 0:
            break
        kept[start:end] = content[start:end]
    return bytes(kept)


@cache
def _finder(name: str) -> Callable[[bytes], Iterator[EnvRead]]:
    module, _, function = name.partition(".")
    found: Callable[[bytes], Iterator[EnvRead]] = getattr(
        import_module(f"forensics.config.env_reads.{module}"), function
    )
    return found
