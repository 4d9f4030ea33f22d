"""Rules that cannot work as they are written: a field out of its range, or without the one that
it goes with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING

from detectors.structure import NAMES

if TYPE_CHECKING:
    from detectors.rule import Rule

__all__ = ["CANONICAL", "MAX_WITHIN", "SEVERITIES", "contradiction"]

SEVERITIES = ("low", "medium", "high", "critical")

CANONICAL = ("plain", "pem", "percent", "base64")
"""Forms in which values are compared."""

MAX_WITHIN = 200
"""Lines."""
_MOST_ENTROPY = 8
"""Bits a byte."""

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z0-9]+(?:-[a-z0-9]+)*")


def contradiction(rule: Rule) -> str | None:
    """Why `rule` cannot work as it is written, if it cannot; its expressions are not looked at."""
    for field in fields(rule):
        value = getattr(rule, field.name)
        if isinstance(value, tuple) and not all(value):
            return f"{field.name!r} has an empty text in it"
    return next((message for wrong, message in _WRONG if wrong(rule)), None)


_WRONG: tuple[tuple[Callable[[Rule], bool], str], ...] = (
    # Ranges.
    (lambda r: not _ID.fullmatch(r.id), "an id looks like provider.kind, in lower case"),
    (lambda r: r.severity not in SEVERITIES, f"severity is one of {', '.join(SEVERITIES)}"),
    (lambda r: bool(r.structure) and r.structure not in NAMES,
     "there is no such structure; docs/structures.md names them"),
    (lambda r: r.canonical not in CANONICAL, f"canonical is one of {', '.join(CANONICAL)}"),
    (lambda r: not 0 <= r.within <= MAX_WITHIN,
     f"within lies between 0 and {MAX_WITHIN} lines"),
    (lambda r: not 0 < r.confidence <= 1, "confidence lies between 0 and 1"),
    (lambda r: not 0 <= r.entropy <= _MOST_ENTROPY,
     f"entropy lies between 0 and {_MOST_ENTROPY} bits a byte"),
    (lambda r: r.lead < 0, "lead is a number of bytes"),
    (lambda r: any(":" not in alias for alias in r.aliases), "aliases are written tool:id"),
    # What is looked for, and where.
    (lambda r: bool(r.pattern) == bool(r.scored),
     "give it a pattern, or names that are `scored`"),
    (lambda r: bool(r.context and r.scored), "give it `context` or `scored`, not both"),
    (lambda r: bool(r.assigned and (r.anchor or r.lead or r.keywords)),
     "with `context` or `scored` it needs no anchor, lead or keywords"),
    (lambda r: bool(r.lead and not r.anchor), "`lead` goes with `anchor`"),
    (lambda r: bool(r.key and not r.context), "`key` goes with `context`"),
    (lambda r: any(name != name.lower() for name in (*r.context, *r.scored)),
     "the names in `context` and `scored` are in lower case"),
    # Only the model knows how sure such a value is.
    (lambda r: bool(r.scored and not r.generic), "the id of a `scored` rule starts with generic."),
    (lambda r: bool(r.scored and (r.entropy or r.chosen)),
     "with `scored` it has neither entropy nor `chosen`: the model judges its values"),
    # Secrets and ids.
    (lambda r: r.assigned and not r.alone, "with `context` or `scored` it is reported alone"),
    (lambda r: not r.alone and not r.partners and not r.identifier,
     "`alone = false` goes with `partners` or `identifier`: else it is never reported"),
    (lambda r: bool(r.partners and r.identifier),
     "`partners` are those of a secret, and with `identifier` it finds none"),
    (lambda r: r.id in r.partners, "among its `partners` is its own id"),
)  # fmt: skip
"""What is wrong with a rule, and how to say so; a `within` without partners does no harm."""
