"""Values are read again from the repository, and each fits its fingerprint."""

from __future__ import annotations

import base64
import gzip
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from forensics.git.repository import open_repository
from forensics.git.single import SingleObjects
from forensics.index.database import create_or_open
from forensics.scan.reveal import read_values
from forensics.scan.values import Value
from tests.scan.scanning import KEY, WITHOUT_GITHUB, fingerprint, read, scan


def values(path: Path, index: Path, *, wanted: list[str] | None = None) -> dict[str, Value]:
    """The values of the secrets in an index, or of those named."""
    names = wanted if wanted is not None else [one.secret for one in read(index)[0]]
    with closing(create_or_open(index, KEY)) as connection:
        return read_values(open_repository(path), connection, KEY, names)


def test_every_value_of_every_story_is_read_again(any_story: Story, tmp_path: Path) -> None:
    """Out of blobs, messages, names of paths and refs, whatever still leads there."""
    index = tmp_path / "index.db"
    found = {one.secret for one in scan(any_story.path, index).findings}
    again = values(any_story.path, index)
    assert found
    assert again.keys() == found
    for name, value in again.items():
        assert fingerprint(value.canonical.reveal()) == name
    assert again[fingerprint(any_story.secret)].canonical.reveal() == any_story.secret


def test_every_value_of_the_example_is_read_again(acme_repository: Path, tmp_path: Path) -> None:
    """Keys in armour, passwords in URLs, and what stands in base64 included."""
    index = tmp_path / "index.db"
    found = {one.secret for one in scan(acme_repository, index).findings}
    again = values(acme_repository, index)
    assert again.keys() == found
    assert {fingerprint(value.canonical.reveal()) for value in again.values()} == found


def test_what_stands_encoded_comes_with_what_it_stands_in(tmp_path: Path) -> None:
    """The value itself, and the text that holds it."""
    builder = Builder(tmp_path / "r")
    packed = base64.b64encode(gzip.compress(setting(token(1)), mtime=0))
    builder.write("a.txt", b"data: " + packed + b"\n")
    builder.commit("Keep it packed")
    scan(builder.path, tmp_path / "index.db")
    (value,) = values(builder.path, tmp_path / "index.db").values()
    assert value.canonical.reveal() == token(1)
    assert value.raw.reveal() == packed


def test_an_object_is_read_once_however_many_secrets_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twenty values that share a file, in three versions of it, take one read."""
    builder = Builder(tmp_path / "r")
    lines = b"".join(b"T=%s\n" % token(seed) for seed in range(1, 21))
    for version in range(3):
        builder.write("many.env", lines + b"#\n" * version)
        builder.commit("Change it")
    scan(builder.path, tmp_path / "index.db")
    read_ids: list[bytes] = []
    original = SingleObjects.read

    def counted(self: SingleObjects, oid: bytes) -> tuple[str, bytes]:
        read_ids.append(oid)
        return original(self, oid)

    monkeypatch.setattr(SingleObjects, "read", counted)
    assert len(values(builder.path, tmp_path / "index.db")) == 20
    assert len(read_ids) == 1


def test_another_version_serves_where_one_is_lost(tmp_path: Path) -> None:
    """A value is absent only once no object that held it can be read."""
    builder = Builder(tmp_path / "r")
    blobs = [builder.write("a.env", setting(token(1)) + b"#\n" * number) for number in range(2)]
    for number, oid in enumerate(blobs):
        builder.write("a.env", setting(token(1)) + b"#\n" * number)
        builder.commit("Change it")
        assert oid
    scan(builder.path, tmp_path / "index.db")
    for oid in blobs:
        assert values(builder.path, tmp_path / "index.db")
        (builder.git_dir / "objects" / oid[:2] / oid[2:]).unlink()
    assert not values(builder.path, tmp_path / "index.db")


def test_what_only_other_rules_found_is_read_where_it_stands_plain(
    leaked_then_deleted: Story, tmp_path: Path
) -> None:
    """The place and the fingerprint are enough; no rule is asked."""
    index = tmp_path / "index.db"
    scan(leaked_then_deleted.path, index)
    with closing(create_or_open(index, KEY)) as connection:
        again = read_values(
            open_repository(leaked_then_deleted.path), connection, KEY,
            [fingerprint(token())], WITHOUT_GITHUB,
        )  # fmt: skip
    assert again[fingerprint(token())].raw.reveal() == token()


def test_another_repository_gives_nothing(
    leaked_then_deleted: Story, replaced: Story, tmp_path: Path
) -> None:
    """Nor does a fingerprint that nothing has."""
    index = tmp_path / "index.db"
    scan(leaked_then_deleted.path, index)
    assert not values(replaced.path, index)
    assert not values(leaked_then_deleted.path, index, wanted=["00" * 32])


def test_a_packed_repository_gives_the_same(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """Also after the pack that was scanned has gone."""
    index = tmp_path / "index.db"
    scan(leaked_then_deleted.path, index)
    subprocess.run(["git", "-C", leaked_then_deleted.path, "gc", "-q"], check=True)
    assert values(leaked_then_deleted.path, index)[fingerprint(token())].raw.reveal() == token()


def test_values_do_not_show_by_accident(leaked_then_deleted: Story, tmp_path: Path) -> None:
    """Printed, a value says how long it is."""
    scan(leaked_then_deleted.path, tmp_path / "index.db")
    shown = repr(values(leaked_then_deleted.path, tmp_path / "index.db"))
    assert "40 bytes" in shown
    assert token().decode() not in shown
