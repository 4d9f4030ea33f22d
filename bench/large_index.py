"""An index of as many secrets as are asked for, with places, events, refs and people made up: what
`forensics report`, `forensics rotation` and browsing are measured on.

    python -m bench.large_index 40000 large.db
    python -m bench.large_index 40000 browse.db 1000000
    FORENSICS_INDEX=large.db forensics report -o large.html

With a number of sightings, secrets stand in as many versions of files, at two or three paths each,
and a few in very many; some are triaged, and there are four repositories.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any

from forensics.index.database import create_or_open, writing
from forensics.index.journal import Entry, Journal, of_secret
from forensics.index.tally import tally
from forensics.index.triage import Decision, Triage
from forensics.key import Key, load_key

__all__ = ["build"]

_START, _DAY = 1_400_000_000, 86_400
_RULES = (
    ("github.pat-classic", "critical"), ("slack.bot-token", "high"), ("generic.secret", "medium"),
)  # fmt: skip
_ENDS = ("replaced", "externalised", "removed", "")


def build(path: Path, secrets: int, seed: int = 0, sightings: int = 0) -> None:
    """Write the index; the same for the same seed, but for its own id.

    Args:
        path: of the index, which must not be there.
        secrets: how many it is to hold.
        seed: of what is made up.
        sightings: how many there are to be in all; as many as secrets if that is not given.
    """
    made = random.Random(seed)  # noqa: S311  nothing secret is made
    with closing(create_or_open(path, load_key())) as database:
        with writing(database):
            _fill(database, made, secrets)
            if sightings > secrets:
                _spread(database, made, secrets, sightings)
            for (repository,) in database.execute("SELECT id FROM repository").fetchall():
                tally(database, repository)
        if sightings > secrets:
            _triage(database, load_key(), made)


def _fill(database: sqlite3.Connection, made: random.Random, secrets: int) -> None:
    def many(table: str, rows: list[tuple[Any, ...]]) -> None:
        _insert(database, table, rows)

    many("repository", [(1, b"/srv/large", bytes(32), "sha1")])
    many("run", [(1, 1, 0.0, 1.0, "bench", "bench", 0, 0, 0)])
    rules = enumerate(_RULES, 1)
    many("rule", [(n, name, name, severity, "Why.", "What.", 0)
                  for n, (name, severity) in rules])  # fmt: skip
    many("person", [(n, b"Person %d" % n, b"p%d@example.org" % n) for n in range(1, 201)])
    many("path", [(n, b"service-%d/config/%d.env" % (n % 50, n), b"")
                  for n in range(1, secrets + 1)])  # fmt: skip
    many("secret", [(n, made.randbytes(32), "****", 40, "base64", 1 + n % 3, 0.9)
                    for n in range(1, secrets + 1)])  # fmt: skip
    many("swept", [(1, n) for n in range(1, secrets + 1)])
    commits, places, events, objects, seen = [], [], [], [], []
    tip = 0
    for n in range(1, secrets + 1):
        end = _ENDS[made.randrange(4)]
        first = _START + made.randrange(4000) * _DAY
        times = [first, first + made.randrange(1, 400) * _DAY][: 2 if end else 1]
        oid = n.to_bytes(20, "big")
        objects.append((n, 1, oid, "blob", 0))
        seen.append((n, n, n, 1 + n % 3, "****", 0, 40, 3, 1, 3, 40, 0.9, None, None, None,
                          None, None, None, None, None, b"", 0, 1))  # fmt: skip
        present = not end
        tip |= present << n
        places.append((n, 1, n, n, n, "branch", present, present, present, n, b"",
                       "API_TOKEN" if present else None))  # fmt: skip
        for step, moment in enumerate(times):
            row = 2 * n + step
            who = made.randrange(1, 201)
            commits.append((row, 1, row.to_bytes(20, "big"), who, moment, 0, who, moment, 0,
                            "branch"))  # fmt: skip
            kind, how = ("removed", end) if step else ("introduced", "introduced")
            events.append((row, n, row, kind, how, "API_TOKEN", "", "", row, oid, None, 1))
    many("object", objects)
    many("sighting", seen)
    many("occurrence", places)
    many("git_commit", commits)
    many("occurrence_event", events)
    bits = tip.to_bytes(secrets // 8 + 1, "little")
    none = bytes(secrets // 8 + 1)
    many("ref", [(1, 1, b"refs/heads/main", bytes(20), bytes(20), "branch", 1, 9, bits),
                 *((n, 1, b"refs/tags/v1.%d" % n, bytes(20), bytes(20), "tag", 0, n,
                    bits if n % 2 else none) for n in range(2, 202))])  # fmt: skip
    every = ((1 << secrets + 1) - 1).to_bytes(secrets // 8 + 1, "little")
    many("access", [(1, n, every if n % 3 else bits) for n in range(1, 201)])


def _insert(database: sqlite3.Connection, table: str, rows: list[tuple[Any, ...]]) -> None:
    marks = ",".join("?" * len(rows[0]))
    database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608


def _spread(
    database: sqlite3.Connection, made: random.Random, secrets: int, sightings: int
) -> None:
    """Let secrets stand in many versions of several files, in four repositories."""
    for n in range(2, 5):
        _insert(database, "repository", [(n, b"/srv/large-%d" % n, bytes([n]) * 32, "sha1")])
    levels = ("low", "medium", "high")
    rules = [(n, f"vendor{n}.token", f"Token of vendor {n}", levels[n % 3], "Why.", "What.", 0)
             for n in range(4, 64)]  # fmt: skip
    _insert(database, "rule", rules)
    database.execute("UPDATE secret SET rule_id = 1 + id % 63 WHERE id % 5 > 1")
    people = range(201, 2001)
    _insert(database, "person", [(n, b"Person %d" % n, b"p%d@example.org" % n) for n in people])
    database.execute("UPDATE git_commit SET author_id = 1 + (id * 7919) % 2000")
    roots = (b"src", b"deploy", b"tests", b"docs/examples", b"infra/prod", b"infra/staging")
    shared = secrets // 2
    paths = [(secrets + n, b"%s/part-%d/settings.yaml" % (roots[n % 6], n), b"")
             for n in range(1, shared + 1)]  # fmt: skip
    _insert(database, "path", paths)
    places, events, objects, rows = [], [], [], []
    commits = [row for (row,) in database.execute("SELECT id FROM git_commit ORDER BY id")]
    event = 2 * secrets + 1
    for n in range(secrets + 1, secrets * 5 // 2 + 1):
        secret = made.randrange(1, secrets + 1)
        stands = made.random() < 0.4
        path = secrets + made.randrange(1, shared + 1)
        reach = "branch" if made.random() < 0.9 else "none"
        places.append((n, 1 + secret % 4, secret, path, secret, reach, stands, stands, stands, n,
                       b"", None))  # fmt: skip
        for _ in range(made.randrange(1, 5)):
            event += 1
            kind = "introduced" if made.random() < 0.6 else "removed"
            commit = commits[event % len(commits)]
            events.append((event, n, commit, kind, kind, None, "", "", event, b"", None, 1))
    _insert(database, "occurrence", places)
    # Most secrets stand in few versions, some in thousands.
    heights = [*accumulate(1 / (n + 10) for n in range(secrets))]
    each = range(1, secrets + 1)
    more = max(0, sightings - 2 * secrets)
    chosen = (*each, *made.choices(each, cum_weights=heights, k=more))
    for n, secret in enumerate(chosen, secrets + 1):
        objects.append((n, 1 + secret % 4, n.to_bytes(20, "big"), "blob", 0))
        rows.append((n, secret, n, 1 + secret % 3, "****", 0, 40, 3, 1, 3, 40, 0.9, None, None,
                     None, None, None, None, None, None, b"", 0, 1))  # fmt: skip
    _insert(database, "object", objects)
    _insert(database, "sighting", rows)
    _insert(database, "occurrence_event", events)


def _triage(database: sqlite3.Connection, key: Key, made: random.Random) -> None:
    """Let all be told of in the journal, and one secret in twenty be decided about."""
    every = database.execute("SELECT lower(hex(fingerprint)) FROM secret ORDER BY id").fetchall()
    with writing(database):
        Journal(database, key).extend(Entry("found", of_secret(one), one) for (one,) in every)
    secrets = database.execute("SELECT lower(hex(fingerprint)) FROM secret WHERE id % 20 = 0")
    states = ("confirmed", "false-positive", "accepted", "test")
    decided = [(one, Decision(made.choice(states))) for (one,) in secrets]
    Triage(database, key).decide_all(decided)


if __name__ == "__main__":
    secrets, path, *more = sys.argv[1:]
    build(Path(path), int(secrets), sightings=int(more[0]) if more else 0)
