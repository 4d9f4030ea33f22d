"""What an allowlist says of a finding: by its content, and by the path and commits it is in."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

import regex

from detectors.foreign.records import Allowlist
from detectors.ignoring import PENDING

__all__ = ["Judged", "allowed_by_content", "allowed_by_place", "line_around", "search"]

_LINE_REACH = 4096
"""Bytes around a secret in which its line is looked for, however long that is."""
_SECONDS = 1.0
"""Most time that one expression may take over one value."""


class Judged:
    """A finding as allowlists see it."""

    __slots__ = ("_content", "_line", "match", "secret", "start")

    def __init__(self, content: bytes, start: int, match: bytes, secret: bytes) -> None:
        self._content, self.start = content, start
        self.match, self.secret = match, secret
        self._line: bytes | None = None

    def target(self, name: str) -> bytes:
        """What an allowlist's expressions look at."""
        if name == "line":
            if self._line is None:
                self._line = line_around(self._content, self.start, self.start + len(self.match))
            return self._line
        return self.match if name == "match" else self.secret


def line_around(content: bytes, start: int, end: int) -> bytes:
    """The lines from `start` to `end`, cut off 4,096 bytes before and after."""
    first = content.rfind(b"\n", max(0, start - _LINE_REACH), start) + 1
    last = content.find(b"\n", end, end + _LINE_REACH)
    return content[first or max(0, start - _LINE_REACH) : last if last >= 0 else end + _LINE_REACH]


@cache
def _compiled(expressions: tuple[str, ...]) -> regex.Pattern[bytes]:
    return regex.compile("|".join(f"(?:{one})" for one in expressions).encode())


def search(expressions: tuple[str, ...], value: bytes) -> bool:
    """Whether one of `expressions` matches somewhere in `value`, and says so within a second."""
    try:
        return _compiled(expressions).search(value, timeout=_SECONDS) is not None
    except TimeoutError:
        return False


def allowed_by_content(one: Allowlist, found: Judged) -> str:
    """What ignores `found`: the list's name, after `PENDING` where path or commit must agree;
    empty if nothing does."""
    tests = []
    if one.regexes:
        tests.append(search(one.regexes, found.target(one.target)))
    if one.stopwords:
        secret = found.secret.lower()
        tests.append(any(word.encode() in secret for word in one.stopwords))
    if not tests:
        return ""
    if not one.all_of:
        return one.name if any(tests) else ""
    if not all(tests):
        return ""
    return PENDING + one.name if one.paths or one.commits else one.name


def allowed_by_place(
    one: Allowlist, path: bytes | None, commits: Collection[str], pending: Collection[str]
) -> bool:
    """Whether `one` ignores what stands at `path`, put there by `commits` alone.

    Args:
        one: the list.
        path: None where it is no path that holds it.
        commits: ids; of all of them, not of one.
        pending: names of the lists that ignore it by its content, if place agrees.
    """
    tests = []
    if one.paths:
        tests.append(path is not None and search(one.paths, path))
    if one.commits:
        tests.append(bool(commits) and all(commit in one.commits for commit in commits))
    if not tests:
        return False
    if not one.all_of:
        return any(tests)
    by_content = bool(one.regexes or one.stopwords)
    return all(tests) and (not by_content or one.name in pending)
