"""What a tree changes against its delta base, without parsing either as a whole.

Parsing a tree is in step at its start. Where a run of bytes is taken over from the base and both
are at an entry's start, every entry that ends within the run is the base's own. So only entries
around the changed places are parsed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from forensics.git.delta import copies

__all__ = ["ABSENT", "BLOB", "TREE", "ParsedTree", "parse_tree", "tree_changes"]

ABSENT, BLOB, TREE = 0, 1, 2
_KINDS = {b"40000": TREE, b"040000": TREE, b"160000": ABSENT}
"""By mode; all others are blobs. A submodule's commit lies in another repository."""
_MOST_OPERATIONS = 40

Changes = dict[bytes, tuple[int, bytes]]
"""Kind and id by entry name."""


class ParsedTree(NamedTuple):
    """A tree whose entries are known."""

    oid: bytes
    content: bytes
    starts: Sequence[int]
    """Where each entry starts, and at last the length of the content."""


def _entry(content: bytes, at: int, hash_bytes: int) -> tuple[bytes, int, bytes, int] | None:
    """Name, kind, id and end of the entry at a position; None if there is no whole one.

    Source: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
    """
    space = content.find(b" ", at, at + 8)
    null = content.find(b"\0", space)
    end = null + 1 + hash_bytes
    if space < 0 or null < 0 or end > len(content):
        return None
    kind = _KINDS.get(content[at:space], BLOB)
    return content[space + 1 : null], kind, content[null + 1 : end], end


def parse_tree(oid: bytes, content: bytes, hash_bytes: int) -> tuple[Changes, ParsedTree | None]:
    """All entries of a tree; None in place of the parsed tree if it is malformed."""
    entries: Changes = {}
    starts: list[int] = []
    at = 0
    while at < len(content):
        found = _entry(content, at, hash_bytes)
        if found is None:
            return entries, None
        name, kind, child, end = found
        if kind != ABSENT:
            entries[name] = kind, child
        starts.append(at)
        at = end
    starts.append(at)
    return entries, ParsedTree(oid, content, starts)


def tree_changes(
    content: bytes, delta: bytes, base: ParsedTree, hash_bytes: int
) -> tuple[Changes, ParsedTree] | None:
    """The entries that differ from those of `base`, and the parsed tree (with the base's id).

    None where the delta is long or rearranges its base; such a tree is better parsed whole.
    """
    parsed = copies(delta, _MOST_OPERATIONS)
    if parsed is None:
        return None
    starts = base.starts
    last = len(starts) - 1
    fresh: Changes = {}
    fresh_starts: list[int] = []
    pieces: list[tuple[int, int, int, int]] = []  # new entries before, first, end, shift
    at = taken = 0
    replaced: list[int] = []
    for start, here, length in (*parsed[1], (0, len(content), 0)):
        end = here + length
        while at < end or (at < here):
            if at >= here:
                place = at - here + start
                first = bisect_left(starts, place)
                if first < last and starts[first] == place:
                    beyond = bisect_right(starts, start + length) - 1
                    if beyond > first:
                        if first < taken:
                            return None
                        replaced.extend(range(taken, first))
                        pieces.append((len(fresh_starts), first, beyond, here - start))
                        taken = beyond
                        at = starts[beyond] + here - start
                        continue
            found = _entry(content, at, hash_bytes)
            if found is None:
                return None
            name, kind, child, after = found
            fresh[name] = kind, child
            fresh_starts.append(at)
            at = after
    if at != len(content):
        return None
    replaced.extend(range(taken, last))
    unchanged_starts = all(shift == 0 for _, _, _, shift in pieces) and fresh_starts == [
        starts[number] for number in replaced
    ]
    for number in replaced:
        found = _entry(base.content, starts[number], hash_bytes)
        if found is None:
            return None
        name, kind, child, _ = found
        if name not in fresh:
            fresh[name] = ABSENT, b""
        elif fresh[name] == (kind, child):
            del fresh[name]
    if unchanged_starts:
        return fresh, ParsedTree(base.oid, content, starts)
    return fresh, ParsedTree(base.oid, content, _moved(starts, fresh_starts, pieces, at))


def _moved(
    starts: Sequence[int],
    fresh: list[int],
    pieces: list[tuple[int, int, int, int]],
    length: int,
) -> list[int]:
    found: list[int] = []
    used = 0
    for before, first, beyond, shift in pieces:
        found += fresh[used:before]
        used = before
        found += [start + shift for start in starts[first:beyond]]
    found += fresh[used:]
    found.append(length)
    return found
