"""Drift: the matrix at any commit, what changed since when, and accepting."""

from __future__ import annotations

import json
import re
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from fixtures_repos.builder import Builder
from fixtures_repos.stories.drift import DRIFT_STORIES
from forensics.index.database import create_or_open, writing
from forensics.index.lock import scan_lock
from forensics.key import Key
from forensics.report.drift.lines import matrix_json
from tests.cli.command import forensics
from tests.tui.piloting import comes, drive, grid, settled
from tui.dialogs import AskText
from tui.pager import Pager
from tui.screens.drift.accepting import Accept
from tui.screens.drift.choosing import ChooseSet

pytestmark = pytest.mark.usefixtures("key")


class Told(NamedTuple):
    """A repository, an index, and commits by name."""

    path: Path
    database: Path
    commits: dict[str, str]


def env(**values: str) -> str:
    """A dotenv file."""
    return "".join(f"{name}={value}\n" for name, value in values.items())


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """An index without anything."""
    path = tmp_path / "index.db"
    create_or_open(path, key).close()
    return path


@pytest.fixture
def web(tmp_path: Path, index: Path) -> Told:
    """Two components: in one production lacks a key for a while, in the other a value changes."""
    builder = Builder(tmp_path / "web")
    has = {
        name: {"LOG_FORMAT": "json", "WORKERS": "prefork"} for name in ("dev", "staging", "prod")
    }
    commits = {}

    def commit(name: str) -> None:
        for environment, values in has.items():
            builder.write(f"web/.env.{environment}", env(**values))
        builder.wait(days=1)
        commits[name] = builder.commit(name)

    commit("start")
    for name in ("dev", "staging"):
        has[name]["FLAGS"] = "alpha"
    commit("flags")
    has["prod"]["FLAGS"] = "alpha"
    commit("released")
    for name in ("dev", "prod"):
        builder.write(f"api/.env.{name}", env(MODE="thread", DEPTH="seven"))
    commit("api")
    has["prod"]["WORKERS"] = "thread"
    commit("workers")
    for name in ("dev", "staging"):
        has[name]["PREFIX"] = "web7"
    commit("prefix")
    builder.write("README.md", "# Web\n")
    commits["words"] = builder.commit("Words")
    return Told(builder.populate(), index, commits)


def shown(pilot: Pilot[Any]) -> str:
    """All of the screen."""
    return "\n".join(grid(pilot))


def row(pilot: Pilot[Any], key: str) -> list[str]:
    """The words of a key's row, without the marks of what is current."""
    for line in grid(pilot)[4:]:
        words = line.lstrip(">* ").split()
        if words and words[0] == key:
            return [word.strip("[]") for word in words[1:]]
    raise AssertionError(f"no row of {key}")


def commit_shown(pilot: Pilot[Any]) -> str:
    """The commit in the slider's line."""
    found = re.search(r" T \S+ ([0-9a-f]{7})", grid(pilot)[1])
    assert found
    return found[1]


async def keys(pilot: Pilot[Any], *pressed: str) -> None:
    """Press, and wait for what comes of it."""
    for one in pressed:
        await pilot.press(one)
    await settled(pilot)


async def asked(pilot: Pilot[Any], text: str) -> None:
    """Jump to a date or ref."""
    await pilot.press("@")
    (await comes(pilot, AskText)).query_one(Input).value = text
    await pilot.press("enter")
    await settled(pilot)


def told_matrix(pilot: Pilot[Any]) -> dict[str, Any]:
    """What is shown, as `-f json` has it."""
    view: Any = pilot.app.screen
    told: dict[str, Any] = json.loads("".join(matrix_json(view._view.matrix, {})))
    return told


def at(told: Told, commit: str) -> dict[str, Any]:
    """The same from the command line."""
    other = told.database.with_name("other.db")
    done = forensics("drift", told.path, "--at", commit, "-f", "json", "--index", other)
    found: dict[str, Any] = json.loads(done.out)
    return found


def same(found: dict[str, Any], expected: dict[str, Any]) -> bool:
    """All but what the commit was asked for by."""
    return found | {"ref": ""} == expected | {"ref": ""}


