"""Whether a text is what a pattern means. Letters are compared without regard to case.

What a pattern can cost is bounded: wildcards never try the same place in two ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

from forensics.query.tree import Pattern

__all__ = ["Fits", "matcher"]

Fits: TypeAlias = Callable[[str], bool]

_PIECE = re.compile(r"\\.|[*?]|[^\\*?]+", re.DOTALL)
_ANY_FOLDERS = "**"


def matcher(field: str, value: Pattern) -> Fits:
    """Tells which texts of a field a value means.

    What these are: ids of rules, paths, paths of repositories, names of environments, authors as
    `Name <address>`, owners, and any text where `field` is empty.
    """
    if value.exact:
        return lambda text: text == value.text
    pattern = value.pattern.lower()
    made = {
        "rule": _rule, "repo": _repository, "path": _path, "env": _whole, "author": _author,
        "owner": _author, "": _somewhere,
    }[field](pattern)  # fmt: skip
    needle = max((_literal(part) for part in _fixed_parts(pattern)), key=len, default="")
    return lambda text: needle in (lowered := text.lower()) and made(lowered)


def _rule(pattern: str) -> Fits:
    """An id; without a wildcard, also all of a provider."""
    if _wild(pattern):
        return _whole(pattern)
    name = _literal(pattern)
    return lambda text: text == name or text.startswith(name + ".")


def _author(pattern: str) -> Fits:
    """A part of name and address; with a wildcard, the whole of either or of both."""
    if not _wild(pattern):
        return _somewhere(pattern)
    whole = _whole(pattern)

    def fits(text: str) -> bool:
        name, _, address = text.rpartition(" <")
        return whole(text) or whole(name) or whole(address.removesuffix(">"))

    return fits


def _repository(pattern: str) -> Fits:
    """The last parts of a path, with or without what git adds; all of it after a slash."""
    parts = [one for one in pattern.split("/") if one]
    if not parts:
        return lambda text: False
    wanted = _parts(parts if pattern.startswith("/") else [_ANY_FOLDERS, *parts])

    def fits(text: str) -> bool:
        names = [one for one in text.split("/") if one]
        if names[-1:] == [".git"]:
            names.pop()
        if _fit(wanted, names):
            return True
        return bool(names) and _fit(wanted, [*names[:-1], names[-1].removesuffix(".git")])

    return fits


def _path(pattern: str) -> Fits:
    """As lines of a .gitignore, except that a last `*` means only what is right there."""
    parts = [one for one in pattern.split("/") if one]
    if not parts:
        return lambda text: False
    floating = "/" not in pattern.rstrip("/")
    last = parts[-1]
    if last == _ANY_FOLDERS:
        parts[-1:] = ["*", _ANY_FOLDERS]
    elif pattern.endswith("/"):
        parts += ["*", _ANY_FOLDERS]
    elif last != "*":
        parts.append(_ANY_FOLDERS)
    wanted = _parts([_ANY_FOLDERS, *parts] if floating else parts)
    return lambda text: _fit(wanted, [one for one in text.split("/") if one])


def _parts(patterns: Sequence[str]) -> list[Fits | None]:
    """A test for each part, None for any number of folders."""
    return [None if one == _ANY_FOLDERS else _whole(one) for one in patterns]


def _fit(wanted: Sequence[Fits | None], names: Sequence[str]) -> bool:
    """Whether names are what is wanted, one after another; only the last place that stands for
    any number of them is ever tried again."""
    at = name = 0
    again: tuple[int, int] | None = None
    while name < len(names):
        if at < len(wanted) and wanted[at] is None:
            again = (at, name)
            at += 1
        elif at < len(wanted) and (test := wanted[at]) and test(names[name]):
            at, name = at + 1, name + 1
        elif again is not None:
            at, name = again[0] + 1, again[1] + 1
            again = (again[0], name)
        else:
            return False
    return all(one is None for one in wanted[at:])


def _whole(pattern: str) -> Fits:
    if not _wild(pattern):
        name = _literal(pattern)
        return lambda text: text == name
    first, *rest = _between_stars(pattern)
    made = first
    if rest:
        made += "".join(f"(?>.*?{one})" for one in rest[:-1]) + f".*{rest[-1]}"
    fits = re.compile(made, re.DOTALL).fullmatch
    return lambda text: fits(text) is not None


def _somewhere(pattern: str) -> Fits:
    if not _wild(pattern):
        part = _literal(pattern)
        return lambda text: part in text
    fits = re.compile("".join(f"(?>.*?{one})" for one in _between_stars(pattern)), re.DOTALL).match
    return lambda text: fits(text) is not None


def _between_stars(pattern: str) -> list[str]:
    """Expressions of a fixed length for what stands before, between and after the stars."""
    found = [""]
    previous = ""
    for piece in _PIECE.findall(pattern):
        if piece == "*":
            if previous != "*":
                found.append("")
        elif piece == "?":
            found[-1] += "."
        else:
            found[-1] += re.escape(_literal(piece))
        previous = piece
    return found


def _fixed_parts(pattern: str) -> list[str]:
    """What stands between wildcards and slashes, escapes and all."""
    cuts = [0]
    for piece in _PIECE.finditer(pattern):
        if piece[0] in ("*", "?"):
            cuts += piece.span()
    cuts.append(len(pattern))
    stretches = (pattern[start:end] for start, end in pairwise(cuts))
    return [part for one in stretches if one not in ("*", "?") for part in one.split("/")]


def _wild(pattern: str) -> bool:
    return any(piece in ("*", "?") for piece in _PIECE.findall(pattern))


def _literal(pattern: str) -> str:
    return re.sub(r"\\(.)", r"\1", pattern, flags=re.DOTALL)
