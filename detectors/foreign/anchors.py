"""Anchors for expressions that were written without any.

A match of a sequence holds a match of each stretch of it. So a stretch that starts at fixed bytes,
is bounded in width and ends before anything unbounded is an anchor of the whole, as long as what
comes before it is bounded too.
"""

from __future__ import annotations

from re import _parser as parser  # type: ignore[attr-defined]
from typing import NamedTuple

from detectors.check import LEAST_LITERAL
from detectors.foreign.emit import counted, emit, width
from detectors.foreign.syntax import Bytes, Edge, Group, Node, Repeat, Sequence
from detectors.literals import longest_literal

__all__ = ["MAX_LEAD", "Derived", "Run", "derive_anchor", "keyword_anchor", "without_run"]

MAX_LEAD = 1024
"""Bytes. Where a pattern may start further before its anchor, it is looked for no further."""

_BUDGET = 250
_SPREAD = 64
"""A repeat that varies more than this ends an anchor."""
_PLENTY, _ENOUGH = 24, 12
"""Bytes that an anchor demands: more do not make it better; and so many make it good."""
_LOOSE = 10
"""Bytes that an anchor without fixed ones must demand."""
_TELLING = 128
"""A class of more bytes than this tells nothing at the end of an anchor."""
_SPACE = sum(1 << one for one in b" \t\r\n\f\v")


class Derived(NamedTuple):
    """What to look for, and how far before it a match may start."""

    expression: str
    lead: int


class _Stretch:
    """A prefix of a sequence, in the making."""

    def __init__(self, budget: int) -> None:
        self.pieces: list[tuple[str, str]] = []
        """Each with what may stand for it at the end, where less will do."""
        self.left = budget
        self.whole = True
        """Whether it is all of the sequence so far."""

    def text(self) -> str:
        pieces = list(self.pieces)
        while pieces:
            last = pieces.pop()[1]
            if last:
                return "".join(text for text, _ in pieces) + last
        return ""


def _stretch(parts: Sequence, budget: int) -> _Stretch:
    made = _Stretch(budget)
    for part in parts:
        if not made.whole:
            break
        _add(made, part)
    return made


def _add(made: _Stretch, part: Node) -> None:
    """Continue a stretch with as much of `part` as is bounded."""
    if isinstance(part, Edge):
        if part.text == r"\b":
            made.pieces.append((part.text, ""))
    elif isinstance(part, Bytes):
        if made.left < 1:
            made.whole = False
        else:
            text = emit(part)
            made.pieces.append((text, text if part.mask.bit_count() <= _TELLING else ""))
            made.left -= 1
    elif isinstance(part, Repeat):
        _add_repeat(made, part)
    else:
        _add_choices(made, part)


def _add_choices(made: _Stretch, part: Group) -> None:
    if len(part.choices) == 1:
        for inner in part.choices[0]:
            if made.whole:
                _add(made, inner)
        return
    choices = [_stretch(choice, made.left) for choice in part.choices]
    texts = list(dict.fromkeys("".join(text for text, _ in one.pieces) for one in choices))
    whole = all(one.whole for one in choices)
    if not whole and "" in texts:
        made.whole = False
        return
    optional = "" in texts
    joined = f"(?:{'|'.join(text for text in texts if text)})" if any(texts) else ""
    if joined:
        made.pieces.append((joined + "?", "") if optional else (joined, joined))
    made.left = min(one.left for one in choices)
    made.whole = whole


def _add_repeat(made: _Stretch, part: Repeat) -> None:
    widest = width(part.part)[1] or 0
    most = part.most
    if most is None and isinstance(part.part, Bytes) and not part.part.mask & ~_SPACE:
        most = max(part.least, _SPREAD)  # more than so much white space nobody writes
    inner = _stretch((part.part,), made.left)
    if not inner.whole and not part.least and part.most == 1:
        inner = _stretch((_bounded(part.part),), made.left)
        widest = made.left - inner.left
    text = "".join(piece for piece, _ in inner.pieces)
    unit = text if isinstance(part.part, Bytes) else f"(?:{text})"
    if not text:
        made.whole = made.whole and inner.whole and widest == 0
        return
    telling = not isinstance(part.part, Bytes) or part.part.mask.bit_count() <= _TELLING
    fits = widest > 0 and inner.whole
    if fits and most is not None and most - part.least <= _SPREAD and most * widest <= made.left:
        end = counted(unit, part.least, part.least) if part.least and telling else ""
        made.pieces.append((counted(unit, part.least, most), end))
        made.left -= most * widest
        return
    made.whole = False
    if fits and part.least:
        times = min(part.least, made.left // widest)
        if times:
            piece = counted(unit, times, times)
            made.pieces.append((piece, piece if telling else ""))
    elif part.least:
        made.pieces.append((text, text))


def _bounded(part: Node) -> Node:
    """`part` with its endless repeats ended. For what may be missing: a name's prefix, say."""
    if isinstance(part, Repeat):
        most = part.most if part.most is not None else max(part.least, _SPREAD)
        return part._replace(part=_bounded(part.part), most=most)
    if isinstance(part, Group):
        return Group(tuple(tuple(map(_bounded, choice)) for choice in part.choices))
    return part


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
        ended = _bounded(tree)
        assert isinstance(ended, Group)
        tree = ended
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
        text = _stretch(parts, _BUDGET).text()
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
            text = _stretch(parts[at:], _BUDGET).text() if fixed or not fixed_only else ""
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


class Run(NamedTuple):
    """Bytes of a set that may stand before a match, up to so many."""

    mask: int = 0
    most: int = 0


def without_run(tree: Group) -> tuple[Group, Run]:
    """An expression without the run of bytes that it may start with, and that run.

    Whatever the run holds, the rest of the match is the same; and looking for the rest alone saves
    trying every start of the run at every place.
    """
    run = Run()
    if len(tree.choices) > 1:
        return tree, run
    parts = tree.choices[0]
    while len(parts) > 1:
        first = parts[0]
        if not isinstance(first, Repeat) or not isinstance(first.part, Bytes) or first.least:
            break
        if first.most is None or (run.most and run.mask != first.part.mask):
            break
        run = Run(first.part.mask, run.most + first.most)
        parts = parts[1:]
    return Group((parts,)), run


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
