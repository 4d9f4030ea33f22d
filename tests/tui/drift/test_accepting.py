"""Drift: accepting differences, as the command line does."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, Static

from forensics.drift.overrides import Overrides
from forensics.settings.file import named_by_user
from tests.cli.command import forensics
from tests.tui.drift.driving import (
    Told,
    keys,
    row,
    same,
    shown,
    told_matrix,
)
from tests.tui.piloting import comes, drive, grid, said, settled
from tui.screens.drift.accepting import Accept


def test_what_is_accepted_is_what_the_command_line_writes(web: Told, tmp_path: Path) -> None:
    """To the byte; the file is shown before, and its row is drift no more."""
    subprocess.run(["git", "clone", "-q", web.path, tmp_path / "work"], check=True)
    work = tmp_path / "work"
    said = {"reason": "not there yet", "owner": "ops", "expires": "2034-01-31"}

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "slash", *"PREFIX", "enter")
        await pilot.press("w")
        dialog = await comes(pilot, Accept)
        where = dialog.query_one("#accept-where", Static)
        assert str(work / ".forensics-drift.toml") in str(where.render())
        for name, text in (said | {"expires": "soon"}).items():
            dialog.query_one(f"#accept-{name}", Input).value = text
        await pilot.press("enter")
        await pilot.pause()
        assert "is not a date" in shown(pilot)
        assert not (work / ".forensics-drift.toml").exists()
        dialog.query_one("#accept-expires", Input).value = said["expires"]
        await pilot.press("enter")
        await pilot.pause()
        await settled(pilot)
        assert "accepted:" in " ".join(row(pilot, "PREFIX"))
        await keys(pilot, "d")
        assert "No key" in shown(pilot)

    drive(web.database, "drift", told, repository=work, size=(120, 30))
    written = (work / ".forensics-drift.toml").read_text()
    other = tmp_path / "other.toml"
    options = [word for name, text in said.items() for word in (f"--{name}", text)]
    done = forensics(
        "drift", "accept", "--set", "web", "--key", "PREFIX", "--kind", "missing", *options,
        "--file", other, cwd=work,
    )  # fmt: skip
    assert done.code == 0
    assert written == other.read_text()


def test_nothing_is_accepted_read_only(web: Told) -> None:
    """Nor is the index written."""
    forensics("drift", web.path, "--index", web.database)
    before = web.database.read_bytes()

    async def told(pilot: Pilot[Any]) -> None:
        assert "as the index has it" in said(pilot)
        await keys(pilot, "j", "w")
        assert "--read-only" in said(pilot)

    drive(web.database, "drift", told, repository=web.path, read_only=True)
    assert web.database.read_bytes() == before


SAID = {"reason": "not there yet", "owner": "ops", "expires": "2034-01-31"}


async def accepts(pilot: Pilot[Any], key: str, file: Path, **more: str) -> None:
    """Accept what differs of a key."""
    await keys(pilot, "slash", *key, "enter")
    await pilot.press("w")
    dialog = await comes(pilot, Accept)
    for name, text in (SAID | {"file": str(file)} | more).items():
        dialog.query_one(f"#accept-{name}", Input).value = text
    await pilot.press("enter")
    await pilot.pause()
    await settled(pilot)


def journal(told: Told) -> list[dict[str, Any]]:
    """What the journal says of drift."""
    done = forensics("log", "-f", "json", "--index", told.database)
    return [one for one in json.loads(done.out) if one["kind"].startswith("drift")]


def test_accepting_is_undone_and_done_again(web: Told, tmp_path: Path) -> None:
    """The file is what it was, to the byte; the journal tells of each, and of what it undoes."""
    file = tmp_path / "accepted.toml"

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "z")
        assert "nothing was accepted here yet" in said(pilot)
        assert "open 1" in grid(pilot)[1]
        await accepts(pilot, "PREFIX", file)
        first = file.read_bytes()
        assert "open 0 (1 accepted)" in grid(pilot)[1]
        await accepts(pilot, "PREFIX", file, reason="another reason")
        assert b"another reason" in file.read_bytes()
        await keys(pilot, "z")
        assert file.read_bytes() == first
        assert "not there yet" in " ".join(row(pilot, "PREFIX"))
        await keys(pilot, "z")
        assert not file.exists()
        assert "is gone, as it was not there before" in said(pilot)
        assert "open 1" in grid(pilot)[1]
        assert "accepted" not in " ".join(row(pilot, "PREFIX"))
        await keys(pilot, "Z", "Z")
        assert b"another reason" in file.read_bytes()
        await keys(pilot, "Z")
        assert "nothing to redo" in said(pilot)

    drive(web.database, "drift", told, repository=web.path, size=(140, 30))
    rows = journal(web)
    kinds = [one["kind"].removeprefix("drift-") for one in rows]
    assert kinds == ["accepted"] * 3 + ["taken-back"] + ["accepted"] * 2
    assert [one["related_to"] for one in rows[2:4]] == [rows[1]["id"], rows[0]["id"]]
    assert {one["conversation"] for one in rows} == {"drift:web"}
    assert rows[0]["subject"] == "PREFIX"
    expected = SAID | {"kind": "missing", "file": str(file)}
    assert rows[0]["detail"] == expected


def test_undo_says_what_it_leaves_in_the_file(web: Told, tmp_path: Path) -> None:
    """A file that was there stays; where others wrote to it too, it is not as it was."""
    there, new, empty = (tmp_path / f"{name}.toml" for name in ("there", "new", "empty"))
    here = ["--reason", "so", "--owner", "ops", "--expires", "2034-01-31", "--set", "*"]
    forensics("drift", "accept", "--key", "OTHER", *here, "--file", there)
    empty.touch()
    before = there.read_bytes()

    async def told(pilot: Pilot[Any]) -> None:
        await accepts(pilot, "PREFIX", there)
        await keys(pilot, "z")
        assert "there.toml is as it was" in said(pilot)
        assert there.read_bytes() == before
        await accepts(pilot, "PREFIX", new)
        forensics("drift", "accept", "--key", "OTHER", *here, "--file", new)
        await keys(pilot, "z")
        assert "new.toml stays, with 1 acceptances" in said(pilot)
        assert b"OTHER" in new.read_bytes()
        await accepts(pilot, "PREFIX", empty)
        await keys(pilot, "z")
        assert "empty.toml stays, with no acceptances" in said(pilot)

    drive(web.database, "drift", told, repository=web.path, size=(220, 30))


def test_the_journal_is_told_alike_by_the_command_line(web: Told, tmp_path: Path) -> None:
    """But for who, when and where to."""
    forensics("drift", web.path, "--index", web.database)
    options = [word for name, text in SAID.items() for word in (f"--{name}", text)]

    async def told(pilot: Pilot[Any]) -> None:
        await accepts(pilot, "PREFIX", tmp_path / "a.toml")
        await keys(pilot, "z")

    drive(web.database, "drift", told, repository=web.path)
    about = ["--set", "web", "--key", "PREFIX", "--kind", "missing"]
    where = ["--file", tmp_path / "b.toml", "--index", web.database]
    assert forensics("drift", "accept", *about, *options, *where).code == 0
    assert forensics("drift", "accept", "--remove", *about, *where).code == 0
    rows = journal(web)
    for one in rows:
        one["detail"].pop("file")
    facts = ("kind", "conversation", "subject", "detail", "actor")
    there, here = ([{name: one[name] for name in facts} for one in rows[at:][:2]] for at in (0, 2))
    assert there == here


def test_what_somebody_else_wrote_meanwhile_is_not_undone(web: Told, tmp_path: Path) -> None:
    """Neither the file nor the journal changes."""
    file = tmp_path / "accepted.toml"

    async def told(pilot: Pilot[Any]) -> None:
        await accepts(pilot, "PREFIX", file)
        other = file.read_text().replace("not there yet", "somebody's reason")
        file.write_text(other)
        await keys(pilot, "z")
        assert "somebody else changed that meanwhile" in said(pilot)
        assert file.read_text() == other

    drive(web.database, "drift", told, repository=web.path)
    assert len(journal(web)) == 1


def test_where_the_file_cannot_be_written_the_journal_says_nothing(
    web: Told, tmp_path: Path
) -> None:
    """Both or none of them."""

    async def told(pilot: Pilot[Any]) -> None:
        await accepts(pilot, "PREFIX", tmp_path / "no" / "such" / "folder.toml")
        assert "cannot be written" in said(pilot)
        assert "accepted" not in " ".join(row(pilot, "PREFIX"))

    drive(web.database, "drift", told, repository=web.path, size=(220, 30))
    assert journal(web) == []


def test_a_named_file_counts_from_the_start(web: Told, tmp_path: Path) -> None:
    """As with the command line; what expired or is for nothing is said, and a broken file hides
    nothing."""
    file = tmp_path / "accepted.toml"
    for key, expires in (("PREFIX", "2034-01-31"), ("NOBODY", "2034-01-31")):
        forensics(
            "drift", "accept", "--set", "*", "--key", key, "--reason", "so", "--owner", "ops",
            "--expires", expires, "--file", file,
        )  # fmt: skip
    forensics("drift", web.path, "--index", web.database)

    async def told(pilot: Pilot[Any]) -> None:
        assert "accepted: so (ops" in " ".join(row(pilot, "PREFIX"))
        assert "1 for nothing" in said(pilot)
        expected = forensics(
            "drift", web.path, "-f", "json", "--acceptances", file, "--index", web.database,
            "--at", web.commits["prefix"],
        )  # fmt: skip
        assert same(told_matrix(pilot), json.loads(expected.out))
        file.write_text("format = 2\n")
        await keys(pilot, "r")
        assert "format = 1" in said(pilot)
        assert "accepted: so (ops" in " ".join(row(pilot, "PREFIX"))

    drive(web.database, "drift", told, repository=web.path, size=(160, 30), acceptances=file)

    async def overview(pilot: Pilot[Any]) -> None:
        assert re.search(r" open +0$", shown(pilot), re.MULTILINE)

    file.unlink()
    forensics(
        "drift", "accept", "--set", "*", "--key", "PREFIX", "--reason", "so", "--owner", "ops",
        "--expires", "2034-01-31", "--file", file,
    )  # fmt: skip
    drive(web.database, "overview", overview, repository=web.path, acceptances=file)


def test_a_file_of_the_repository_counts_for_nothing(web: Told, tmp_path: Path) -> None:
    """Not even after somebody accepted something in it: a repository could accept anything."""
    work = tmp_path / "work"
    subprocess.run(["git", "clone", "-q", web.path, work], check=True)
    own = work / ".forensics-drift.toml"
    forensics(
        "drift", "accept", "--set", "*", "--key", "*", "--reason", "all is well",
        "--owner", "mallory", "--expires", "2034-01-31", "--file", own,
    )  # fmt: skip

    async def told(pilot: Pilot[Any]) -> None:
        assert "is not used" in said(pilot)
        assert "open 1" in grid(pilot)[1]
        await accepts(pilot, "PREFIX", own)
        assert "open 0 (1 accepted)" in grid(pilot)[1]
        assert "all is well" not in shown(pilot)

    drive(web.database, "drift", told, repository=work, size=(140, 30))


def test_names_that_the_user_gives_environments_can_be_accepted(web: Told, tmp_path: Path) -> None:
    """The dialog takes them as the command line does."""
    said = tmp_path / "forensics.toml"
    said.write_text('[drift.aliases]\ngreen = "prod"\n')
    file = tmp_path / "accepted.toml"

    async def told(pilot: Pilot[Any]) -> None:
        await accepts(pilot, "PREFIX", file, environment="green")
        assert 'environment = "prod"' in file.read_text()

    overrides = Overrides.of(named_by_user(said))
    drive(web.database, "drift", told, repository=web.path, overrides=overrides)


def test_what_is_accepted_here_counts_in_place_of_the_named_file(web: Told, tmp_path: Path) -> None:
    """About the same; taken back, what the file says counts again."""
    named = tmp_path / "named.toml"
    options = [word for name, text in SAID.items() for word in (f"--{name}", text)]
    about = ["--set", "web", "--key", "PREFIX", "--kind", "missing"]
    assert forensics("drift", "accept", *about, *options, "--file", named).code == 0

    async def told(pilot: Pilot[Any]) -> None:
        assert "accepted: not there yet" in " ".join(row(pilot, "PREFIX"))
        await accepts(pilot, "PREFIX", tmp_path / "own.toml", reason="own words")
        assert "accepted: own words" in " ".join(row(pilot, "PREFIX"))
        await keys(pilot, "z")
        assert "accepted: not there yet" in " ".join(row(pilot, "PREFIX"))

    drive(web.database, "drift", told, repository=web.path, size=(160, 30), acceptances=named)
