"""What stands where a secret was a part of a longer value: of a URL, a header, a command."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import NamedTuple

from forensics.config.slot import Slot, Slots, slots_named
from forensics.config.standing import standing

__all__ = ["LESS_TELLING", "Fate", "Place", "Span", "part_of", "weighed"]

Span = tuple[int, int]


class Place(NamedTuple):
    """Where in one version of a file a secret stands."""

    span: Span
    slot: str | None
    """Key of its slot; None where it stands in none."""


class Fate(NamedTuple):
    """What stands in the next version where a secret stood."""

    kind: str
    """`literal`, `reference`, `ciphertext`, `placeholder`, `empty` or `absent`."""
    by: str = ""
    """What a reference goes through."""
    span: Span | None = None
    """Of what stands there now."""
    uncertain: str = ""
    """Why that cannot be told for sure."""


_CODE = frozenset({"code", "text"})
_PUT_IN = re.compile(rb"[#$%]?\{[^{}]*\}|%(?:\(\w+\))?[sv]|\$\w+")
"""A variable within a text, as some language or other has it."""
_LOGIN = re.compile(rb"://[^\s/@]*$")
"""A URL up to a password in it."""
_STAND_IN = re.compile(
    rb"(?i)-|\?|foo|bar|baz|test(?:ing)?|secrets?|passw(?:or)?d|pass|tokens?|(?:api[-_]?)?key|default"
    rb"|empty|blank|invalid|deprecated|unused|obsolete|deleted|missing|unknown|nothing|null|void"
    rb"|to[-_ ]?be[-_ ]?\w+|(?:insert|enter|add|put|set|ask|see|get|use|provide)[-_ ].{1,60}"
)
"""Words that no secret is replaced by."""
_JOINED = re.compile(rb"[\"'`]\s*[+.&]?\s*[\"'`]")
"""Between the parts of a text, as code joins them."""
_LEAST_SHARED = 8
"""Bytes of a value that tell it."""
_BLOTTED = re.compile(rb"[xX*._#-]{2,}")
"""What is put in the place of an end of a value."""
_WORDS = re.compile(rb"[A-Za-z]+(?:[-_. ][A-Za-z]*)*")
_LEAST_RANDOM, _LEAST_DIFFERENT, _TIMES_SHORTER = 16, 7, 3
LESS_TELLING = "what stands there now may be a stand-in: it is far less than the value was"
_QUOTES = b"\"'` \t\r\n"


def part_of(old: bytes, slots: Slots, place: Place, new: bytes, now: Slot) -> Fate:
    """What stands in the literal `now` where a secret stood in the same slot before.

    Args:
        old: the version with the secret.
        slots: of it.
        place: of the secret.
        new: the other version.
        now: its slot.
    """
    whole = (now.start, now.end)
    was = next(iter(slots_named(slots, place.slot or "")), None)
    if was is None or not (was.start <= place.span[0] and place.span[1] <= was.end):
        return Fate("literal", span=whole)
    before, after = old[was.start : place.span[0]], old[place.span[1] : was.end]
    if not before.strip(_QUOTES) and not after.strip(_QUOTES):
        return Fate("literal", span=whole)
    span = _between(new, whole, before, after)
    lost = span is None and after[:1] == b"@" and b"@" not in new[slice(*whole)]
    if lost and _LOGIN.search(before):
        return Fate("absent")
    if span is None:
        doubt = "it was part of a longer value, which changed as a whole"
        return Fate("literal", span=whole, uncertain=doubt)
    if slots.kind in _CODE and _PUT_IN.fullmatch(new[span[0] : span[1]]):
        return Fate("reference", "variable", span)
    kind = "properties" if slots.kind in _CODE else slots.kind
    stands = standing(new, Slot(now.key, *span, now.line), kind)
    return Fate(stands.kind, stands.by, span)


def weighed(fate: Fate, secret: bytes, new: bytes) -> Fate:
    """The same, where what stands there is only taken for a value: a stand-in, or a part of the
    secret itself; uncertain where it may be.

    Args:
        fate: of the secret.
        secret: as it stood.
        new: the version that the fate is of.
    """
    if fate.kind != "literal" or fate.span is None:
        return fate
    text = _JOINED.sub(b"", new[slice(*fate.span)].strip(_QUOTES))
    if _STAND_IN.fullmatch(text) or _is_blotted(text, secret):
        return fate._replace(kind="placeholder")
    if len(text) >= _LEAST_SHARED and text in secret:
        return fate._replace(uncertain="the same value stands there, whole or in part")
    if _tells_less(text, secret):
        return fate._replace(uncertain=fate.uncertain or LESS_TELLING)
    return fate


def _is_blotted(text: bytes, secret: bytes) -> bool:
    """Whether a text is the start of a secret with signs in the place of the rest."""
    pairs = zip(text, secret, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return same >= _LEAST_SHARED and bool(_BLOTTED.fullmatch(text, same))


def _tells_less(text: bytes, secret: bytes) -> bool:
    """Whether a text is much shorter than a long secret was, or words or a repeated sign where that
    was none."""
    if len(secret) < _LEAST_RANDOM:
        return False
    if len(text) * _TIMES_SHORTER < len(secret):
        return True
    if len({*text}) < _LEAST_DIFFERENT <= len({*secret}):
        return True
    return bool(_WORDS.fullmatch(text) and not _WORDS.fullmatch(secret))


def _between(content: bytes, within: Span, before: bytes, after: bytes) -> Span | None:
    """Where the text between `before` and `after` lies, if one of them at least is the same and
    the other still starts or ends as it did."""
    text = content[within[0] : within[1]]
    start, end = len(before), len(text) - len(after)
    starts, ends = text.startswith(before), text.endswith(after)
    if starts and ends and start <= end:
        return within[0] + start, within[0] + end
    if starts and after:
        end = text.find(after[:1], start)
    elif ends and before:
        start = text.rfind(before[-1:], 0, end) + 1
        end = end if start else -1
    else:
        return None
    return (within[0] + start, within[0] + end) if start <= end else None
