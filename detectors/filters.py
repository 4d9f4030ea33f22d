"""Reasons why a match is not a secret. Each filter answers with its reason, or None."""

from __future__ import annotations

import re

__all__ = ["placeholder", "reference"]

_STAND_IN = re.compile(
    rb"example|sample|dummy|placeholder|change[-_ ]?me|your[-_ ]|insert|replace|redacted|"
    rb"secret[-_]?here|xxxx|\*\*\*|\.\.\.|<[^>]*>|todo|fixme|foobar|1234567|abcdef|"
    rb"not[-_ ]?(?:a[-_ ]?)?(?:real|secret)|^(?:test|fake|none|null|undefined|true|false)",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    rb"\$\{|\$\(|\{\{|%\(|%[A-Z_]+%|^\$[A-Za-z_]|^@|^env[.:]|process\.env|os\.environ|getenv|"
    rb"^(?:arn|vault|ssm|secretsmanager|op|ref)[:+]"
)


def placeholder(value: bytes) -> str | None:
    """Why this value is a stand-in rather than a secret, if it is."""
    if len(set(value)) <= 3:
        return "it repeats at most three characters"
    if _STAND_IN.search(value):
        return "it says that it is a stand-in"
    return None


def reference(value: bytes) -> str | None:
    """Why this value points at a secret kept elsewhere, if it does."""
    return "it refers to a value kept elsewhere" if _REFERENCE.search(value) else None
