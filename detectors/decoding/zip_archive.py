"""Zip archives, and what is one under another name: jar, wheel, docx, xlsx, apk, nupkg."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from detectors.anchor import Anchor
from detectors.decoding.decoder import Budget, Decoded, Exhausted
from detectors.decoding.streams import FAULTS, METHODS, unpacked, windows
from detectors.detector import Spans

if TYPE_CHECKING:
    from zipfile import ZipInfo

__all__ = ["ZipDecoder"]

_MAGIC = b"PK\x03\x04"
_ENTRY = b"PK\x01\x02"
_LOCAL = struct.Struct("<4s22xHH")
_ENCRYPTED = 1
_STORED = 0


class ZipDecoder:
    """Unpacks the members of a zip archive one by one. Nothing is written anywhere."""

    version = "zip 1"
    anchors = (Anchor(r"\APK\x03\x04", 6),)

    def decode(
        self, content: bytes, spans: Mapping[int, Spans] | None, budget: Budget
    ) -> Iterator[Decoded]:
        """Yield each member; those stored as they are with their place."""
        if not content.startswith(_MAGIC):
            return
        if content.count(_ENTRY) > budget.limits.parts:
            raise Exhausted(f"zip: it has more than {budget.limits.parts:,} members")
        import zipfile

        try:
            members = zipfile.ZipFile(io.BytesIO(content)).infolist()
        except (zipfile.BadZipFile, NotImplementedError, struct.error, *FAULTS):
            budget.note("zip: it is damaged or cut off")
            return
        for member in members:
            budget.item()
            if member.file_size == 0 or member.is_dir():
                continue
            if member.flag_bits & _ENCRYPTED:
                budget.note("zip: a member is encrypted")
                continue
            try:
                yield from _member(content, member, budget)
            except TimeoutError:  # an OSError too
                raise
            except (struct.error, *FAULTS):
                budget.note("zip: a member is damaged")


def _member(content: bytes, member: ZipInfo, budget: Budget) -> Iterator[Decoded]:
    """What a member holds.

    Raises:
        ValueError, EOFError, struct.error: it is damaged.
    """
    at = member.header_offset
    if at < 0:
        raise ValueError
    magic, name, extra = _LOCAL.unpack_from(content, at)
    if magic != _MAGIC:
        raise ValueError
    first = at + _LOCAL.size + name + extra
    last = first + member.compress_size
    if last > len(content):
        raise EOFError
    title = member.orig_filename.encode("utf-8", "replace")
    if member.compress_type == _STORED:
        data = content[first:last]
        budget.spend(len(data), packed=True)

        def outer(start: int, end: int) -> tuple[int, int]:
            return first + start, first + end

        yield Decoded(data, first, last, "zip", outer, packed=True, name=title)
        return
    unpack = METHODS.get(member.compress_type)
    if unpack is None:
        budget.note(f"zip: a member is compressed by method {member.compress_type}")
        return
    from detectors.decoding.office import is_office_text, text_of  # seldom needed

    office = is_office_text(title)
    for piece in windows(unpacked(unpack, content[first:last], budget), budget.limits.piece):
        yield Decoded(piece, 0, len(content), "zip", packed=True, name=title)
        if office:
            budget.spend(len(piece))
            yield Decoded(text_of(piece), 0, len(content), "zip", packed=True, name=title)
