"""The table: a row a secret, and nothing in it that a terminal obeys."""

from __future__ import annotations

import json
import os
import unicodedata
from pathlib import Path

import pytest

from fixtures_repos.acme import LEAKS
from fixtures_repos.builder import Builder
from fixtures_repos.layouts import repack
from fixtures_repos.stories import Story
from fixtures_repos.stories.story import setting, token
from forensics.key import Key
from forensics.report.text import printable
from tests.cli.command import figure, forensics

pytestmark = pytest.mark.usefixtures("key")
HEADINGS = ["SEVERITY", "RULE", "SECRET", "WHERE", "SINCE", "AUTHOR", "STATUS"]


def unsafe(text: str) -> set[str]:
    """Characters that move a cursor, hide, or change direction."""
    return {
        character for character in text
        if character != "\n" and unicodedata.category(character)[0] == "C"
    }  # fmt: skip


def test_the_table_has_one_row_a_secret(acme_repository: Path, key: Key) -> None:
    """However many versions and places hold it; worst first."""
    out = forensics("scan", acme_repository).out
    head, *rows = out.split("\n\n")[0].splitlines()
    assert head.split() == HEADINGS
    rows = [row for row in rows if row and not row.startswith(" ")]
    severities = [row.split()[0] for row in rows]
    order = ["CRITICAL", "HIGH", "MEDIUM", "LOW"]
    assert severities == sorted(severities, key=order.index)
    told = forensics("findings", acme_repository, "-f", "json").out
    assert len(rows) == len(json.loads(told))
    for leak in LEAKS.values():
        if not leak.value.startswith((b"-----", b"https://")):
            assert out.count("#" + key.fingerprint(leak.value).hex()[:8]) == 1
    assert figure(forensics("scan", acme_repository), "secrets").split()[0] == str(len(rows))


def test_a_row_tells_the_story_in_short(leaked_then_deleted: Story, key: Key) -> None:
    """What, where, since when, by whom, and whether it is still there."""
    out = forensics("scan", leaked_then_deleted.path).out
    row = out.splitlines()[1]
    for part in (
        "CRITICAL",
        "github.",
        "#" + key.fingerprint(leaked_then_deleted.secret).hex()[:8],
        "deploy/ci.env:2",
        "2023-01-09",
        leaked_then_deleted.commits["leak"][:8],
        "Ben Instance",
        "removed",
    ):
        assert part in row


@pytest.mark.parametrize("command", [["scan"], ["findings"], ["show"]])
def test_names_in_any_bytes_are_shown_escaped(
    names_in_any_bytes: Story, key: Key, command: list[str]
) -> None:
    """Newlines, terminal escapes, bells, and marks that reverse the direction of writing."""
    forensics("scan", names_in_any_bytes.path)
    outs = ""
    for value in names_in_any_bytes.others.values():
        words = [*command, key.fingerprint(value).hex()] if command == ["show"] else command
        done = forensics(*words, names_in_any_bytes.path)
        assert done.code in (0, 1)
        assert unsafe(done.out + done.err) == set()
        outs += done.out.replace("\n", "").replace(" ", "")
    for shown in (r"\x1b[2J", r"two\x0alines", r"\xe9", r"\u202e"):
        assert shown in outs


def test_names_in_any_bytes_are_valid_json(names_in_any_bytes: Story) -> None:
    """A path that is UTF-8 comes back as it is; other bytes come as escapes."""
    forensics("scan", names_in_any_bytes.path)
    done = forensics("findings", names_in_any_bytes.path, "-f", "jsonl")
    assert done.out.isascii()
    paths = {line["path"] for line in done.lines}
    assert "two\nlines.env" in paths
    assert "über/\u202ederorrim.env" in paths
    assert "latin-\\xe9\\xff.env" in paths
    assert unsafe(done.out) == set()


@pytest.mark.parametrize("name", [b"\x1b[2Jcleared", b"latin-\xe9\xff", b"two\nlines"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_repository_in_a_folder_of_any_name(tmp_path: Path, name: bytes, packed: bool) -> None:
    """Its path appears in messages too."""
    folder = tmp_path / os.fsdecode(name)
    builder = Builder(folder)
    empty = forensics("scan", folder)
    assert empty.code == 0
    builder.write("ci.env", setting(token()))
    builder.commit("Leak")
    if packed:
        repack(folder)
    assert "no commits yet" in empty.error()
    assert printable(os.fsdecode(name)) in empty.error()
    for done in (empty, forensics("scan", folder), forensics("scan", folder / "nowhere")):
        assert "Traceback" not in done.err
        assert unsafe(done.out + done.err) == set()
    done = forensics("findings", folder, "-f", "jsonl")
    assert done.code == 1
    assert len(done.lines) == 1


def test_a_folder_of_any_names(tmp_path: Path) -> None:
    """`--dir` meets names that no git repository had to allow."""
    for name in (b"\x1b[2Jcleared", b"latin-\xe9\xff", b"two\nlines"):
        (tmp_path / os.fsdecode(name)).mkdir()
        (tmp_path / os.fsdecode(name) / "ci.env").write_bytes(setting(token()))
    done = forensics("scan", "--dir", tmp_path)
    assert done.code == 1
    assert unsafe(done.out + done.err) == set()
    done = forensics("scan", "--dir", tmp_path, "-f", "jsonl")
    assert len(done.lines) == 3
