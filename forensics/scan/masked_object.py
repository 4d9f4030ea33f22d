"""A whole object as it may be shown: every secret in it masked, line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from detectors.scanner import Scanner
from forensics.index.reported import Span
from forensics.key import Key

if TYPE_CHECKING:
    from forensics.scan.values import Value

__all__ = ["LARGEST", "MaskedObject", "Values", "masked", "secret_spans"]

LARGEST = 4 << 20
"""Bytes of an object that is looked through once more before it is shown."""
_SHORT = 8
_LEAST = 4
"""Bytes of a value that is looked for elsewhere."""


class Values:
    """Values that are masked wherever they stand."""

    def __init__(self) -> None:
        self._by_value: dict[bytes, str] = {}

    def __repr__(self) -> str:
        return f"Values({len(self._by_value)})"

    def add(self, value: bytes, secret: str) -> None:
        """Remember a value, by its fingerprint, unless it is too short to tell."""
        if len(value) >= _LEAST:
            self._by_value.setdefault(value, secret)

    def read_again(self, values: Mapping[str, Value]) -> None:
        """Remember values by the fingerprints of their secrets."""
        for secret, value in values.items():
            self.add(value.raw.reveal(), secret)
            self.add(value.canonical.reveal(), secret)

    def learn(self, content: bytes, spans: Iterable[Span]) -> None:
        """Remember what stands at these spans."""
        for one in spans:
            self.add(content[one.start : one.end], one.secret)

    def standing_in(self, content: bytes) -> Iterator[Span]:
        """Where these values stand."""
        for value, secret in self._by_value.items():
            at = content.find(value)
            while at >= 0:
                yield Span(at, at + len(value), 0, 0, secret)
                at = content.find(value, at + 1)


class MaskedObject(NamedTuple):
    """An object, line by line, in which no known secret is left."""

    lines: tuple[bytes, ...]
    """As many as the object has, without line ends."""
    secrets: tuple[frozenset[str], ...]
    """By line, what is masked there."""

    def line_of(self, secret: str) -> int:
        """The first line with a secret, from 0; 0 where it is on none."""
        return next((at for at, held in enumerate(self.secrets) if secret in held), 0)


def secret_spans(
    content: bytes, spans: Iterable[Span], scanner: Scanner, key: Key
) -> list[Span] | None:
    """Where secrets stand in an object: those that the index knows, and those that rules find in
    it now. None where it could not be looked through.

    Args:
        content: of the object.
        spans: of secrets in it, as the index has them.
        scanner: what else to find.
        key: the index's.
    """
    result = scanner.scan(content)
    if result.timed_out or result.failed:
        return None
    found = (
        Span(hit.start, hit.end, 0, 0, key.fingerprint(hit.secret.reveal()).hex())
        for hit in result.hits
    )
    return [*spans, *found]


def masked(content: bytes, spans: Iterable[Span], values: Values) -> MaskedObject:
    """An object with these spans masked, and known values wherever they stand.

    A mask says which secret it stands for, so that a diff shows that one took another's place, and
    has as many lines as what it hides.
    """
    return _cut(content, [*spans, *values.standing_in(content)])


def _merged(spans: Sequence[Span]) -> list[tuple[int, int, set[str]]]:
    """Starts, ends and secrets of what has to be masked, none overlapping another."""
    found: list[tuple[int, int, set[str]]] = []
    for one in sorted(spans):
        if found and one.start < found[-1][1]:
            start, end, secrets = found[-1]
            found[-1] = (start, max(end, one.end), secrets | {one.secret})
        elif one.start < one.end:
            found.append((one.start, one.end, {one.secret}))
    return found


def _mask(secrets: Collection[str]) -> bytes:
    return ("****" + ",".join(f"#{one[:_SHORT]}" for one in sorted(secrets))).encode()


def _cut(content: bytes, spans: Sequence[Span]) -> MaskedObject:
    parts: list[bytes] = []
    at = line = 0
    held: dict[int, set[str]] = {}
    for start, end, secrets in _merged(spans):
        line += content.count(b"\n", at, start)
        breaks = content.count(b"\n", start, end)
        mask = _mask(secrets)
        parts += [content[at:start], mask, (b"\n" + mask) * breaks]
        for each in range(line, line + breaks + 1):
            held.setdefault(each, set()).update(secrets)
        line += breaks
        at = end
    text = b"".join([*parts, content[at:]])
    lines = text.split(b"\n")
    if lines and not lines[-1]:
        lines.pop()
    nothing: frozenset[str] = frozenset()
    return MaskedObject(
        tuple(lines), tuple(frozenset(held.get(n, nothing)) for n in range(len(lines)))
    )
