"""The names in an index that patterns are compared with, kept in memory while the index stays as
it is."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from forensics.index.journal import of_secret
from forensics.index.tally import PLACED, UNPLACED
from forensics.query.match import matcher
from forensics.query.tree import Pattern

__all__ = ["EnvironmentOf", "Kept", "Known", "Names", "StagesOf", "shown"]

EnvironmentOf = Callable[[bytes], str]
"""The environment that a path belongs to, empty if it belongs to none."""
StagesOf = Callable[[sqlite3.Connection, float], Mapping[int, str]]
"""How far the rotation of each secret has come, by its row, at a time; empty for one that is not to
be rotated."""


class Known(NamedTuple):
    """What the tables that are browsed do not tell."""

    environment_of: EnvironmentOf = lambda _: ""
    stages_of: StagesOf = lambda _connection, _now: {}
    visit: int = 0
    """The last row of the journal when the user left the index, 0 where that never was."""


_OF_SECRET = of_secret("")

_MOST_KEPT = 16 << 20
"""Characters of answers that are kept."""


class _Named(NamedTuple):
    rows: Sequence[int | str]
    names: Sequence[str]


_QUERIES = {
    "rule": "SELECT id, name FROM rule ORDER BY id",
    "title": "SELECT id, title FROM rule ORDER BY id",
    "repo": "SELECT id, path FROM repository ORDER BY id",
    "path": "SELECT id, shown FROM path ORDER BY id",
    "author": "SELECT id, name, email FROM person ORDER BY id",
    "preview": "SELECT id, preview FROM secret ORDER BY id",
    "slot": "SELECT DISTINCT slot, slot FROM occurrence WHERE slot IS NOT NULL",
}
_OWNERS = "SELECT DISTINCT owner FROM triage WHERE ended_by IS NULL AND owner <> ''"


def shown(name: bytes | str) -> str:
    """A name as people see it."""
    return name if isinstance(name, str) else name.decode("utf-8", "backslashreplace")


def _author(name: bytes, email: bytes) -> str:
    return f"{shown(name)} <{shown(email)}>"


_SCANNED = """
SELECT (SELECT group_concat(id || hex(path)) FROM repository),
    (SELECT id || ' ' || coalesce(finished, '') FROM run ORDER BY id DESC LIMIT 1),
    (SELECT group_concat(hex(seal)) FROM repository JOIN coverage
        ON repository_id = repository.id AND scanner = '' AND kind = 'findings')
