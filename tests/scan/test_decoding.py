"""Secrets that stand encoded or packed in the files of a repository, through the whole pipeline."""

from __future__ import annotations

import gzip
import json
from base64 import b64encode
from pathlib import Path

import pytest

from fixtures_repos import layouts
from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories.story import setting, token
from forensics.scan.setup import ScannerSetup
from tests.cli.command import Done, forensics
from tests.detectors.decoding.encoders import wrapped, zipped
from tests.scan.scanning import Scanned, fingerprint, scan


def lines(value: bytes) -> str:
    return f"client = login('{value.decode()}')\n"


def notebook(value: bytes) -> bytes:
    source = ["import acme\n", 'text = "' + "token:\n" + value.decode() + '"\n']
    return json.dumps({"cells": [{"cell_type": "code", "source": source}], "nbformat": 4}).encode()


FILES = {
    "deploy/secret.yaml": (
        b"apiVersion: v1\nkind: Secret\ndata:\n  token: %s\n", "base64", b64encode,
    ),
    "deploy/release.yaml": (
        b"kind: Secret\ntype: helm.sh/release.v1\ndata:\n  release: %s\n",
        "base64 > base64 > gzip",
        lambda value: b64encode(b64encode(gzip.compress(setting(value)))),
    ),
    "lib/acme.jar": (b"%s", "zip:conf/app.properties",
                     lambda value: zipped(setting(value) * 2, "conf/app.properties")),
    "notes/try.ipynb": (b"%s", "escapes", notebook),
    "setup/keys.reg": (
        b"%s", "utf-16", lambda value: b"\xff\xfe" + setting(value).decode().encode("utf-16-le"),
    ),
    "setup/run.ps1": (
        b"powershell -EncodedCommand %s\r\n", "base64 > utf-16",
        lambda value: b64encode(lines(value).encode("utf-16-le")),
    ),
    "mail/message.eml": (
        b"Content-Transfer-Encoding: base64\r\n\r\n%s\r\n", "base64",
        lambda value: wrapped(b64encode(setting(value) + b"# password, secret, token\n"), 76,
                              b"\r\n"),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one secret in each of `FILES`, and one of them plain in another file."""
    builder = Builder(tmp_path_factory.mktemp("encoded") / "r", bare=True)
    for seed, (path, (form, _, encode)) in enumerate(FILES.items()):
        builder.write(path, form % encode(token(seed)))
    builder.commit("Encode everything")
    builder.write("plain.env", setting(token(0)))
    builder.commit("And write it plainly")
    return builder.path


@pytest.fixture(scope="module")
def scanned(repository: Path) -> Scanned:
    return scan(repository, repository.parent / "index.db")


@pytest.mark.parametrize("path", FILES)
def test_it_is_found_with_how_it_was_decoded(scanned: Scanned, path: str) -> None:
    """At its path, under the fingerprint of the plain value."""
    secret = fingerprint(token(list(FILES).index(path)))
    (finding,) = [one for one in scanned.findings if one.path == path.encode()
                  and one.secret == secret]  # fmt: skip
    assert finding.decoded == FILES[path][1]
    assert finding.rule == "github.pat-classic"


def test_nothing_else_is_found(scanned: Scanned) -> None:
    """The encoded form of a secret is not a second one."""
    known = {fingerprint(token(seed)) for seed in range(len(FILES))}
    assert {one.secret for one in scanned.findings} == known
    assert scanned.summary.complete


def test_encoded_and_plain_are_one_secret(scanned: Scanned) -> None:
    """In two files."""
    places = {one.path for one in scanned.of(token(0))}
    assert places == {b"deploy/secret.yaml", b"plain.env"}


def test_several_secrets_in_one_archive(tmp_path: Path) -> None:
    """They have one place in the file, and are as many findings."""
    builder = Builder(tmp_path / "r", bare=True)
    values = [token(seed) for seed in range(3)]
    builder.write("all.zip", zipped(b"".join(setting(value) for value in values * 2)))
    builder.commit("Pack")
    found = scan(builder.path, tmp_path / "index.db").findings
    assert {one.secret for one in found} == {fingerprint(value) for value in values}
    assert len({(one.start_byte, one.end_byte) for one in found}) == 1


def test_every_version_of_an_archive_is_opened(tmp_path: Path) -> None:
    """Also where one differs little from the version before, in which nothing was found."""
    builder = Builder(tmp_path / "r", bare=True)
    before = b"".join(b"# line %d\n" % number for number in range(3000))
    builder.write("app.zip", zipped(before, method=8))
    builder.commit("Pack")
    builder.write("app.zip", zipped(before + setting(token(5)), method=8))
    builder.commit("Pack again")
    result = scan(builder.path, tmp_path / "index.db")
    assert result.of(token(5))


def tokens_at(found: Scanned) -> set[bytes | None]:
    """Where tokens were recognized. Unread, the encoded form of one may still be a guess."""
    return {one.path for one in found.findings if one.rule == "github.pat-classic"}


def test_another_depth_reads_everything_again(repository: Path, tmp_path: Path) -> None:
    """And what is then not decoded leaves the index."""
    index = tmp_path / "index.db"
    shallow = scan(repository, index, setup=ScannerSetup(decode_depth=0, archive_depth=0))
    assert tokens_at(shallow) == {b"plain.env"}
    deep = scan(repository, index)
    assert len(tokens_at(deep)) == len(FILES) + 1
    again = scan(repository, index, setup=ScannerSetup(decode_depth=0, archive_depth=0))
    assert tokens_at(again) == {b"plain.env"}


def locked(path: Path) -> Builder:
    """A repository with an archive whose only member is encrypted."""
    content = bytearray(zipped(setting(token(1)) * 2))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    builder = Builder(path, bare=True)
    builder.write("locked.zip", bytes(content))
    builder.commit("Lock it")
    return builder


UNREAD = {"something in it was not read: zip: a member is encrypted": 1}


def test_an_encrypted_archive_is_reported_as_not_read(tmp_path: Path) -> None:
    """The scan is not complete, and says why."""
    builder = locked(tmp_path / "r")
    summary = scan(builder.path, tmp_path / "index.db").summary
    assert summary.skipped == UNREAD
    assert not summary.complete


@pytest.mark.parametrize("change", [None, "commit", "repack"])
def test_what_cannot_be_read_is_not_read_again(tmp_path: Path, change: str | None) -> None:
    """No scan by the same rules would do better; all of them say so."""
    builder = locked(tmp_path / "r")
    scan(builder.path, tmp_path / "index.db")
    if change == "commit":
        builder.write("README.md", "Ask Ben for the password.\n")
        builder.commit("Explain")
    if change == "repack":
        layouts.repack(builder.path)
    for added in (3 if change == "commit" else 0, 0):  # commit, tree and file
        again = scan(builder.path, tmp_path / "index.db").summary
        assert again.skipped == UNREAD
        assert not again.complete
        assert again.objects == added


def test_another_rule_set_reads_what_could_not_be_read(tmp_path: Path) -> None:
    """It may see no archive in it at all, and then nothing is missing."""
    builder = locked(tmp_path / "r")
    scan(builder.path, tmp_path / "index.db")
    summary = scan(builder.path, tmp_path / "index.db", setup=ScannerSetup(archive_depth=0)).summary
    assert summary.complete


def test_what_could_not_be_read_and_vanished_is_not_missing(tmp_path: Path) -> None:
    """The repository no longer holds it."""
    builder = locked(tmp_path / "r")
    builder.write("locked.zip", "")
    builder.commit("Empty it")
    scan(builder.path, tmp_path / "index.db")
    git(builder.path, "update-ref", "HEAD", orphan(builder.path))
    git(builder.path, "reflog", "expire", "--expire=now", "--all")
    git(builder.path, "gc", "-q", "--prune=now")
    summary = scan(builder.path, tmp_path / "index.db").summary
    assert summary.skipped == {}


def orphan(path: Path) -> str:
    """A commit like the newest, without parents."""
    made = git(path, "commit-tree", "-m", "Start", "HEAD^{tree}")
    return made.decode().strip()


def test_the_depths_of_the_command_line(repository: Path, tmp_path: Path) -> None:
    """`--max-decode-depth` and `--max-archive-depth`."""

    def paths(done: Done) -> set[str]:
        return {line["path"] for line in done.lines if line["rule"] == "github.pat-classic"}

    arguments = ("scan", repository, "--index", tmp_path / "index.db", "-f", "jsonl")
    without = forensics(*arguments, "--max-decode-depth", "0", "--max-archive-depth", "0")
    assert paths(without) == {"plain.env"}
    texts = forensics(*arguments, "--max-archive-depth", "0")
    assert paths(texts) == {"plain.env", *FILES} - {"lib/acme.jar", "deploy/release.yaml"}
