"""Bounded stretches of an expression: what may serve as an anchor."""

from __future__ import annotations

from detectors.foreign.emit import counted, emit, width
from detectors.foreign.tree import Bytes, Edge, Group, Node, Repeat, Sequence

__all__ = ["BUDGET", "Stretch", "ended", "stretch"]

BUDGET = 250
_SPREAD = 64
"""A repeat that varies more than this ends an anchor."""
_TELLING = 128
"""A class of more bytes than this tells nothing at the end of an anchor."""
_SPACE = sum(1 << one for one in b" \t\r\n\f\v")


class Stretch:
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


def stretch(parts: Sequence, budget: int) -> Stretch:
    made = Stretch(budget)
    for part in parts:
        if not made.whole:
            break
        _add(made, part)
    return made


def _add(made: Stretch, part: Node) -> None:
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


def _add_choices(made: Stretch, part: Group) -> None:
    if len(part.choices) == 1:
        for inner in part.choices[0]:
            if made.whole:
                _add(made, inner)
        return
    choices = [stretch(choice, made.left) for choice in part.choices]
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


def _add_repeat(made: Stretch, part: Repeat) -> None:
    widest = width(part.part)[1] or 0
    most = part.most
    if most is None and isinstance(part.part, Bytes) and not part.part.mask & ~_SPACE:
        most = max(part.least, _SPREAD)  # more than so much white space nobody writes
    inner = stretch((part.part,), made.left)
    if not inner.whole and not part.least and part.most == 1:
        inner = stretch((ended(part.part),), made.left)
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


def ended(part: Node) -> Node:
    """`part` with its endless repeats ended. For what may be missing: a name's prefix, say."""
    if isinstance(part, Repeat):
        most = part.most if part.most is not None else max(part.least, _SPREAD)
        return part._replace(part=ended(part.part), most=most)
    if isinstance(part, Group):
        return Group(tuple(tuple(map(ended, choice)) for choice in part.choices))
    return part
