"""The interface that every decoder has, and what bounds the work of all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from detectors.anchor import Anchor
from detectors.deadline import Deadline
from detectors.detector import Spans

__all__ = ["Budget", "Decoded", "Decoder", "Exhausted", "Limits", "Outer"]

Outer = Callable[[int, int], tuple[int, int]]
"""From a span of what was decoded to the span of the bytes that it was decoded from."""


class Decoded(NamedTuple):
    """Bytes that stand encoded in a content."""

    content: bytes
    start: int
    """First byte of the encoded form."""
    end: int
    """One past its last byte."""
    how: str
    """What was undone, for people: `base64`, `zip`."""
    outer: Outer | None = None
    """Where exactly a part of `content` stands; None where only the whole encoded form is known."""
    packed: bool = False
    """Whether it comes out of an archive or a compressed stream."""
    name: bytes = b""
    """What an archive calls it. Hostile, and may itself hold a secret."""
    values: tuple[tuple[int, int], ...] = ()
    """Spans, ascending, that are known to be values in encoded form and nothing else, so that a
    guess about their characters as they stand is none."""

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of `content` stands, as exactly as is known."""
        return self.outer(start, end) if self.outer else (self.start, self.end)


class Limits(NamedTuple):
    """What the decoding of one content may take, however it is nested."""

    total: int = 256 << 20
    """Bytes decoded, all depths together."""
    piece: int = 32 << 20
    """Bytes held of one member; what is longer is looked at in pieces of that size."""
    parts: int = 20_000
    """Encoded texts and members."""
    ratio: int = 250
    """Times the size of the content that its packed members may come to, past the first 16 MB."""


class Exhausted(Exception):
    """A limit was reached; the message says which."""


_FREE = 16 << 20


class Budget:
    """What is left of the limits, and what could not be read."""

    def __init__(self, size: int, limits: Limits, deadline: Deadline) -> None:
        self.limits, self.deadline = limits, deadline
        self._bytes, self._parts = limits.total, limits.parts
        self._unpacked = max(size * limits.ratio, _FREE)
        self.unread: list[str] = []
        self.failed: list[str] = []
        """What the decoders that raised an error undo, and the kind of error."""
        self.late = False
        """Whether the time ran out."""

    def note(self, reason: str) -> None:
        """Record that something could not be read."""
        if reason not in self.unread:
            self.unread.append(reason)

    def item(self) -> None:
        """Count one encoded text or member.

        Raises:
            Exhausted: there were too many.
            TimeoutError: the time is up.
        """
        self.deadline.remaining()
        self._parts -= 1
        if self._parts < 0:
            raise Exhausted(f"it holds more than {self.limits.parts:,} encoded parts")

    def spend(self, size: int, *, packed: bool = False) -> None:
        """Count `size` decoded bytes.

        Raises:
            Exhausted: there were too many.
            TimeoutError: the time is up.
        """
        self.deadline.remaining()
        self._bytes -= size
        if self._bytes < 0:
            raise Exhausted(f"more than {self.limits.total >> 20} MB are encoded in it")
        if packed:
            self._unpacked -= size
            if self._unpacked < 0:
                raise Exhausted(f"what is packed in it is {self.limits.ratio} times its size")


class Decoder(Protocol):
    """Undoes one kind of encoding."""

    @property
    def version(self) -> str:
        """Changes whenever the same bytes could give other contents."""

    @property
    def anchors(self) -> Sequence[Anchor]:
        """What the prefilter looks for on its behalf."""

    def decode(
        self, content: bytes, spans: Mapping[int, Spans] | None, budget: Budget
    ) -> Iterator[Decoded]:
        """Yield what stands encoded in `content`.

        Args:
            content: the whole content.
            spans: by index into `anchors`, where anchors were found; None to look everywhere,
                in what was itself decoded from a text.
            budget: to be asked before anything is decoded, and told what cannot be.

        Raises:
            Exhausted: a limit is reached.
            TimeoutError: the time is up.
        """
