"""Anchors for expressions that were written without any.

A match of a sequence holds a match of each stretch of it. So a stretch that starts at fixed bytes,
is bounded in width and ends before anything unbounded is an anchor of the whole, as long as what
comes before it is bounded too.
"""

from __future__ import annotations

from re import _parser as parser  # type: ignore[attr-defined]
from typing import NamedTuple

from detectors.fixed_bytes import LEAST_LITERAL, longest_literal
from detectors.foreign.emit import emit, width
from detectors.foreign.stretches import BUDGET, ended, stretch
from detectors.foreign.tree import Bytes, Edge, Group, Node, Repeat, Sequence

__all__ = ["MAX_LEAD", "Derived", "derive_anchor", "keyword_anchor"]

MAX_LEAD = 1024
"""Bytes. Where a pattern may start further before its anchor, it is looked for no further."""

_PLENTY, _ENOUGH = 24, 12
"""Bytes that an anchor demands: more do not make it better; and so many make it good."""
_LOOSE = 10
"""Bytes that an anchor without fixed ones must demand."""


class Derived(NamedTuple):
    """What to look for, and how far before it a match may start."""

    expression: str
    lead: int


def _flat(parts: Sequence) -> Sequence:
    """`parts` with groups that offer no choice opened, so that an anchor may start inside."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, Group) and len(part.choices) == 1:
            flat += _flat(part.choices[0])
        elif isinstance(part, Repeat) and (part.least, part.most) == (1, 1):
            flat += _flat((part.part,))
        else:
            flat.append(part)
    return tuple(flat)


def derive_anchor(tree: Group, *, bounded: bool = False, loose: bool = False) -> Derived | None:
    """An anchor of an expression; None where no fixed bytes stand in every match of it.

    Where its matches can start any distance before those, they are looked for 1,024 bytes before.
    Where white space between them may be of any length, up to 64 bytes of it are; where it is to be
    `bounded`, so is whatever is endless. With `loose`, many bytes of classes will do for fixed
    ones; looking for those slows every scan down.
    """
    if bounded:
        made = ended(tree)
        assert isinstance(made, Group)
        tree = made
    if len(tree.choices) > 1:
        each = [derive_anchor(Group((choice,))) for choice in tree.choices]
        known = [one for one in each if one is not None]
        if len(known) < len(each):
            return None
        texts = dict.fromkeys(one.expression for one in known)
        return Derived(f"(?:{'|'.join(texts)})", max(one.lead for one in known))
    parts = _flat(tree.choices[0])
    found = _best(parts, fixed_only=True) or _best(parts, fixed_only=False) or _inside(parts)
    if found is None and loose:
        text = stretch(parts, BUDGET).text()
        return Derived(text, 0) if text and _demands(text) >= _LOOSE else None
    return found


def _best(parts: Sequence, *, fixed_only: bool) -> Derived | None:
    """The best anchor that starts at one of `parts`, at a fixed byte perhaps."""
    found: list[tuple[_Worth, Derived]] = []
    lead: int | None = 0
    before: Node | None = None
    for at, part in enumerate(parts):
        most = width(part)[1]
        # Within a run of fixed bytes, no start is better than its first.
        inside = _is_fixed(part) and before is not None and _is_fixed(before)
        if not inside and not isinstance(part, Edge):
            fixed = _is_fixed(part) or longest_literal(emit(part)) > 0
            text = stretch(parts[at:], BUDGET).text() if fixed or not fixed_only else ""
            if text and _fixed(text):
                bounded = lead is not None and lead <= MAX_LEAD
                if before == Edge(r"\b"):
                    text = r"\b" + text
                anchor = Derived(text, min(MAX_LEAD if lead is None else lead, MAX_LEAD))
                found.append((_worth(text, bounded, at), anchor))
        lead = None if most is None or lead is None else lead + most
        before = part
    return max(found)[1] if found else None


def _is_fixed(part: Node) -> bool:
    return isinstance(part, Bytes) and part.mask.bit_count() <= 2


_Worth = tuple[bool, int, int]


def _fixed(text: str) -> bool:
    """Whether an anchor has enough fixed bytes to be looked for everywhere: three in a row, or
    two among many of a class."""
    fixed = longest_literal(text)
    return fixed >= LEAST_LITERAL or (fixed == LEAST_LITERAL - 1 and _demands(text) >= _ENOUGH)


def _demands(text: str) -> int:
    """Least bytes of a match."""
    return int(parser.parse(text.encode()).getwidth()[0])


def _worth(text: str, bounded: bool, at: int) -> _Worth:
    """What makes one anchor better than another: that it finds every match and is telling, how
    telling it is, and that it starts early."""
    telling = min(_demands(text), _PLENTY)
    return bounded and telling >= _ENOUGH, telling, -at


def _inside(parts: Sequence) -> Derived | None:
    """The anchor of a part that offers choices, of which each has one."""
    lead: int | None = 0
    for part in parts:
        inner = part.part if isinstance(part, Repeat) and part.least else part
        if isinstance(inner, Group):
            found = derive_anchor(inner)
            if found is not None:
                total = MAX_LEAD if lead is None else lead + found.lead
                return Derived(found.expression, min(total, MAX_LEAD))
        most = width(part)[1]
        lead = None if most is None or lead is None else lead + most
    return None


def keyword_anchor(keywords: tuple[str, ...]) -> str:
    """An expression for any of `keywords`, whatever its case; empty where one is too short to be
    looked for everywhere."""
    if (
        not keywords
        or min(map(len, keywords)) < LEAST_LITERAL
        or not all(word.isascii() and word.isprintable() for word in keywords)
    ):
        return ""
    escaped = ("".join(c if c.isalnum() else f"\\x{ord(c):02x}" for c in word) for word in keywords)
    return f"(?i:{'|'.join(sorted(escaped))})"
