"""Acceptances as a file for review: TOML, one block each, sorted, so that it merges well.

Editing changes the blocks that it is about and no other line, so comments stay.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from itertools import pairwise
from typing import Any, NamedTuple, NoReturn

from forensics.drift.acceptance import KINDS, Acceptance
from forensics.errors import UsageProblem

__all__ = ["AcceptanceFile", "check_text"]

_FORMAT = 1
_LARGEST = 1 << 20
_LONGEST = 2000
_GLOBS = ("set", "key", "kind", "environment")
_REQUIRED = ("set", "key", "reason", "owner", "expires")
_HEADER = re.compile(r"[ \t]*\[\[[ \t]*accept[ \t]*\]\][ \t]*(?:#.*)?")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_BEGINNING = (
    "# Accepted drift of git-forensics: `forensics drift --acceptances` with this file uses it.\n"
    "# `forensics drift accept` writes it; reviewed and merged as any text.\n"
    f"format = {_FORMAT}\n"
)


class AcceptanceFile(NamedTuple):
    """A file of acceptances: what it says, and its text."""

    name: str
    text: str
    acceptances: tuple[Acceptance, ...]
    """In the order of the file."""

    @classmethod
    def read(cls, content: bytes, name: str) -> AcceptanceFile:
        """What a file says, each acceptance checked. An empty file is one without any.

        Raises:
            UsageProblem: something in it is wrong; the message says what, and on which line.
        """
        if len(content) > _LARGEST:
            _refuse(name, 0, f"it has more than {_LARGEST:,} bytes")
        try:
            text = content.decode()
            said = tomllib.loads(text)
        except UnicodeDecodeError as error:
            _refuse(name, content[: error.start].count(b"\n") + 1, "it is not UTF-8")
        except tomllib.TOMLDecodeError as error:
            found = _AT_LINE.search(str(error))
            number = text.count("\n") + 1 if not found or not found[1] else int(found[1])
            _refuse(name, number, f"it is not TOML: {_AT_LINE.sub('', str(error))}")
        except RecursionError:
            _refuse(name, 0, "it is nested too deeply")
        except ValueError as error:  # of a number too long to be one
            _refuse(name, 0, f"it is not TOML: {error}")
        if not text.strip():
            return cls(name, _BEGINNING, ())
        if said.get("format") != _FORMAT:
            _refuse(name, 1, f"it does not say `format = {_FORMAT}`")
        if unknown := sorted(said.keys() - {"format", "accept"}):
            _refuse(name, _line_of(text, unknown[0]), f"nobody knows what {unknown[0]!r} is")
        return cls(name, text, tuple(_entries(name, text, said.get("accept", []))))

    @classmethod
    def new(cls, name: str) -> AcceptanceFile:
        """A file without acceptances."""
        return cls(name, _BEGINNING, ())

    @property
    def bare(self) -> bool:
        """Whether it has nothing but what every new file begins with."""
        return self.text == _BEGINNING

    def with_one(self, one: Acceptance) -> AcceptanceFile:
        """The file with one more acceptance, in the place of one that is about the same."""
        kept = self.without(lambda other: other.about == one.about)
        top, blocks = kept._blocks()
        place = sum(other.about < one.about for other in kept.acceptances)
        blocks.insert(place, _block(one))
        return self._of(top, blocks)

    def without(self, unwanted: Callable[[Acceptance], bool]) -> AcceptanceFile:
        """The file without some acceptances; what is written below them stays."""
        if not any(map(unwanted, self.acceptances)):
            return self
        top, blocks = self._blocks()
        pairs = zip(self.acceptances, blocks, strict=True)
        kept = [_below(block) if unwanted(one) else block for one, block in pairs]
        return self._of(top, [block for block in kept if block])

    def _blocks(self) -> tuple[str, list[str]]:
        """What stands before the first acceptance, and each with the comment right above it."""
        lines = _LINE.findall(self.text)
        starts = [number for number, line in enumerate(lines) if _HEADER.fullmatch(line.rstrip())]
        if len(starts) != len(self.acceptances):
            _refuse(
                self.name, 0, "it is written in a way that only a person can edit",
                "begin each acceptance with [[accept]] on a line of its own",
            )  # fmt: skip
        begins = []
        for start in starts:
            while start and lines[start - 1].lstrip().startswith("#"):
                start -= 1
            begins.append(start)
        bounds = [*begins, len(lines)]
        blocks = ["".join(lines[begin:end]) for begin, end in pairwise(bounds)]
        return "".join(lines[: bounds[0]]), blocks

    def _of(self, top: str, blocks: list[str]) -> AcceptanceFile:
        text = "\n".join(part.rstrip("\r\n") + "\n" for part in (top, *blocks))
        return AcceptanceFile.read(text.encode(), self.name)


def _below(block: str) -> str:
    """The comment that stands below an acceptance, and so is not about it alone."""
    lines = _LINE.findall(block)
    end = len(lines)
    while end and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "".join(lines[end:]).strip("\r\n")


def check_text(what: str, text: str) -> None:
    """Refuse what cannot stand in a file of acceptances.

    Raises:
        UsageProblem: the text is empty, too long, or holds characters that do not print.
    """
    if not text.strip():
        raise UsageProblem(f"{what} is empty", "say something")
    if len(text) > _LONGEST:
        raise UsageProblem(f"{what} is longer than {_LONGEST} characters", "shorten it")
    if not text.isprintable():
        raise UsageProblem(f"{what} holds characters that do not print", "write one plain line")


def _block(one: Acceptance) -> str:
    texts = {field: getattr(one, field) for field in (*_GLOBS, "reason", "owner")}
    said = "".join(
        f"{field} = {json.dumps(text, ensure_ascii=False)}\n"
        for field, text in texts.items()
        if text or field in _REQUIRED
    )
    return f"[[accept]]\n{said}expires = {one.expires.isoformat()}\n"


def _entries(name: str, text: str, given: Any) -> list[Acceptance]:
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        _refuse(name, _line_of(text, "accept"), "`accept` is not a list of tables")
    lines = [
        number
        for number, line in enumerate(_LINE.findall(text), 1)
        if _HEADER.fullmatch(line.rstrip())
    ]
    if len(lines) != len(given):
        lines = [0] * len(given)
    found: list[Acceptance] = []
    seen: dict[tuple[str, str, str, str], int] = {}
    for line, facts in zip(lines, given, strict=True):
        one = _acceptance(name, line, facts)
        if one.about in seen:
            where = f" on line {seen[one.about]}" if line else ""
            _refuse(name, line, f"this is about the same as the one{where}", "keep one of the two")
        seen[one.about] = line
        found.append(one)
    return found


def _acceptance(name: str, line: int, facts: dict[str, Any]) -> Acceptance:
    if unknown := sorted(facts.keys() - {*_GLOBS, *_REQUIRED}):
        known = ", ".join((*_GLOBS, "reason", "owner", "expires"))
        _refuse(name, line, f"nobody knows what {unknown[0]!r} is", f"write {known}")
    for field in _REQUIRED:
        if field not in facts:
            _refuse(name, line, f"it does not say {field!r}", f"add {field}")
    for field in (*_GLOBS, "reason", "owner"):
        text = facts.get(field, "")
        if not isinstance(text, str) or len(text) > _LONGEST or not text.isprintable():
            _refuse(name, line, f"{field!r} is not a plain line of at most {_LONGEST} characters")
    for field in ("key", "reason", "owner"):
        if not facts[field].strip():
            _refuse(name, line, f"{field!r} is empty")
    if facts.get("kind", "") not in ("", *KINDS):
        _refuse(name, line, f"there is no kind {facts['kind']!r}", f"these are: {', '.join(KINDS)}")
    expires = facts["expires"]
    if isinstance(expires, datetime):
        expires = expires.date()
    if not isinstance(expires, date):
        _refuse(name, line, "'expires' is not a date", "write expires = 2027-01-31, without quotes")
    texts = {field: facts.get(field, "") for field in (*_GLOBS, "reason", "owner")}
    return Acceptance(**texts, expires=expires, line=line)


def _line_of(text: str, field: str) -> int:
    """Where a field at the top of the file is set; 0 if that cannot be told."""
    shape = re.compile(rf"[ \t]*\[*[ \t]*[\"']?{re.escape(field)}[\"']?[ \t]*[\].=]")
    return next((n for n, line in enumerate(_LINE.findall(text), 1) if shape.match(line)), 0)


def _refuse(name: str, line: int, why: str, hint: str = "") -> NoReturn:
    where = f"{name}:{line}" if line else name
    raise UsageProblem(
        f"{where}: {why}", hint or "repair it, or write it with `forensics drift accept`"
    )
