"""`forensics show`: from which commit to which each ref had a secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from forensics.key import Key
from tests.cli.command import forensics
from tests.lifecycle.test_stories import tell
from tests.lifecycle.told import OLD


@pytest.fixture
def story(tmp_path: Path, key: Key) -> tuple[Builder, dict[str, str], str]:
    """A secret in four of five releases, no more on main; scanned."""
    builder, commits = tell("in_four_releases", tmp_path / "r")
    forensics("scan", builder.path)
    return builder, commits, key.fingerprint(OLD).hex()


def test_the_page_tells_of_refs_that_have_or_had_it(
    story: tuple[Builder, dict[str, str], str],
) -> None:
    """Those alike on one line."""
    builder, commits, name = story
    leak, delete = commits["leak"][:12], commits["delete"][:12]
    page = forensics("show", name, builder.path).out
    told = page.partition("\nby ref")[2].partition("\n\n")[0].splitlines()
    assert [line.split(": since ")[0].strip() for line in told] == [
        "refs/tags/v1.0 and 4 more", "refs/heads/main", "refs/tags/v1.4",
    ]  # fmt: skip
    assert told[0].endswith(f"{leak}, still at its tip")
    for line in told[1:]:
        assert leak in line
        assert line.endswith(delete)


def test_json_tells_of_each_ref(story: tuple[Builder, dict[str, str], str]) -> None:
    """With both commits and their dates; and of days on the default branch."""
    builder, commits, name = story
    told = json.loads(forensics("show", name, builder.path, "-f", "json").out)
    refs = {one["name"]: one for one in told["by_ref"] if one["kind"] != "head"}
    assert refs["refs/tags/v1.3"]["at_tip"]
    assert refs["refs/tags/v1.3"]["until"] is None
    main = refs["refs/heads/main"]
    assert (main["since"], main["until"]) == (commits["leak"], commits["delete"])
    assert (main["at_tip"], main["default"], main["kind"]) == (False, True, "branch")
    assert main["since_date"] < main["until_date"]
    (stay,) = told["default_branch"]
    assert (stay["since"], stay["until"], stay["commits"]) == (
        commits["leak"], commits["delete"], 5,
    )  # fmt: skip
    assert stay["days"] == 0
