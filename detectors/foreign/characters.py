"""What stands for one character of an expression: an escape, or a class in brackets.

Sources: https://github.com/google/re2/wiki/Syntax and https://docs.rs/regex/latest/regex/#syntax
"""

from __future__ import annotations

import re

from detectors.errors import RuleError
from detectors.foreign.tree import ALL, NON_ASCII, Bytes

__all__ = ["CharacterReader", "folded"]


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
_HEX = re.compile(r"\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))|\\u([0-9A-Fa-f]{4})")
_POSIX_CLASS = re.compile(r"\[:(\^?)(\w+):\]")
_PROPERTY = re.compile(r"\\([pP])(?:\{(\^?)(\w+)\}|(\w))")


def folded(mask: int) -> int:
    """The set with the other case of each of its letters."""
    return mask | (mask & _LOWER) >> 32 | (mask & _UPPER) << 32


class CharacterReader:
    """A place in an expression, and how to read a character from there on."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def escaped(self) -> tuple[int, str]:
        """What a backslash and more stand for, in a class or outside: a set, or a character."""
        text = self.text
        if found := _HEX.match(text, self.at):
            self.at = found.end()
            code = int(found[1] or found[2] or found[3], 16)
            if code > 0x10FFFF:
                raise RuleError("its pattern names a character that does not exist")
            return 0, chr(code)
        if found := _PROPERTY.match(text, self.at):
            self.at = found.end()
            known = _PROPERTIES.get(found[3] or found[4])
            if known is None:
                raise RuleError(f"its pattern has {found[0]}, and only ASCII is known here")
            negated = (found[1] == "P") != bool(found[2])
            return (ALL ^ known) | NON_ASCII if negated else known, ""
        if self.at + 1 >= len(text):
            raise RuleError("its pattern ends in a backslash")
        letter = text[self.at + 1]
        self.at += 2
        if letter.lower() in _CLASSES:
            known = _CLASSES[letter.lower()]
            return (known if letter.islower() else ALL ^ known), ""
        if letter in _CONTROL:
            return 0, chr(_CONTROL[letter])
        if letter.isalnum():
            raise RuleError(f"its pattern has \\{letter}, which is neither Go's nor Rust's")
        return 0, letter

    def bracketed(self, *, fold: bool, verbose: bool) -> Bytes:
        text = self.text
        self.at += 1
        negated = text.startswith("^", self.at)
        self.at += negated
        mask, first = 0, True
        while True:
            if self.at >= len(text):
                raise RuleError("its pattern lacks a ]")
            if verbose and text[self.at].isspace():
                self.at += 1
                continue
            if text[self.at] == "]" and not first:
                self.at += 1
                break
            first = False
            if found := _POSIX_CLASS.match(text, self.at):
                if found[2] not in _POSIX:
                    raise RuleError(f"its pattern has {found[0]}, which is no class")
                self.at = found.end()
                mask |= ALL ^ _POSIX[found[2]] if found[1] else _POSIX[found[2]]
                continue
            mask |= self._class_item()
        if fold:
            mask = folded(mask)
        if negated:
            mask = ALL ^ mask
        if not mask:
            raise RuleError("its pattern has a class without any character")
        return Bytes(mask)

    def _class_item(self) -> int:
        """A set, a character or a range. Beyond ASCII a character stands for any byte of one."""
        mask, low = self._class_character()
        text = self.text
        if mask or not text.startswith("-", self.at) or text.startswith("-]", self.at):
            return mask or _characters(low, low)
        self.at += 1
        mask, high = self._class_character()
        if mask or ord(high) < ord(low):
            raise RuleError("its pattern has a range that is none")
        return _characters(low, high)

    def _class_character(self) -> tuple[int, str]:
        if self.at >= len(self.text):
            raise RuleError("its pattern lacks a ]")
        if self.text[self.at] == "\\":
            if self.text.startswith(r"\b", self.at):
                self.at += 2
                return 0, "\b"
            return self.escaped()
        self.at += 1
        return 0, self.text[self.at - 1]


def _characters(low: str, high: str) -> int:
    first, last = ord(low), ord(high)
    mask = _span(first, min(last, 127)) if first < 128 else 0
    return mask | (NON_ASCII if last > 127 else 0)
