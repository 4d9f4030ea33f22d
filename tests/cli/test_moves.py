"""A move is told once, by what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fixtures_repos.stories import Story
from fixtures_repos.stories.story import begin, setting, token
from forensics.key import Key
from tests.cli.command import forensics


@pytest.fixture
def moved(moved_by_rename: Story, key: Key) -> tuple[Story, str]:
    """A scanned repository in which a file was renamed, and the secret's name."""
    forensics("scan", moved_by_rename.path)
    return moved_by_rename, key.fingerprint(moved_by_rename.secret).hex()


@pytest.mark.parametrize(
    "ask",
    [
        lambda name, path: forensics("show", name, path).out.partition("\nslots")[0],
        lambda name, path: forensics("log", name, path).out,
        lambda name, path: forensics("log", name, path, "--format", "mermaid").out,
        lambda name, path: forensics("log", name, path, "--format", "jsonl").out,
        lambda name, path: forensics("report", path, "--format", "markdown").out.partition(
            "what came to stand"
        )[0],
    ],
    ids=["show", "log", "mermaid", "jsonl", "report"],
)
def test_every_page_tells_of_it_once(
    moved: tuple[Story, str], ask: Callable[[str, Path], str]
) -> None:
    """From where, to where."""
    story, name = moved
    said = ask(name, story.path)
    told = [
        line for line in said.splitlines()
        if "moved" in line and story.commits["move"][:10] in line
    ]  # fmt: skip
    assert len(told) == 1
    now, before = _paths(story, name)
    assert before in told[0]
    assert now in said


def _paths(story: Story, name: str) -> tuple[str, str]:
    events = json.loads(forensics("show", name, story.path, "--format", "json").out)["events"]
    (move,) = (one for one in events if one["kind"] == "moved")
    assert move["commit"] == move["related_to"] == story.commits["move"]
    assert [one["kind"] for one in events].count("moved") == 1
    return move["path"], move["related"]["path"]


def test_a_copy_says_from_where(tmp_path: Path, key: Key) -> None:
    """By the one commit that brought it there; of a secret that came there twice, nothing."""
    builder, _ = begin(tmp_path / "r")
    builder.write("prod/ci.env", setting(token()))
    leak = builder.commit("Leak")
    builder.write("test/ci.env", setting(token()))
    copy = builder.commit("Use it in tests")
    builder.delete("prod/ci.env")
    builder.delete("test/ci.env")
    builder.commit("Clean up")
    builder.write("prod/ci.env", setting(token()))
    builder.commit("Put it back")
    builder.write("test/ci.env", setting(token()))
    again = builder.commit("There too")
    forensics("scan", builder.path)
    name = key.fingerprint(token()).hex()
    events = json.loads(forensics("show", name, builder.path, "-f", "json").out)["events"]
    told = {one["commit"]: one for one in events if one["kind"] == "copied"}
    assert told.keys() == {copy, again}
    assert (told[copy]["related_to"], told[copy]["related"]["path"]) == (leak, "prod/ci.env")
    assert told[again]["related_to"] is None
    for page in (
        forensics("show", name, builder.path).out,
        forensics("log", name, builder.path, "-f", "mermaid").out,
        forensics("report", builder.path, "-f", "markdown").out,
    ):
        (line,) = (one for one in page.splitlines() if "copied" in one and copy[:10] in one)
        assert "from prod/ci.env" in line
