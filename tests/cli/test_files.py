"""Folders that are no repositories, and standard input."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from forensics.key import Key
from tests.cli.command import figure, forensics

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files with one secret, one with another, and one with none."""
    root = tmp_path / "folder"
    for name, content in {
        "one.env": setting(token(1)),
        "deep/er/two.env": setting(token(1)),
        "deep/three.env": setting(token(2)),
        "README.md": b"# Nothing\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


def test_a_folder_is_scanned_file_by_file(folder: Path, key: Key) -> None:
    """Paths are those below the folder; nothing is left behind."""
    done = forensics("scan", "--dir", folder, "-f", "jsonl")
    assert done.code == 1
    assert {(line["path"], line["secret"], line["start_line"]) for line in done.lines} == {
        ("one.env", key.fingerprint(token(1)).hex(), 2),
        ("deep/er/two.env", key.fingerprint(token(1)).hex(), 2),
        ("deep/three.env", key.fingerprint(token(2)).hex(), 2),
    }
    assert {line["status"] for line in done.lines} == {"present"}
    assert {line["commit"] for line in done.lines} == {None}
    assert figure(done, "objects").startswith("4 read")
    assert not [*folder.rglob("*.db*")]


def test_a_folder_without_secrets_is_clean(tmp_path: Path) -> None:
    """Exit code 0, also for an empty one."""
    assert forensics("scan", "--dir", tmp_path).code == 0
    (tmp_path / "file").write_text("text\n")
    assert forensics("scan", "--dir", tmp_path).code == 0


def test_links_lead_nowhere_and_pipes_are_not_waited_for(folder: Path, tmp_path: Path) -> None:
    """A link out of the folder is not followed; a loop does not hang."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.env").write_bytes(setting(token(3)))
    (folder / "link").symlink_to(outside)
    (folder / "file link").symlink_to(outside / "secret.env")
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    done = forensics("scan", "--dir", folder, "-f", "jsonl")
    assert len(done.lines) == 3


def test_the_git_folder_of_a_work_tree_is_passed_over(leaked_then_deleted: Story) -> None:
    """`--dir` looks at files as they are now."""
    assert forensics("scan", "--dir", leaked_then_deleted.path).code == 0


def test_a_folder_that_cannot_be_read_is_reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is counted as skipped, never passed over in silence."""
    real = os.scandir

    def scandir(path: str) -> object:
        if os.fspath(path).endswith("deep"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    done = forensics("scan", "--dir", folder)
    assert done.code == 1
    assert figure(done, "skipped") == "1"
    assert "deep" in done.out


def test_a_file_that_cannot_be_read_is_reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With nothing else found, the exit code is 3."""
    for name in ("one.env", "deep/er/two.env", "deep/three.env"):
        (folder / name).unlink()
    real = Path.open

    def opened(path: Path, mode: str = "r", **options: Any) -> object:
        if path.name == "README.md":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, mode, **options)

    monkeypatch.setattr(Path, "open", opened)
    done = forensics("scan", "--dir", folder)
    assert done.code == 3
    assert figure(done, "skipped") == "1"
    assert "README.md" in done.out


def test_a_folder_is_kept_where_an_index_is_named(folder: Path, tmp_path: Path) -> None:
    """`findings` lists it; a later scan forgets what is gone."""
    index = tmp_path / "index.db"
    forensics("scan", "--dir", folder, "--index", index)
    assert len(forensics("findings", "--index", index, "-f", "jsonl").lines) == 3
    (folder / "one.env").write_text("nothing\n")
    (folder / "deep/three.env").unlink()
    forensics("scan", "--dir", folder, "--index", index)
    (line,) = forensics("findings", "--index", index, "-f", "jsonl").lines
    assert line["path"] == "deep/er/two.env"


def test_standard_input_is_one_content(key: Key) -> None:
    """Its name is `-`, and lines count from its start."""
    done = forensics("scan", "--stdin", "-f", "jsonl", given=b"first\n\n" + setting(token()))
    assert done.code == 1
    (line,) = done.lines
    assert (line["path"], line["start_line"], line["start_column"]) == ("-", 4, 14)
    assert line["secret"] == key.fingerprint(token()).hex()


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_rubbish_on_standard_input_is_clean(size: int) -> None:
    """Whatever its bytes are."""
    done = forensics("scan", "--stdin", given=Random(size).randbytes(size))
    assert done.code == 0
    assert done.err == ""
    assert figure(done, "secrets") == "0"


@pytest.mark.parametrize("around", [b"\0\xff\xfe", b"\r\n", b"\x80" * 100])
def test_a_secret_between_rubbish_is_found(around: bytes) -> None:
    """No encoding is asked for."""
    done = forensics("scan", "--stdin", given=around + setting(token()) + around)
    assert done.code == 1


def test_standard_input_needs_no_repository(tmp_path: Path) -> None:
    """And leaves nothing in the folder it is run in."""
    assert forensics("scan", "--stdin", given=b"text\n", cwd=tmp_path).code == 0
    assert not [*tmp_path.iterdir()]
