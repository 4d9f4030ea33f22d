"""An index whose every text is hostile: very long, wide, undecodable, or meant for the terminal."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from bench.large_index import build
from forensics.index.database import create_or_open, writing
from forensics.index.journal import INDEX, Journal
from forensics.index.tally import tally
from forensics.index.triage import Decision, Triage
from forensics.key import Key

__all__ = ["LONG", "UNSAFE", "made"]

LONG = 10_000
"""Characters of a text."""
UNSAFE = "\x1b[2J[red]\u202egnp.exe\u200b\r\n"
_WIDE = "漢字かな"
SECRETS = 60


def made(path: Path, key: Key) -> Path:
    """The index: paths, keys, repositories, people, rules, owners and the journal are hostile."""
    build(path, SECRETS)
    name = UNSAFE.encode() + b"\xff\xfe" + (_WIDE * (LONG // 4)).encode()
    with closing(create_or_open(path, key)) as database:
        with writing(database):
            database.execute("UPDATE path SET shown = CAST(? || '/' || id || '.env' AS BLOB)",
                             (name,))  # fmt: skip
            database.execute("UPDATE occurrence SET slot = ?", (UNSAFE + "鍵" * LONG,))
            database.execute("UPDATE repository SET path = ?", (b"/srv/" + name,))
            database.execute("UPDATE person SET name = ?", (name,))
            database.execute("UPDATE rule SET name = '規則.' || name || ?, title = ?, why = ?",
                             ("x" * LONG, UNSAFE + "題" * LONG, "y" * LONG))  # fmt: skip
            database.execute("UPDATE secret SET preview = '秘密秘密秘密' || preview")
            database.execute(
                "INSERT INTO skipped (repository_id, oid, reason, first_run_id, run_id)"
                " VALUES (1, x'00', ?, 1, 1)", (UNSAFE + "理由" * LONG,),
            )  # fmt: skip
            tally(database, 1)
        secrets = [row[0] for row in database.execute("SELECT lower(hex(fingerprint)) FROM secret")]
        decision = Decision("confirmed", "所有者" * 600, note=UNSAFE, due=5)
        Triage(database, key).decide_all([(one, decision) for one in secrets[: SECRETS // 2]])
        with writing(database):
            Journal(database, key).append("noted", INDEX, UNSAFE + "件" * LONG, {"why": "w" * LONG})
    return path
