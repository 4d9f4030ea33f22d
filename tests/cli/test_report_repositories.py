"""`report` of an index with several repositories: which of them each thing is in."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.stories.story import begin, setting, token
from forensics.key import Key
from tests.cli.command import forensics
from tests.cli.reports import Page, page_of


@pytest.fixture
def index(tmp_path: Path, key: Key) -> Path:
    """A token on main of `here`, and in a release of `there`, where main has another."""
    for name in ("here", "there"):
        builder, _ = begin(tmp_path / name)
        builder.write("ci.env", setting(token(1)))
        builder.commit("Add the token")
        if name == "there":
            builder.tag("v1.0")
            builder.write("ci.env", setting(token(2)))
            builder.commit("Replace the token")
    forensics("scan", tmp_path / "here", tmp_path / "there", "--index", tmp_path / "index.db")
    return tmp_path / "index.db"


def tables(page: Page, secret: str) -> dict[str, list[str]]:
    """Of one secret, the rows of each table by its caption."""
    (story,) = (one for one in page.all("details", "secret") if f"#{secret} " in one.said[:80])
    inside = page.elements[page.elements.index(story) + 1 :]
    found: dict[str, list[str]] = {}
    for one in inside:
        if one.tag == "details":
            break
        if one.tag == "caption":
            rows = found.setdefault(one.said, [])
        elif one.tag == "tr":
            rows.append(one.said)
    return found


def test_a_page_names_the_repository_in_each_row(index: Path, tmp_path: Path, key: Key) -> None:
    """Of events, slots, places, refs, and stays on the default branch."""
    told = tables(page_of("--index", index), key.fingerprint(token(1)).hex()[:8])
    here, there = (str(tmp_path / name) for name in ("here", "there"))
    expected = {
        "What happened": [here, there, there],
        "Its slots, one value after another": [here, there, there],
        "Places": [here, there],
        "Refs that hold it at their tips": [here, there],
        "On the default branch": [here, there],
    }
    for caption, repositories in expected.items():
        head, *rows = told[caption]
        assert head.startswith("Repository")
        assert len(rows) == len(repositories)
        assert all(map(str.startswith, rows, repositories))


def test_markdown_names_the_repository_in_each_line(index: Path, tmp_path: Path, key: Key) -> None:
    """Of the same."""
    text = forensics("report", "--index", index, "-f", "markdown").out
    (story,) = (
        one for one in text.split("\n## ") if f"#{key.fingerprint(token(1)).hex()[:8]}: " in one
    )
    here, there = (f"`{tmp_path / name}`" for name in ("here", "there"))
    lines = story.splitlines()
    for start in (
        f"- **Refs in {here}:** `main`", f"- **Refs in {there}:** `v1.0`",
        f"- `ci.env` line 2 in {here}: present",
        f"- `ci.env` line 2 in {there}: at the tip of a tag",
        "| repository | date | what |", "| repository | date | slot |",
    ):  # fmt: skip
        assert any(line.startswith(start) for line in lines)
    for one, number in ((here, 2), (there, 4)):
        assert sum(line.startswith(f"| {one} | 2023-") for line in lines) == number


def test_one_repository_is_not_named_again(index: Path, tmp_path: Path) -> None:
    """Where a report is about one of them."""
    chosen = (tmp_path / "here", "--index", index)
    assert "Repository" not in [one.said for one in page_of(*chosen).all("th")]
    assert "| repository |" not in forensics("report", *chosen, "-f", "markdown").out


def test_where_else_it_stands_counts_for_one_repository_too(index: Path, tmp_path: Path) -> None:
    """Who is given one repository is not told that what is replaced there is done with."""
    there = tmp_path / "there"
    rows = forensics("rotation", there, "--index", index, "-f", "jsonl").lines
    assert sorted(row["status"] for row in rows) == ["exposed", "replaced-still-elsewhere"]
    assert len(forensics("rotation", tmp_path / "here", "--index", index, "-f", "jsonl").lines) == 1
