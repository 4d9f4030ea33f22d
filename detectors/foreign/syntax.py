"""Regular expressions as Go and Rust write them, read into a tree.

Sources: https://github.com/google/re2/wiki/Syntax and https://docs.rs/regex/latest/regex/#syntax
"""

from __future__ import annotations

import re
from typing import NamedTuple

from detectors.errors import RuleError

__all__ = ["Bytes", "Edge", "Group", "Node", "Repeat", "Sequence", "captures", "parse_expression"]

_MAX_LENGTH = 50_000
_MAX_DEPTH = 60
_MAX_REPEAT = 5_000
_MAX_NODES = 50_000

ALL = (1 << 256) - 1
NON_ASCII = ALL ^ ((1 << 128) - 1)


class Bytes(NamedTuple):
    """One byte out of a set."""

    mask: int
    """Bit `n` is set if byte `n` is in it."""


class Edge(NamedTuple):
    """A place between bytes."""

    text: str
    r"""As `re` and `regex` write it: `\b`, `\B`, `\A`, `\Z`, `(?m:^)` or `(?m:$)`."""


class Repeat(NamedTuple):
    """A part so many times."""

    part: Node
    least: int
    most: int | None
    lazy: bool


class Group(NamedTuple):
    """Alternatives."""

    choices: tuple[Sequence, ...]
    capture: int = 0
    """Number of the group as the pattern counts it; 0 where it captures nothing."""
    name: str = ""


Node = Bytes | Edge | Repeat | Group
Sequence = tuple[Node, ...]


def _span(first: int, last: int) -> int:
    return ((1 << (last - first + 1)) - 1) << first


def _of(characters: str) -> int:
    return sum(1 << ord(one) for one in set(characters))


_DIGIT = _span(48, 57)
_LOWER, _UPPER = _span(97, 122), _span(65, 90)
_WORD = _DIGIT | _LOWER | _UPPER | 1 << 95
_SPACE = _of("\t\n\f\r ")
_GRAPH = _span(33, 126)
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE, "h": _of(" \t")}
_POSIX = {
    "alnum": _DIGIT | _LOWER | _UPPER, "alpha": _LOWER | _UPPER, "ascii": _span(0, 127),
    "blank": _of("\t "), "cntrl": _span(0, 31) | 1 << 127, "digit": _DIGIT, "graph": _GRAPH,
    "lower": _LOWER, "print": _GRAPH | 1 << 32, "punct": _GRAPH & ~(_DIGIT | _LOWER | _UPPER),
    "space": _SPACE | 1 << 11, "upper": _UPPER, "word": _WORD,
    "xdigit": _DIGIT | _span(65, 70) | _span(97, 102),
}  # fmt: skip
_PROPERTIES = {
    "L": _LOWER | _UPPER | NON_ASCII, "Lu": _UPPER | NON_ASCII, "Ll": _LOWER | NON_ASCII,
    "N": _DIGIT | NON_ASCII, "Nd": _DIGIT, "Letter": _LOWER | _UPPER | NON_ASCII,
    "P": _POSIX["punct"] | NON_ASCII, "S": _POSIX["punct"] | NON_ASCII,
    "Z": 1 << 32 | NON_ASCII, "Zs": 1 << 32 | NON_ASCII,
}  # fmt: skip
_CONTROL = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11, "e": 27, "0": 0}
_COUNT = re.compile(r"\{(\d{1,9})(,(\d{0,9}))?\}")
_FLAGS = re.compile(r"\(\?([imsUxuR]*)(?:-([imsUxuR]+))?([:)])")
_NAMED = re.compile(r"\(\?P?<([A-Za-z_]\w*)>")
_AROUND = re.compile(r"\(\?<?[=!]")
_HEX = re.compile(r"\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))|\\u([0-9A-Fa-f]{4})")
_POSIX_CLASS = re.compile(r"\[:(\^?)(\w+):\]")
_PROPERTY = re.compile(r"\\([pP])(?:\{(\^?)(\w+)\}|(\w))")


def _folded(mask: int) -> int:
    """The set with the other case of each of its letters."""
    return mask | (mask & _LOWER) >> 32 | (mask & _UPPER) << 32


class _Flags(NamedTuple):
    fold: bool = False
    multiline: bool = False
    dot_all: bool = False
    swap: bool = False
    verbose: bool = False
    around: bool = False
    """Whether lookarounds, which neither Go nor Rust has, are read and left out."""


