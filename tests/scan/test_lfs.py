"""Payloads of Git LFS: those that are here are scanned, the others are counted."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.lfs import pointer, store
from fixtures_repos.stories.story import token
from forensics.git.repository import open_repository
from forensics.index.database import open_for_reading
from forensics.scan.observer import Silent
from forensics.scan.reveal import read_values
from tests.scan.scanning import ALL_BUT_ONE, KEY, fingerprint, scan

SECRET = token(7)
FILLER = b"".join(b"row %d of a table\n" % number for number in range(300))
PAYLOAD = FILLER + b'token = "' + SECRET + b'"\n' + FILLER


@pytest.fixture
def repository(tmp_path: Path) -> Builder:
    """A table in LFS, replaced by one without the token; neither payload is here."""
    told = Builder(tmp_path / "repository")
    told.write("data/table.csv", pointer(PAYLOAD))
    told.write("README", "All data is in LFS.\n")
    told.commit("Add the table")
    told.write("data/table.csv", pointer(FILLER))
    told.commit("Take the token out")
    return told


def reveal(path: Path, index: Path, value: bytes) -> bytes:
    """The value, read again."""
    with closing(open_for_reading(index)) as connection:
        found = read_values(open_repository(path), connection, KEY, [fingerprint(value)])
    return found[fingerprint(value)].canonical.reveal()


def test_a_payload_that_is_here_is_scanned(repository: Builder, tmp_path: Path) -> None:
    """It is found at the pointer, by path and commit, with the line in the payload; and its value
    can be read again."""
    store(repository.git_dir, PAYLOAD)
    store(repository.git_dir, FILLER)
    index = tmp_path / "index.db"
    scanned = scan(repository.path, index)
    (one,) = scanned.findings
    assert (one.secret, one.path, one.kind) == (fingerprint(SECRET), b"data/table.csv", "blob")
    assert (one.decoded, one.start_line, one.start_column) == ("lfs:301", 2, 12)
    assert one.status == "removed"
    assert scanned.summary.uncovered == []
    assert scanned.summary.complete
    assert reveal(repository.path, index, SECRET) == SECRET


def test_absent_payloads_are_counted_and_not_an_error(repository: Builder, tmp_path: Path) -> None:
    """Each once, with its size; by a second scan too, which has nothing to read."""
    size = len(PAYLOAD) + len(FILLER)
    told = [f"2 LFS payloads of {size:,} bytes, not here (git lfs fetch --all)"]
    for _ in range(2):
        scanned = scan(repository.path, tmp_path / "index.db")
        assert scanned.findings == []
        assert scanned.summary.uncovered == told
        assert scanned.summary.complete
    assert scanned.summary.objects == 0


def test_a_payload_that_arrives_later_is_scanned_then(repository: Builder, tmp_path: Path) -> None:
    """The next scan reads it and no object, and counts it no more."""
    index = tmp_path / "index.db"
    scan(repository.path, index)
    store(repository.git_dir, PAYLOAD)
    scanned = scan(repository.path, index)
    assert [one.secret for one in scanned.findings] == [fingerprint(SECRET)]
    assert (scanned.summary.objects, scanned.summary.bytes_read) == (0, len(PAYLOAD))
    assert scanned.summary.uncovered == [
        f"1 LFS payload of {len(FILLER):,} bytes, not here (git lfs fetch --all)"
    ]
    again = scan(repository.path, index)
    assert again.summary.bytes_read == 0
    assert again.findings == scanned.findings


def doubts(index: Path) -> dict[str, tuple[str, str]]:
    """How each event happened, and why it may be something else; by kind."""
    with closing(open_for_reading(index)) as connection:
        rows = connection.execute("SELECT kind, how, uncertain FROM occurrence_event").fetchall()
    return {kind: (how, uncertain) for kind, how, uncertain in rows}


def test_nothing_is_said_of_payloads_that_are_not_here(repository: Builder, tmp_path: Path) -> None:
    """A secret that only might have gone is not said to be gone, until the payload is read. Other
    digits after it are no other secret."""
    index = tmp_path / "index.db"
    store(repository.git_dir, PAYLOAD)
    scan(repository.path, index)
    unsure = ("removed", "a version of the file cannot be read")
    assert doubts(index) == {"introduced": ("introduced", ""), "removed": unsure}
    store(repository.git_dir, FILLER)
    scan(repository.path, index)
    assert doubts(index) == {"introduced": ("introduced", ""), "removed": ("removed", "")}


def test_packing_changes_nothing(repository: Builder, tmp_path: Path) -> None:
    """A pointer that is a delta of another one is met, too."""
    store(repository.git_dir, PAYLOAD)
    loose = scan(repository.path, tmp_path / "loose.db")
    git(repository.path, "repack", "-adfq", "--depth=50")
    packed = scan(repository.path, tmp_path / "packed.db")
    assert packed.occurrences == loose.occurrences
    assert packed.summary.uncovered == loose.summary.uncovered
    assert packed.occurrences


def _cut_off(path: Path) -> None:
    path.write_bytes(PAYLOAD[:-1])


def _changed(path: Path) -> None:
    path.write_bytes(PAYLOAD.replace(b"row 1", b"row 2", 1))


def _linked(path: Path) -> None:
    real = path.with_name("elsewhere")
    path.rename(real)
    path.symlink_to(real)


def _linked_folder(path: Path) -> None:
    lfs = path.parents[3]
    real = lfs.parent.parent / "shared"
    lfs.rename(real)
    lfs.symlink_to(real)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_cut_off, "its LFS payload has another size than it declares"),
        (_changed, "its LFS payload does not fit its hash"),
        (_linked, "its LFS payload lies behind a symbolic link, which is not followed"),
        (_linked_folder, "its LFS payload lies behind a symbolic link, which is not followed"),
        (_pipe, "its LFS payload is not a regular file"),
        (_folder, "its LFS payload is not a regular file"),
    ],
)
def test_what_is_no_payload_is_skipped_with_the_reason(
    repository: Builder, tmp_path: Path, damage: Callable[[Path], None], reason: str
) -> None:
    """Every scan tries again, and tells it until the payload is there."""
    index = tmp_path / "index.db"
    store(repository.git_dir, FILLER)
    damage(store(repository.git_dir, PAYLOAD))
    for _ in range(2):
        scanned = scan(repository.path, index)
        assert list(scanned.summary.skipped) == [reason]
        assert scanned.summary.uncovered == []
        assert scanned.findings == []
    if damage in (_cut_off, _changed):
        store(repository.git_dir, PAYLOAD)
        scanned = scan(repository.path, index)
        assert scanned.summary.complete
        assert [one.secret for one in scanned.findings] == [fingerprint(SECRET)]


def test_a_large_payload_is_read_in_windows(
    repository: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever in it a secret stands, the line is right and the value can be read again."""
    monkeypatch.setattr("forensics.git.lfs._IN_MEMORY", 1 << 10)
    monkeypatch.setattr("forensics.scan.examine._WINDOW", 1 << 11)
    monkeypatch.setattr("forensics.scan.examine._OVERLAP", 1 << 9)
    store(repository.git_dir, PAYLOAD)
    index = tmp_path / "index.db"
    (one,) = scan(repository.path, index).findings
    assert one.decoded == "lfs:301"
    assert reveal(repository.path, index, SECRET) == SECRET


