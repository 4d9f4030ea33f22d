"""`log`: one story of what history says and of what people did, and whether it is untouched."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from forensics.key import Key
from tests.cli.command import forensics

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def name(key: Key) -> str:
    return key.fingerprint(token(1)).hex()


@pytest.fixture
def path(tmp_path: Path, name: str) -> Path:
    """Leaked, scanned, accepted, deleted, scanned, returned, scanned; clocks run backwards."""
    builder = Builder(tmp_path / "r")

    def scan() -> None:
        forensics("scan", builder.path)
        builder.now -= 300 * 86_400

    builder.write("a.env", setting(token(1)))
    builder.commit("Leak")
    scan()
    forensics("triage", name, "--state", "accepted", "--reason", "known", "-C", builder.path)
    builder.delete("a.env")
    builder.write("README", "")
    builder.commit("Delete")
    scan()
    builder.write("a.env", setting(token(1)))
    builder.commit("Return")
    scan()
    return builder.path


STORY = [
    "introduced", "found", "triaged", "removed", "reintroduced", "reopened",
]  # fmt: skip


def test_a_secrets_story_is_in_the_order_of_cause(path: Path, name: str) -> None:
    """Though its commits are dated years before each other, and long before it was found."""
    lines = forensics("log", name, path, "-f", "jsonl").lines
    assert [one["kind"] for one in lines] == STORY
    assert [
        one["source"] for one in lines if "introduced" in one["kind"] or one["kind"] == "removed"
    ] == ["history"] * 3
    text = forensics("log", name[:8], path).out
    assert [line[6:].split()[1] for line in text.splitlines()] == STORY
    assert json.loads(forensics("log", name, path, "-f", "json").out) == lines


def test_rows_name_what_caused_them(path: Path, name: str) -> None:
    """What was found and reopened follows from scans."""
    everything = {one["id"]: one for one in forensics("log", path, "-f", "jsonl").lines}
    for one in everything.values():
        if one["kind"] in ("found", "reopened", "scan-finished"):
            assert everything[one["related_to"]]["kind"] == "scan-started"
        assert one["actor"]
        assert one["conversation"]


def test_a_scan_without_news_is_not_told(path: Path) -> None:
    """Nothing happened."""
    before = forensics("log", path).out
    forensics("scan", path)
    assert forensics("log", path).out == before


def test_a_killed_scan_leaves_a_start_without_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a journal that verifies; the next scan goes on with both."""
    builder = Builder(tmp_path / "r")
    builder.write("a.env", setting(token(1)))
    builder.commit("Leak")
    with monkeypatch.context() as patched:
        patched.setattr("forensics.scan.reading.place_everything", None)
        assert forensics("scan", builder.path).code == 2
    assert forensics("log", "verify", builder.path).code == 0
    forensics("scan", builder.path)
    kinds = [one["kind"] for one in forensics("log", builder.path, "-f", "jsonl").lines]
    assert kinds == ["scan-started", "scan-started", "found", "scan-finished"]


def test_verify_prints_a_head_that_stays_valid(path: Path, name: str) -> None:
    """Later rows do not harm it."""
    done = forensics("log", "verify", path)
    assert (done.code, done.err) == (0, "")
    head = done.out.strip()
    assert re.fullmatch(r"\d+:[0-9a-f]{64}", head)
    forensics("triage", name, "--state", "confirmed", "-C", path)
    again = forensics("log", "verify", path, "--head", head)
    assert again.code == 0
    assert again.out.strip() != head


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'nobody' WHERE id = 1",
        "DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)",
        "UPDATE triage SET state = 'test'",
    ],
)
def test_a_change_is_told_and_decides_the_exit_code(path: Path, statement: str) -> None:
    """One line each, on standard error."""
    with closing(sqlite3.connect(path / ".git/forensics/index.db")) as connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for trigger, _ in triggers:
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)
        connection.commit()
    done = forensics("log", "verify", path)
    assert done.code == 1
    assert done.err.startswith("forensics: ")


def test_what_is_no_head_is_an_error(path: Path) -> None:
    """It says what a head is."""
    done = forensics("log", "verify", path, "--head", "12")
    assert done.code == 2
    assert "log verify" in done.error()


@pytest.mark.parametrize("words", [["xyz"], ["ffffffff"], ["-f", "mermaid"], ["-f", "gantt"]])
def test_what_cannot_be_told_is_an_error(path: Path, words: list[str]) -> None:
    """Of nobody, and a diagram of everything."""
    done = forensics("log", *words, *([path] if words[0] != "xyz" else []))
    assert done.code == 2
    assert done.error()


def test_a_sequence_diagram_has_people_and_places_as_lanes(path: Path, name: str) -> None:
    """In Mermaid's syntax, in the order of the story."""
    first, *lines = forensics("log", name, path, "-f", "mermaid").out.splitlines()
    assert first == "sequenceDiagram"
    lanes = [line for line in lines if " as " in line]
    assert "    actor p0 as Ada Example" in lanes
    assert "    participant p1 as a.env" in lanes
    messages = [line.split(": ", 1)[1].split()[0] for line in lines if " as " not in line]
    assert messages == [*STORY, "stands"]
    assert lanes[-1].endswith(" as refs/heads/main")


