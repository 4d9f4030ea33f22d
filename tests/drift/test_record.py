"""The record of a line is brought up to date, believed only under seal, and holds no value."""

from __future__ import annotations

import base64
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from detectors.template import expand
from fixtures_repos.builder import BEN, Builder
from fixtures_repos.git import git
from fixtures_repos.stories.story import token
from forensics.drift.environments import Placer
from forensics.drift.file_record import FileRecord
from forensics.drift.model import Line, Reading
from forensics.drift.reading import Reader
from forensics.drift.record import Record
from forensics.errors import UsageProblem
from forensics.git.repository import open_repository
from forensics.index.database import create_or_open
from forensics.index.drift_lines import LineStore
from forensics.scan.masking import Masker
from forensics.scan.setup import ScannerSetup
from tests.scan.killing import dying, killed
from tests.scan.scanning import KEY

DEV, PROD = "env/.env.dev", "env/.env.prod"


class Brought:
    """A line and everything that its files held."""

    def __init__(self, line: Line, reading: Callable[[bytes, bytes], Reading]) -> None:
        self.line = line
        self.steps = [step.commit.hex() for step in line.steps]
        self.readings = {
            (change.path, change.after): reading(change.path, change.after)
            for step in line.steps
            for change in step.changes
            if change.after
        }

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, Brought)
        return (self.line, self.readings) == (other.line, other.readings)

    __hash__ = None  # type: ignore[assignment]


def mask() -> Callable[[bytes], bytes]:
    return Masker(ScannerSetup().scanner(), KEY).mask


def bring_up(
    path: Path, index: Path, ref: str | None = None, placer: Placer | None = None, jobs: int = 1
) -> Brought:
    with closing(create_or_open(index, KEY)) as connection:
        record = Record(open_repository(path), connection, KEY, placer or Placer(), mask)
        return Brought(record.line(ref, jobs=jobs), record.reading)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index.db"


@pytest.fixture
def told(tmp_path: Path) -> Builder:
    """Two environments; the second gets a key late."""
    builder = Builder(tmp_path / "told")
    builder.write(DEV, "HOST=db.dev.example.com\nLIMIT=10\n")
    builder.write(PROD, "HOST=db.prod.example.com\n")
    builder.write("src/main.py", "print()\n")
    builder.commit("Start")
    builder.write("src/main.py", "print(1)\n")
    builder.commit("Code")
    builder.write(PROD, "HOST=db.prod.example.com\nLIMIT=10\n")
    builder.commit("Limit in production", author=BEN)
    return builder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Paths of the versions read."""
    found: list[bytes] = []
    original = Reader._observed

    def observed(self: Reader, path: bytes, content: bytes) -> Reading:
        found.append(path)
        return original(self, path, content)

    monkeypatch.setattr(Reader, "_observed", observed)
    return found


def test_a_line_and_its_readings(told: Builder, index: Path) -> None:
    """Steps are those commits that change configuration."""
    found = bring_up(told.path, index)
    assert found.line.ref == "refs/heads/main"
    assert found.line.tip.hex() == told.head
    assert found.line.tip_time == told.now
    assert not found.line.cut
    assert [{change.path for change in step.changes} for step in found.line.steps] == [
        {DEV.encode(), PROD.encode()},
        {PROD.encode()},
    ]
    assert found.line.steps[1].author == "Ben Instance <ben@acme.example>"
    assert all(not one.trouble for one in found.readings.values())
    keys = [[each.key for each in one.observations] for one in found.readings.values()]
    assert sorted(keys) == [["HOST"], ["HOST", "LIMIT"], ["HOST", "LIMIT"]]


def test_a_second_time_reads_nothing(told: Builder, index: Path, reads: list[bytes]) -> None:
    """And gives the same."""
    first = bring_up(told.path, index)
    assert len(reads) == 3
    assert bring_up(told.path, index) == first
    assert len(reads) == 3


def test_a_new_commit_is_added(told: Builder, index: Path, reads: list[bytes]) -> None:
    """Only what it changes is read."""
    before = bring_up(told.path, index)
    reads.clear()
    told.write(DEV, "HOST=db.dev.example.com\nLIMIT=20\n")
    told.commit("Another limit")
    after = bring_up(told.path, index)
    assert after.steps == [*before.steps, told.head]
    assert reads == [DEV.encode()]


def test_a_rewritten_branch_is_told_anew(told: Builder, index: Path, tmp_path: Path) -> None:
    """Steps that are not on the line any more are not in it."""
    first = bring_up(told.path, index)
    start = first.steps[0]
    told.reset(start)
    told.write(PROD, "HOST=db.prod.example.com\nLIMIT=30\n")
    told.commit("Otherwise")
    rewritten = bring_up(told.path, index)
    assert rewritten.steps == [start, told.head]
    assert rewritten == bring_up(told.path, tmp_path / "fresh.db")
    told.reset(start)
    assert bring_up(told.path, index).steps == [start]


def test_an_older_line_that_became_the_merged_side(told: Builder, index: Path) -> None:
    """First parents decide, not what is reachable."""
    bring_up(told.path, index)
    start = bring_up(told.path, index).steps[0]
    told.branch("other", start)
    told.write("env/.env.staging", "HOST=db.staging.example.com\n")
    other = told.commit("Staging")
    merge = told.merge("main")
    told.checkout("main")
    told.reset(merge)
    found = bring_up(told.path, index)
    assert found.steps == [start, other, merge]
    assert found.line.steps[-1].merge


def test_deleted_and_recreated(told: Builder, index: Path) -> None:
    """Both are changes."""
    told.delete(PROD)
    deleted = told.commit("Drop production")
    told.write(PROD, "HOST=db.prod.example.com\n")
    again = told.commit("Production again")
    found = bring_up(told.path, index)
    assert found.steps[-2:] == [deleted, again]
    changes = [found.line.steps[at].changes[0] for at in (-2, -1)]
    assert [(bool(one.before), bool(one.after)) for one in changes] == [
        (True, False),
        (False, True),
    ]


def test_any_ref_or_commit_can_be_asked_for(told: Builder, index: Path, reads: list[bytes]) -> None:
    """They share what was read."""
    main = bring_up(told.path, index)
    reads.clear()
    assert bring_up(told.path, index, "main~1").steps == main.steps[:1]
    assert bring_up(told.path, index, "HEAD").steps == main.steps
    assert bring_up(told.path, index, main.steps[0]).steps == main.steps[:1]
    assert not reads
    told.branch("topic", main.steps[0])
    told.write(DEV, "LIMIT=1\n")
    told.commit("On a branch")
    assert bring_up(told.path, index, "topic").steps == [main.steps[0], told.head]
    assert bring_up(told.path, index).steps == main.steps


@pytest.mark.parametrize("ref", ["nothing", "--all", "", "main:env", "HEAD~99", "\n"])
def test_what_names_no_commit(told: Builder, index: Path, ref: str) -> None:
    """Is said in one line."""
    with pytest.raises(UsageProblem, match="names no commit"):
        bring_up(told.path, index, ref)


def test_an_empty_repository(tmp_path: Path, index: Path) -> None:
    """Has no line."""
    with pytest.raises(UsageProblem, match="no commit yet"):
        bring_up(Builder(tmp_path / "empty").path, index)


@pytest.mark.parametrize(
    ("room", "method"),
    [
        (LineStore, "add_steps"),
        (LineStore, "set_line"),
        (FileRecord, "_keep"),
        (Reader, "read_all"),
    ],
)
@pytest.mark.parametrize("after", [False, True])
def test_a_killed_run_loses_nothing(
    told: Builder,
    index: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    room: type,
    method: str,
    after: bool,
) -> None:
    """The next one comes to the same end."""
    with monkeypatch.context() as patched:
        patched.setattr(room, method, dying(getattr(room, method), on_call=1, after=after))
        assert killed(lambda: bring_up(told.path, index)) == signal.SIGKILL
    assert bring_up(told.path, index) == bring_up(told.path, tmp_path / "fresh.db")


def test_several_processes_read_the_same(
    told: Builder, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one."""
    alone = bring_up(told.path, index)
    monkeypatch.setattr("forensics.drift.reading._FEW", 0)
    monkeypatch.setattr("forensics.drift.reading._AT_ONCE", 1)
    assert bring_up(told.path, tmp_path / "fresh.db", jobs=2) == alone


