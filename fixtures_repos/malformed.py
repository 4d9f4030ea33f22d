"""Packs and loose objects that git would never write, beside a sound history.

Each function adds to the repository at `path` and returns the ids that cannot
be read there. Every other object stays sound.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

from fixtures_repos.layouts import git_dir_of
from fixtures_repos.objects import object_id
from fixtures_repos.packwriter import PackWriter, copy, delta, insert

__all__ = ["LOOSE", "PACKED", "deep_chain"]

_BASE = b"a line that deltas copy\n" * 8
_LOST = b"what nobody can read any more"


def _write(path: Path, pack: PackWriter) -> None:
    pack.add("blob", b"a sound neighbour in the same pack\n")
    pack.write(git_dir_of(path) / "objects")


def bomb(size: int = 200 << 20) -> bytes:
    """A zlib stream of some hundred kilobytes that inflates to `size` zero bytes."""
    engine = zlib.compressobj(9)
    piece = bytes(1 << 20)
    pieces = [engine.compress(piece) for _ in range(size >> 20)]
    return b"".join(pieces) + engine.flush()


# Whole objects in a pack


def _whole(
    *, bits: int | None = None, declared: int | None = None, stream: bytes | None = None
) -> Callable[[Path], frozenset[str]]:
    def write(path: Path) -> frozenset[str]:
        pack = PackWriter()
        lost = pack.add("blob", _LOST, bits=bits, declared=declared, stream=stream)
        _write(path, pack)
        return frozenset({lost})

    return write


def a_bomb(path: Path) -> frozenset[str]:
    """Ten declared bytes that inflate to 200 MiB."""
    return _whole(declared=10, stream=bomb())(path)


def a_claimed_giant(path: Path) -> frozenset[str]:
    """An object that declares 8 TiB and holds 29 bytes."""
    return _whole(declared=8 << 40)(path)


def an_offset_beyond_the_file(path: Path) -> frozenset[str]:
    """An index entry that points a gigabyte past the end of its pack."""
    pack = PackWriter()
    lost = pack.claim(object_id("blob", _LOST), 1 << 30)
    _write(path, pack)
    return frozenset({lost})


def an_offset_beyond_63_bits(path: Path) -> frozenset[str]:
    """An index entry whose 64-bit offset is negative when read as signed."""
    pack = PackWriter()
    lost = pack.claim(object_id("blob", _LOST), (1 << 64) - 16)
    _write(path, pack)
    return frozenset({lost})


# Deltas


def _one_delta(
    instructions: bytes, *, declared: int | None = None
) -> Callable[[Path], frozenset[str]]:
    """A pack with a sound base, this delta upon it, and a sound delta upon that."""

    def write(path: Path) -> frozenset[str]:
        pack = PackWriter()
        base = pack.add("blob", _BASE)
        lost = pack.ofs_delta(
            pack.offset_of(base), instructions, kind="blob", content=_LOST, declared=declared
        )
        upon = delta(len(_LOST), 4, insert(b"upon"))
        child = pack.ofs_delta(pack.offset_of(lost), upon, kind="blob", content=b"upon")
        _write(path, pack)
        return frozenset({lost, child})

    return write


def a_missing_base(path: Path) -> frozenset[str]:
    """A thin pack: a delta, and one upon it, whose base is nowhere."""
    pack = PackWriter()
    nowhere = object_id("blob", b"never stored")
    lost = pack.ref_delta(nowhere, delta(12, 5, insert(b"child")), kind="blob", content=b"child")
    upon = delta(5, 10, insert(b"grandchild"))
    second = pack.ofs_delta(pack.offset_of(lost), upon, kind="blob", content=b"grandchild")
    _write(path, pack)
    return frozenset({lost, second})


def a_cycle_of_two(path: Path) -> frozenset[str]:
    """Two deltas that name each other as base."""
    pack = PackWriter()
    first, second = object_id("blob", b"first"), object_id("blob", b"second")
    pack.ref_delta(second, delta(6, 5, insert(b"first")), kind="blob", content=b"first")
    pack.ref_delta(first, delta(5, 6, insert(b"second")), kind="blob", content=b"second")
    _write(path, pack)
    return frozenset({first, second})


def a_cycle_through_an_offset(path: Path) -> frozenset[str]:
    """A delta that names a later one by id, which names it by offset; a third hangs on them."""
    pack = PackWriter()
    second = object_id("blob", b"second")
    first = pack.ref_delta(second, delta(6, 5, insert(b"first")), kind="blob", content=b"first")
    back = delta(5, 6, insert(b"second"))
    pack.ofs_delta(pack.offset_of(first), back, kind="blob", content=b"second")
    third = pack.ref_delta(second, delta(6, 5, insert(b"third")), kind="blob", content=b"third")
    _write(path, pack)
    return frozenset({first, second, third})


def a_delta_upon_itself(path: Path) -> frozenset[str]:
    """A delta whose base lies at distance zero."""
    pack = PackWriter()
    lost = pack.ofs_delta(12, delta(29, 29, copy(0, 29)), kind="blob", content=_LOST)
    _write(path, pack)
    return frozenset({lost})


def a_base_before_the_pack(path: Path) -> frozenset[str]:
    """A delta whose base would begin before the first byte of the file."""
    pack = PackWriter()
    lost = pack.ofs_delta(-5000, delta(29, 29, copy(0, 29)), kind="blob", content=_LOST)
    _write(path, pack)
    return frozenset({lost})


def a_base_inside_another_object(path: Path) -> frozenset[str]:
    """A delta whose base is no object's beginning."""
    pack = PackWriter()
    base = pack.add("blob", _BASE)
    inside = pack.offset_of(base) + 3
    lost = pack.ofs_delta(inside, delta(29, 29, copy(0, 29)), kind="blob", content=_LOST)
    _write(path, pack)
    return frozenset({lost})


