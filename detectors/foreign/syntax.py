"""Regular expressions as Go and Rust write them, read into a tree.

Sources: https://github.com/google/re2/wiki/Syntax and https://docs.rs/regex/latest/regex/#syntax
"""

from __future__ import annotations

import re
from typing import NamedTuple

from detectors.errors import RuleError
from detectors.foreign.characters import CharacterReader, folded
from detectors.foreign.tree import ALL, Bytes, Edge, Group, Node, Repeat, Sequence

__all__ = ["parse_expression"]

_MAX_LENGTH = 50_000
_MAX_DEPTH = 60
_MAX_REPEAT = 5_000
_MAX_NODES = 50_000

_COUNT = re.compile(r"\{(\d{1,9})(,(\d{0,9}))?\}")
_FLAGS = re.compile(r"\(\?([imsUxuR]*)(?:-([imsUxuR]+))?([:)])")
_NAMED = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")
_AROUND = re.compile(r"\(\?<?[=!]")


class _Flags(NamedTuple):
    fold: bool = False
    multiline: bool = False
    dot_all: bool = False
    swap: bool = False
    verbose: bool = False
    around: bool = False
    """Whether lookarounds, which neither Go nor Rust has, are read and left out."""


class _Reader(CharacterReader):
    """Recursive descent over one expression."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._groups, self._nodes = 0, 0
        self._depth = 0

    def whole(self, flags: _Flags) -> Group:
        choices = self._choices(flags)
        if self.at < len(self.text):
            raise RuleError("its pattern has a ) too many")
        return Group(choices)

    def _choices(self, flags: _Flags) -> tuple[Sequence, ...]:
        """Alternatives up to the end of the group. Flags set in one hold for those after it."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise RuleError(f"its pattern is nested more than {_MAX_DEPTH} deep")
        choices: list[Sequence] = []
        parts: list[Node] = []
        while self.at < len(self.text) and self.text[self.at] != ")":
            if self.text[self.at] == "|":
                self.at += 1
                choices.append(tuple(parts))
                parts = []
                continue
            if flags.verbose and self._skipped():
                continue
            if self.text.startswith("(?#", self.at):
                end = self.text.find(")", self.at)
                self.at = len(self.text) if end < 0 else end + 1
                continue
            found = _FLAGS.match(self.text, self.at)
            if found and found[3] == ")":
                self.at = found.end()
                flags = self._with(flags, found)
                continue
            parts += self._repeated(self._part(flags), flags)
        choices.append(tuple(parts))
        self._depth -= 1
        return tuple(choices)

    def _skipped(self) -> bool:
        """Whether white space or a comment stood here, where the `x` flag gives it no meaning."""
        if self.text[self.at] == "#":
            end = self.text.find("\n", self.at)
            self.at = len(self.text) if end < 0 else end
            return True
        if self.text[self.at].isspace():
            self.at += 1
            return True
        return False

    def _with(self, flags: _Flags, found: re.Match[str]) -> _Flags:
        names = {"i": "fold", "m": "multiline", "s": "dot_all", "U": "swap", "x": "verbose"}
        on = {names[one]: True for one in found[1] or "" if one in names}
        off = {names[one]: False for one in found[2] or "" if one in names}
        return flags._replace(**on, **off)

    def _part(self, flags: _Flags) -> list[Node]:
        """What stands here, without its repeat; several bytes for one character perhaps."""
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise RuleError("its pattern is too large")
        here = self.text[self.at]
        if here == "(":
            return [self._group(flags)]
        if here == "[":
            return [self.bracketed(fold=flags.fold, verbose=flags.verbose)]
        if here == "\\":
            return self._escape(flags)
        self.at += 1
        if here == ".":
            return [Bytes(ALL if flags.dot_all else ALL ^ 1 << 10)]
        if here == "^":
            return [Edge("(?m:^)" if flags.multiline else r"\A")]
        if here == "$":
            return [Edge("(?m:$)" if flags.multiline else r"\Z")]
        if here in "*+?":
            raise RuleError(f"its pattern repeats nothing at position {self.at}")
        return self._literal(here, flags)

    def _literal(self, character: str, flags: _Flags) -> list[Node]:
        if ord(character) > 127:
            return [Bytes(1 << byte) for byte in character.encode("utf-8", "surrogatepass")]
        mask = 1 << ord(character)
        return [Bytes(folded(mask) if flags.fold else mask)]

    def _group(self, flags: _Flags) -> Group:
        text = self.text
        capture, name = 0, ""
        if found := _NAMED.match(text, self.at):
            self._groups += 1
            capture, name, self.at = self._groups, found[1], found.end()
        elif found := _FLAGS.match(text, self.at):
            flags, self.at = self._with(flags, found), found.end()
        elif flags.around and (found := _AROUND.match(text, self.at)):
            self.at = found.end()
            self._choices(flags)
            self.at += 1
            return Group(((),))
        elif text.startswith("(?", self.at):
            raise RuleError(f"its pattern has {text[self.at : self.at + 4]!r}, which is neither"
                            " Go's nor Rust's")  # fmt: skip
        else:
            self._groups += 1
            capture, self.at = self._groups, self.at + 1
        choices = self._choices(flags)
        if self.at >= len(text):
            raise RuleError("its pattern lacks a )")
        self.at += 1
        return Group(choices, capture, name)

    def _escape(self, flags: _Flags) -> list[Node]:
        text = self.text
        if self.at + 1 >= len(text):
            raise RuleError("its pattern ends in a backslash")
        letter = text[self.at + 1]
        if letter in "bBAz":
            self.at += 2
            return [Edge({"z": r"\Z"}.get(letter, f"\\{letter}"))]
        if letter == "Q":
            end = text.find(r"\E", self.at)
            literal = text[self.at + 2 : end if end >= 0 else None]
            self.at = end + 2 if end >= 0 else len(text)
            return [node for one in literal for node in self._literal(one, flags)]
        mask, character = self.escaped()
        if character:
            return self._literal(character, flags)
        return [Bytes(folded(mask) if flags.fold else mask)]

    def _repeated(self, parts: list[Node], flags: _Flags) -> list[Node]:
        """`parts`, the last one with the repeats that follow it."""
        text = self.text
        while self.at < len(text):
            if flags.verbose and self._skipped():
                continue
            here = text[self.at]
            if here in "*+?":
                self.at += 1
                least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[here]
            elif found := _COUNT.match(text, self.at):
                self.at = found.end()
                least = int(found[1])
                most = least if found[2] is None else int(found[3]) if found[3] else None
            else:
                break
            if max(least, most or 0) > _MAX_REPEAT or (most is not None and most < least):
                raise RuleError(f"its pattern repeats something {most or least} times")
            lazy = text.startswith("?", self.at)
            self.at += lazy
            if not parts:
                raise RuleError("its pattern repeats nothing")
            parts = [*parts[:-1], Repeat(parts[-1], least, most, lazy != flags.swap)]
        return parts


def parse_expression(text: str, *, verbose: bool = False, around: bool = False) -> Group:
    """The tree of an expression in Go's or Rust's syntax, over bytes.

    A character beyond ASCII is the bytes of its UTF-8 form; in a class it stands for any byte of
    such a character.

    Args:
        text: the expression.
        verbose: whether the `x` flag is set.
        around: whether to read lookarounds too, and leave them out: more is found then, never less.

    Raises:
        RuleError: it is no such expression, or larger than an honest one.
    """
    if len(text) > _MAX_LENGTH:
        raise RuleError(f"its pattern is longer than {_MAX_LENGTH:,} characters")
    return _Reader(text).whole(_Flags(verbose=verbose, around=around))
