"""What is put into the index and what comes out of it."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "AWAY", "BESIDE", "Commit", "Event", "EventKey", "Finding", "Holdings", "Occurrence", "Person",
    "PlacedRef", "PlacedSighting", "Sighting", "Skip", "Stay", "Told",
]  # fmt: skip

AWAY = frozenset(("false-positive", "accepted", "revoked", "test"))
"""States of triage in which a finding no longer counts."""

BESIDE = frozenset(("tag", "stash"))
"""Kinds of refs that nobody works on."""


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
    mark: bytes = b""
    """A keyed hash of what is before it on its line, which tells whether it stands in the same
    place of another version."""
    by_value: bool = False
    """Whether no rule finds it there: it is known from elsewhere, and its bytes stand here."""


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


class EventKey(NamedTuple):
    """What tells one event of a repository from all others."""

    fingerprint: bytes
    path: tuple[bytes, bytes] | None
    commit: bytes
    kind: str


class Event(NamedTuple):
    """Where an occurrence came, went, or moved inside its file."""

    commit: bytes
    kind: str
    """introduced, removed, or changed: it stands at other places of the file than before, or a
    merge kept it that one of its sides had taken away."""
    sequence: int
    """Place in an order that follows ancestry, parents first."""
    how: str = ""
    """What happened, where history alone tells it; else the same as `kind`."""
    oid: bytes = b""
    """The object in which it stands after the event, or stood before it was removed."""
    other: bytes = b""
    """The blob at the same path on the other side of the event, if there is one."""
    related: EventKey | None = None
    """The event that this one goes with."""
    slot: str | None = None
    """Key of the slot that it happened to, any secret in it masked."""
    via: str = ""
    """What an externalised value comes through."""
    uncertain: str = ""
    """Why it may be something else."""
    lasting: bool = True
    """Whether no commit on top of it did the opposite at the same place."""


class Told(NamedTuple):
    """What is known of an event beyond the commit that it happened in; see `Event`."""

    how: str
    slot: str | None = None
    via: str = ""
    uncertain: str = ""
    related: EventKey | None = None


class Holdings(NamedTuple):
    """Which objects of a repository hold which secrets."""

    secrets: dict[tuple[bytes, str], set[bytes]]
    """Fingerprints, by id and kind of the object."""
    openly: dict[tuple[bytes, bytes], int]
    """Where anything is ignored by its content, by object id and fingerprint: 2 where a sighting
    is not, 1 where that depends on path or commit, else 0. Empty where nothing is."""
    marks: dict[tuple[bytes, bytes], tuple[bytes, ...]]
    """By object id and fingerprint, what is before the secret on each of its lines, as
    `Sighting.mark`."""
    spans: dict[tuple[bytes, bytes], list[tuple[int, int]]]
    """Start and end of each sighting, by object id and fingerprint."""


class Stay(NamedTuple):
    """A stretch of the default branch's line of first parents that held a secret."""

    fingerprint: bytes
    since: bytes
    """Id of the first commit that held it."""
    until: bytes | None
    """Id of the first that did not any more."""
    commits: int


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
    at_default: bool
    """Whether it stands at the tip of the default branch."""
    events: tuple[Event, ...]
    here: bytes = b""
    """Id of a blob that holds it at a tip, the default branch's first; empty if it stands at
    none, or that cannot be told."""
    slot: str | None = None
    """Key of the slot that it stands in there, any secret in it masked."""


class PlacedRef(NamedTuple):
    """A ref and the occurrences at its tip."""

    name: bytes
    """With any secret in it masked."""
    target: bytes
    peeled: bytes
    kind: str
    """branch, tag, remote, pull-request, note, stash, head or other."""
    is_default: bool
    sequence: int | None
    """Place of its commit in an order that follows ancestry, parents first."""
    holds: int
    """Occurrences at its tip: places among the repository's as bits."""


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
    fingerprint: str
    """Of the secret, in hexadecimal digits."""


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
    triage: str | None = None
    """What people decided about the secret, if that holds now and is not `open`."""
    occurrence: int = 0
    """The row of its occurrence."""
    gate: str | None = None
    """What a policy says of it: `fail` or `pass`; None where there is none, or it does not
    count."""

    @property
    def counts(self) -> bool:
        """Whether it is neither ignored nor triaged away."""
        return not self.ignored and self.triage not in AWAY

    @property
    def fails(self) -> bool:
        """Whether it makes a command fail: it counts, and no policy lets it pass."""
        return self.counts and self.gate != "pass"

    @property
    def status(self) -> str:
        """ignored; false-positive, accepted, revoked or test, where people decided so; else
        present (at the tip of a ref), removed, stash, reflog, unreachable, or gone with the
        object that held it."""
        if self.ignored:
            return "ignored"
        if self.triage in AWAY:
            return str(self.triage)
        if self.gone or self.reach == "gone":
            return "gone"
        if self.at_tip:
            return "present"
        return {"branch": "removed", "tag": "removed", "none": "unreachable"}.get(
            self.reach, self.reach
        )
