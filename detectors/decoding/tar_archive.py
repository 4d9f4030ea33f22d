"""Tar archives. What they hold lies in them as it is, so only what is packed again is taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from detectors.anchor import Anchor
from detectors.decoding.decoder import Budget, Decoded
from detectors.decoding.plausible import MAGIC
from detectors.detector import Spans

__all__ = ["TarDecoder"]

_BLOCK = 512
_MARK, _MARKED = b"ustar", 257
_FILES = frozenset((b"0", b"\0", b"7"))


class TarDecoder:
    """Finds the members of a tar archive that start like something packed, or like UTF-16.

    Everything else was looked at with the archive itself. The format is that of POSIX.1-1988
    (ustar), which its successors keep.
    """

    version = "tar 1"
    anchors = (Anchor(r"\A[\x00-\xff]{257}ustar", 264),)

    def decode(
        self, content: bytes, spans: Mapping[int, Spans] | None, budget: Budget
    ) -> Iterator[Decoded]:
        """Yield those members, with their places."""
        if not content.startswith(_MARK, _MARKED):
            return
        at = 0
        while at + _BLOCK <= len(content):
            header = content[at : at + _BLOCK]
            if not any(header):
                return
            size = _number(header[124:136])
            if size is None or not header.startswith(_MARK, _MARKED):
                budget.note("tar: it is damaged")
                return
            first = at + _BLOCK
            last = first + size
            if header[156:157] in _FILES and (
                content.startswith(MAGIC, first) or content.startswith(_MARK, first + _MARKED)
            ):
                if last > len(content):
                    break
                budget.item()
                budget.spend(size)
                yield _member(content, first, last, header[:100].split(b"\0")[0])
            at = first + (size + _BLOCK - 1) // _BLOCK * _BLOCK
            budget.deadline.remaining()
        if at > len(content):
            budget.note("tar: it is cut off")


def _number(field: bytes) -> int | None:
    """A size, in octal digits or, with the first bit set, in base 256; None if it is neither."""
    if field[0] & 0x80:
        number = int.from_bytes(field[1:], "big")
        return number if number < 1 << 62 else None
    digits = field.strip(b" \0")
    if not digits:
        return 0
    return int(digits, 8) if digits.isdigit() and not digits.strip(b"01234567") else None


def _member(content: bytes, first: int, last: int, name: bytes) -> Decoded:
    def outer(start: int, end: int) -> tuple[int, int]:
        return first + start, first + end

    return Decoded(content[first:last], first, last, "tar", outer, packed=True, name=name)
