"""Other scanners' rules and allowlists, in the terms of this one."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["MAX_FILE", "Allowlist", "ForeignConfig", "ForeignRule", "Required"]

MAX_FILE = 16 << 20
"""Bytes of a file of rules, of what to ignore, or of a baseline."""


class Allowlist(NamedTuple):
    """What is no finding. Its expressions are ones of `regex`, over bytes."""

    name: str
    """What to call it where it ignores something."""
    all_of: bool = False
    """Whether all of its kinds of test must agree; else one of them suffices."""
    commits: tuple[str, ...] = ()
    """Ids in lower case."""
    paths: tuple[str, ...] = ()
    target: str = "secret"
    """What `regexes` look at: the secret, the match or the line."""
    regexes: tuple[str, ...] = ()
    stopwords: tuple[str, ...] = ()
    """In lower case; looked for in the secret."""


class Required(NamedTuple):
    """A rule that must find something near by, for another one to count."""

    rule: str
    """As the file calls it."""
    lines: int | None = None
    """Most lines between the two; None where anywhere in the content will do."""
    columns: int | None = None


class ForeignRule(NamedTuple):
    """A rule of another scanner's. Its expressions are ones of `regex`, over bytes."""

    id: str
    """As rules are called here."""
    name: str
    """As the file calls it."""
    title: str
    pattern: str
    anchor: str
    lead: int
    run: tuple[int, int] = (0, 0)
    """Bytes of this set (bit `n` for byte `n`), up to so many, belong to the match they precede."""
    near: bool = False
    """Whether the anchor is a keyword that stands somewhere near a match, not in it."""
    group: int = 0
    """The group that is the secret; 0 for the first that holds anything, or the whole match."""
    entropy: float = 0.0
    """The secret's must be above this, where it is not 0."""
    keywords: tuple[str, ...] = ()
    path: str = ""
    """Where the rule applies; everywhere if empty."""
    allowlists: tuple[Allowlist, ...] = ()
    required: tuple[Required, ...] = ()
    reported: bool = True
    """Whether it finds on its own, or only what others require."""


class ForeignConfig(NamedTuple):
    """A configuration file of another scanner's."""

    file: str
    tool: str
    """Whose it is: gitleaks or betterleaks."""
    rules: tuple[ForeignRule, ...] = ()
    allowlists: tuple[Allowlist, ...] = ()
    """For all rules."""
    for_built_in: tuple[tuple[str, Allowlist], ...] = ()
    """For the built-in rules that the tool calls so."""
    built_in: bool = False
    """Whether it extends the tool's own rules, so that the built-in ones run too."""
    disabled: tuple[str, ...] = ()
    """Of those, what the tool calls the ones not to look for."""
    notes: tuple[str, ...] = ()
    """What of the file does not apply, and why."""
