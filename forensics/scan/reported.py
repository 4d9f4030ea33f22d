"""Findings with what reports need beside them, read again where it is not in the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from forensics.git.commit import message_start
from forensics.index.database import Connection
from forensics.index.life import LifeEvent
from forensics.index.lives import Lives
from forensics.index.quarantine import jobs
from forensics.index.reader import IndexReader
from forensics.index.records import Finding
from forensics.index.reported import (
    RuleFacts,
    Span,
    current_places,
    repository_path,
    rule_facts,
    spans_to_mask,
)
from forensics.key import Key
from forensics.scan.masked_line import (
    cut_values,
    masked_line,
    masked_text,
    merged,
    utf16_column,
    with_parts,
)
from forensics.scan.provenance import Provenance
from forensics.scan.read_again import Contents

__all__ = ["Gap", "Part", "Place", "Reported", "gather"]

_IN_GIT = ("blob", "commit", "tag", "tree")
"""Kinds of objects whose ids are git's own, and not made with the key."""
_KINDS = (*_IN_GIT, "path", "ref", "file")
_MOST_MESSAGE = 2_000
"""Bytes of a commit message that are kept."""


class Place(NamedTuple):
    """Where a finding stands: at the tip of a ref if it stands at one, else where it first did."""

    oid: str
    """Of the object in hexadecimal digits; empty where that would need the key."""
    start_line: int
    end_line: int
    start_column: int | None
    end_column: int | None
    """One past the last; both in units of UTF-16. None where that cannot be told."""
    line: bytes | None
    """What stands on the line beside secrets, each of them masked. None where it could not be
    read, empty for a name."""


class Reported(NamedTuple):
    """A finding with its place, its history and the message of the commit that brought it."""

    finding: Finding
    place: Place
    start: int
    """First byte in the object."""
    events: tuple[LifeEvent, ...]
    """Of its secret in this repository, or of its own place where there are many."""
    message: bytes
    """With every secret in it masked; empty where it was not asked for or could not be read."""


class Gap(NamedTuple):
    """Something that was not covered."""

    why: str
    objects: int
    """How many objects; 0 where nobody can tell."""
    known: bool
    """Whether somebody acknowledged it, or it is a limit that the repository itself has."""


class Part(NamedTuple):
    """What there is to report of one repository, folder or stream."""

    repository: bytes
    """As the index shows it."""
    findings: tuple[Reported, ...]
    rules: Mapping[str, RuleFacts]
    gaps: tuple[Gap, ...]
    complete: bool
    """Whether everything in scope could be read, or somebody acknowledged that it could not."""
    provenance: Provenance | None


def gather(
    connection: Connection,
    key: Key,
    repository: int,
    findings: Iterable[Finding],
    contents: Contents,
    *,
    uncovered: Sequence[str] = (),
    provenance: Provenance | None = None,
    messages: bool = False,
) -> Part:
    """All that reports can say of findings of one repository.

    Args:
        connection: of the index.
        key: the index's.
        repository: its row.
        findings: some or all of its own.
        contents: where objects can be read again. Each is read once.
        uncovered: what the repository cannot show at all.
        provenance: where it was cloned from.
        messages: whether commit messages are wanted.
    """
    chosen = list(findings)
    masks = spans_to_mask(connection, repository)
    placed = _placed(chosen, current_places(connection, repository), masks)
    places = _read(placed, masks, contents)
    told = _events(connection, repository) if chosen else {}
    unread = {job.oid for job in jobs(connection, key, repository)}
    said = _messages(chosen, masks, contents, unread) if messages else {}
    reported = tuple(
        Reported(one.finding, place, one.span.start, told.get(one.finding.occurrence, ()),
                 said.get(one.finding.commit or "", b""))
        for one, place in zip(placed, places, strict=True)
    )  # fmt: skip
    shown = repository_path(connection, repository)[0]
    gaps = [*_gaps(connection, key, repository, shown), *(Gap(one, 0, True) for one in uncovered)]
    return Part(
        shown, reported, rule_facts(connection), tuple(gaps), all(one.known for one in gaps),
        provenance,
    )  # fmt: skip


class _Placed(NamedTuple):
    finding: Finding
    oid: bytes
    kind: str
    span: Span