def test_each_step_is_what_the_command_line_tells(web: Told) -> None:
    """Forth and back again, over all of history."""
    names = ["start", "flags", "released", "api", "workers", "prefix"]
    expected = {name: at(web, web.commits[name]) for name in names}

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "<")
        for name in names:
            assert commit_shown(pilot) == web.commits[name][:7]
            assert same(told_matrix(pilot), expected[name])
            await keys(pilot, "}")
        for name in reversed(names):
            assert same(told_matrix(pilot), expected[name])
            await keys(pilot, "{")

    drive(web.database, "drift", told, repository=web.path)


@pytest.mark.parametrize("name", ["folder_renamed_while_missing", "unparsable_while_missing"])
def test_moved_and_broken_files_are_followed(name: str, tmp_path: Path, index: Path) -> None:
    """A set that went on under another name, a file that did not parse."""
    story = DRIFT_STORIES[name](tmp_path / name)
    matrices = []

    async def told(pilot: Pilot[Any]) -> None:
        screen: Any = pilot.app.screen
        await keys(pilot, "<")
        for _ in screen._browsed.past.line.steps:
            matrices.append(told_matrix(pilot))
            await keys(pilot, "}")

    drive(index, "drift", told, repository=story.path)
    assert len(matrices) > 2
    for found in matrices:
        assert same(found, at(Told(story.path, index, {}), found["commit"]))


def test_the_slider_has_ends(web: Told) -> None:
    """Beyond them nothing happens, and that is said."""

    async def told(pilot: Pilot[Any]) -> None:
        assert "| now" in grid(pilot)[1]
        for key, what in (
            ("}", "last commit"),
            ("]", "nothing changed after"),
            (">", "last commit"),
        ):
            await keys(pilot, key)
            assert what in grid(pilot)[-1]
            assert commit_shown(pilot) == web.commits["prefix"][:7]
        await keys(pilot, "<")
        assert "1 of 6" in grid(pilot)[1]
        for key, what in (("{", "first commit"), ("[", "nothing changed before")):
            await keys(pilot, key)
            assert what in grid(pilot)[-1]
            assert commit_shown(pilot) == web.commits["start"][:7]

    drive(web.database, "drift", told, repository=web.path)


def test_the_next_change_is_of_the_component_that_is_shown(web: Told) -> None:
    """Commits that only change others are passed over."""

    async def told(pilot: Pilot[Any]) -> None:
        assert "-- web --" in shown(pilot)
        assert "-- api --" in shown(pilot)
        await pilot.press("c")
        await comes(pilot, ChooseSet)
        await pilot.press(*"web", "enter")
        await settled(pilot)
        assert "-- api --" not in shown(pilot)
        visited = []
        for _ in range(4):
            await keys(pilot, "[")
            visited.append(commit_shown(pilot))
        assert visited == [
            web.commits[one][:7] for one in ("workers", "released", "flags", "start")
        ]
        await keys(pilot, "]", "}", "}")
        assert commit_shown(pilot) == web.commits["api"][:7]

    drive(web.database, "drift", told, repository=web.path)


def test_jumps_go_to_dates_refs_and_commits(web: Told) -> None:
    """What means none is said, and nothing moves."""
    subprocess.run(["git", "-C", web.path, "tag", "v1", web.commits["released"]], check=True)

    async def told(pilot: Pilot[Any]) -> None:
        for text, name in (
            ("v1", "released"), (web.commits["api"], "api"), ("HEAD~1", "prefix"),
            ("v1~1", "flags"), ("2999-01-01", "prefix"),
        ):  # fmt: skip
            await asked(pilot, text)
            assert commit_shown(pilot) == web.commits[name][:7], text
        day = re.search(r" T (\S+) ", grid(pilot)[1])
        await keys(pilot, "<")
        assert day
        await asked(pilot, day[1])
        assert commit_shown(pilot) == web.commits["prefix"][:7]
        for bad in ("no-such-name", "2024-99-99", ""):
            await asked(pilot, bad)
            assert commit_shown(pilot) == web.commits["prefix"][:7]
            assert any(one in grid(pilot)[-1] for one in ("write", "name a", "names no commit"))

    drive(web.database, "drift", told, repository=web.path)


