"""What the bytes of a terminal mean, where Textual would lose keys or take text for keys."""

from __future__ import annotations

from collections.abc import Iterable

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import BRACKETED_PASTE_END, BRACKETED_PASTE_START, XTermParser
from textual.events import Key
from textual.message import Message

__all__ = ["Parser"]

_ESC = "\x1b"
_BEGIN_MORE = frozenset("[]OP_")
"""What begins a longer sequence behind ESC."""
_READ_AS_OTHERS = frozenset("0123456789-=§bf")
"""Textual takes these behind ESC for signs such as `¡`, or for keys that move by words."""


class Parser(XTermParser):
    """Reads ESC and a key right behind it as that key with Alt, whichever key it is; and ends no
    paste, nor takes some of it for keys, because there is an ESC in it."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._pasting = False
        self._last = ""
        """Handed on last, while nothing is pasted; held back, while something is."""

    def feed(self, data: str) -> Iterable[Message]:
        """What these characters mean; with none, all ends."""
        left = self._without_escapes(data)
        return super().feed(left) if left or not data else ()

    def _without_escapes(self, data: str) -> str:
        """The same without ESC in what is pasted."""
        found = ""
        while data:
            if self._pasting:
                text, end, data = (self._last + data).partition(BRACKETED_PASTE_END)
                text, self._last = (text, "") if end else _cut(text)
                found += text.replace(_ESC, "") + end
                self._pasting = not end
            else:
                _, begin, rest = (self._last + data).partition(BRACKETED_PASTE_START)
                found += data[: len(data) - len(rest)]
                self._last = "" if begin else (self._last + data)[1 - len(BRACKETED_PASTE_START) :]
                self._pasting, data = bool(begin), rest
        return found

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if len(sequence) == 2 and sequence[0] == _ESC and _is_key(sequence):
            sequence, alt = sequence[1], True
        for key in super()._sequence_to_key_events(sequence):
            yield Key(f"alt+{key.key}", key.character) if alt else key


def _is_key(sequence: str) -> bool:
    if sequence[1] in _READ_AS_OTHERS:
        return True
    return sequence[1] not in _BEGIN_MORE and sequence not in ANSI_SEQUENCES_KEYS


def _cut(text: str) -> tuple[str, str]:
    """What is pasted for certain, and what can be the start of the mark that ends it."""
    at = text.rfind(_ESC)
    if at < 0 or not BRACKETED_PASTE_END.startswith(text[at:]):
        return text, ""
    return text[:at], text[at:]