def test_a_worker_that_dies_is_said(
    told: Builder, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it was to read is uncertain, and is read the next time."""
    monkeypatch.setattr("forensics.drift.reading._FEW", 0)
    us = os.getpid()
    original = Reader._observed

    def observed(self: Reader, path: bytes, content: bytes) -> Reading:
        if os.getpid() != us:
            os.kill(os.getpid(), signal.SIGKILL)
        return original(self, path, content)

    with monkeypatch.context() as patched:
        patched.setattr(Reader, "_observed", observed)
        lost = bring_up(told.path, index, jobs=2)
    assert {one.trouble for one in lost.readings.values()} == {"a worker died while it was read"}
    assert not any(one.trouble for one in bring_up(told.path, index).readings.values())


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


def test_another_table_of_environments_reads_anew(
    told: Builder, index: Path, tmp_path: Path, reads: list[bytes]
) -> None:
    """What was placed otherwise is not believed any more."""
    bring_up(told.path, index)
    reads.clear()
    said = tmp_path / "forensics.toml"
    said.write_text('[[drift.files]]\npath = "env/.env.dev"\nrole = "ignore"\n')
    found = bring_up(told.path, index, placer=Placer.load(said))
    assert {path for path, _ in found.readings} == {PROD.encode()}
    assert {*reads} == {PROD.encode()}
    assert len(bring_up(told.path, index).readings) == 3


def test_a_clone_that_is_deepened_is_told_anew(told: Builder, index: Path, tmp_path: Path) -> None:
    """What the oldest commit seemed to add was there before."""
    clone = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{told.path}", str(clone))
    shallow = bring_up(clone, index)
    assert "shallow" in shallow.line.cut
    assert shallow.steps == [told.head]
    git(clone, "fetch", "-q", "--unshallow")
    assert bring_up(clone, index).steps == bring_up(told.path, tmp_path / "fresh.db").steps


def test_a_missing_blob_is_read_once_it_is_there(told: Builder, index: Path) -> None:
    """Until then what it holds is uncertain."""
    blob = git(told.path, "rev-parse", f"HEAD:{PROD}").decode().strip()
    file = told.git_dir / "objects" / blob[:2] / blob[2:]
    content = file.read_bytes()
    file.unlink()
    version = (PROD.encode(), bytes.fromhex(blob))
    assert "missing" in bring_up(told.path, index).readings[version].trouble
    file.write_bytes(content)
    assert not bring_up(told.path, index).readings[version].trouble


def test_a_line_that_was_cut_is_told_anew(told: Builder, index: Path) -> None:
    """As soon as what was missing is there."""
    tree = git(told.path, "rev-parse", "HEAD~1^{tree}").decode().strip()
    file = told.git_dir / "objects" / tree[:2] / tree[2:]
    content = file.read_bytes()
    file.unlink()
    cut = bring_up(told.path, index)
    assert cut.line.cut
    assert cut.steps == [told.head]
    file.write_bytes(content)
    whole = bring_up(told.path, index)
    assert not whole.line.cut
    assert len(whole.steps) == 2


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
