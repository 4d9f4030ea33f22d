"""Whether what a rule's pattern matched is a secret at all."""

from __future__ import annotations

from detectors import filters
from detectors.canonical import canonical
from detectors.entropy import shannon
from detectors.rule import Rule

__all__ = ["accepted"]


def accepted(rule: Rule, value: bytes | None) -> bytes | None:
    """The canonical form of a value; None where it is no secret: nothing, too orderly, or a
    stand-in, as it stands or in that form.

    Args:
        rule: whose pattern matched.
        value: of its group `secret`, which may stand in a part of the pattern that is missing.
    """
    if not value or shannon(value) < rule.entropy:
        return None
    plain, reasons = canonical(value, rule.canonical), _filters(rule)
    if not plain or any(filters.rejection(form, reasons) for form in {value, plain}):
        return None
    return plain


def _filters(rule: Rule) -> tuple[filters.Filter, ...]:
    if rule.canonical == "pem":
        return (filters.repetitive,)  # in thousands of characters any short run comes by chance
    if rule.generic:
        return filters.GUESSED
    return filters.CHOSEN if rule.chosen else filters.ISSUED
