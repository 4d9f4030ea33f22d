"""What the detail shows of one secret, read in a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from forensics.errors import ForensicsError, UsageProblem
from forensics.index.database import Connection
from forensics.index.life import SlotEvent
from forensics.index.lives import Lives
from forensics.index.reader import IndexReader
from forensics.index.reported import repository_path
from forensics.index.shown_place import ShownPlace, shown_places, spans_in
from forensics.index.triage import Triaged
from forensics.key import Key
from forensics.lifecycle.case import Case, cases
from forensics.lifecycle.statements import statements
from forensics.report.text import printable

if TYPE_CHECKING:  # what reads repositories takes long to load: threads do when it is needed
    from forensics.scan.at_hand import AtHand
    from forensics.scan.masked_diff import DiffLine
    from forensics.scan.masked_object import MaskedObject

__all__ = [
    "Excerpt",
    "SecretFacts",
    "Whole",
    "diff_of",
    "excerpt",
    "line_at",
    "secret_facts",
    "whole_object",
]

_PLACES = 50
_AROUND = 1 << 14
_BEFORE = 24
_LINES = 6


class SecretFacts(NamedTuple):
    """All that the index knows of a secret."""

    case: Case
    decision: Triaged | None
    why: str
    remedy: str
    places: tuple[ShownPlace, ...]
    slots: Sequence[SlotEvent]


class Excerpt(NamedTuple):
    """Lines around a secret, every secret in them masked."""

    place: ShownPlace
    line: int
    """Of the secret, from 1."""
    first: int
    """Of the lines, from 1."""
    lines: tuple[bytes, ...]
    """None where the object cannot be read again."""
    marked: int
    """Which of the lines is the secret's; -1 where there are none."""


class Whole(NamedTuple):
    """An object for the pager."""

    place: ShownPlace
    shown: MaskedObject
    line: int
    """Of the secret, from 0."""


def secret_facts(connection: Connection, secret: str, now: float) -> SecretFacts | None:
    """What there is to tell of a secret; None where it stands nowhere any more.

    Args:
        connection: of the index.
        secret: its fingerprint.
        now: seconds since 1970.
    """
    reader, lives = IndexReader(connection), Lives(connection)
    said = statements(connection, now, secret)
    case = next(cases(lives, said, secret=secret, now=now), None)
    if case is None:
        return None
    why, remedy = reader.advice(case.life.rule)
    return SecretFacts(
        case, reader.decision(secret), why, remedy, shown_places(connection, secret, _PLACES),
        lives.slot_events(case.life.id),
    )  # fmt: skip


def excerpt(
    connection: Connection, at_hand: AtHand, place: ShownPlace, secret: str
) -> Excerpt | None:
    """What stands around a secret; None where nobody knows where in the object it is."""
    from forensics.scan.masked_object import masked

    spans = spans_in(connection, place.repository, [place.oid])[place.oid]
    own = next((one for one in spans if one.secret == secret), None)
    if own is None:
        return None
    nothing = Excerpt(place, own.start_line, own.start_line, (), -1)
    content = at_hand.read(connection, place.repository, place.oid, place.kind, place.path)
    if content is None or own.end > len(content):
        return nothing
    first = max(0, own.start - _AROUND)
    cut = first > 0 and content.find(b"\n", first, own.start) < 0
    if cut:  # a line so long that its beginning is of no use
        first = own.start - _BEFORE
    last = min(len(content), own.end + _AROUND)
    # A secret that the cut goes through is cut too, and masked like the others.
    moved = [
        one._replace(start=max(one.start, first) - first, end=min(one.end, last) - first)
        for one in spans
        if one.start < last and one.end > first
    ]
    piece = bytes(content[first:last])
    values = at_hand.values(connection, place.repository)
    values.learn(piece, moved)
    shown = masked(piece, moved, values)
    at = piece.count(b"\n", 0, own.start - first)
    low = max(at - _LINES, 1 if first and not cut else 0)
    high = min(at + own.end_line - own.start_line + 1 + _LINES, len(shown.lines))
    begins = own.start_line - (at - low)
    lines = shown.lines[low:high]
    if cut:
        lines = ("…".encode() + lines[0], *lines[1:])
    return Excerpt(place, own.start_line, begins, tuple(lines), at - low)


def whole_object(
    connection: Connection, key: Key, at_hand: AtHand, place: ShownPlace, secret: str,
    go_on: Callable[[], None],
) -> Whole:  # fmt: skip
    """An object with every secret masked.

    Args:
        connection: of the index.
        key: the index's.
        at_hand: reads repositories.
        place: names the object.
        secret: the one to look for.
        go_on: called between the parts of it; what it raises ends it.

    Raises:
        UsageProblem: it cannot be read again, or not be shown.
    """
    from forensics.scan.masked_whole import masked_whole
    from forensics.scan.setup import usual_setup

    if place.in_name:
        raise UsageProblem("it stands in a name, which is no file", "V reveals it")
    content = at_hand.read(connection, place.repository, place.oid, place.kind, place.path)
    if content is None:
        raise UsageProblem("it cannot be read again", "its repository is not where it was scanned")
    go_on()
    with at_hand.objects(connection, place.repository) as single:
        shown = masked_whole(
            connection, key, place.repository, bytes(content), place.oid,
            usual_setup(key),
            single=single, path=place.path, secrets=(secret,), go_on=go_on,
        )  # fmt: skip
    return Whole(place, shown, shown.line_of(secret))


def diff_of(
    connection: Connection, key: Key, at_hand: AtHand, row: int, commit: str,
    secret: str, path: bytes | None, go_on: Callable[[], None],
) -> list[DiffLine]:  # fmt: skip
    """What a commit changed, every secret in it masked; `go_on` as for `whole_object`.

    Raises:
        UsageProblem: the repository is not at hand, or the commit cannot be read again.
    """
    from forensics.scan.masked_diff import masked_diff
    from forensics.scan.setup import usual_setup

    try:
        with at_hand.objects(connection, row) as single:
            if single is None:
                raise UsageProblem(
                    "its repository is not where it was scanned", "scan it there again"
                )
            lines = []
            for line in masked_diff(
                connection, key, row, single, bytes.fromhex(commit),
                usual_setup(key), secrets=(secret,),
                paths=() if path is None else (path,),
            ):  # fmt: skip
                go_on()
                lines.append(line)
            return lines
    except ForensicsError as error:
        raise UsageProblem(str(error)) from None


def line_at(connection: Connection, place: ShownPlace, secret: str) -> str:
    """A place as `repository@commit:path:line`; what is not known is left out."""
    spans = spans_in(connection, place.repository, [place.oid])[place.oid]
    line = next((one.start_line for one in spans if one.secret == secret), 0)
    repository = printable(repository_path(connection, place.repository)[0])
    text = f"{repository}@{place.commit}" if place.commit else repository
    if place.path is not None:
        text += f":{printable(place.path)}"
    return f"{text}:{line}" if line else text
