"""No secret stands in the index, in any output, or anywhere in the user's folders."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.acme import LEAKS
from fixtures_repos.builder import Builder
from fixtures_repos.hostile import PLACES
from fixtures_repos.stories import STORIES, Story
from fixtures_repos.stories.story import setting, token
from forensics.index.database import create_or_open
from forensics.key import save_key
from tests.cli.command import ended, forensics, process
from tests.cli.formats import ALL as REPORTS
from tests.scan.scanning import KEY, WITHOUT_GITHUB, scan

_SHORTEST = 12


@pytest.fixture(autouse=True)
def _key(no_user: Path) -> None:
    save_key(KEY)


def forms(value: bytes) -> set[bytes]:
    """The value itself, and how it looks inside base64 and as hexadecimal digits."""
    found = {value, value.hex().encode(), value.hex().upper().encode()}
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            # What depends on the bytes around it is cut off.
            encoded = encode(b"\0" * before + value).rstrip(b"=")
            found.add(encoded[(0, 2, 3)[before] : len(encoded) - 1])
    return {form for form in found if len(form) >= _SHORTEST}


def lines_of(value: bytes) -> set[bytes]:
    """A key of many lines must not be there in part either."""
    lines = {line.strip() for line in value.splitlines()} if b"\n" in value else {value}
    return {line for line in lines if len(line) >= _SHORTEST and not line.startswith(b"-----")}


def assert_in_none_of(places: Iterable[tuple[str, bytes]], values: Iterable[bytes]) -> None:
    wanted = {form for value in values for line in lines_of(value) for form in forms(line)}
    searched = 0
    for name, content in places:
        searched += len(content)
        for form in wanted:
            assert form not in content, f"{name} holds a secret"
    assert searched > 10_000, "something was searched"


def everything_left_behind(*folders: Path) -> Iterable[tuple[str, bytes]]:
    for folder in folders:
        for file in folder.rglob("*"):
            if file.is_file():
                yield str(file), file.read_bytes()
            yield "a file's name", bytes(file)


def outputs(path: Path, index: Path) -> Iterable[tuple[str, bytes]]:
    """What every command says, with the index left open to keep its log. Reports in all formats
    are left beside the index."""
    reports = [word for name in REPORTS for word in ("--report", f"{name}={index}.{name}")]
    for words in (
        ["scan", path, "--index", index, "-f", "jsonl"],
        ["scan", path, "--index", index],
        ["findings", "--index", index, *reports],
        ["findings", "--index", index, "-f", "json"],
        ["findings", "--index", index, "-f", "jsonl"],
    ):
        done = forensics(*words)
        assert done.code == 1
        yield " ".join(map(str, words)), (done.out + done.err).encode()
    for line in forensics("findings", "--index", index, "-f", "jsonl").lines:
        done = forensics("show", line["secret"], "--index", index)
        assert done.code == 0
        yield "show", (done.out + done.err).encode()
    forensics("triage", "--all", "--state", "confirmed", "--yes", "--index", index)
    more: Iterable[list[Any]] = (
        ["triage"], ["triage", "-f", "jsonl"], ["triage", "export"], ["log"], ["log", "verify"],
        ["log", "-f", "json"], ["retry", path, "--list"],
        ["report"], ["report", "-f", "markdown"],
        *(["log", line["secret"], "-f", form] for line in forensics(
            "findings", "--index", index, "-f", "jsonl").lines
          for form in ("text", "jsonl", "mermaid", "gantt")),
    )  # fmt: skip
    for words in more:
        done = forensics(*words, "--index", index)
        assert done.code == 0
        yield " ".join(map(str, words)), (done.out + done.err).encode()


def test_the_search_would_find_a_secret_in_any_form() -> None:
    """Otherwise finding none would prove nothing."""
    value = token()
    for before in (b"", b"a", b"ab", b"abc"):
        for held in (
            before + value + b"xyz",
            base64.b64encode(before + value + b"xyz"),
            base64.urlsafe_b64encode(before + value + b"xyz"),
            (before + value).hex().encode(),
        ):
            with pytest.raises(AssertionError, match="holds a secret"):
                assert_in_none_of([("it", held + b"." * 20_000)], [value])


@pytest.mark.parametrize("name", STORIES)
def test_no_story_leaves_its_secret_anywhere(name: str, tmp_path: Path, no_user: Path) -> None:
    """In names of files, branches and people least of all."""
    story = STORIES[name](tmp_path / "repository")
    index = tmp_path / "index" / "index.db"
    told = [*outputs(story.path, index)]
    left = everything_left_behind(index.parent, no_user)
    assert_in_none_of([*told, *left], {story.secret, *story.others.values()})


def glued(path: Path) -> tuple[Path, set[bytes]]:
    """Secrets that files hold, and that names hold with letters before them, as no rule finds
    them: of files, folders, a branch, a tag, a person, a variable."""
    value, folder, branch, tag, person, slot = map(token, range(20, 26))
    builder = Builder(path)
    for number, one in enumerate((value, folder, branch, tag, person, slot)):
        builder.write(f"{number}.env", setting(one))
    builder.write(f"token_{value.decode()}.txt", b"nothing")
    builder.write(f"keys_{folder.decode()}/a.env", setting(folder))
    builder.write("slot.env", setting(slot, b"TOKEN_%s_X" % slot))
    builder.commit("Start", author=b"u_%s <u@example.org>" % person)
    builder.branch(f"feature_{branch.decode()}")
    builder.tag(f"release_{tag.decode()}")
    return builder.populate(), {value, folder, branch, tag, person, slot}


def test_names_are_searched_for_what_was_found_too(tmp_path: Path, no_user: Path) -> None:
    """Whatever stands around it."""
    path, values = glued(tmp_path / "repository")
    index = tmp_path / "index" / "index.db"
    told = [*outputs(path, index)]
    assert_in_none_of([*told, *everything_left_behind(index.parent, no_user)], values)


def test_acme_leaves_none_of_its_secrets_anywhere(
    acme_repository: Path, tmp_path: Path, no_user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All formats, the index with its log, the caches."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(no_user / "cache"))
    index = tmp_path / "index" / "index.db"
    told = [*outputs(acme_repository, index)]
    left = [*everything_left_behind(index.parent, no_user)]
    for end in ("index.db", "key", ".hsdb"):
        assert any(name.endswith(end) for name, _ in left), end
    assert_in_none_of([*told, *left], [leak.value for leak in LEAKS.values()])


def test_the_log_of_a_killed_scan_holds_none_either(
    acme_repository: Path, tmp_path: Path, no_user: Path
) -> None:
    """SQLite writes there first."""
    index = tmp_path / "index" / "index.db"
    started = process("scan", acme_repository, "--index", index)
    for _ in range(200):
        if index.exists() and index.stat().st_size:
            break
        time.sleep(0.01)
    time.sleep(0.05)
    started.kill()
    done = ended(started)
    left = [*everything_left_behind(index.parent, no_user)]
    told = [("said", (done.out + done.err + "." * 20_000).encode())]
    assert_in_none_of([*told, *left], [leak.value for leak in LEAKS.values()])


def test_other_rules_leave_no_secret_that_only_they_know(
    in_a_path_name: Story, tmp_path: Path
) -> None:
    """A name stored by rules that did not know better is masked by those that do."""
    index = tmp_path / "index" / "index.db"
    scan(in_a_path_name.path, index, setup=WITHOUT_GITHUB)
    assert scan(in_a_path_name.path, index).findings
    with closing(create_or_open(index, KEY)) as connection:
        rows = connection.execute("SELECT shown FROM path").fetchall()
        assert all(in_a_path_name.secret not in shown for (shown,) in rows)
    assert_in_none_of(
        [*everything_left_behind(index.parent), ("padding", b"." * 20_000)],
        [in_a_path_name.secret],
    )


@pytest.mark.parametrize("what", ["folder", "file name", "stream"])
def test_folders_and_streams_leave_none_either(tmp_path: Path, no_user: Path, what: str) -> None:
    """Also where a file's name is the secret, and where the index is kept."""
    folder, index = tmp_path / "files", tmp_path / "index" / "index.db"
    folder.mkdir()
    name = f"{token(2).decode()}.env" if what == "file name" else "ci.env"
    (folder / name).write_bytes(setting(token()))
    words = ["--stdin"] if what == "stream" else ["--dir", folder]
    told = []
    for output_format in ("table", "json", "jsonl", *REPORTS):
        done = forensics("scan", *words, "--index", index, "-f", output_format,
                         given=setting(token()))  # fmt: skip
        assert done.code == 1
        told.append((output_format, (done.out + done.err).encode()))
    left = everything_left_behind(index.parent, no_user)
    assert_in_none_of([*told, *left], [token(), token(2)])


def test_a_repository_in_a_folder_named_after_a_secret(tmp_path: Path, no_user: Path) -> None:
    """Where it lies is stored, and is text that may hold a secret like any other."""
    builder = Builder(tmp_path / f"clone-of-{token(5).decode()}")
    builder.write("ci.env", setting(token()))
    builder.commit("Leak")
    index = tmp_path / "index" / "index.db"
    told = [*outputs(builder.path, index)]
    told = [(words.replace(token(5).decode(), ""), said) for words, said in told]
    assert_in_none_of([*told, *everything_left_behind(index.parent, no_user)], [token(), token(5)])


def test_another_tenants_secret_is_not_left_either(tmp_path: Path, no_user: Path) -> None:
    """Whether it was asked for or not."""
    hostile = PLACES["alternates_elsewhere"](tmp_path / "hostile")
    index = tmp_path / "index" / "index.db"
    done = forensics("scan", hostile.path, "--index", index, "--alternates")
    told = [("scan", (done.out + done.err).encode()), *outputs(hostile.path, index)]
    left = everything_left_behind(index.parent, no_user)
    assert_in_none_of([*told, *left], [hostile.secret, hostile.foreign])
