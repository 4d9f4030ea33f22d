"""Which rows of the Rotation screen to list."""

from __future__ import annotations

from collections.abc import Callable

from forensics.lifecycle.stages import STAGES, RotationRow

__all__ = ["wanted"]

_SEVERITIES = ("critical", "high", "medium", "low")
_YES = ("yes", "true", "1")


def wanted(text: str, now: float) -> Callable[[RotationRow], bool]:
    """What tells whether a row is to be listed: all terms have to fit, a comma is or, a leading
    minus is not.

    Args:
        text: such as `stage:detected sev:critical,high owner:ada overdue:yes -web`.
        now: seconds since 1970.

    Raises:
        ValueError: a term says nothing that could be.
    """
    terms = [_term(word, now) for word in text.split()]
    return lambda row: all(fits(row) for fits in terms)


def _term(word: str, now: float) -> Callable[[RotationRow], bool]:
    if word.startswith("-") and len(word) > 1:
        fits = _term(word[1:], now)
        return lambda row: not fits(row)
    name, colon, value = word.partition(":")
    said = tuple(one for one in value.lower().split(",") if one)
    if colon and name in ("stage", "sev"):
        known = STAGES if name == "stage" else _SEVERITIES
        for one in said:
            if one not in known:
                raise ValueError(f"{name}:{one} is none of {', '.join(known)}")
        place = "stage" if name == "stage" else "severity"
        return lambda row: getattr(row, place) in said
    if colon and name == "owner":
        return lambda row: any(one in row.owner.lower() for one in said) if said else not row.owner
    if colon and name == "overdue":
        return lambda row: row.overdue(now) is (value.lower() in _YES)
    if colon and name == "live":
        return lambda row: bool(row.left) is (value.lower() in _YES)
    plain = word.lower().removeprefix("#")
    return lambda row: (
        plain in f"{row.secret} {row.preview} {row.rule} {row.slot} {row.owner}".lower()
    )