def test_environments_are_lanes(same_value_in_three_environments: Story, key: Key) -> None:
    """Each file in the one that it is of."""
    told = same_value_in_three_environments
    forensics("scan", told.path)
    fingerprint = key.fingerprint(told.secret).hex()
    lines = forensics("log", fingerprint, told.path, "-f", "mermaid").out.splitlines()
    lanes = [line.split(" as ")[1] for line in lines if "participant" in line]
    for name in ("dev", "staging", "prod"):
        assert f"{name}#44; .env.{name}" in lanes


def test_a_gantt_shows_presence(path: Path, name: str) -> None:
    """On the default branch, at each path, and at refs: a bar from where it came to where it
    went."""
    lines = forensics("log", name, path, "-f", "gantt").out.splitlines()
    assert lines[0] == "gantt"
    sections = [line.split(None, 1)[1] for line in lines if line.startswith("    section ")]
    assert sections == ["default branch", "a.env", "refs that hold it"]
    bars = [line.split()[0] for line in lines if re.search(r" : \d+, \d+$", line)]
    assert bars == ["gone", "present", "gone", "present", "refs/heads/main"]
    assert "    dateFormat x" in lines  # milliseconds; Mermaid misreads seconds
    assert re.search(r" : 16\d{11}, 16\d{11}$", lines[5])


def bars(path: Path, name: str, section: str) -> dict[str, tuple[int, int]]:
    """Of a section of the gantt, from when to when, in seconds since 1970."""
    told = forensics("log", name, path, "-f", "gantt").out
    _, _, lines = told.partition(f"    section {section}\n")
    rows = (line.split() for line in lines.partition("    section ")[0].splitlines())
    return {row[0]: (int(row[2].rstrip(",")) // 1000, int(row[3]) // 1000) for row in rows}


def test_a_gantt_tells_each_ref_by_its_own_commits(
    cherry_picked_to_a_release_branch: Story, key: Key
) -> None:
    """The release branch has it since it was picked, main had it until it was deleted, as git
    tells of these commits."""
    told = cherry_picked_to_a_release_branch
    forensics("scan", told.path)
    name = key.fingerprint(told.secret).hex()
    at = {
        what: int(git(told.path, "show", "-s", "--format=%ct", commit))
        for what, commit in told.commits.items()
    }
    assert at["pick"] != at["leak"]
    ((ref, (since, _)),) = bars(told.path, name, "refs that hold it").items()
    assert (ref, since) == ("refs/heads/release/1.x", at["pick"])
    assert bars(told.path, name, "branches that had it") == {
        "refs/heads/main": (at["leak"], at["delete"])
    }


HOSTILE = (
    b"x; end", b"%%{init: {}}%%", b"a\nparticipant z", b"p0->>p1: no", b"Note over p0: x",
    b"<script>alert(1)</script>", b"`", b"\"'#35;", "\u202e\u2028é".encode(), b"\xff\xfe", b":",
    b"end", b"click p0 href", b"e" * 500,
)  # fmt: skip


def test_hostile_names_cannot_break_a_diagram(tmp_path: Path, name: str) -> None:
    """Each stays one label of its own line, made of harmless characters and their numbers."""
    builder = Builder(tmp_path / "r")
    for number, text in enumerate(HOSTILE):
        builder.write(text.replace(b"/", b"_"), setting(token(1)))
        author = text.replace(b"\n", b" ").replace(b"<", b"(").replace(b">", b")")
        builder.commit(f"Leak {number}", author=author + b" <a@b>")
    forensics("scan", builder.path)
    forensics(
        "triage", name, "--state", "test", "--reason", "x\nend; p0->>p1: <b>#", "-C", builder.path
    )
    label = r"(?:[A-Za-z0-9 ._/@+-]|#\d+;)+"
    lines = forensics("log", name, builder.path, "-f", "mermaid").out.splitlines()
    assert len(lines) > 2 * len(HOSTILE)
    for line in lines[1:]:
        assert re.fullmatch(
            rf"    (?:(?:actor|participant) p\d+ as {label}|p\d+(?:->>|--x)p\d+: {label})", line
        ), line
        assert not re.search(r"\bend\b", line.split(": ")[-1].split(" as ")[-1])
    for line in forensics("log", name, builder.path, "-f", "gantt").out.splitlines()[4:]:
        assert re.fullmatch(r"    (?:section [A-Za-z0-9 ._/@+-]+|[\w/]+ : \d+, \d+)", line), line


def test_no_story_shows_a_secret(any_story: Story) -> None:
    """In any format, of any history."""
    forensics("scan", any_story.path)
    for line in forensics("findings", any_story.path, "-f", "jsonl").lines:
        for form in ("text", "json", "jsonl", "mermaid", "gantt"):
            done = forensics("log", line["secret"], any_story.path, "-f", form)
            assert done.code == 0
            assert any_story.secret.decode() not in done.out
