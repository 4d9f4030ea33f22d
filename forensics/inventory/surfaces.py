"""Infrastructure surfaces: which tools define, run, connect, keep, ship and watch the software."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from forensics.inventory.nodes import NOTHING, compose
from forensics.inventory.records import Pipeline, Surface

__all__ = ["CATEGORIES", "in_order", "surfaces"]

CATEGORIES = ("IaC", "runtime", "network", "data", "CI/CD", "observability")
_MOST = 300
"""Surfaces of one file."""
_LONGEST = 200
_COMPOSE = re.compile(rb"(?:^|/)[^/]*compose[^/]*$", re.IGNORECASE)
_SERVICES = re.compile(rb"^services:[ \t\r]*(?:#[^\n]*)?$", re.MULTILINE)
_YAML = re.compile(rb"\.ya?ml(?:\.(?:j2|erb|tpl|tmpl|gotmpl|template))?$", re.IGNORECASE)
_DOCUMENTS = re.compile(rb"^---[^\n]*$", re.MULTILINE)
_KIND = re.compile(rb"""^kind:[ \t]*["']?([A-Za-z]\w{0,80})""", re.MULTILINE)
_VERSION = re.compile(rb"""^apiVersion:[ \t]*["']?([\w./-]{1,120})""", re.MULTILINE)
_IMAGE = re.compile(
    rb"""^[ \t]*(?:-[ \t]+)?["']?image["']?:[ \t]*["']?([\w./:@-]{1,200})""", re.MULTILINE
)


class _Sign(NamedTuple):
    """An entry of `surfaces.toml`."""

    category: str
    tool: str
    path: re.Pattern[bytes]
    find: re.Pattern[bytes] | None
    evidence: str
    lookup: str
    only_known: bool
    once: bool


class _Known(NamedTuple):
    """What a word means."""

    fits: re.Pattern[str]
    category: str
    tool: str


def surfaces(path: bytes, content: bytes | None, pipelines: Iterable[Pipeline]) -> list[Surface]:
    """What a file shows.

    Args:
        path: of the file.
        content: all of it; None where it was not read.
        pipelines: of CI, that are in it.
    """
    found: dict[tuple[str, str, str], Surface] = {}
    for one in _all(path, content, pipelines):
        found.setdefault(one[:3], one)
        if len(found) == _MOST:
            break
    named = {(one.category, one.tool) for one in found.values() if one.line is not None}
    # That a name looks like it says no more where something in the file says so.
    return [
        one for one in found.values() if one.line is not None or one[:2] not in named
    ]  # fmt: skip


def in_order(found: Iterable[Surface]) -> tuple[Surface, ...]:
    """Surfaces by category, tool and path; of a sign that counts once, the first file."""
    once = {one.tool for one in _signs().signs if one.once}
    kept: list[Surface] = []
    seen: set[str] = set()
    for one in sorted(found, key=lambda one: (CATEGORIES.index(one.category), one[1], one[3],
                                              one.line or 0, one[2])):  # fmt: skip
        if one.tool in once and one.line is None:
            if one.tool in seen:
                continue
            seen.add(one.tool)
        kept.append(one)
    return tuple(kept)


def _all(
    path: bytes, content: bytes | None, pipelines: Iterable[Pipeline]
) -> Iterator[Surface]:  # fmt: skip
    for pipeline in pipelines:
        yield Surface("CI/CD", pipeline.system, "pipeline", path, 1 if content else None)
    lines = _Lines(content or b"")
    for sign in _signs().signs:
        if not sign.path.search(path):
            continue
        if sign.find is None:
            yield Surface(sign.category, sign.tool, "file name", path, None)
        elif content:
            yield from _matches(sign, path, content, lines)
    if content and _YAML.search(path):
        if _COMPOSE.search(path) or (_SERVICES.search(content) and _IMAGE.search(content)):
            yield from _compose(path, content)
        yield from _kubernetes(path, content, lines)


