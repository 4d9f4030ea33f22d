"""What is in the index is believed only under seal, and holds no value."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from detectors.template import expand
from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import token
from forensics.index.drift_lines import LineStore
from tests.drift.record.bringing import DEV, PROD, bring_up

FORGERIES = [
    "DELETE FROM drift_step WHERE id = (SELECT max(id) FROM drift_step)",
    "UPDATE drift_line SET step_id = (SELECT min(id) FROM drift_step)",
    "UPDATE drift_line SET tip = zeroblob(20)",
    "UPDATE drift_line SET cut = 'nothing'",
    "UPDATE drift_line SET seal = zeroblob(32)",
    "UPDATE drift_step SET author = 'Eve <eve@example.com>'",
    "UPDATE drift_step SET time = time - 86400",
    "UPDATE drift_step SET chain = zeroblob(32)",
    "DELETE FROM drift_change WHERE step_id = (SELECT max(id) FROM drift_step)",
    "UPDATE drift_change SET after = before WHERE before <> x''",
    "UPDATE drift_path SET shown = CAST('elsewhere' AS BLOB) WHERE id = 1",
    "UPDATE drift_path SET masked = 1, mark = zeroblob(32) WHERE id = 1",
    "UPDATE drift_reading SET seal = zeroblob(32)",
    "UPDATE drift_reading SET trouble = 'nothing can be told'",
    "UPDATE drift_reading SET blob = zeroblob(20) WHERE id = 1",
    "DELETE FROM drift_observation WHERE number = 1",
    "UPDATE drift_observation SET value_id = 1",
    "UPDATE drift_observation SET line = line + 1",
    "UPDATE drift_key SET key = 'OTHER' WHERE key = 'LIMIT'",
    "DELETE FROM drift_key",
    "DELETE FROM drift_value",
    "DELETE FROM drift_reading",
    "DELETE FROM drift_path",
    "UPDATE drift_value SET fingerprint = zeroblob(32) WHERE id = 1",
    "INSERT INTO drift_path (mark, shown, masked) VALUES (zeroblob(32), x'61', 0)",
]


@pytest.mark.parametrize("statement", FORGERIES)
def test_a_forged_record_hides_nothing(
    told: Builder, index: Path, statement: str, reads: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told and read anew, once."""
    expected = bring_up(told.path, index)
    with closing(sqlite3.connect(index)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        assert connection.execute(statement).rowcount > 0
        connection.commit()
    assert bring_up(told.path, index) == expected
    reads.clear()
    monkeypatch.setattr(LineStore, "forget", lambda _: pytest.fail("all is told anew"))
    assert (bring_up(told.path, index), reads) == (expected, [])


def test_no_value_is_in_the_index(tmp_path: Path, index: Path) -> None:
    """Nor in any form of it; keys, paths and people are masked."""
    secret, plain = token(3), expand("{alnum:30}")
    builder = Builder(tmp_path / "secrets")
    builder.write(DEV, b"TOKEN=%s\nPLAIN=%s\n%s=1\n" % (secret, plain, secret))
    builder.write(b"deploy/%s/.env.prod" % secret, b"A=%s\n" % plain)
    encoded = base64.b64encode(plain).decode()
    builder.write(
        "k8s/overlays/prod/secret.yaml",
        f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: {encoded}\n",
    )
    builder.commit("Start", author=b"%s <%s@acme.example>" % (secret, secret))
    found = bring_up(builder.path, index)
    assert b"deploy/%s/.env.prod" % secret in {path for path, _ in found.readings}
    kept = b"".join(file.read_bytes() for file in index.parent.glob("index.db*"))
    for value in (secret, plain):
        for form in (value, value.hex().encode(), base64.b64encode(value)):
            assert form not in kept
    again = bring_up(builder.path, index)
    assert again == found
    assert secret.decode() not in repr([one.observations for one in again.readings.values()])
    assert secret.decode() not in again.line.steps[0].author


def test_what_stood_since_when(told: Builder, index: Path) -> None:
    """For those who only see the index."""
    told.write(PROD, "HOST=db.prod.example.com\nLIMIT=20\n")
    changed = told.commit("Another limit")
    told.write(PROD, "HOST=db.prod.example.com\nLIMIT=20\nOTHER=on-time\n")
    told.commit("Another key")
    found = bring_up(told.path, index)
    with closing(sqlite3.connect(index)) as connection:
        rows = connection.execute(
            "SELECT environment, key, line, kind, hex(from_commit), hex(to_commit)"
            " FROM drift_observed WHERE path = CAST(? AS BLOB)",
            (PROD,),
        ).fetchall()
    steps = [step.upper() for step in found.steps]
    assert sorted(rows) == sorted(
        [
            ("prod", "HOST", 1, "literal", steps[0], ""),
            ("prod", "LIMIT", 2, "literal", steps[1], changed.upper()),
            ("prod", "LIMIT", 2, "literal", changed.upper(), ""),
            ("prod", "OTHER", 3, "literal", steps[3], ""),
        ]
    )
