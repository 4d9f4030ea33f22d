"""Drift: what the index has, and what the repository has more."""

from __future__ import annotations

import gc
import json
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
from textual.pilot import Pilot

from fixtures_repos.builder import Builder
from forensics.drift.overrides import Overrides
from forensics.index.database import (
    Connection,
    create_or_open,
    in_memory,
    open_for_reading,
    writing,
)
from forensics.index.lock import scan_lock
from forensics.key import Key, load_key
from forensics.scan.drift_browsing import browsed
from forensics.settings.file import named_by_user
from tests.cli.command import forensics
from tests.tui.drift.driving import (
    Told,
    asked,
    at,
    commit_shown,
    env,
    keys,
    row,
    same,
    shown,
    told_matrix,
)
from tests.tui.piloting import drive, grid, said, settled, until
from tests.tui.scan_scene import FAKE, begin
from tui.scans import Scans


def test_without_the_repository_the_index_tells(web: Told) -> None:
    """The same matrices; names of refs it cannot tell."""
    forensics("drift", web.path, "--index", web.database)
    expected = at(web, web.commits["flags"])

    async def told(pilot: Pilot[Any]) -> None:
        assert "the repository was not read" in said(pilot)
        await asked(pilot, web.commits["flags"][:10])
        assert same(told_matrix(pilot), expected)
        await asked(pilot, "v1")
        assert "not at hand" in said(pilot)

    drive(web.database, "drift", told)


def test_nothing_is_kept_of_a_connection_that_was_closed(web: Told, key: Key) -> None:
    """Each scan has threads open another one."""
    forensics("drift", web.path, "--index", web.database)
    found, kept = None, []
    for _ in range(3):
        with closing(open_for_reading(web.database, key)) as connection:
            found = found or browsed(connection, key, None, lambda *_: None)
            assert found is not None
            assert found.read(connection) is found.read(connection)
            kept.append(ref(found.read(connection)))
    gc.collect()
    assert [one() is None for one in kept] == [True, True, False]


def test_a_record_that_lacks_something_is_read_again(web: Told, key: Key) -> None:
    """With the repository at hand; else it is said that files cannot be told."""
    forensics("drift", web.path, "--index", web.database)
    with closing(create_or_open(web.database, key)) as database, writing(database):
        database.execute("DELETE FROM drift_reading WHERE id % 2 = 0")

    async def without(pilot: Pilot[Any]) -> None:
        assert re.search("[2-9] files do not parse", shown(pilot))

    drive(web.database, "drift", without, size=(120, 30))
    expected = at(web, web.commits["prefix"])

    async def told(pilot: Pilot[Any]) -> None:
        assert same(told_matrix(pilot), expected)

    drive(web.database, "drift", told, repository=web.path)


def test_where_neither_has_anything_it_is_said(index: Path, tmp_path: Path) -> None:
    """No repository and no record; a repository without configuration; one without commits."""

    async def missing(pilot: Pilot[Any]) -> None:
        assert "repository is not at hand" in shown(pilot)
        await keys(pilot, "]", "}", "<", "=", "d", "c", "w", "enter", "l", "@")

    drive(index, "drift", missing)
    builder = Builder(tmp_path / "words")
    builder.write("README.md", "# Words\n")
    builder.commit("Words")

    async def nothing(pilot: Pilot[Any]) -> None:
        assert "Nothing in this repository is configuration" in shown(pilot)

    drive(index, "drift", nothing, repository=builder.populate())
    subprocess.run(["git", "init", "-q", tmp_path / "empty"], check=True)

    async def empty(pilot: Pilot[Any]) -> None:
        assert "has no commit yet" in " ".join(shown(pilot).split())

    drive(index, "drift", empty, repository=tmp_path / "empty")


def test_while_a_scan_writes_the_index_tells_what_it_has(web: Told, key: Key) -> None:
    """What is new waits, and that is said; once the other is done it can be read."""
    forensics("drift", web.path, "--index", web.database, "--at", web.commits["start"])
    forensics("drift", web.path, "--index", web.database)
    with scan_lock(web.database), closing(create_or_open(web.database, key)) as other:
        other.execute("BEGIN IMMEDIATE")

        async def told(pilot: Pilot[Any]) -> None:
            assert "another scan is writing" in said(pilot)
            await keys(pilot, "[")
            assert commit_shown(pilot) == web.commits["workers"][:7]

        drive(web.database, "drift", told, repository=web.path)