class _Reader:
    """Recursive descent over one expression."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._groups, self._nodes = 0, 0
        self._depth = 0

    def whole(self, flags: _Flags) -> Group:
        choices = self._choices(flags)
        if self._at < len(self._text):
            raise RuleError("its pattern has a ) too many")
        return Group(choices)

    def _choices(self, flags: _Flags) -> tuple[Sequence, ...]:
        """Alternatives up to the end of the group. Flags set in one hold for those after it."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise RuleError(f"its pattern is nested more than {_MAX_DEPTH} deep")
        choices: list[Sequence] = []
        parts: list[Node] = []
        while self._at < len(self._text) and self._text[self._at] != ")":
            if self._text[self._at] == "|":
                self._at += 1
                choices.append(tuple(parts))
                parts = []
                continue
            if flags.verbose and self._skipped():
                continue
            if self._text.startswith("(?#", self._at):
                end = self._text.find(")", self._at)
                self._at = len(self._text) if end < 0 else end + 1
                continue
            found = _FLAGS.match(self._text, self._at)
            if found and found[3] == ")":
                self._at = found.end()
                flags = self._with(flags, found)
                continue
            parts += self._repeated(self._part(flags), flags)
        choices.append(tuple(parts))
        self._depth -= 1
        return tuple(choices)

    def _skipped(self) -> bool:
        """Whether white space or a comment stood here, where the `x` flag gives it no meaning."""
        if self._text[self._at] == "#":
            end = self._text.find("\n", self._at)
            self._at = len(self._text) if end < 0 else end
            return True
        if self._text[self._at].isspace():
            self._at += 1
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
        here = self._text[self._at]
        if here == "(":
            return [self._group(flags)]
        if here == "[":
            return [self._class(flags)]
        if here == "\\":
            return self._escape(flags)
        self._at += 1
        if here == ".":
            return [Bytes(ALL if flags.dot_all else ALL ^ 1 << 10)]
        if here == "^":
            return [Edge("(?m:^)" if flags.multiline else r"\A")]
        if here == "$":
            return [Edge("(?m:$)" if flags.multiline else r"\Z")]
        if here in "*+?":
            raise RuleError(f"its pattern repeats nothing at position {self._at}")
        return self._literal(here, flags)

    def _literal(self, character: str, flags: _Flags) -> list[Node]:
        if ord(character) > 127:
            return [Bytes(1 << byte) for byte in character.encode("utf-8", "surrogatepass")]
        mask = 1 << ord(character)
        return [Bytes(_folded(mask) if flags.fold else mask)]

    def _group(self, flags: _Flags) -> Group:
        text = self._text
        capture, name = 0, ""
        if found := _NAMED.match(text, self._at):
            self._groups += 1
            capture, name, self._at = self._groups, found[1], found.end()
        elif found := _FLAGS.match(text, self._at):
            flags, self._at = self._with(flags, found), found.end()
        elif flags.around and (found := _AROUND.match(text, self._at)):
            self._at = found.end()
            self._choices(flags)
            self._at += 1
            return Group(((),))
        elif text.startswith("(?", self._at):
            raise RuleError(f"its pattern has {text[self._at : self._at + 4]!r}, which is neither"
                            " Go's nor Rust's")  # fmt: skip
        else:
            self._groups += 1
            capture, self._at = self._groups, self._at + 1
        choices = self._choices(flags)
        if self._at >= len(text):
            raise RuleError("its pattern lacks a )")
        self._at += 1
        return Group(choices, capture, name)

    def _escape(self, flags: _Flags) -> list[Node]:
        text = self._text
        if self._at + 1 >= len(text):
            raise RuleError("its pattern ends in a backslash")
        letter = text[self._at + 1]
        if letter in "bBAz":
            self._at += 2
            return [Edge({"z": r"\Z"}.get(letter, f"\\{letter}"))]
        if letter == "Q":
            end = text.find(r"\E", self._at)
            literal = text[self._at + 2 : end if end >= 0 else None]
            self._at = end + 2 if end >= 0 else len(text)
            return [node for one in literal for node in self._literal(one, flags)]
        mask, character = self._escaped()
        if character:
            return self._literal(character, flags)
        return [Bytes(_folded(mask) if flags.fold else mask)]

    def _escaped(self) -> tuple[int, str]:
        """What a backslash and more stand for, in a class or outside: a set, or a character."""
        text = self._text
        if found := _HEX.match(text, self._at):
            self._at = found.end()
            code = int(found[1] or found[2] or found[3], 16)
            if code > 0x10FFFF:
                raise RuleError("its pattern names a character that does not exist")
            return 0, chr(code)
        if found := _PROPERTY.match(text, self._at):
            self._at = found.end()
            known = _PROPERTIES.get(found[3] or found[4])
            if known is None:
                raise RuleError(f"its pattern has {found[0]}, and only ASCII is known here")
            negated = (found[1] == "P") != bool(found[2])
            return (ALL ^ known) | NON_ASCII if negated else known, ""
        if self._at + 1 >= len(text):
            raise RuleError("its pattern ends in a backslash")
        letter = text[self._at + 1]
        self._at += 2
        if letter.lower() in _CLASSES:
            known = _CLASSES[letter.lower()]
            return (known if letter.islower() else ALL ^ known), ""
        if letter in _CONTROL:
            return 0, chr(_CONTROL[letter])
        if letter.isalnum():
            raise RuleError(f"its pattern has \\{letter}, which is neither Go's nor Rust's")
        return 0, letter

    def _class(self, flags: _Flags) -> Bytes:
        text = self._text
        self._at += 1
        negated = text.startswith("^", self._at)
        self._at += negated
        mask, first = 0, True
        while True:
            if self._at >= len(text):
                raise RuleError("its pattern lacks a ]")
            if flags.verbose and text[self._at].isspace():
                self._at += 1
                continue
            if text[self._at] == "]" and not first:
                self._at += 1
                break
            first = False
            if found := _POSIX_CLASS.match(text, self._at):
                if found[2] not in _POSIX:
                    raise RuleError(f"its pattern has {found[0]}, which is no class")
                self._at = found.end()
                mask |= ALL ^ _POSIX[found[2]] if found[1] else _POSIX[found[2]]
                continue
            mask |= self._class_item()
        if flags.fold:
            mask = _folded(mask)
        if negated:
            mask = ALL ^ mask
        if not mask:
            raise RuleError("its pattern has a class without any character")
        return Bytes(mask)

    def _class_item(self) -> int:
        """A set, a character or a range. Beyond ASCII a character stands for any byte of one."""
        mask, low = self._class_character()
        text = self._text
        if mask or not text.startswith("-", self._at) or text.startswith("-]", self._at):
            return mask or _characters(low, low)
        self._at += 1
        mask, high = self._class_character()
        if mask or ord(high) < ord(low):
            raise RuleError("its pattern has a range that is none")
        return _characters(low, high)

    def _class_character(self) -> tuple[int, str]:
        if self._at >= len(self._text):
            raise RuleError("its pattern lacks a ]")
        if self._text[self._at] == "\\":
            if self._text.startswith(r"\b", self._at):
                self._at += 2
                return 0, "\b"
            return self._escaped()
        self._at += 1
        return 0, self._text[self._at - 1]

    def _repeated(self, parts: list[Node], flags: _Flags) -> list[Node]:
        """`parts`, the last one with the repeats that follow it."""
        text = self._text
        while self._at < len(text):
            if flags.verbose and self._skipped():
                continue
            here = text[self._at]
            if here in "*+?":
                self._at += 1
                least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[here]
            elif found := _COUNT.match(text, self._at):
                self._at = found.end()
                least = int(found[1])
                most = least if found[2] is None else int(found[3]) if found[3] else None
            else:
                break
            if max(least, most or 0) > _MAX_REPEAT or (most is not None and most < least):
                raise RuleError(f"its pattern repeats something {most or least} times")
            lazy = text.startswith("?", self._at)
            self._at += lazy
            if not parts:
                raise RuleError("its pattern repeats nothing")
            parts = [*parts[:-1], Repeat(parts[-1], least, most, lazy != flags.swap)]
        return parts


def _characters(low: str, high: str) -> int:
    first, last = ord(low), ord(high)
    mask = _span(first, min(last, 127)) if first < 128 else 0
    return mask | (NON_ASCII if last > 127 else 0)


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


def captures(node: Node) -> int:
    """How many groups capture something."""
    if isinstance(node, Repeat):
        return captures(node.part)
    if isinstance(node, Group):
        inner = sum(captures(part) for choice in node.choices for part in choice)
        return inner + bool(node.capture)
    return 0
