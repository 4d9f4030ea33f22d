"""Claims in an index count only if they are sealed with the key."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from forensics.key import Key
from tests.scan.scanning import KEY, Scanned, same_findings, scan


def forge(index: Path, statement: str, *values: object) -> None:
    """Change what an index claims, without its key."""
    with closing(sqlite3.connect(index)) as connection:
        assert connection.execute(statement, values).rowcount != 0
        connection.commit()


def everything(story: Story) -> int:
    """How many objects a scan that knows nothing reads."""
    return scan(story.path, story.path.parent / "fresh.db").summary.objects


@pytest.fixture
def scanned(leaked_then_deleted: Story, index: Path) -> Scanned:
    found = scan(leaked_then_deleted.path, index)
    assert found.summary.objects == 0
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE coverage SET seal = zeroblob(32)",
        "UPDATE coverage SET seal = x''",
        "UPDATE coverage SET seal = randomblob(32)",
        "DELETE FROM coverage",
    ],
)
def test_coverage_with_a_wrong_seal_is_not_believed(
    leaked_then_deleted: Story, index: Path, scanned: Scanned, statement: str
) -> None:
    """All is read again, and found again, once."""
    forge(index, statement)
    again = scan(leaked_then_deleted.path, index)
    assert again.summary.objects > 0
    assert same_findings(again.findings) == same_findings(scanned.findings)
    assert scan(leaked_then_deleted.path, index).summary.objects == 0


def test_everything_is_read_where_nothing_is_believed(
    leaked_then_deleted: Story, index: Path
) -> None:
    """Not a part of it."""
    forge(index, "UPDATE coverage SET seal = zeroblob(32)")
    expected = everything(leaked_then_deleted)
    assert scan(leaked_then_deleted.path, index).summary.objects == expected


def test_a_claim_about_another_repository_is_not_believed(
    leaked_then_deleted: Story, replaced: Story, index: Path
) -> None:
    """Nor one about another rule set: its seal names both."""
    other = scan(replaced.path, index)
    with closing(sqlite3.connect(index)) as connection:
        claims = connection.execute("SELECT * FROM coverage").fetchall()
        rows = {claim[0] for claim in claims}
        connection.execute("DELETE FROM coverage")
        first, second = sorted(rows)
        for row, *rest in claims:
            connection.execute(
                "INSERT INTO coverage VALUES (?, ?, ?, ?, ?, ?)",
                (second if row == first else first, *rest),
            )
        connection.commit()
    assert scan(replaced.path, index).summary.objects == other.summary.objects


def test_a_claim_sealed_with_another_key_is_not_believed(
    leaked_then_deleted: Story, index: Path
) -> None:
    """Such as one that was made where the repository came from."""
    theirs = Key(b"\3" * 32, "theirs")
    with closing(sqlite3.connect(index)) as connection:
        for repository, scanner, kind, name, ids, _ in connection.execute(
            "SELECT * FROM coverage"
        ).fetchall():
            facts = repr((repository, scanner, kind, name)).encode()
            connection.execute(
                "UPDATE coverage SET seal = ? WHERE kind = ? AND name = ?",
                (theirs.seal("coverage", facts, ids), kind, name),
            )
        connection.commit()
    expected = everything(leaked_then_deleted)
    assert scan(leaked_then_deleted.path, index).summary.objects == expected


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET seal = zeroblob(32)",
        "UPDATE history SET data = zeroblob(100)",
        "UPDATE history SET data = substr(data, 1, length(data) - 1)",
        "UPDATE history SET sequence = sequence + 1",
        "DELETE FROM history",
    ],
)
def test_history_with_a_wrong_seal_is_not_believed(
    leaked_then_deleted: Story, index: Path, scanned: Scanned, statement: str
) -> None:
    """Once something is new, all commits are walked again, and every event is as it was."""
    forge(index, statement)
    path = leaked_then_deleted.path
    git(path, "commit", "-q", "--allow-empty", "-m", "Something new")
    again = scan(path, index)
    (before,), (after,) = scanned.occurrences, again.occurrences
    assert after.introduced == before.introduced == {leaked_then_deleted.commits["leak"]}
    assert after.removed == before.removed == {leaked_then_deleted.commits["delete"]}
    assert again.summary.commits == 5


@pytest.mark.parametrize("more", ["ids || ?", "?", "substr(ids, 21) || ?"])
def test_a_new_leak_is_found_whatever_the_index_claims(
    leaked_then_deleted: Story, index: Path, scanned: Scanned, more: str
) -> None:
    """Claims that are not sealed cannot hide an object that came later."""
    path = leaked_then_deleted.path
    blob = git(path, "hash-object", "-w", "--stdin", given=setting(token(9))).decode().strip()
    forge(
        index,
        f"UPDATE coverage SET ids = CAST({more} AS BLOB) WHERE kind IN ('ids', 'loose')",  # noqa: S608
        bytes.fromhex(blob),
    )
    again = scan(path, index)
    assert again.of(token(9))
    assert again.of(leaked_then_deleted.secret) == scanned.of(leaked_then_deleted.secret)


def test_another_repositorys_index_is_not_believed_for_this_one(
    leaked_then_deleted: Story, replaced: Story, index: Path
) -> None:
    """Copied to its place, it is of use for nothing."""
    place = replaced.path / ".git/forensics/index.db"
    place.parent.mkdir()
    place.write_bytes(index.read_bytes())
    found = scan(replaced.path, place)
    assert {status for _, status in found.statuses(replaced.secret)} == {"removed"}
    assert leaked_then_deleted.path != replaced.path
    assert KEY.id


@pytest.mark.parametrize("table", ["sighting", "occurrence"])
@pytest.mark.parametrize("claim", ["kept", "dropped"])
def test_findings_that_somebody_deleted_come_back(
    leaked_then_deleted: Story, tmp_path: Path, table: str, claim: str
) -> None:
    """Whoever can write the index can hide nothing for longer than until the next scan."""
    index = tmp_path / "index.db"
    before = scan(leaked_then_deleted.path, index)
    assert before.findings
    with closing(sqlite3.connect(index)) as connection, connection:
        if table == "sighting":
            connection.execute("DELETE FROM occurrence")
        connection.execute(f"DELETE FROM {table}")  # noqa: S608
        if claim == "dropped":
            connection.execute("DELETE FROM coverage WHERE kind = 'findings'")
    assert scan(leaked_then_deleted.path, index).findings == before.findings


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE git_commit SET commit_time = commit_time + 1",
        "UPDATE git_commit SET reach = 'none'",
        "UPDATE occurrence SET number = number + 1",
        "UPDATE occurrence SET at_default = 1 - at_default",
        "UPDATE occurrence_event SET oid = zeroblob(20)",
        "UPDATE ref SET holds = x'01'",
        "INSERT INTO default_stay SELECT NULL, 1, 1, min(id), NULL, 1 FROM git_commit",
    ],
)
def test_what_a_status_follows_from_is_sealed(
    leaked_then_deleted: Story, index: Path, scanned: Scanned, statement: str
) -> None:
    """Where somebody changed it, all is read again."""
    assert scanned.findings
    before = told(index)
    forge(index, statement)
    assert told(index) != before
    assert scan(leaked_then_deleted.path, index).summary.objects > 0
    assert told(index) == before


def told(index: Path) -> list[tuple[object, ...]]:
    """What an index tells of commits, occurrences and refs, without rows."""
    with closing(sqlite3.connect(index)) as connection:
        return [
            *connection.execute("SELECT oid, commit_time, reach FROM git_commit ORDER BY oid"),
            *connection.execute("SELECT number, at_default FROM occurrence ORDER BY number"),
            *connection.execute("SELECT kind, oid FROM occurrence_event ORDER BY kind"),
            *connection.execute("SELECT name, holds FROM ref ORDER BY name"),
            *connection.execute("SELECT commits FROM default_stay ORDER BY commits"),
        ]
