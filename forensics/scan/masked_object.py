"""A whole object as it may be shown: every secret in it masked, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from detectors.literals.forms import too_short
from detectors.scanner import Scanner
from forensics.index.reported import Span
from forensics.key import Key
from forensics.scan.cut_values import CutValues, Part

if TYPE_CHECKING:
    from forensics.scan.values import Value

__all__ = ["LARGEST", "MaskedObject", "Values", "masked", "secret_spans"]

LARGEST = 4 << 20
"""Bytes of an object that is looked through once more before it is shown."""
_SHORT = 8
_LEAST = 4
"""Bytes of a value that is looked for elsewhere."""

_START = 8
"""Bytes at the start of a value which tell whether it can stand somewhere."""
_FEW = 500
"""Values that are looked for one by one."""


class Values:
    """Values that are masked wherever they stand, whole or in pieces."""

    def __init__(self) -> None:
        self._by_value: dict[bytes, str] = {}
        self._cut: CutValues | None = None

    def __repr__(self) -> str:
        return f"Values({len(self._by_value)})"

    def copy(self) -> Values:
        """The same, which may learn more."""
        made = Values()
        made._by_value.update(self._by_value)
        made._cut = self._cutting()
        return made

    def add(self, value: bytes, secret: str) -> None:
        """Remember a value, by its fingerprint, unless it is too short to tell."""
        if len(value) >= _LEAST and value not in self._by_value:
            self._by_value[value] = secret
            self._cut = None

    def read_again(self, secret: str, value: Value, *, sure: bool) -> None:
        """Remember a value that was read again.

        Args:
            secret: its fingerprint.
            value: its forms.
            sure: leave out what can stand somewhere by chance.
        """
        for form in (value.raw.reveal(), value.canonical.reveal()):
            if not (sure and too_short(form)):
                self.add(form, secret)

    def learn(self, content: bytes, spans: Iterable[Span]) -> None:
        """Remember what stands at these spans."""
        for one in spans:
            self.add(content[one.start : one.end], one.secret)

    def standing_in(self, content: bytes) -> Iterator[Span]:
        """Where these values stand."""
        met = self._starts_in(content) if len(self._by_value) > _FEW else None
        for value, secret in self._by_value.items():
            if met is not None and len(value) >= _START and value[:_START] not in met:
                continue
            at = content.find(value)
            while at >= 0:
                yield Span(at, at + len(value), 0, 0, secret)
                at = content.find(value, at + 1)

    def _starts_in(self, content: bytes) -> set[bytes]:
        """Which starts of values stand there: one walk is quicker than looking for each of
        thousands."""
        starts = {value[:_START] for value in self._by_value}
        places = range(len(content) - _START + 1)
        return {content[at : at + _START] for at in places if content[at : at + _START] in starts}

    def parts_in(self, content: bytes) -> Iterator[Part]:
        """Where pieces of these values stand."""
        return self._cutting().standing_in(content)

    def _cutting(self) -> CutValues:
        if self._cut is None:
            self._cut = CutValues(self._by_value.items())
        return self._cut


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
    """An object with these spans masked, and known values and pieces of them wherever they stand.

    A mask says which secret it stands for, and of a piece which part of it, so that a diff shows
    that one took another's place, and has as many lines as what it hides.
    """
    whole = [*spans, *values.standing_in(content)]
    hidden = [_Hidden(one.start, one.end, {one.secret: ""}) for one in whole if one.start < one.end]
    for part in values.parts_in(content):
        name = f"~{part.first}-{part.last}"
        hidden.append(_Hidden(part.start, part.end, {part.secret: name}))
    return _cut(content, hidden)


class _Hidden(NamedTuple):
    start: int
    end: int
    secrets: dict[str, str]
    """With what part of each it is; empty for all of it."""


def _merged(hidden: list[_Hidden]) -> list[_Hidden]:
    """What has to be masked, in order, none overlapping another; without pieces that stand inside
    of a whole one."""
    found: list[_Hidden] = []
    for one in sorted(hidden, key=lambda one: (one.start, -one.end, *one.secrets.values())):
        if not found or one.start >= found[-1].end:
            found.append(_Hidden(one.start, one.end, dict(one.secrets)))
            continue
        last = found[-1]
        inside = one.end <= last.end and "" in last.secrets.values()
        for secret, part in one.secrets.items():
            if not (inside and part):
                last.secrets[secret] = min(part, last.secrets.get(secret, part))
        found[-1] = last._replace(end=max(last.end, one.end))
    return found


def _mask(secrets: Mapping[str, str]) -> bytes:
    names = (f"#{one[:_SHORT]}{secrets[one]}" for one in sorted(secrets))
    return ("****" + ",".join(names)).encode()


def _cut(content: bytes, hidden: list[_Hidden]) -> MaskedObject:
    parts: list[bytes] = []
    at = line = 0
    held: dict[int, set[str]] = {}
    for start, end, secrets in _merged(hidden):
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
