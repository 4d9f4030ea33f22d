"""The life of secrets as the index has it: places, events, refs, people."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "LifeEvent", "LifePlace", "LifeRef", "Moment", "Related", "SecretLife", "SlotEvent",
    "StayOnDefault",
]  # fmt: skip


class Moment(NamedTuple):
    """A commit, by whom and when."""

    commit: str
    """Id in hexadecimal digits."""
    author: bytes
    email: bytes
    author_time: int
    author_offset: int
    committer: bytes
    committer_email: bytes
    commit_time: int
    commit_offset: int
    reach: str


class LifePlace(NamedTuple):
    """An occurrence: a secret at a path, or in what has none."""

    id: int
    repository: int
    path: bytes | None
    kind: str
    """Of the object: blob, commit, tag, tree, path, ref or file."""
    oid: str
    line: int
    """At a tip if it stands at one."""
    reach: str
    at_tip: bool
    at_default: bool
    number: int
    """Its bit in what a ref holds."""
    gone: bool
    by_value: bool
    """Whether no rule finds it there."""
    ignored: str | None
    slot: str | None
    """Key of the slot that it stands in at a tip."""


class Related(NamedTuple):
    """An event that another goes with: what it was moved from, replaced by, or brought back."""

    how: str
    commit: str
    path: bytes | None
    secret: str
    preview: str


class LifeEvent(NamedTuple):
    """What happened to a secret at a path in a commit."""

    id: int
    place: int
    """The row of its occurrence."""
    path: bytes | None
    kind: str
    how: str
    slot: str | None
    via: str
    uncertain: str
    sequence: int
    line: int | None
    related: Related | None
    """The event that it goes with."""
    lasting: bool
    """Whether no commit on top of it did the opposite at the same place."""
    at: Moment


class LifeRef(NamedTuple):
    """A ref and what stands at its tip."""

    repository: int
    name: bytes
    kind: str
    is_default: bool
    sequence: int | None
    holds: int


class SlotEvent(NamedTuple):
    """What happened to a slot: which secret came into it or left it."""

    repository: int
    path: bytes
    slot: str
    secret: str
    preview: str
    facts: str | None
    how: str
    kind: str
    via: str
    at: Moment


class StayOnDefault(NamedTuple):
    """A stretch of the default branch that held a secret."""

    repository: int
    since: Moment
    until: Moment | None
    commits: int


class SecretLife(NamedTuple):
    """Everything that the index knows of where a secret was and is."""

    id: int
    secret: str
    """Fingerprint in hexadecimal digits."""
    rule: str
    title: str
    severity: str
    generic: bool
    preview: str
    confidence: float
    facts: str | None
    places: tuple[LifePlace, ...]
    events: tuple[LifeEvent, ...]
    """In an order that follows ancestry, by repository."""
    stays: tuple[StayOnDefault, ...]
    swept: bool
    """Whether its value was looked for everywhere, not only where rules look."""
