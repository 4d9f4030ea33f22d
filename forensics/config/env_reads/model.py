"""What the readers of environment variables in code tell."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["EMPTY", "EXPRESSION", "LITERAL", "NONE", "REQUIRED", "EnvRead"]

NONE, LITERAL, EMPTY, EXPRESSION, REQUIRED = "none", "literal", "empty", "expression", "required"


class EnvRead(NamedTuple):
    """A place in code that reads an environment variable."""

    name: str
    """Empty where the program makes the name up as it runs."""
    line: int
    """From 1."""
    default: str
    """What the code takes where the variable is not set: `none`, a `literal`, an `empty` one, an
    `expression`; or `required`, where it fails."""
    how: str
    """Through what, such as `process.env`."""
    certain: bool = True
    """False where it may be something else, or another name."""
    optional: bool = False
    """Whether the code only asks if it is set, or compares it: not being set is an answer."""
    test: bool = False
    """Whether the file is test code."""