def test_what_is_packed_in_a_payload_is_found(tmp_path: Path) -> None:
    """What it had to be decoded from starts with the payload."""
    told = Builder(tmp_path / "repository")
    packed = gzip.compress(PAYLOAD, mtime=0)
    told.write("table.csv.gz", pointer(packed))
    told.commit("Add the table")
    store(told.git_dir, packed)
    (one,) = scan(told.path, tmp_path / "index.db").findings
    assert one.decoded == "lfs:1 > gzip"
    assert reveal(told.path, tmp_path / "index.db", SECRET) == SECRET


def test_values_from_payloads_are_looked_for_elsewhere(tmp_path: Path) -> None:
    """And those from elsewhere in payloads, where no rule finds them; old and new alike."""
    opaque = b"Vq9" + SECRET[6:30]  # no rule knows it where it stands alone
    first, second = b"db_password = '" + opaque + b"'\n", b"a row\n" + opaque + b"\n"
    told = Builder(tmp_path / "repository")
    told.write("notes.txt", b"the old one was " + opaque + b"\n")
    told.write("second.bin", pointer(second))
    told.write("first.bin", pointer(first))
    told.commit("Add everything")
    store(told.git_dir, second)
    index = tmp_path / "index.db"
    assert scan(told.path, index).findings == []
    store(told.git_dir, first)
    found = {one.path: one.decoded for one in scan(told.path, index).findings}
    assert found == {b"first.bin": "lfs:1", b"second.bin": "lfs:2", b"notes.txt": None}


