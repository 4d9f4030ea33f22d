"""What a query means, told from the tables that scans fill, without any SQL that browsing uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from forensics.index.database import Connection
from forensics.index.records import AWAY
from forensics.query.match import matcher
from forensics.query.tree import (
    Digits,
    Numbers,
    OneOf,
    Pattern,
    Position,
    Query,
    Term,
    Value,
    When,
)


class Place(NamedTuple):
    id: int
    repository: str
    path: str | None
    slot: str | None
    authors: frozenset[str]
    status: str
    """Without what people decided."""
    ignored: bool


class Secret(NamedTuple):
    id: int
    fingerprint: str
    rule: str
    title: str
    severity: str
    preview: str
    state: str
    sightings: int
    checksum: int | None
    first: int | None
    last: int | None
    paths: int
    found: int | None
    """Its row of the journal."""
    found_at: float | None
    places: tuple[Place, ...]
    owner: str
    due: int | None


def text(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")


def secrets_of(db: Connection) -> list[Secret]:
    """Every secret that is a finding somewhere, or that no scan has placed."""
    found = []
    for row in db.execute(
        "SELECT secret.id, fingerprint, name, title, severity, preview FROM secret"
        " JOIN rule ON rule.id = rule_id"
    ).fetchall():
        secret = row[0]
        seen = db.execute(
            "SELECT checksum, repository_id FROM sighting JOIN object ON object.id = object_id"
            " WHERE secret_id = ?", (secret,),
        ).fetchall()  # fmt: skip
        ended = {
            one for (one,) in db.execute("SELECT repository_id FROM run WHERE finished IS NOT NULL")
        }
        placed = [one for one in seen if one[1] in ended]
        places, times = _places(db, secret)
        if not places and (placed or not seen):
            continue
        state = db.execute("SELECT state FROM triaged WHERE fingerprint = ?", (row[1],)).fetchone()
        told = db.execute(
            "SELECT id, time FROM journal WHERE kind = 'found' AND subject = ?", (row[1].hex(),)
        ).fetchone()
        checksums = [one[0] for one in placed if one[0] is not None]
        introduced = [when for kind, when in times if kind == "introduced"]
        found.append(
            Secret(
                secret, row[1].hex(), row[2], row[3], row[4], row[5], state[0] if state else "open",
                len(placed or seen), max(checksums, default=None), min(introduced, default=None),
                max((when for _, when in times), default=None),
                len({(one.repository, one.path) for one in places if one.path is not None}),
                told[0] if told else None, told[1] if told else None, tuple(places),
                *(db.execute("SELECT owner, due FROM triage WHERE fingerprint = ?"
                             " AND ended_by IS NULL", (row[1],)).fetchone() or ("", None)),
            )
        )  # fmt: skip
    return found


def _places(db: Connection, secret: int) -> tuple[list[Place], list[tuple[str, int]]]:
    places: list[Place] = []
    times: list[tuple[str, int]] = []
    for at, repository, shown, object_, gone, reach, at_tip, slot in db.execute(
        "SELECT occurrence.id, repository.path, shown, object_id, gone, reach, at_tip, slot"
        " FROM occurrence JOIN repository ON repository.id = occurrence.repository_id"
        " JOIN object ON object.id = object_id LEFT JOIN path ON path.id = path_id"
        " WHERE secret_id = ?", (secret,),
    ).fetchall():  # fmt: skip
        by = []
        for sighting, ignored in db.execute(
            "SELECT id, ignored FROM sighting WHERE object_id = ? AND secret_id = ?",
            (object_, secret),
        ).fetchall():
            listed = db.execute(
                "SELECT reason FROM ignored WHERE occurrence_id = ? AND sighting_id = ?",
                (at, sighting),
            ).fetchone()
            if listed == ("",):
                continue
            own = ignored if ignored and not ignored.startswith("?") else None
            by.append(own or (listed[0] if listed else None))
        if not by:
            continue
        events = db.execute(
            "SELECT kind, commit_time, name, email FROM occurrence_event"
            " JOIN git_commit ON git_commit.id = commit_id JOIN person ON person.id = author_id"
            " WHERE occurrence_id = ?", (at,),
        ).fetchall()  # fmt: skip
        times += [(kind, when) for kind, when, _, _ in events]
        authors = {f"{text(n)} <{text(e)}>" for kind, _, n, e in events if kind == "introduced"}
        standing = {"branch": "removed", "tag": "removed", "none": "unreachable"}.get(reach, reach)
        status = "gone" if gone or reach == "gone" else "present" if at_tip else standing
        places.append(
            Place(
                at, text(repository), None if shown is None else text(shown), slot,
                frozenset(authors), status, all(by),
            )
        )  # fmt: skip
    return places, times


class Told(NamedTuple):
    """A query, and what it needs to be understood."""

    query: Query
    now: float
    environment_of: Callable[[str], str]
    stage_of: dict[str, str]
    visit: int

    def fits(self, secret: Secret) -> bool:
        """Whether a secret is listed."""
        about = [one for one in self.query.terms if one.field in _OF_PLACES]
        others = [one for one in self.query.terms if one.field not in _OF_PLACES]
        if not all(self._term(one, secret, None) for one in others):
            return False
        if not secret.places:
            return all(self._term(one, secret, None) for one in about)
        return any(self.fits_at(secret, place, about) for place in secret.places)

    def fits_at(self, secret: Secret, place: Place, about: list[Term] | None = None) -> bool:
        """Whether terms hold at a place; all of them, unless they are given."""
        terms = self.query.terms if about is None else about
        return all(self._term(one, secret, place) for one in terms)

    def _term(self, term: Term, secret: Secret, place: Place | None) -> bool:
        return term.negated != any(
            self._value(term.field, value, secret, place) for value in term.values
        )

    def _value(self, field: str, value: Value, secret: Secret, place: Place | None) -> bool:
        if isinstance(value, Pattern):
            names = self._names(field, secret, place)
            return any(matcher(field, value)(name) for name in names if name is not None)
        if isinstance(value, OneOf):
            return self._choice(field, secret, place) in value.choices
        if isinstance(value, Digits):
            return secret.fingerprint.startswith(value.text)
        if isinstance(value, Position):
            row = self.visit if value.row is None else value.row
            return secret.found is None or secret.found > row
        if isinstance(value, Numbers):
            number = secret.sightings if field == "sightings" else secret.paths
            placed = bool(secret.places)
            return placed and (value.low or 0) <= number <= (
                1e9 if value.high is None else value.high
            )
        return self._time(field, value, secret)

    def _time(self, field: str, value: When, secret: Secret) -> bool:
        low, high = value.between(self.now)
        low, high = -(10**12) if low is None else low, 10**12 if high is None else high
        if field == "due":
            return secret.due is not None and low <= secret.due < high
        if field == "new":
            at = self.now if secret.found_at is None else secret.found_at
            return low <= at < high
        if field == "first":
            return secret.first is not None and low <= secret.first < high
        if field == "last":
            return secret.last is not None and low <= secret.last < high
        over = value.low is not None and (secret.last is None or secret.last < low)
        to_come = value.high is not None and (secret.first is None or secret.first >= high)
        return not over and not to_come

    def _names(self, field: str, secret: Secret, place: Place | None) -> list[str | None]:
        at: list[str | None] = [place.path, place.repository, place.slot] if place else []
        authors = [*place.authors] if place else []
        if field == "owner":
            return [secret.owner or None]
        if field == "rule":
            return [secret.rule]
        if field == "path":
            return [place.path] if place else []
        if field == "repo":
            return [place.repository] if place else []
        if field == "author":
            return [*authors]
        if field == "env":
            path = place.path if place else None
            return [self.environment_of(path) or None] if path is not None else []
        return [secret.rule, secret.title, secret.preview, *at, *authors]

    def _choice(self, field: str, secret: Secret, place: Place | None) -> str:
        if field == "state":
            return secret.state
        stage = self.stage_of.get(secret.fingerprint, "")
        if field == "stage":
            return stage or "none"
        if field == "overdue":
            late = secret.due is not None and secret.due <= self.now
            return "yes" if late and stage in ("detected", "assigned", "replaced") else "no"
        if field == "sev":
            return secret.severity
        if field == "live":
            return "yes" if any(one.status == "present" for one in secret.places) else "no"
        if field == "checksum":
            if not secret.places:
                return "unknown"
            return {None: "none", 0: "wrong", 1: "right"}[secret.checksum]
        if place is None:
            return "unknown"
        if place.ignored:
            return "ignored"
        return secret.state if secret.state in AWAY else place.status


_OF_PLACES = ("path", "repo", "env", "author", "status", "")
