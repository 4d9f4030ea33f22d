"""What is put into the index and what comes out of it."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "Commit", "Event", "Finding", "Occurrence", "Person", "PlacedSighting", "Sighting", "Skip",
]  # fmt: skip


class Sighting(NamedTuple):
    """A secret at a span of an object, without the secret."""

    oid: bytes
    kind: str
    """Of the object: blob, commit, tag, path or file."""
    rule: str
    fingerprint: bytes
    preview: str
    length: int
    """Bytes of the value."""
    character_class: str
    confidence: float
    checksum: bool | None
    start: int
    end: int
    """One past the last byte."""
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    """From 1; the end is inclusive. Columns count bytes."""
    facts: str | None = None
    """What the token says about itself: a JSON list of names and values."""
    reasons: str | None = None
    """What moved a generic score: a JSON list of texts and amounts."""
    decoded: str | None = None
    """What the value had to be decoded from, outermost first."""
    partner: tuple[int, int, int] | None = None
    """Start, end and line of the id or secret that belongs to this one."""
    ignored: str | None = None
    """What in the content, or in a list by its content, says that this is to be ignored; after a
    question mark, what does so only at some paths or in some commits."""


class Skip(NamedTuple):
    """Something that could not be read or confirmed."""

    oid: bytes
    """Empty where a whole pack or the history is meant."""
    reason: str
    lasting: bool = False
    """Whether the object was read as far as it can be, so that it counts as covered."""


class Person(NamedTuple):
    """A name and an address as the commit has them, any secret in them masked."""

    name: bytes
    email: bytes


class Commit(NamedTuple):
    """A commit that an event names."""

    oid: bytes
    author: Person
    author_time: int
    author_offset: int
    """Minutes east of UTC."""
    committer: Person
    commit_time: int
    commit_offset: int


class Event(NamedTuple):
    """Where an occurrence came or went."""

    commit: bytes
    kind: str
    """introduced or removed."""
    sequence: int
    """Place in an order that follows ancestry, parents first."""


class Occurrence(NamedTuple):
    """A secret at a path, or, without one, in the text of a commit or tag or in no place."""

    fingerprint: bytes
    path: tuple[bytes, bytes] | None
    """What may be shown of the name, and the keyed fingerprint of the whole if it is masked."""
    oid: bytes
    """An object in which it stands."""
    kind: str
    """Of that object."""
    reach: str
    at_head: bool
    at_tip: bool
    events: tuple[Event, ...]


class PlacedSighting(NamedTuple):
    """A sighting at an occurrence, as far as lists of what to ignore can name it."""

    occurrence: int
    sighting: int
    """Their rows."""
    secret: int
    """Its row."""
    rule: str
    path: bytes | None
    ignored: str
    """What the content says of it."""


class Finding(NamedTuple):
    """One occurrence at one span, as reports show it."""

    secret: str
    """Fingerprint in hexadecimal digits."""
    rule: str
    title: str
    severity: str
    confidence: float
    preview: str
    length: int
    character_class: str
    checksum: int | None
    """1 if right, 0 if wrong, None where the token has none."""
    repository: bytes
    kind: str
    path: bytes | None
    start_line: int
    end_line: int
    start_column: int
    end_column: int
    start_byte: int
    end_byte: int
    blob: str
    """Object id in hexadecimal digits."""
    commit: str | None
    """The first that introduced it, by ancestry."""
    author: bytes | None
    email: bytes | None
    commit_time: int | None
    commit_offset: int | None
    removed: str | None
    """The last commit that removed it, by ancestry, if it is gone from every tip."""
    reach: str
    at_head: int
    at_tip: int
    gone: int
    """1 once the object has vanished from the repository."""
    facts: str | None
    """What the token says about itself: a JSON list of names and values."""
    reasons: str | None
    """What moved a generic score: a JSON list of texts and amounts."""
    decoded: str | None
    """What the value had to be decoded from, outermost first."""
    partner_line: int | None
    """Line of the id or secret that belongs to this one."""
    ignored: str | None
    """What says that this is to be ignored."""

    @property
    def status(self) -> str:
        """ignored, present (at the tip of a ref), removed, stash, reflog, unreachable, or gone
        with the object that held it."""
        if self.ignored:
            return "ignored"
        if self.gone or self.reach == "gone":
            return "gone"
        if self.at_tip:
            return "present"
        return {"ref": "removed", "none": "unreachable"}.get(self.reach, self.reach)
