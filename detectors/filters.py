"""Reasons why a match is not a secret. Each filter answers with its reason, or None."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = [
    "CHOSEN",
    "GUESSED",
    "ISSUED",
    "Filter",
    "constant",
    "identifier",
    "joined_words",
    "location",
    "marked",
    "not_a_value",
    "reference",
    "rejection",
    "repetitive",
    "stand_in",
]

Filter = Callable[[bytes], str | None]

_LOOKED_AT = 1024
"""Bytes of a value that filters see: their expressions have no time limit of their own."""
_RUN = 8
_SEQUENCES = ("01234567890", "9876543210", "abcdefghijklmnopqrstuvwxyz")
_ASCENDING = "|".join(
    sequence[at : at + _RUN] for sequence in _SEQUENCES for at in range(len(sequence) - _RUN + 1)
)
_MARKED = re.compile(
    rb"(?i:example)|x{4}|X{4}|\*{3}|(?i:" + _ASCENDING.encode() + rb")",
)
_CONSTANT = re.compile(rb"(?=.{9})[A-Z]{2,}(?:_[A-Z]{2,})+", re.DOTALL)
_STAND_IN = re.compile(
    rb"sample|dummy|placeholder|change[-_ ]?(?:me|it)|your|insert|replace|redacted|hidden|"
    rb"passw(?:or)?d|secret|token|default|here|to-?do|fixme|foobar|hunter2|letmein|"
    rb"qwerty|asdf|12345|54321|abcde|xxx|\.\.\.|<[^>]*>|\[[^\]]*\]|"
    rb"not[-_ ]?(?:a[-_ ]?)?real|correct.?horse|"
    rb"^(?:test|fake|mock|none|null|nil|undefined|true|false|user|admin|root|guest|pass|pwd)|"
    rb"(?:test|user|admin|pass|pwd)[0-9!]*$|(?<![a-z])(?:foo|bar|baz|qux)(?![a-z])|"
    rb"^(?:postgres|mysql|mariadb|mongo|redis|rabbit|docker|wordpress)[a-z]{0,4}$",
    re.IGNORECASE,
)
_REFERENCE = re.compile(
    rb"\$\{|\$\(|\{\{|\}\}|%\(|%[A-Z_]+%|^%[A-Z]{3}|^%[sdr]$|\{[\w:-]*\}|^\$[A-Za-z_]|^@|^&|^\*|^env[.:]|"
    rb"process\.env|os\.environ|getenv|#\{|<%|"
    rb"^(?:arn|vault|ssm|secretsmanager|op|ref|file|env|projects|urn)[:+/]"
)
_LOCATION = re.compile(
    rb"^\w{2,12}://|^(?:[A-Za-z]:\\|[.~]{0,2}/)[\w@.-]+(?:[/\\][\w@.-]*)+$|^[./~]|"
    rb"\.(?:[chjt]s?|cpp|cfg|conf|crt|css|csv|go|html?|ini|java|jar|jsx|key|log|md|p12|pem|php|"
    rb"pl|png|proto|py|rb|rs|rst|sh|so|sql|svg|tcl|toml|tsx|txt|xml|ya?ml|json|com|org|net|io)$|"
    rb"^[\w.-]+(?:/[A-Za-z_.-]+)+$|^[\w.+-]+@[\w-]+\.[a-z]{2,}$",
    re.IGNORECASE,
)
_WORD = rb"[A-Za-z]{2,}[0-9]{0,3}|[A-Za-z][0-9]{0,3}|[0-9]{1,4}"
_IDENTIFIER = re.compile(
    rb"[_.]*(?:" + _WORD + rb")(?:[-_.:/ ]+(?:" + _WORD + rb"))*[-_.:;,!?]*|"
    rb"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})+[0-9]{0,3}|[A-Z]?[a-z]{4,}[0-9]{0,3}|"
    rb"[A-Za-z_][A-Za-z0-9_]*(?:\.|->|::)[A-Za-z_][A-Za-z0-9_.>:-]*"
)
_JOINED_WORDS = re.compile(
    rb"[A-Za-z]{2,40}(?:_{1,2}(?:[A-Za-z]{1,24}[0-9]{0,3}|[0-9]{1,6}[a-z]?)){3,}"
)
_NOT_A_VALUE = re.compile(
    rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9.,:xX+-]+|0x[0-9a-f]{1,15}|"
    rb"(?:sha[0-9]{1,3}|md5|crc32|pbkdf2)\W.*|\$[0-9a-z-]{1,8}\$.*|"
    rb"ssh-(?:rsa|ed25519|dss)\b.*|AAAA[BCE][23]Nza.*|"
    rb".*(?:\[\^?\w-\w|\\[dswbnrtxu0]|\.[*+]|\(\?|%[0-9.-]*[sdxlu](?![0-9A-Fa-f])).*",
    re.IGNORECASE | re.DOTALL,
)


def repetitive(value: bytes) -> str | None:
    """Why this value is filler rather than a secret, if it is."""
    return "it repeats at most three characters" if len(set(value)) <= 3 else None


def marked(value: bytes) -> str | None:
    """Why this value is a mark of documentation, one that chance does not draw, if it is."""
    return "it is written as an example" if _MARKED.search(value) else None


def constant(value: bytes) -> str | None:
    """Why this value is the name of a constant or of a variable of the environment, if it is."""
    return "it is the name of a constant" if _CONSTANT.fullmatch(value) else None


def stand_in(value: bytes) -> str | None:
    """Why this value is a stand-in rather than a secret, if its words say so."""
    return "it says that it is a stand-in" if _STAND_IN.search(value) else None


def reference(value: bytes) -> str | None:
    """Why this value points at a secret kept elsewhere, if it does."""
    return "it refers to a value kept elsewhere" if _REFERENCE.search(value) else None


def location(value: bytes) -> str | None:
    """Why this value is a path, a file name, a URL or an address, if it is."""
    return "it is a path, a URL or an address" if _LOCATION.search(value) else None


def identifier(value: bytes) -> str | None:
    """Why this value is made of words, as names in programs are, if it is."""
    return "it is made of words" if _IDENTIFIER.fullmatch(value) else None


def joined_words(value: bytes) -> str | None:
    """Why this value is a name of four parts or more, if it is. People choose such passphrases."""
    return "it is a name of several words" if _JOINED_WORDS.fullmatch(value) else None


def not_a_value(value: bytes) -> str | None:
    """Why this value is an id, a number, a digest, a public key or a pattern, if it is."""
    if _NOT_A_VALUE.fullmatch(value):
        return "it is an id, a number, a digest, a public key or a pattern"
    return None


ISSUED: tuple[Filter, ...] = (repetitive, marked, constant)
"""For secrets that a provider drew at random: any word may stand in one by chance."""

CHOSEN: tuple[Filter, ...] = (*ISSUED, stand_in, reference)
"""For secrets that people choose, known by where they stand."""

GUESSED: tuple[Filter, ...] = (*CHOSEN, location, identifier, not_a_value)
"""For values known only by the name they are assigned to."""


def rejection(value: bytes, filters: tuple[Filter, ...]) -> str | None:
    """The first reason that one of `filters` has against this value, if any has one. Of a very
    long value its start decides."""
    start = value[:_LOOKED_AT]
    return next((reason for each in filters if (reason := each(start))), None)