def _matches(sign: _Sign, path: bytes, content: bytes, lines: _Lines) -> Iterator[Surface]:
    assert sign.find is not None
    seen: set[tuple[str, str]] = set()
    for match in sign.find.finditer(content):
        groups = [each for each in match.groups() if each is not None]
        first, last = (_text(groups[0]), _text(groups[-1])) if groups else ("", "")
        if (first, last) in seen:
            continue
        seen.add((first, last))
        line = lines.of(match.start(match.lastindex or 0))
        evidence = sign.evidence.replace("{1}", first)
        if not sign.only_known:
            yield Surface(sign.category, sign.tool, evidence, path, line)
        known = _meaning(sign.lookup, last)
        if known:
            yield Surface(known.category, known.tool, evidence, path, line)
        if len(seen) >= _MOST:
            return


def _text(word: bytes) -> str:
    return word.decode("utf-8", "replace").strip()[:_LONGEST]


def _compose(path: bytes, content: bytes) -> Iterator[Surface]:
    """The services of a compose file, and what their images are."""
    documents, _ = compose(content)
    for name, service in (documents[0] if documents else NOTHING).get("services").table.items():
        image = service.get("image").text.partition("@")[0]
        told = f"service {name}" + (f", image {image}" if image else "")
        yield Surface("runtime", "Docker Compose", told[:_LONGEST], path, service.line)
        known = _meaning("image", image)
        if known:
            yield Surface(known.category, known.tool, told[:_LONGEST], path, service.line)


def _kubernetes(path: bytes, content: bytes, lines: _Lines) -> Iterator[Surface]:
    """The resources of manifests, also of those that are templates, and their images."""
    at = 0
    manifests = False
    for end in [*(mark.start() for mark in _DOCUMENTS.finditer(content)), len(content)]:
        kind, version = _KIND.search(content, at, end), _VERSION.search(content, at, end)
        if kind and version:
            manifests = True
            known = _meaning("kubernetes", f"{version[1].decode()} {kind[1].decode()}")
            if known:
                yield Surface(
                    known.category, known.tool, f"kind {kind[1].decode()}", path,
                    lines.of(kind.start()),
                )  # fmt: skip
        at = end
    for match in _IMAGE.finditer(content) if manifests else ():
        image = match[1].decode().partition("@")[0]
        known = _meaning("image", image)
        if known:
            yield Surface(
                known.category, known.tool, f"image {image}", path, lines.of(match.start(1))
            )


class _Lines:
    """Lines of places in a content."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._starts: list[int] = []

    def of(self, place: int) -> int:
        if not self._starts:
            self._starts = [0]
            self._starts += [each.end() for each in re.finditer(rb"\n", self._content)]
        return bisect_right(self._starts, place)


def _meaning(lookup: str, word: str) -> _Known | None:
    if not lookup or not word:
        return None
    return next((one for one in _signs().lookups[lookup] if one.fits.fullmatch(word)), None)


class _Signs(NamedTuple):
    signs: tuple[_Sign, ...]
    lookups: dict[str, tuple[_Known, ...]]


@cache
def _signs() -> _Signs:
    text = (files("forensics.inventory") / "surfaces.toml").read_text("utf-8")
    told = tomllib.loads(text)
    return _Signs(
        tuple(map(_sign, told["surface"])),
        {
            name: tuple(
                _Known(re.compile(one["fits"]), one["category"], one["tool"]) for one in table
            )
            for name, table in told["lookup"].items()
        },
    )


def _sign(told: dict[str, Any]) -> _Sign:
    find = told.get("find")
    return _Sign(
        told["category"],
        told["tool"],
        re.compile(told["path"].encode()),
        re.compile(find.encode(), re.MULTILINE) if find else None,
        told.get("evidence", ""),
        told.get("lookup", ""),
        told.get("only_known", False),
        told.get("once", False),
    )