def deep_chain(path: Path, depth: int = 3000) -> frozenset[str]:
    """A chain of `depth` deltas, each adding a line: deep, and sound. Returns their ids."""
    pack = PackWriter()
    content = b"line 0\n"
    oid = pack.add("blob", content)
    ids = [oid]
    for at in range(1, depth + 1):
        line = b"line %d\n" % at
        grown = content + line if at % 100 else line
        keep = [copy(0, len(content))] if at % 100 else []
        told = delta(len(content), len(grown), *keep, insert(line))
        oid = pack.ofs_delta(pack.offset_of(oid), told, kind="blob", content=grown)
        ids.append(oid)
        content = grown
    _write(path, pack)
    return frozenset(ids)


PACKED: Mapping[str, Callable[[Path], frozenset[str]]] = {
    "a bomb": a_bomb,
    "a size too large to be true": a_claimed_giant,
    "an object larger than it declares": _whole(declared=len(_LOST) - 4),
    "an object smaller than it declares": _whole(declared=len(_LOST) + 4),
    "type bits 0": _whole(bits=0),
    "type bits 5": _whole(bits=5),
    "no zlib stream": _whole(stream=b"\xff" * 24),
    "a zlib stream with a wrong checksum": _whole(stream=zlib.compress(_LOST)[:-1] + b"\0"),
    "an offset beyond the file": an_offset_beyond_the_file,
    "an offset beyond 63 bits": an_offset_beyond_63_bits,
    "a missing base": a_missing_base,
    "a cycle of two": a_cycle_of_two,
    "a cycle through an offset": a_cycle_through_an_offset,
    "a delta upon itself": a_delta_upon_itself,
    "a base before the pack": a_base_before_the_pack,
    "a base inside another object": a_base_inside_another_object,
    "a delta that promises 4 GiB": _one_delta(
        delta(len(_BASE), 4 << 30, *[copy(0, len(_BASE))] * 20)
    ),
    "a delta for another base": _one_delta(delta(7, 29, insert(_LOST))),
    "a delta that copies beyond its base": _one_delta(delta(len(_BASE), 29, copy(190, 29))),
    "a delta with a reserved instruction": _one_delta(delta(len(_BASE), 29, b"\0", insert(_LOST))),
    "a delta that makes less than it says": _one_delta(delta(len(_BASE), 29, insert(_LOST[:9]))),
    "a delta that makes more than it says": _one_delta(delta(len(_BASE), 9, insert(_LOST))),
    "a delta cut short": _one_delta(delta(len(_BASE), 29, insert(_LOST)[:9])),
    "a delta without sizes": _one_delta(b"\xff\xff\xff"),
    "a delta larger than it declares": _one_delta(
        delta(len(_BASE), 29, insert(_LOST)), declared=12
    ),
    "an empty delta": _one_delta(b""),
}
"""What can be wrong with an entry of a pack, by its name."""


# Loose objects


def _loose(content: bytes) -> Callable[[Path], frozenset[str]]:
    def write(path: Path) -> frozenset[str]:
        oid = object_id("blob", _LOST)
        place = git_dir_of(path) / "objects" / oid[:2] / oid[2:]
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(content)
        return frozenset({oid})

    return write


def a_loose_bomb(path: Path) -> frozenset[str]:
    """A loose object that declares 10 bytes and inflates to 200 MiB."""
    engine = zlib.compressobj(9)
    head = engine.compress(b"blob 10\0")
    pieces = [engine.compress(bytes(1 << 20)) for _ in range(200)]
    return _loose(head + b"".join(pieces) + engine.flush())(path)


_SOUND = zlib.compress(b"blob %d\0" % len(_LOST) + _LOST)

LOOSE: Mapping[str, Callable[[Path], frozenset[str]]] = {
    "an empty file": _loose(b""),
    "a corrupt stream": _loose(_SOUND[:12] + b"\xff\xff" + _SOUND[14:]),
    "a file cut short": _loose(_SOUND[:-9]),
    "no zlib stream": _loose(b"not an object"),
    "an unknown kind": _loose(zlib.compress(b"blub 29\0" + _LOST)),
    "no size": _loose(zlib.compress(b"blob\0" + _LOST)),
    "a size too small": _loose(zlib.compress(b"blob 9\0" + _LOST)),
    "a size too large": _loose(zlib.compress(b"blob 99\0" + _LOST)),
    "a negative size": _loose(zlib.compress(b"blob -29\0" + _LOST)),
    "no end of the header": _loose(zlib.compress(b"blob 29" + b" " * 5000)),
    "a bomb": a_loose_bomb,
}
"""What can be wrong with a loose object, by its name."""
