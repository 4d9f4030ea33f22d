"""Baselines of detect-secrets, read and written."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from detectors.template import expand
from fixtures_repos.stories.story import PLACE, begin, token
from tests.cli.command import figure, forensics

pytestmark = pytest.mark.usefixtures("key")


def _sha1(value: bytes) -> str:
    return sha1(value, usedforsecurity=False).hexdigest()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A repository with one token that stands there, and one that does not any more."""
    builder, _ = begin(tmp_path / "repository")
    builder.write(PLACE, b"A=%s\n" % token(2))
    builder.commit("Another first")
    builder.write(PLACE, b"A=%s\n" % token(1))
    builder.commit("Replace it")
    return builder.populate()


def baseline(tmp_path: Path, *entries: dict[str, Any]) -> Path:
    file = tmp_path / ".secrets.baseline"
    results: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        results.setdefault(entry.pop("filename"), []).append({"type": "Any", **entry})
    file.write_text(json.dumps({"version": "1.5.0", "results": results}))
    return file


def test_what_an_audit_found_to_be_no_secret_is_ignored(path: Path, tmp_path: Path) -> None:
    """Its value, in that file."""
    entry = {"filename": PLACE, "hashed_secret": _sha1(token(1)), "is_secret": False}
    done = forensics("scan", path, "--baseline", baseline(tmp_path, entry))
    assert done.code == 1
    assert figure(done, "ignored") == "1 (1 baseline)"
    found = forensics("findings", path, "-f", "jsonl").lines
    assert sorted(str(one["ignored"]) for one in found) == ["None", "baseline"]


@pytest.mark.parametrize(
    "changed",
    [{"is_secret": True}, {"is_secret": None}, {"filename": "other.env"},
     {"hashed_secret": _sha1(b"something else")}],
)  # fmt: skip
def test_any_other_entry_ignores_nothing(
    path: Path, tmp_path: Path, changed: dict[str, Any]
) -> None:
    """A secret that was audited as one stays one, and so does what nobody looked at."""
    entry = {"filename": PLACE, "hashed_secret": _sha1(token(1)), "is_secret": False} | changed
    done = forensics("scan", path, "--baseline", baseline(tmp_path, entry))
    assert "ignored" not in done.out


def test_no_unsalted_hash_is_stored(path: Path, tmp_path: Path) -> None:
    """They are compared in memory."""
    entry = {"filename": PLACE, "hashed_secret": _sha1(token(1)), "is_secret": False}
    index = tmp_path / "index.db"
    forensics("scan", path, "--index", index, "--baseline", baseline(tmp_path, entry))
    for file in (index, index.with_name("index.db-wal")):
        if file.exists():
            assert _sha1(token(1)).encode() not in file.read_bytes()
            assert bytes.fromhex(_sha1(token(1))) not in file.read_bytes()


def test_writing_one_needs_a_word_of_its_own(path: Path, tmp_path: Path) -> None:
    """The refusal says what the risk is, and nothing is written."""
    file = tmp_path / "new.baseline"
    done = forensics("scan", path, "--write-secrets-baseline", file)
    assert done.code == 2
    assert "SHA-1" in done.error()
    assert "--unsalted-hashes" in done.error()
    assert not file.exists()


def test_one_that_is_written_holds_what_stands_now(path: Path, tmp_path: Path) -> None:
    """As detect-secrets hashes it, for nobody else to read; the index keeps a record of it."""
    file, index = tmp_path / "new.baseline", tmp_path / "index.db"
    done = forensics(
        "scan", path, "--index", index, "--write-secrets-baseline", file, "--unsalted-hashes"
    )
    assert done.code == 1
    assert "treat it as you treat the secrets" in done.err
    (entry,) = json.loads(file.read_text())["results"][PLACE]
    assert entry["hashed_secret"] == _sha1(token(1))
    assert entry["type"] == "GitHub Token"
    assert entry["line_number"] == 1
    assert file.stat().st_mode & 0o77 == 0
    with closing(sqlite3.connect(index)) as connection:
        ((detail,),) = connection.execute(
            "SELECT detail FROM journal WHERE kind = 'baseline-written'"
        )
    assert json.loads(detail) == {"values": 1}


def test_detect_secrets_itself_reads_what_is_written(path: Path, tmp_path: Path) -> None:
    """It is a baseline, not something like one."""
    file = tmp_path / "new.baseline"
    forensics("scan", path, "--write-secrets-baseline", file, "--unsalted-hashes")
    import detect_secrets.core.scan  # noqa: F401  in this order: they import in circles
    from detect_secrets.core import baseline as theirs

    loaded = theirs.load(theirs.load_from_file(str(file)), str(file))
    assert [secret.secret_hash for _, secret in loaded] == [_sha1(token(1))]


def test_a_verdict_survives_the_next_writing(path: Path, tmp_path: Path) -> None:
    """And what it ignores stays in the file."""
    file = tmp_path / "new.baseline"
    write = ("--write-secrets-baseline", file, "--unsalted-hashes")
    forensics("scan", path, *write)
    document = json.loads(file.read_text())
    document["results"][PLACE][0]["is_secret"] = False
    file.write_text(json.dumps(document))
    done = forensics("scan", path, "--baseline", file, *write)
    assert figure(done, "ignored") == "1 (1 baseline)"
    (entry,) = json.loads(file.read_text())["results"][PLACE]
    assert entry["is_secret"] is False


def test_a_folder_has_a_baseline_too(tmp_path: Path) -> None:
    """Of its files."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.env").write_bytes(b"A=%s\n" % token(1))
    file = tmp_path / "new.baseline"
    forensics("scan", "--dir", folder, "--write-secrets-baseline", file, "--unsalted-hashes")
    (entry,) = json.loads(file.read_text())["results"]["a.env"]
    assert entry["hashed_secret"] == _sha1(token(1))


@pytest.mark.parametrize("text", ["", "[3]", '{"results": 3}', '{"results": {"a": [{}]}}',
                                  '{"results": {"a": [{"hashed_secret": "00"}]}}'])  # fmt: skip
def test_a_file_that_is_no_baseline_is_an_error(path: Path, tmp_path: Path, text: str) -> None:
    """Also where it would be overwritten."""
    file = tmp_path / "broken"
    file.write_text(text)
    done = forensics("scan", path, "--baseline", file)
    assert (done.code, "is no baseline" in done.error()) == (2, True)
    done = forensics("scan", path, "--write-secrets-baseline", file, "--unsalted-hashes")
    assert done.code == 2
    assert file.read_text() == text


def test_plugins_are_chosen_by_name(tmp_path: Path) -> None:
    """Few run by themselves; an unknown one is an error that names them all."""
    given = expand("url: https://user:{alnum:9}@alpha\n") + expand("x = '{base64:60}'\n")

    def found(*options: str) -> set[str]:
        done = forensics("scan", "--stdin", "-f", "jsonl", *options, given=given)
        return {one["rule"] for one in done.lines if one["rule"].startswith("detect-secrets.")}

    assert found() == set()
    entropy = "detect-secrets.base64-high-entropy-string"
    assert entropy in found("--enable-plugin", "Base64HighEntropyString")
    assert entropy in found("--enable-plugin", "all")
    assert found("--enable-plugin", "all", "--disable-plugin", "all") == set()
    done = forensics("scan", "--stdin", "--enable-plugin", "NoSuchDetector")
    assert done.code == 2
    assert "KeywordDetector" in done.error()
