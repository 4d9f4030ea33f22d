"""An index of as many secrets as are asked for, with places, events, refs and people made up: what
`forensics report` and `forensics rotation` are measured on.

    python -m bench.large_index 40000 large.db
    FORENSICS_INDEX=large.db forensics report -o large.html
"""

from __future__ import annotations

import random
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from forensics.index.database import create_or_open, writing
from forensics.key import load_key

__all__ = ["build"]

_START, _DAY = 1_400_000_000, 86_400
_RULES = (
    ("github.pat-classic", "critical"), ("slack.bot-token", "high"), ("generic.secret", "medium"),
)  # fmt: skip
_ENDS = ("replaced", "externalised", "removed", "")


def build(path: Path, secrets: int, seed: int = 0) -> None:
    """Write the index; the same for the same seed, but for its own id.

    Args:
        path: of the index, which must not be there.
        secrets: how many it is to hold.
        seed: of what is made up.
    """
    made = random.Random(seed)  # noqa: S311  nothing secret is made
    with closing(create_or_open(path, load_key())) as database, writing(database):

        def many(table: str, rows: list[tuple[Any, ...]]) -> None:
            marks = ",".join("?" * len(rows[0]))
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608

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
        commits, places, events, objects, sightings = [], [], [], [], []
        tip = 0
        for n in range(1, secrets + 1):
            end = _ENDS[made.randrange(4)]
            first = _START + made.randrange(4000) * _DAY
            times = [first, first + made.randrange(1, 400) * _DAY][: 2 if end else 1]
            oid = n.to_bytes(20, "big")
            objects.append((n, 1, oid, "blob", 0))
            sightings.append((n, n, n, 1 + n % 3, "****", 0, 40, 3, 1, 3, 40, 0.9, None, None, None,
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
        many("sighting", sightings)
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


if __name__ == "__main__":
    build(Path(sys.argv[2]), int(sys.argv[1]))