def test_a_pinned_base_marks_what_changed_since(web: Told) -> None:
    """Pinned once more at the same commit it is gone."""

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "<", "=")
        assert "base: " in grid(pilot)[1]
        assert "+" not in "".join(row(pilot, "WORKERS"))
        await keys(pilot, ">")
        assert row(pilot, "WORKERS")[:3] == ["A", "A", "B+"]
        assert row(pilot, "LOG_FORMAT")[:3] == ["A", "A", "A"]
        assert row(pilot, "FLAGS")[:3] == ["A+", "A+", "A+"]
        assert row(pilot, "DEPTH")[:2] == ["A+", "A+"]
        assert "changed since the base" in shown(pilot)
        await keys(pilot, "<", "=", ">")
        assert "+" not in "".join(row(pilot, "WORKERS"))

    drive(web.database, "drift", told, repository=web.path)


def test_only_drift_and_a_filter_leave_out_the_rest(web: Told) -> None:
    """Both say so, and both can be taken back."""

    async def told(pilot: Pilot[Any]) -> None:
        assert "6 keys" in grid(pilot)[0]
        await keys(pilot, "d")
        assert "1 of 6 keys" in grid(pilot)[0]
        assert row(pilot, "PREFIX")[:3] == ["A", "A", "-"]
        assert "LOG_FORMAT" not in shown(pilot)
        await keys(pilot, "<")
        assert "No drift here" in shown(pilot)
        await keys(pilot, ">", "d", "slash", *"*LOG*, PRE*", "enter")
        assert "2 of 6 keys" in grid(pilot)[0]
        await keys(pilot, "slash", *"ZZZ", "enter")
        assert "No key is like that" in shown(pilot)
        await keys(pilot, "escape")
        assert "6 keys" in grid(pilot)[0]

    drive(web.database, "drift", told, repository=web.path)


def test_a_cell_tells_of_itself_and_of_its_past(web: Told) -> None:
    """State, class, file and line, layer, since when, by whom, and never a value."""

    async def told(pilot: Pilot[Any]) -> None:
        await keys(pilot, "slash", *"WORKERS", "enter", "l", "right")
        detail = shown(pilot)
        assert "WORKERS in prod: value, class B" in detail
        assert "web/.env.prod:2  layer environment" in detail
        assert f"so since {web.commits['workers'][:7]}" in detail
        await keys(pilot, "enter")
        assert isinstance(pilot.app.screen, Pager)
        past = grid(pilot)
        assert re.search(rf"{web.commits['workers'][:7]} .* v1 -> v2 ", past[1])
        assert re.search(rf"{web.commits['start'][:7]} .* - -> v1 ", past[2])
        assert not {"prefork", "thread"} & set(re.findall(r"\w+", detail + "\n".join(past)))

    drive(web.database, "drift", told, repository=web.path)


def test_what_is_accepted_is_what_the_command_line_writes(web: Told, tmp_path: Path) -> None:
    """To the byte; the file is shown before, and its row is drift no more."""
    subprocess.run(["git", "clone", "-q", web.path, tmp_path / "work"], check=True)
    work = tmp_path / "work"
    said = {"reason": "not there yet", "owner": "ops", "expires": "2999-01-31"}

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
        assert "as the index has it" in grid(pilot)[-1]
        await keys(pilot, "j", "w")
        assert "--read-only" in grid(pilot)[-1]

    drive(web.database, "drift", told, repository=web.path, read_only=True)
    assert web.database.read_bytes() == before


def test_without_the_repository_the_index_tells(web: Told) -> None:
    """The same matrices; names of refs it cannot tell."""
    forensics("drift", web.path, "--index", web.database)
    expected = at(web, web.commits["flags"])

    async def told(pilot: Pilot[Any]) -> None:
        assert "the repository was not read" in grid(pilot)[-1]
        await asked(pilot, web.commits["flags"][:10])
        assert same(told_matrix(pilot), expected)
        await asked(pilot, "v1")
        assert "not at hand" in grid(pilot)[-1]

    drive(web.database, "drift", told)


