"""Packs and pack indexes written by hand, right or wrong in any byte.

Formats: gitformat-pack(5). SHA-1 only; nothing given is checked, so that tests
can write what git never would.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from fixtures_repos.objects import object_id

__all__ = ["BITS", "OFS_DELTA", "REF_DELTA", "PackWriter", "copy", "delta", "insert", "number"]

BITS = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}
OFS_DELTA, REF_DELTA = 6, 7


def number(value: int) -> bytes:
    """A size as deltas hold it: seven bits a byte, lowest first."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])


def insert(content: bytes) -> bytes:
    """Delta instructions that add `content`."""
    pieces = (content[at : at + 127] for at in range(0, len(content), 127))
    return b"".join(bytes([len(piece)]) + piece for piece in pieces)


def copy(offset: int, size: int) -> bytes:
    """A delta instruction that copies `size` bytes (below 2**24) of the base from `offset`."""
    marks, out = 128, b""
    for place, byte in enumerate(struct.pack("<I", offset) + struct.pack("<I", size)[:3]):
        if byte:
            marks |= 1 << place
            out += bytes([byte])
    return bytes([marks]) + out


def delta(base_size: int, result_size: int, *instructions: bytes) -> bytes:
    """A delta that claims these two sizes."""
    return number(base_size) + number(result_size) + b"".join(instructions)


def _header(bits: int, size: int) -> bytes:
    first = bits << 4 | size & 15
    rest = size >> 4
    return bytes([first | 128]) + number(rest) if rest else bytes([first])


def _distance(back: int) -> bytes:
    out = [back & 127]
    while back := back >> 7:
        back -= 1
        out.insert(0, back & 127 | 128)
    return bytes(out)


@dataclass(frozen=True, slots=True)
class _Entry:
    oid: str
    offset: int
    crc: int


class PackWriter:
    """Collects entries, then writes a pack and its index into a folder.

    `add`, `ref_delta` and `ofs_delta` return the id under which the index names
    the entry: that of `content`, whatever the entry really holds.
    """

    def __init__(self) -> None:
        self._data = bytearray(b"PACK\0\0\0\2\0\0\0\0")
        self._entries: dict[str, _Entry] = {}

    def offset_of(self, oid: str) -> int:
        """Where the entry begins."""
        return self._entries[oid].offset

    def add(
        self,
        kind: str,
        content: bytes,
        *,
        bits: int | None = None,
        declared: int | None = None,
        stream: bytes | None = None,
    ) -> str:
        """Add a whole object, with other type bits, size or zlib stream where given."""
        return self._append(
            object_id(kind, content),
            _header(
                BITS[kind] if bits is None else bits, len(content) if declared is None else declared
            ),
            zlib.compress(content) if stream is None else stream,
        )

    def ref_delta(
        self,
        base: str,
        instructions: bytes,
        *,
        kind: str,
        content: bytes,
        declared: int | None = None,
    ) -> str:
        """Add a delta that names its base by id."""
        size = len(instructions) if declared is None else declared
        head = _header(REF_DELTA, size) + bytes.fromhex(base)
        return self._append(object_id(kind, content), head, zlib.compress(instructions))

    def ofs_delta(
        self,
        base: int,
        instructions: bytes,
        *,
        kind: str,
        content: bytes,
        declared: int | None = None,
    ) -> str:
        """Add a delta whose base begins at the offset `base`."""
        size = len(instructions) if declared is None else declared
        head = _header(OFS_DELTA, size) + _distance(len(self._data) - base)
        return self._append(object_id(kind, content), head, zlib.compress(instructions))

    def claim(self, oid: str, offset: int) -> str:
        """Let the index place an object at an offset, whatever is there."""
        self._entries[oid] = _Entry(oid, offset, 0)
        return oid

    def write(
        self, objects: Path, *, count: int | None = None, large_offsets: bool = False
    ) -> Path:
        """Write `pack/pack-….pack` and its index below `objects`; returns the pack's path.

        `count` is the number of objects the header claims; with `large_offsets`
        the index keeps every offset in its 64-bit table.
        """
        self._data[8:12] = struct.pack(">I", len(self._entries) if count is None else count)
        pack = bytes(self._data) + hashlib.sha1(self._data, usedforsecurity=False).digest()
        place = objects / "pack" / f"pack-{pack[-20:].hex()}.pack"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(pack)
        place.with_suffix(".idx").write_bytes(self._index(pack[-20:], large_offsets))
        return place

    def _append(self, oid: str, header: bytes, body: bytes) -> str:
        raw = header + body
        self._entries[oid] = _Entry(oid, len(self._data), zlib.crc32(raw))
        self._data += raw
        return oid

    def _index(self, trailer: bytes, large_offsets: bool) -> bytes:
        entries = sorted(self._entries.values(), key=lambda entry: entry.oid)
        ids = [bytes.fromhex(entry.oid) for entry in entries]
        fan = [sum(oid[0] <= first for oid in ids) for first in range(256)]
        small, large = [], b""
        for entry in entries:
            if large_offsets or entry.offset >= 1 << 31:
                small.append(1 << 31 | len(large) // 8)
                large += struct.pack(">Q", entry.offset)
            else:
                small.append(entry.offset)
        body = b"".join(
            (
                b"\xfftOc\0\0\0\2",
                struct.pack(">256I", *fan),
                *ids,
                struct.pack(f">{len(entries)}I", *(entry.crc for entry in entries)),
                struct.pack(f">{len(entries)}I", *small),
                large,
                trailer,
            )
        )
        return body + hashlib.sha1(body, usedforsecurity=False).digest()
