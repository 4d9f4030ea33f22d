"""What one hook says and another does not; apart, so that hooks start fast."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Way"]


class Way(NamedTuple):
    """What the one hook says and another does not."""

    what: str
    """What is refused, as in `this commit`."""
    amend: str
    """How to take a secret out of it."""
    once: str
    """How to allow findings once; `{}` stands for their ids. Empty where nobody may."""