"""
"""Another answer as soon as a scan has changed anything that names are read from: the seal is over
what is found and where."""


class _Answers:
    """What was read of an index as one scan left it."""

    def __init__(self, scanned: object) -> None:
        self.scanned = scanned
        self.named: dict[str, _Named] = {}
        self.found: dict[tuple[str, Pattern, bool], str] = {}
        self.size = 0
        self.untold: str | None = None
        self.without_place: tuple[str, str] | None = None
        self.told: tuple[array[int], array[int], array[float]] | None = None


class Kept:
    """What several connections to an index share of what they read, each in a thread of its own."""

    def __init__(self) -> None:
        self._newest: _Answers | None = None

    def of(self, scanned: object) -> _Answers:
        """What is kept of the index at that scan."""
        newest = self._newest
        if newest is None or newest.scanned != scanned:
            newest = self._newest = _Answers(scanned)
        return newest


class Names:
    """Names by what they name."""

    def __init__(
        self, connection: sqlite3.Connection, known: Known, kept: Kept | None = None
    ) -> None:
        self._db, self.known = connection, known
        self._version: int | None = None
        self._kept = kept or Kept()
        self._answers = _Answers(None)

    def refresh(self) -> None:
        """Forget everything if a scan has changed the index; inside a transaction that reads."""
        self._db.execute("SELECT 1 FROM meta").fetchone()  # from here on nothing changes
        version = self._db.execute("PRAGMA data_version").fetchone()[0]
        if version != self._version:
            self._version = version
            self._answers = self._kept.of(self._db.execute(_SCANNED).fetchone())

    @property
    def hidden(self) -> str:
        """Rows of secrets that are no finding anywhere, as a JSON list; empty if there are none."""
        return self._placeless()[0]

    @property
    def unplaced(self) -> str:
        """Rows of secrets that no scan has placed yet, in the same way."""
        return self._placeless()[1]

    @property
    def untold(self) -> str:
        """Rows of secrets of which the journal does not tell yet, in the same way."""
        if self._answers.untold is None:
            told = {*self._all_told()[0]}
            rows = self._db.execute("SELECT id FROM secret").fetchall()
            found = [row for (row,) in rows if row not in told]
            self._answers.untold = json.dumps(found) if found else ""
        return self._answers.untold

    def told(self, *, after: int = 0, low: float | None = None, high: float | None = None) -> str:
        """Rows of secrets of which the journal tells that they were found: after a row of it, not
        before a time, and before another; in the same way."""
        return json.dumps(
            [
                secret for secret, row, time in zip(*self._all_told(), strict=True)
                if row > after and (low is None or time >= low) and (high is None or time < high)
            ],
            separators=(",", ":"),
        )  # fmt: skip

    def _all_told(self) -> tuple[array[int], array[int], array[float]]:
        """Secrets, and for each the row of the journal that tells of it, and when."""
        if self._answers.told is None:
            secrets = dict(self._db.execute("SELECT fingerprint, id FROM secret"))
            secrets_told, rows, times = array("q"), array("q"), array("d")
            for conversation, row, time in self._db.execute(
                "SELECT conversation, id, time FROM journal WHERE kind = 'found'"
            ):
                secret = secrets.get(bytes.fromhex(conversation.removeprefix(_OF_SECRET)))
                if secret is not None:
                    secrets_told.append(secret)
                    rows.append(row)
                    times.append(time)
            self._answers.told = secrets_told, rows, times
        return self._answers.told

    def _placeless(self) -> tuple[str, str]:
        if self._answers.without_place is None:
            rows = self._db.execute(
                f"SELECT id, {UNPLACED} FROM secret WHERE NOT {PLACED}"  # noqa: S608  constants
            ).fetchall()
            hidden, unplaced = ([row for row, new in rows if new == one] for one in (0, 1))
            self._answers.without_place = (
                json.dumps(hidden) if hidden else "",
                json.dumps(unplaced) if unplaced else "",
            )
        return self._answers.without_place

    def at_stages(self, stages: Collection[str], now: float) -> str:
        """Rows of the secrets at these stages, as a JSON list."""
        found = self.known.stages_of(self._db, now)
        return json.dumps(
            [secret for secret, stage in found.items() if stage in stages], separators=(",", ":")
        )

    def owners(self, value: Pattern) -> str:
        """Owners that a value means, as a JSON list; they change without a scan."""
        fits = matcher("owner", value)
        return json.dumps([owner for (owner,) in self._db.execute(_OWNERS) if fits(owner)])

    def fitting(self, what: str, value: Pattern, *, within: bool = False) -> str:
        """Rows of the names that a value means, as a JSON list.

        Args:
            what: `rule`, `repo`, `path` and `author` as in a query; `env`, which gives rows of
                paths; `title`, `preview`; `slot`, which gives the names themselves.
            value: what to look for.
            within: whether a name need only contain it.
        """
        key = (what, value, within)
        if key not in self._answers.found:
            fits = matcher("" if within else what, value)
            rows, names = self._all(what)
            found = [row for row, name in zip(rows, names, strict=True) if fits(name)]
            answer = json.dumps(found, separators=(",", ":"))
            if self._answers.size + len(answer) > _MOST_KEPT:
                self._answers.found.clear()
                self._answers.size = 0
            self._answers.found[key] = answer
            self._answers.size += len(answer)
            return answer
        return self._answers.found[key]

    def by_row(self, what: str) -> dict[int | str, str]:
        """Names by row; environments by row of the path, of those that belong to one."""
        return dict(zip(*self._all(what), strict=True))

    def _all(self, what: str) -> _Named:
        if what not in self._answers.named:
            if what == "env":
                self._answers.named[what] = self._environments()
            else:
                rows = self._db.execute(_QUERIES[what]).fetchall()
                made = _author if what == "author" else shown
                self._answers.named[what] = _Named(
                    [one[0] for one in rows], [made(*one[1:]) for one in rows]
                )
        return self._answers.named[what]

    def _environments(self) -> _Named:
        rows: list[int] = []
        names: list[str] = []
        for row, path in self._db.execute(_QUERIES["path"]):
            if environment := self.known.environment_of(path):
                rows.append(row)
                names.append(environment)
        return _Named(rows, names)
