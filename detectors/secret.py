"""The one type that holds a secret, and what may be shown of it."""

from __future__ import annotations

import string
from typing import NoReturn

__all__ = ["Secret", "character_class"]

_HIDDEN_AT_LEAST = 20
_SHOWN_AT_MOST = 4

_CLASSES: tuple[tuple[str, frozenset[int]], ...] = tuple(
    (name, frozenset(alphabet.encode()))
    for name, alphabet in (
        ("digits", string.digits),
        ("hex", string.digits + "abcdefABCDEF"),
        ("letters", string.ascii_letters),
        ("alphanumeric", string.ascii_letters + string.digits),
        ("base64url", string.ascii_letters + string.digits + "-_="),
        ("base64", string.ascii_letters + string.digits + "+/="),
        ("printable", "".join(map(chr, range(32, 127)))),
    )
)


def character_class(value: bytes) -> str:
    """The narrowest of digits, hex, letters, alphanumeric, base64url, base64,
    printable and binary that holds every byte of `value`."""
    used = set(value)
    return next((name for name, alphabet in _CLASSES if used <= alphabet), "binary")


class Secret:
    """A secret value in canonical form. It prints redacted, and `reveal()` is the only way out."""

    __slots__ = ("_value",)

    def __init__(self, value: bytes) -> None:
        self._value = value

    def reveal(self) -> bytes:
        """The plain bytes. Every caller is one `grep reveal` away."""
        return self._value

    def preview(self, prefix: str = "") -> str:
        """What may be stored and shown: the public `prefix` and the last four characters.

        The four are shown only after a public prefix and where at least twenty characters
        stay hidden; a value without a public prefix shows nothing of itself.
        """
        public = prefix.encode()
        if not public or not self._value.startswith(public):
            return "****"
        hidden = len(self._value) - len(public) - _SHOWN_AT_MOST
        tail = self._value[-_SHOWN_AT_MOST:]
        if hidden < _HIDDEN_AT_LEAST or not tail.isalnum():
            return f"{prefix}…"
        return f"{prefix}…{tail.decode('ascii')}"

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return f"Secret({len(self._value)} bytes)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret does not leave its process")
