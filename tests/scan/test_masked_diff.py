"""What a commit changed: every known value masked, wherever it stands."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from detectors.scanner import Scanner, ScanResult
from detectors.template import expand
from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import setting, token
from forensics.errors import UsageProblem
from forensics.git.repository import open_repository
from forensics.git.single import careful_objects
from forensics.index.database import open_for_reading
from forensics.key import Key
from forensics.scan.masked_diff import DiffLine, masked_diff
from forensics.scan.setup import ScannerSetup
from tests.cli.command import forensics


def diff(path: Path, key: Key, commit: str, *secrets: bytes) -> list[DiffLine]:
    """What that commit changed in a repository that was scanned."""
    index = path / ".git/forensics/index.db"
    names = [key.fingerprint(one).hex() for one in secrets]
    with (
        closing(open_for_reading(index, key)) as connection,
        careful_objects(open_repository(path)) as single,
    ):
        return list(
            masked_diff(
                connection, key, 1, single, bytes.fromhex(commit), ScannerSetup(),
                secrets=names,
            )
        )  # fmt: skip


def texts(lines: list[DiffLine], *kinds: str) -> list[bytes]:
    """Of the lines of these kinds."""
    return [one.text for one in lines if one.kind in kinds]


def mask(key: Key, value: bytes) -> bytes:
    """What stands for a value."""
    return b"****#" + key.fingerprint(value).hex()[:8].encode()


def test_a_rotation_shows_that_another_value_came(tmp_path: Path, key: Key) -> None:
    """Two masks that differ; the rest of the file as it is, with three lines around."""
    builder = Builder(tmp_path / "r")
    lines = [b"line %d" % number for number in range(30)]
    lines[15] = b"token: " + token(1)
    builder.write("a.yaml", b"\n".join(lines))
    builder.commit("One")
    lines[15] = b"token: " + token(2)
    builder.write("a.yaml", b"\n".join(lines))
    commit = builder.commit("Two")
    builder.populate()
    forensics("scan", tmp_path / "r")
    found = diff(tmp_path / "r", key, commit)
    assert texts(found, "file") == [b"a.yaml"]
    assert texts(found, "removed") == [b"token: " + mask(key, token(1))]
    assert texts(found, "added") == [b"token: " + mask(key, token(2))]
    assert texts(found, "same") == [b"line %d" % one for one in (12, 13, 14, 16, 17, 18)]
    assert texts(found, "hunk") == [b"@@ -13,7 +13,7 @@"]


def test_a_value_is_masked_where_no_rule_finds_it(tmp_path: Path, key: Key) -> None:
    """In the message, in the name of a file, in text that no rule takes for a setting."""
    value = b"Vq7rT2mLx9Zp4KdW8sNc"
    builder = Builder(tmp_path / "r")
    builder.write("a.env", b'DB_PASSWORD="%s"\n' % value)
    builder.write("notes.txt", "nothing\n")
    builder.commit("One")
    builder.write("a.env", "DB_PASSWORD=${DB_PASSWORD}\n")
    builder.write("notes.txt", b"it was " + value + b" once\n")
    builder.write(b"old/" + value + b".txt", "kept\n")
    commit = builder.commit("Two: " + value.decode() + " goes")
    builder.populate()
    forensics("scan", tmp_path / "r")
    found = diff(tmp_path / "r", key, commit)
    assert not any(value in one.text for one in found)
    assert b"it was " + mask(key, value) + b" once" in texts(found, "added")
    assert b"Two: " + mask(key, value) + b" goes" in texts(found, "message")
    assert b"old/" + mask(key, value) + b".txt added" in texts(found, "file")


@pytest.mark.parametrize(
    "trouble", [{"timed_out": ("a rule",)}, {"failed": ("a rule",)}], ids=["time", "failure"]
)
def test_what_could_not_be_looked_through_is_not_shown(
    tmp_path: Path, key: Key, monkeypatch: pytest.MonkeyPatch, trouble: dict[str, tuple[str, ...]]
) -> None:
    """What no scan has seen may stand in it: neither its lines nor its message nor its name."""
    builder = Builder(tmp_path / "r")
    builder.write("README", "nothing\n")
    builder.commit("One")
    builder.populate()
    forensics("scan", tmp_path / "r")
    builder.write("new.env", setting(token(1)))
    commit = builder.commit("Two words")
    builder.populate()
    monkeypatch.setattr(Scanner, "scan", lambda *_: ScanResult((), **trouble))
    found = diff(tmp_path / "r", key, commit)
    assert not any(
        part in one.text for one in found for part in (token(1), b"TOKEN", b"Two words", b"new.env")
    )
    assert {one.kind for one in found} <= {"told", "file"}


def test_a_root_commit_is_all_added_and_binaries_are_named(tmp_path: Path, key: Key) -> None:
    """Files with zero bytes are told, not shown."""
    builder = Builder(tmp_path / "r")
    builder.write("a.env", setting(token(1)))
    builder.write("b.bin", b"\0" + token(2))
    commit = builder.commit("One")
    builder.populate()
    forensics("scan", tmp_path / "r")
    found = diff(tmp_path / "r", key, commit)
    assert b"GITHUB_TOKEN=" + mask(key, token(1)) in texts(found, "added")
    assert texts(found, "removed") == []
    assert [one for one in texts(found, "told") if one.startswith(b"binary")]
    assert not any(token(2) in one.text for one in found)


def test_lines_stay_lines_where_a_secret_has_several(tmp_path: Path, key: Key) -> None:
    """A private key is masked line by line, so that what follows stays at its number."""
    pem = expand("{pem:RSA PRIVATE KEY}").rstrip(b"\n")
    builder = Builder(tmp_path / "r")
    builder.write("a.pem", pem + b"\nend 1\n")
    builder.commit("One")
    builder.write("a.pem", pem + b"\nend 2\n")
    commit = builder.commit("Two")
    builder.populate()
    forensics("scan", tmp_path / "r")
    found = diff(tmp_path / "r", key, commit)
    assert texts(found, "removed") == [b"end 1"]
    assert texts(found, "added") == [b"end 2"]
    body = max(pem.split(b"\n"), key=len)
    assert not any(body in one.text for one in found)


def test_what_is_no_commit_is_refused(tmp_path: Path, key: Key) -> None:
    """One that is not there, too."""
    builder = Builder(tmp_path / "r")
    builder.write("a.env", setting(token(1)))
    builder.commit("One")
    builder.populate()
    forensics("scan", tmp_path / "r")
    blob = forensics("findings", tmp_path / "r", "-f", "jsonl").lines[0]["blob"]
    for commit in (blob, "ab" * 20):
        with pytest.raises(UsageProblem):
            diff(tmp_path / "r", key, commit)