def _placed(
    findings: Iterable[Finding],
    here: Mapping[int, bytes],
    spans: Mapping[tuple[bytes, str], Sequence[Span]],
) -> list[_Placed]:
    """Each finding where it stands now, if it does: the first span of a secret in the version
    that showed it first is the first in the version at a tip, and so on."""
    seen: Counter[int] = Counter()
    placed = []
    for one in sorted(findings, key=attrgetter("occurrence", "start_byte", "end_byte")):
        number = seen[one.occurrence]
        seen[one.occurrence] += 1
        span = Span(one.start_byte, one.end_byte, one.start_line, one.end_line, one.secret)
        oid, kind = bytes.fromhex(one.blob), one.kind
        now = here.get(one.occurrence, oid)
        if now != oid and kind == "blob":
            same = [each for each in spans.get((now, kind), ()) if each.secret == one.secret]
            if number < len(same):
                oid, span = now, same[number]
        placed.append(_Placed(one, oid, kind, span))
    return placed


def _read(
    placed: Sequence[_Placed],
    spans: Mapping[tuple[bytes, str], Sequence[Span]],
    contents: Contents,
) -> list[Place]:
    """The place of each, in the same order."""
    by_object: dict[tuple[bytes, str], list[int]] = {}
    for number, one in enumerate(placed):
        by_object.setdefault((one.oid, one.kind), []).append(number)
    found: dict[int, Place] = {}
    for (oid, kind), numbers in by_object.items():
        name = oid.hex() if kind in _IN_GIT else ""
        content = contents.read(oid, kind, placed[numbers[0]].finding.path)
        masks = _masks(spans, oid)
        cut = cut_values(content or b"", masks)
        for number in numbers:
            span = placed[number].span
            lines = (span.start_line, span.end_line)
            if content is None or span.end > len(content):
                line = b"" if kind in ("path", "ref") else None
                found[number] = Place(name, *lines, None, None, line)
                continue
            first, last = (utf16_column(content, at) for at in (span.start, span.end))
            if first is None or last is None:
                first = last = None
            line = masked_line(content, span.start, span.end, masks, cut)
            found[number] = Place(name, *lines, first, last, line)
    return [found[number] for number in range(len(placed))]


def _masks(spans: Mapping[tuple[bytes, str], Sequence[Span]], oid: bytes) -> list[tuple[int, int]]:
    """What to mask of an object, whatever kind somebody took it for: a tag counts as the commit
    that a secret in it came with."""
    return merged(span for kind in _KINDS for span in spans.get((oid, kind), ()))


_FEW_EVENTS = 40


def _events(connection: Connection, repository: int) -> Mapping[int, tuple[LifeEvent, ...]]:
    """By occurrence, what happened to its secret; to it alone, where that would be too much."""
    found: dict[int, tuple[LifeEvent, ...]] = {}
    for life in Lives(connection).all(repository):
        if len(life.events) <= _FEW_EVENTS:
            found.update((place.id, life.events) for place in life.places)
        else:
            own: dict[int, list[LifeEvent]] = {}
            for event in life.events:
                own.setdefault(event.place, []).append(event)
            found.update((place, tuple(events)) for place, events in own.items())
    return found


def _messages(
    findings: Iterable[Finding],
    spans: Mapping[tuple[bytes, str], Sequence[Span]],
    contents: Contents,
    unread: Collection[bytes],
) -> Mapping[str, bytes]:
    """By commit, its message with every secret masked; not of those in which not everything could
    be looked for."""
    found: dict[str, bytes] = {}
    for commit in {one.commit for one in findings if one.commit}:
        if bytes.fromhex(commit) in unread:
            continue
        raw = contents.read(bytes.fromhex(commit), "commit", None)
        if isinstance(raw, bytes):
            start = message_start(raw)
            end = min(len(raw), start + _MOST_MESSAGE)
            masks = _masks(spans, bytes.fromhex(commit))
            hidden = with_parts(raw, start, end, masks, cut_values(raw, masks))
            found[commit] = masked_text(raw, start, end, hidden).strip()
    return found


def _gaps(connection: Connection, key: Key, repository: int, shown: bytes) -> Iterator[Gap]:
    """What could not be read, by reason."""
    counts = Counter((job.reason, job.acknowledged) for job in jobs(connection, key, repository))
    for (reason, acknowledged), count in sorted(counts.items()):
        yield Gap(reason, count, acknowledged)
    if shown in IndexReader(connection).unfinished():
        yield Gap("it was not scanned to the end", 0, False)
