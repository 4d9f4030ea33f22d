"""The value of an assignment in code, as it is read token by token."""

from __future__ import annotations

import re

__all__ = ["LOOKUP", "Expression"]

LOOKUP = re.compile(
    r"(?i)env(?![a-z])|getenv|environ|config|settings|secrets|secret_?manager|vault|ssm|getpass|prompt"
    r"|(?:^|[^a-z])(?:get|fetch|load|read|lookup|resolve|access)|param(?:eter)?s?$|option"
)
"""Names of what looks a value up elsewhere, rather than make something of the one it is given."""
_GOES_ON = frozenset({b"+", b".", b"..", b"||", b"&&", b"??", b"?", b"\\", b"=", b"|", b"&", b"<>"})
_JOINS = frozenset({b"+", b".", b"..", b"\\", b"<>", b"&"})
_OTHERWISE = frozenset({b"||", b"??", b"?:"})


class Expression:
    """A value whose end is not known yet."""

    def __init__(self, key: str, *, positional: bool = False, compared: bool = False) -> None:
        self.key = key
        self.compared = compared
        """Whether it is not assigned but compared with what stands there."""
        self.positional = positional
        """Whether it is an argument without a name."""
        self.after_colon = False
        self.holds_slots = False
        self.restart()

    def restart(self) -> None:
        """What was read was the type of the value, not the value."""
        self._start = self._end = -1
        self._strings: list[tuple[int, int]] = []
        self._begins_with_string = False
        self._last: bytes = b"="
        self._joined = False
        self._names: list[str] = []
        self._default = False
        self.after_colon = False

    @property
    def empty(self) -> bool:
        """Whether nothing was read yet."""
        return self._start < 0

    @property
    def goes_on(self) -> bool:
        """Whether more must come, on the next line if need be."""
        return self._last in _GOES_ON

    @property
    def only_names(self) -> bool:
        """Whether nothing but names was read, as before the braces of `Settings{`."""
        return not self._strings and self._last in (b"a", b"=", b"(", b"&", b"*", b")", b"=>")

    @property
    def is_type(self) -> bool:
        """Whether what was read may be a type: `password: str = …`."""
        return self.after_colon and not self._strings

    def string(self, start: int, end: int) -> None:
        """A string was read; `start` and `end` are inside its quotes."""
        if self.empty:
            self._begins_with_string = True
        elif self._strings and (self._last == b'"' or self._last in _JOINS) and not self._names:
            self._strings[-1] = (self._strings[-1][0], end)
            self._went(start - 1, end + 1, b'"')
            return
        self._strings.append((start, end))
        self._went(start - 1, end + 1, b'"')

    def name(self, start: int, end: int, text: str) -> None:
        """A name or number was read."""
        if len(self._names) < 50:
            self._names.append(text)
        self._default |= text == "or" and not self.empty
        self._went(start, end, b"a")

    def mark(self, start: int, end: int, mark: bytes) -> None:
        """Something else was read."""
        self._default |= mark in _OTHERWISE
        if self.empty and mark == b"(":
            return
        self._went(start, end, mark)

    def _went(self, start: int, end: int, last: bytes) -> None:
        self._start = start if self._start < 0 else self._start
        self._end, self._last = end, last

    def span(self) -> tuple[int, int] | None:
        """The text that stands in the slot, or the whole expression where it refers to something.

        Of a lookup with a default, the default.
        """
        if self.empty or (self.holds_slots and not self._strings):
            return None
        whole = self._start, self._end
        if not self._strings:
            return whole
        if self._begins_with_string:
            return self._strings[0]
        if any(LOOKUP.search(name) for name in self._names):
            if self._default or len(self._strings) > 1:
                return self._strings[-1]
            return whole
        return max(self._strings, key=lambda each: each[1] - each[0])
