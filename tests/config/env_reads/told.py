"""What a piece of code reads, in a form that fits in a test."""

from __future__ import annotations

from textwrap import dedent

from forensics.config.env_reads import EnvRead, reads

__all__ = ["defaults", "found"]


def found(path: str, code: str) -> tuple[EnvRead, ...]:
    """The reads of a file."""
    return reads(path.encode(), dedent(code).encode())


def defaults(path: str, code: str) -> dict[str, str]:
    """By name: the default, with a question mark where not being set is an answer."""
    return {
        one.name or "<dynamic>": one.default + ("?" if one.optional else "")
        for one in found(path, code)
    }
