"""What a report is about: a line for every secret, and the whole case of the worst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, NamedTuple, TypeVar

from forensics.index.life import LifePlace, SlotEvent
from forensics.index.triage import Triaged
from forensics.lifecycle.case import Case, worst_first
from forensics.lifecycle.status import STATUSES
from forensics.report.dossier.html import cut

__all__ = ["DONE", "MEANING", "Gathered", "Row", "Scope", "gather", "nameless", "where"]

_T = TypeVar("_T")
_ROWS = 5_000
"""Lines of a table that a browser sorts and filters without a wait."""

DONE = frozenset({"revoked", "ignored"})
MEANING = {
    "exposed": "stands where people work",
    "rolled-back": "was replaced, and is back in its place",
    "replaced-still-elsewhere": "was replaced in one place, and stands in others",
    "externalised-not-rotated": "left the files, its value was not changed",
    "deleted-not-rotated": "is gone from there, and nothing shows a new value",
    "replaced-everywhere": "has a new value everywhere; nobody said that the old one is revoked",
    "revoked": "somebody said that it is revoked",
    "ignored": "decided away, or ignored by a list",
}
assert tuple(MEANING) == STATUSES


class Row(NamedTuple):
    """What a table says of a secret."""

    secret: str
    """Fingerprint in hexadecimal digits."""
    status: str
    uncertain: bool
    severity: str
    rule: str
    preview: str
    where: str
    since: int | None
    """Seconds since 1970, by the commit that brought it first."""
    since_offset: int
    days: int | None
    present: int
    """Places in which it stands at a tip."""
    places: int
    releases: int
    people: int


class Scope(NamedTuple):
    """What a report was asked for, and what it stands on."""

    now: int
    repositories: Mapping[int, bytes]
    """Paths by row, of those it covers."""
    selection: str
    """What was chosen; empty if everything was."""
    gaps: tuple[str, ...]
    """What the index does not cover."""


class Gathered(NamedTuple):
    """Everything that a report says."""

    scope: Scope
    rows: list[Row]
    """Of the worst, these first; so many as a table can have."""
    told: list[Case]
    """Of the worst, in the same order."""
    counts: Mapping[str, int]
    """Secrets by status."""
    decisions: Mapping[str, Triaged]
    """By fingerprint."""
    slots: Callable[[int], Sequence[SlotEvent]]
    """What happened to the slots of a secret, by its row."""
    advice: Callable[[str], tuple[str, str]]
    """Why secrets of a rule matter, and what to do about one."""

    @property
    def several(self) -> bool:
        """Whether it is about more than one repository, so that what it says has to name which."""
        return len(self.scope.repositories) > 1

    def path(self, repository: int | None) -> bytes:
        """Where a repository is, by its row."""
        return b"" if repository is None else self.scope.repositories.get(repository, b"")

    @property
    def total(self) -> int:
        """All secrets."""
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        """Secrets about which something is left to do."""
        return sum(count for status, count in self.counts.items() if status not in DONE)


def gather(
    cases: Iterable[Case],
    scope: Scope,
    *,
    most: int,
    decisions: Mapping[str, Triaged],
    slots: Callable[[int], Sequence[SlotEvent]],
    advice: Callable[[str], tuple[str, str]],
) -> Gathered:
    """Read cases once, keeping few of them.

    Args:
        cases: in any order.
        scope: of the report.
        most: cases to tell in full.
        decisions: by fingerprint.
        slots: finds what happened to the slots of a secret.
        advice: of a rule.
    """
    counts: Counter[str] = Counter()
    rows, told = _Worst[Row](_ROWS), _Worst[Case](most)
    for case in cases:
        order = worst_first(case)
        counts[case.status.name] += 1
        rows.take(order, _row(case))
        told.take(order, case)
    by_status = {name: counts[name] for name in STATUSES}
    return Gathered(scope, rows.all(), told.all(), by_status, decisions, slots, advice)


class _Worst(Generic[_T]):
    """The first of many by a key, and never many more of them than that at once."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: list[tuple[tuple[object, ...], _T]] = []

    def take(self, order: tuple[object, ...], one: _T) -> None:
        self._kept.append((order, one))
        if len(self._kept) > 2 * self._most + 100:
            self._cut()

    def _cut(self) -> None:
        self._kept.sort(key=lambda one: one[0])
        del self._kept[self._most :]

    def all(self) -> list[_T]:
        self._cut()
        return [one for _, one in self._kept]


def where(case: Case, most: int = 300) -> str:
    """The slot or else the first path of a secret, or what has none."""
    if case.slot:
        return cut(case.slot, most)
    found: LifePlace | None = next((one for one in case.life.places if one.path is not None), None)
    if found is not None and found.path is not None:
        return cut(found.path, most)
    kinds = dict.fromkeys(one.kind for one in case.life.places)
    return ", ".join(map(nameless, kinds))


def nameless(kind: str) -> str:
    """How to call an object in which a secret stands at no path."""
    texts = {"blob": "a file without a path", "ref": "the name of a ref", "path": "a path"}
    return texts.get(kind, f"text of a {kind}")


def _row(case: Case) -> Row:
    life, at = case.life, case.since.at if case.since else None
    return Row(
        life.secret, case.status.name, bool(case.status.uncertain), life.severity, life.rule,
        life.preview, where(case), at.commit_time if at else None, at.commit_offset if at else 0,
        case.exposed_days, sum(one.at_tip for one in life.places),
        len(life.places), case.releases.number, len(case.people),
    )  # fmt: skip
