"""The key: made once, kept private, shared on request, and never guessed at."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from fixtures_repos.stories import Story
from forensics.key import KEY_VARIABLE, Key, key_file
from tests.cli.command import forensics

OTHER = Key(b"\7" * 32, "another")


def test_the_first_scan_makes_a_key_and_says_once_where(only_in_a_merge: Story) -> None:
    """It belongs to the user alone; the next scan says nothing of it."""
    first = forensics("scan", only_in_a_merge.path)
    assert str(key_file()) in first.error()
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file().parent.stat().st_mode) == 0o700
    assert forensics("scan", only_in_a_merge.path).err == ""
    text = key_file().read_text().strip()
    assert text not in first.out + first.err


def test_a_key_from_the_environment_is_used_and_not_kept(
    only_in_a_merge: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a runner in CI."""
    monkeypatch.setenv(KEY_VARIABLE, OTHER.export())
    done = forensics("scan", only_in_a_merge.path, "-f", "jsonl")
    assert done.lines[0]["secret"] == OTHER.fingerprint(only_in_a_merge.secret).hex()
    assert not key_file().exists()
    assert forensics("key", "id").out.strip() == OTHER.id


@pytest.mark.parametrize("text", ["abc", "0" * 63, "0" * 65, "z" * 64, "\x1b[2J", "ключ", "-"])
@pytest.mark.parametrize("command", [["scan", "."], ["key", "id"], ["findings"]])
def test_a_malformed_key_in_the_environment_is_refused(
    only_in_a_merge: Story, monkeypatch: pytest.MonkeyPatch, text: str, command: list[str]
) -> None:
    """Without repeating it, and without making an index."""
    if command == ["findings"]:
        forensics("scan", only_in_a_merge.path)
    monkeypatch.setenv(KEY_VARIABLE, text)
    done = forensics(*command, cwd=only_in_a_merge.path)
    line = done.error()
    assert done.code == 2
    assert KEY_VARIABLE in line
    assert text == "-" or text not in line
    if command != ["findings"]:
        assert not (only_in_a_merge.path / ".git/forensics/index.db").exists()


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("mode", [0o604, 0o640, 0o606, 0o666])
def test_a_key_that_others_can_read_is_refused(only_in_a_merge: Story, mode: int) -> None:
    """The line says which command repairs it."""
    key_file().chmod(mode)
    done = forensics("scan", only_in_a_merge.path)
    assert done.code == 2
    assert f"chmod 600 {key_file()}" in done.error()
    assert not (only_in_a_merge.path / ".git/forensics/index.db").exists()


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("content", [b"", b"not a key\n", b"\xff\xfe", b"0" * 10_000])
def test_a_damaged_key_file_is_an_error_and_stays(only_in_a_merge: Story, content: bytes) -> None:
    """A new key in its place would make every index unreadable."""
    key_file().write_bytes(content)
    done = forensics("scan", only_in_a_merge.path)
    assert done.code == 2
    assert str(key_file()) in done.error()
    assert key_file().read_bytes() == content


def test_a_folder_in_place_of_the_key(only_in_a_merge: Story) -> None:
    """Or a file in place of its folder."""
    key_file().mkdir(parents=True)
    done = forensics("scan", only_in_a_merge.path)
    assert (done.code, str(key_file()) in done.error()) == (2, True)
    key_file().rmdir()
    key_file().parent.rmdir()
    key_file().parent.write_text("a file\n")
    done = forensics("scan", only_in_a_merge.path)
    assert (done.code, str(key_file()) in done.error()) == (2, True)


@pytest.mark.parametrize("command", [["key", "id"], ["key", "export"]])
def test_no_key_yet(command: list[str]) -> None:
    """Asking for it does not make one."""
    done = forensics(*command)
    assert done.code == 2
    assert "forensics scan" in done.error()
    assert not key_file().exists()


def test_the_id_tells_nothing_of_the_key(key: Key) -> None:
    """It is the first thing to compare when two people see different fingerprints."""
    done = forensics("key", "id")
    assert (done.code, done.out) == (0, f"{key.id}\n")
    assert key.id not in key.export()
    assert key.export() not in done.err


def test_a_key_goes_from_one_user_to_another(
    key: Key, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What export prints, import takes."""
    exported = forensics("key", "export")
    assert exported.code == 0
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "another user"))
    imported = forensics("key", "import", given=exported.out.encode())
    assert (imported.code, imported.out) == (0, "")
    assert key.id in imported.error()
    assert forensics("key", "id").out.strip() == key.id
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600


def test_import_gives_no_key_up_unasked(key: Key) -> None:
    """The old one opens every index so far."""
    done = forensics("key", "import", given=OTHER.export().encode())
    assert done.code == 2
    assert "--replace" in done.error()
    assert forensics("key", "id").out.strip() == key.id
    done = forensics("key", "import", "--replace", given=OTHER.export().encode())
    assert done.code == 0
    assert forensics("key", "id").out.strip() == OTHER.id


@pytest.mark.parametrize("given", [b"", b"rubbish", b"\0\xff", b"0" * 63])
def test_import_of_rubbish_keeps_the_old_key(key: Key, given: bytes) -> None:
    """Even where it may be replaced."""
    done = forensics("key", "import", "--replace", given=given)
    assert done.code == 2
    assert "forensics key export" in done.error()
    assert forensics("key", "id").out.strip() == key.id


def test_importing_the_same_key_again_is_no_error(key: Key) -> None:
    """A set-up script may run twice."""
    assert forensics("key", "import", given=key.export().encode()).code == 0
    assert forensics("key", "id").out.strip() == key.id