def test_other_rules_keep_what_they_cannot_look_at(repository: Builder, tmp_path: Path) -> None:
    """A payload that was taken away takes no finding with it: nobody looked and found none."""
    index = tmp_path / "index.db"
    path = store(repository.git_dir, PAYLOAD)
    before = scan(repository.path, index)
    path.unlink()
    assert scan(repository.path, index).findings == before.findings
    after = scan(repository.path, index, setup=ALL_BUT_ONE)
    assert [one.secret for one in after.findings] == [fingerprint(SECRET)]
    assert after.summary.uncovered


def test_pointers_that_vanish_are_counted_no_more(repository: Builder, tmp_path: Path) -> None:
    """What nothing in the repository points to does not have to be here."""
    index = tmp_path / "index.db"
    scan(repository.path, index)
    repository.delete("data/table.csv")
    repository.reset(repository.commit("Drop it"))
    git(repository.path, "checkout", "-q", "--orphan", "new")
    git(repository.path, "rm", "-rqf", "--cached", ".", "--ignore-unmatch")
    git(repository.path, "commit", "-qm", "Start again", "--allow-empty")
    git(repository.path, "branch", "-D", "main")
    git(repository.path, "reflog", "expire", "--expire=now", "--all")
    git(repository.path, "gc", "-q", "--prune=now")
    assert scan(repository.path, index).summary.uncovered == []


def test_the_configured_storage_is_not_followed(repository: Builder, tmp_path: Path) -> None:
    """`lfs.storage` of a scanned repository names a folder of somebody else's, perhaps."""
    outside = store(tmp_path / "outside", PAYLOAD).parents[3]
    git(repository.path, "config", "lfs.storage", str(outside))
    scanned = scan(repository.path, tmp_path / "index.db")
    assert scanned.findings == []
    assert len(scanned.summary.uncovered) == 1


@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_pointers_of_old_clients_and_with_extensions(tmp_path: Path, object_format: str) -> None:
    """All forms that git-lfs itself reads are pointers, in repositories of either hash."""
    told = Builder(tmp_path / "repository", object_format=object_format)  # type: ignore[arg-type]
    head, _, rest = pointer(PAYLOAD).partition(b"\n")
    told.write("a", b"version https://hawser.github.com/spec/v1\n" + rest)
    told.write("b", head + b"\next-0-shout sha256:" + b"0" * 64 + b"\n" + rest)
    told.commit("Add both")
    store(told.git_dir, PAYLOAD)
    found = {one.path: one.start_line for one in scan(told.path, tmp_path / "index.db").findings}
    assert found == {b"a": 2, b"b": 3}


def test_what_came_after_an_unread_payload_may_be_older(tmp_path: Path) -> None:
    """The commit before had a payload that is not here: it may hold the secret already."""
    told = Builder(tmp_path / "repository")
    told.write("table", pointer(FILLER))
    told.commit("Add the table")
    told.write("table", pointer(PAYLOAD))
    told.commit("Add more to it")
    store(told.git_dir, PAYLOAD)
    index = tmp_path / "index.db"
    scan(told.path, index)
    unsure = "the LFS payload before it was not read: it may have come earlier"
    assert doubts(index) == {"introduced": ("introduced", unsure)}
    store(told.git_dir, FILLER)
    scan(told.path, index)
    assert doubts(index) == {"introduced": ("introduced", "")}


def test_a_scan_that_ends_before_the_payloads_is_gone_on_with(
    repository: Builder, tmp_path: Path
) -> None:
    """The objects are covered by then, and which payloads there are to read is known with them."""

    class Killed(Silent):
        def phase(self, name: str) -> None:
            assert name != "reading LFS payloads"

    store(repository.git_dir, PAYLOAD)
    index = tmp_path / "index.db"
    with pytest.raises(AssertionError):
        scan(repository.path, index, observer=Killed())
    scanned = scan(repository.path, index)
    assert scanned.summary.objects == 0
    assert [one.secret for one in scanned.findings] == [fingerprint(SECRET)]
    assert len(scanned.summary.uncovered) == 1
