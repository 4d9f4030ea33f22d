"""Payloads of Git LFS on the command line: findings in them, and what is said of absent ones."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.lfs import pointer, store
from fixtures_repos.stories.story import token
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")

SECRET = token(11)
PAYLOAD = b"a line\n" * 40 + b'token = "' + SECRET + b'"\n'


@pytest.fixture
def told(tmp_path: Path) -> Builder:
    """A file in LFS beside an ordinary one."""
    made = Builder(tmp_path / "repository")
    made.write("README", "Data is in LFS.\n")
    made.commit("Start")
    made.write("data.bin", pointer(PAYLOAD))
    made.commit("Add data")
    return made


def test_a_finding_says_that_it_stands_in_the_payload(told: Builder) -> None:
    """Its path and commit are the pointer's; a report's line shows the pointer, masked."""
    path = store(told.git_dir, PAYLOAD)
    done = forensics("scan", told.path, "-f", "jsonl")
    (one,) = done.lines
    assert (done.code, one["path"], one["decoded"]) == (1, "data.bin", "lfs:41")
    assert one["commit"] == told.head
    shown = forensics("show", one["secret"][:12], cwd=told.path)
    assert "decoded from lfs:41" in shown.out
    assert SECRET.decode() not in shown.out
    sarif = forensics("findings", "-f", "sarif", cwd=told.path).out
    assert SECRET.decode() not in sarif
    assert path.name not in sarif, "the digits that stand for the secret are masked"


def test_the_value_is_revealed_out_of_the_payload(told: Builder) -> None:
    """As long as that is here; and the index and its journal never hold it."""
    path = store(told.git_dir, PAYLOAD)
    (one,) = forensics("scan", told.path, "-f", "jsonl").lines
    done = forensics("show", one["secret"][:12], "--reveal", cwd=told.path)
    assert SECRET.decode() in done.out
    assert all(
        SECRET not in file.read_bytes()
        for file in (told.git_dir / "forensics").iterdir()
        if file.is_file()
    )
    path.unlink()
    done = forensics("show", one["secret"][:12], "--reveal", cwd=told.path)
    assert SECRET.decode() not in done.out


def test_absent_payloads_are_told_of_and_fail_nothing(told: Builder) -> None:
    """As history that a shallow clone left out: in the summary and in reports for programs."""
    done = forensics("scan", told.path)
    assert done.code == 0
    assert f"uncovered 1 LFS payload of {len(PAYLOAD)} bytes, not here" in done.out + done.err
    sarif = json.loads(forensics("findings", "-f", "sarif", cwd=told.path).out)
    assert "1 LFS payload" in json.dumps(sarif)


def test_damaged_payloads_make_a_scan_incomplete(told: Builder) -> None:
    """They wait in quarantine until somebody acknowledges that they cannot be read."""
    store(told.git_dir, PAYLOAD).write_bytes(b"cut")
    done = forensics("scan", told.path)
    assert done.code == 3
    listed = forensics("retry", "--list", cwd=told.path)
    assert "its LFS payload has another size than it declares" in listed.out
    store(told.git_dir, PAYLOAD)
    assert forensics("scan", told.path).code == 1
    listed = forensics("retry", "--list", cwd=told.path)
    assert "LFS" not in listed.out


def test_what_is_given_up_in_a_payload_is_read_again_by_retry(tmp_path: Path) -> None:
    """An encrypted member is counted by each scan, and looked at again when somebody asks."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("member", b"text " * 40)
    content = bytearray(packed.getvalue())
    for at in (content.index(b"PK\3\4") + 6, content.index(b"PK\1\2") + 8):
        content[at] |= 1  # says that it is encrypted
    made = Builder(tmp_path / "repository")
    made.write("archive.zip", pointer(bytes(content)))
    made.commit("Add")
    store(made.git_dir, bytes(content))
    assert forensics("scan", made.path).code == 3
    assert "(0 B)" in forensics("scan", made.path).out, "nothing is read again"
    again = forensics("retry", cwd=made.path)
    assert again.code == 3
    assert "encrypted" in forensics("retry", "--list", cwd=made.path).out


def test_ranges_and_staged_files_look_into_payloads(told: Builder) -> None:
    """Where git-lfs has just put them, before anything is pushed."""
    store(told.git_dir, PAYLOAD)
    (one,) = forensics("scan", told.path, "--range", "HEAD~1..HEAD", "-f", "jsonl").lines
    assert (one["path"], one["decoded"]) == ("data.bin", "lfs:41")
    fresh = PAYLOAD.replace(SECRET, token(12))
    told.populate()
    (told.path / "data.bin").write_bytes(pointer(fresh))
    git(told.path, "add", "data.bin")
    done = forensics("scan", told.path, "--staged")
    assert (done.code, "1 LFS payload" in done.out + done.err) == (0, True)
    store(told.git_dir, fresh)
    (one,) = forensics("scan", told.path, "--staged", "-f", "jsonl").lines
    assert (one["path"], one["decoded"]) == ("data.bin", "lfs:41")
    (told.git_dir / "lfs").rename(told.git_dir / "other")
    (told.git_dir / "lfs").symlink_to("other")
    assert forensics("scan", told.path, "--staged").code == 3


def test_attest_counts_what_is_not_here(told: Builder, tmp_path: Path) -> None:
    """Values come out of payloads of an earlier clone, and are looked for in those here."""
    before = Builder(tmp_path / "before")
    before.write("data.bin", pointer(PAYLOAD))
    before.commit("Add data")
    store(before.git_dir, PAYLOAD)
    words = ("attest", "-C", told.path, "--before", before.path, "-f", "json")
    gone = json.loads(forensics(*words).out)
    assert gone["outcome"] == "gone"
    assert "1 LFS payload of" in str(gone["read"]["uncovered"])
    store(told.git_dir, PAYLOAD)
    still = json.loads(forensics(*words).out)
    assert still["secrets"][0]["places_by_lead"] == {"file": 1}
    assert "LFS" not in str(still["read"]["uncovered"])