def test_a_record_that_lacks_something_is_read_again(web: Told, key: Key) -> None:
    """With the repository at hand; else it is said that files cannot be told."""
    forensics("drift", web.path, "--index", web.database)
    with closing(create_or_open(web.database, key)) as database, writing(database):
        database.execute("DELETE FROM drift_reading WHERE id % 2 = 0")

    async def without(pilot: Pilot[Any]) -> None:
        assert "do not parse" in shown(pilot)

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
        assert "has no commit yet" in shown(pilot).replace("\n", " ")

    drive(index, "drift", empty, repository=tmp_path / "empty")


def of(path: Path, **files: str) -> Path:
    """A repository with a commit of these environments."""
    builder = Builder(path)
    for name, text in files.items():
        builder.write(f"web/.env.{name}", text)
    builder.commit("Start")
    return builder.populate()


def test_one_environment_is_a_column(tmp_path: Path, index: Path) -> None:
    """It can lack nothing."""
    repository = of(tmp_path / "one", prod=env(A="one", B="two"))

    async def told(pilot: Pilot[Any]) -> None:
        found = told_matrix(pilot) if getattr(pilot.app.screen, "_view", None) else None
        if found is None:
            assert "Nothing in this repository" in shown(pilot)
        else:
            assert found["environments"] == ["prod"]

    drive(index, "drift", told, repository=repository)


def test_forty_environments_scroll_beside_the_keys(tmp_path: Path, index: Path) -> None:
    """The column of keys stays, and every environment can be reached."""
    names = [f"prod-{number:02}" for number in range(40)]
    builder = Builder(tmp_path / "many")
    for name in names:
        builder.write(f"env/{name}/app.env", env(LOG_FORMAT="json", MODE="thread"))
    builder.commit("Start")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        everyone = told_matrix(pilot)["environments"]
        assert len(everyone) == 40
        for name in everyone[::3]:
            assert grid(pilot)[3].split()[0] == "KEY"
            assert f">{name}" in grid(pilot)[3]
            assert "LOG_FORMAT" in shown(pilot)
            await keys(pilot, *"lll")
        assert "of 40" in grid(pilot)[-2]
        assert all(len(line) <= 80 for line in grid(pilot))
        await keys(pilot, *["h"] * 50)
        assert f">{everyone[0]}" in grid(pilot)[3]

    drive(index, "drift", told, repository=repository)


def test_hostile_keys_stay_in_their_cells(tmp_path: Path, index: Path) -> None:
    """Markup, escapes, wide and turning characters, and length."""
    hostile = {
        "[bold red]x[/]": "one", "a\u202eb": "two", "w\u6f22" * 40: "three", "k" * 3000: "four",
        "\x1b[2Jz": "five", "zero\u200bwidth": "six",
    }  # fmt: skip
    builder = Builder(tmp_path / "hostile")
    for name in ("dev", "prod"):
        builder.write(f"web/{name}.json", json.dumps({"web": hostile, "own-" + name: 1}))
        builder.write(f"config/{name}.json", json.dumps(hostile))
    builder.commit("Start")
    repository = builder.populate()

    async def told(pilot: Pilot[Any]) -> None:
        assert len(told_matrix(pilot)["keys"]) >= 5
        for _ in range(9):
            text = shown(pilot)
            assert not {"\x1b", "\u202e", "\u200b"} & set(text)
            assert grid(pilot)[3].split()[:2] == ["KEY", ">dev"]
            await keys(pilot, "j")
        await keys(pilot, "k", "enter", "escape", "d", "=")
        assert not {"\x1b", "\u202e", "\u200b"} & set(shown(pilot))

    drive(index, "drift", told, repository=repository)


def test_while_a_scan_writes_the_index_tells_what_it_has(web: Told, key: Key) -> None:
    """What is new waits, and that is said; once the other is done it can be read."""
    forensics("drift", web.path, "--index", web.database, "--at", web.commits["start"])
    forensics("drift", web.path, "--index", web.database)
    with scan_lock(web.database), closing(create_or_open(web.database, key)) as other:
        other.execute("BEGIN IMMEDIATE")

        async def told(pilot: Pilot[Any]) -> None:
            assert "another scan is writing" in grid(pilot)[-1]
            await keys(pilot, "[")
            assert commit_shown(pilot) == web.commits["workers"][:7]

        drive(web.database, "drift", told, repository=web.path)


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
