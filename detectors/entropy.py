"""Shannon entropy."""

from __future__ import annotations

from collections import Counter
from math import log2

__all__ = ["shannon"]


def shannon(value: bytes) -> float:
    """Shannon entropy of the bytes of `value`, in bits a byte: 0 to 8."""
    total = len(value)
    return -sum(n / total * log2(n / total) for n in Counter(value).values()) if total else 0.0