def test_while_a_scan_of_ours_writes_it_is_ours(
    web: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not another one; what is new is there once it is done."""
    command = [sys.executable, "-c", FAKE, str(web.database), str(tmp_path)]
    monkeypatch.setattr(Scans, "command", lambda *_: command)

    async def told(pilot: Pilot[Any]) -> None:
        scans = await begin(pilot)
        await pilot.press("4")
        await until(pilot, lambda: "the scan that runs here" in said(pilot))
        (tmp_path / "end").touch()
        await until(pilot, lambda: not scans.at_work)
        await until(pilot, lambda: web.commits["prefix"][:7] in grid(pilot)[1])

    drive(web.database, "audit", told, repository=web.path)


def test_what_is_new_is_read_and_the_place_stays(web: Told, tmp_path: Path) -> None:
    """A commit made meanwhile comes with `r`; who looked at the past goes on looking at it."""
    work = tmp_path / "work"
    subprocess.run(["git", "clone", "-q", web.path, work], check=True)

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "[", "=")
        (work / "web" / ".env.dev").write_text("LOG_FORMAT=text\n")
        said = ["-c", "user.name=Ann", "-c", "user.email=ann@acme.example"]
        subprocess.run(["git", "-C", work, *said, "commit", "-qam", "More"], check=True)
        await keys(pilot, "r")
        assert commit_shown(pilot) == web.commits["workers"][:7]
        assert "of 7" in grid(pilot)[1]
        assert "base: " in grid(pilot)[1]
        await keys(pilot, ">")
        assert row(pilot, "LOG_FORMAT")[:3] == ["A+", "B", "B"]

    drive(web.database, "drift", told, repository=work)


def test_files_are_placed_as_the_user_says(tmp_path: Path, index: Path) -> None:
    """By the screen as by the command line, which then read nothing anew; and counted alike."""
    builder = Builder(tmp_path / "odd")
    for name, values in (("blue", {"MODE": "thread"}), ("green", {"MODE": "thread", "SIZE": "x"})):
        builder.write(f"odd/{name}/settings.env", env(**values))
        builder.write(f"old/.env.{name}", env(OLD="yes"))
    builder.commit("Start")
    builder.write("odd/green/settings.env", env(MODE="thread", SIZE="x", MORE="y"))
    builder.commit("More")
    repository = builder.populate()
    said = tmp_path / "forensics.toml"
    said.write_text(
        '[drift.aliases]\ngreen = "prod"\n[[drift.files]]\n'
        'path = "odd/{environment}/settings.env"\nset = "settings"\n'
    )
    done = forensics("drift", repository, "--policy", said, "-f", "json", "--index", index)
    expected = json.loads(done.out)
    assert "settings" in {one["set"] for one in expected["keys"]}
    words = ["--history", "--open", "--policy", said, "--index", index]
    open_now = forensics("drift", repository, *words)
    count = re.search(r"(\d+) open", open_now.out)
    assert count
    assert int(count[1])
    before = len(read_rows(index))

    async def told(pilot: Pilot[Any]) -> None:
        assert same(told_matrix(pilot), expected)
        assert f"open {count[1]}" in grid(pilot)[1]

    async def overview(pilot: Pilot[Any]) -> None:
        assert re.search(rf"│? open +{count[1]}\s*$", shown(pilot), re.MULTILINE)

    overrides = Overrides.of(named_by_user(said))
    drive(index, "drift", told, repository=repository, overrides=overrides)
    assert len(read_rows(index)) == before
    drive(index, "overview", overview, repository=repository, overrides=overrides)


def read_rows(index: Path) -> list[int]:
    """The readings that an index has."""
    with closing(open_for_reading(index, load_key(create=False))) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM drift_reading")]


def test_a_figure_of_the_overview_leads_to_the_keys_that_it_counts(web: Told) -> None:
    """What opened then, until that is let go."""
    forensics("drift", web.path, "--index", web.database)

    async def told(pilot: Pilot[Any]) -> None:
        app: Any = pilot.app
        await app.open_screen("drift", "age:0..")
        await settled(pilot)
        assert "1 of 6 keys" in grid(pilot)[0]
        assert "only what opened then" in shown(pilot)
        await keys(pilot, "escape")
        assert "6 keys" in grid(pilot)[0]
        await app.open_screen("drift", "age:0..1")
        await settled(pilot)
        assert "0 of 6 keys" in grid(pilot)[0]

    drive(web.database, "overview", told, repository=web.path, size=(120, 30))


def test_without_an_index_the_repository_is_read(web: Told) -> None:
    """Into a new one, which all that is asked then is asked of."""
    index, key = web.database.with_name("new.db"), load_key(create=False)

    def connect() -> Connection:
        return open_for_reading(index, key) if index.exists() else in_memory(key)

    async def told(pilot: Pilot[Any]) -> None:
        assert row(pilot, "WORKERS")[:3] == ["A", "A", "B"]

    drive(index, "drift", told, repository=web.path, connect=connect)
