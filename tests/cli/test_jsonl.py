"""jsonl: one line an occurrence; json: one object a secret. The values are right."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.acme import LEAKS
from fixtures_repos.git import git
from fixtures_repos.stories import Story
from forensics.key import Key
from tests.cli.command import forensics

DOCUMENTED: dict[str, type | tuple[type, ...]] = {
    "secret": str, "rule": str, "title": str, "severity": str, "confidence": float,
    "preview": str, "path": (str, type(None)), "start_line": int, "end_line": int,
    "start_column": int, "end_column": int, "blob": str, "commit": (str, type(None)),
    "author": (str, type(None)), "email": (str, type(None)), "date": (str, type(None)),
    "status": str, "reachable": bool,
}  # fmt: skip


def lines_of(path: Path, command: str = "scan") -> list[dict[str, Any]]:
    done = forensics(command, path, "-f", "jsonl")
    assert done.code == 1
    return done.lines


def slice_of(content: bytes, line: dict[str, Any]) -> bytes:
    """What stands at the place that a line of jsonl names: 1-based, the end inclusive."""
    rows = content.split(b"\n")
    rows = rows[line["start_line"] - 1 : line["end_line"]]
    rows[-1] = rows[-1][: line["end_column"]]
    rows[0] = rows[0][line["start_column"] - 1 :]
    return b"\n".join(rows)


@pytest.fixture
def lines(acme_repository: Path, key: Key) -> list[dict[str, Any]]:
    assert key
    return lines_of(acme_repository)


def test_every_documented_field_is_there_with_its_type(lines: list[dict[str, Any]]) -> None:
    """In every line."""
    assert len(lines) > 10
    for line in lines:
        assert DOCUMENTED.keys() <= line.keys()
        for name, kind in DOCUMENTED.items():
            assert isinstance(line[name], kind), name
        assert line["severity"] in ("critical", "high", "medium", "low")
        assert line["status"] in ("present", "removed", "stash", "reflog", "unreachable", "gone")
        assert 0 <= line["confidence"] <= 1


def test_lines_and_columns_cut_the_secret_out_of_its_object(
    acme_repository: Path, lines: list[dict[str, Any]], key: Key
) -> None:
    """Every planted value is cut out, and nothing else; and the fingerprint of what stands
    there is the secret's own, but for private keys, which are compared as DER."""
    planted = [leak.value.strip() for leak in LEAKS.values()]
    found = set()
    for line in lines:
        kind = line["kind"] if line["kind"] in ("commit", "tag") else "blob"
        value = slice_of(git(acme_repository, "cat-file", kind, line["blob"]), line)
        if value.startswith(b"-----BEGIN"):
            assert value.rstrip().endswith(b"-----")
            assert line["end_line"] > line["start_line"]
        else:
            assert key.fingerprint(value).hex() == line["secret"]
            assert line["length"] == len(value)
        found |= {leak for leak in planted if value.strip() in leak or leak in value}
        assert any(value.strip() in leak or leak in value for leak in planted)
    assert found == {*planted}


def test_a_line_tells_the_commit_as_git_does(leaked_then_deleted: Story, key: Key) -> None:
    """Author, address, date with its own offset, path, and where it went."""
    path = leaked_then_deleted.path
    (line,) = lines_of(path)
    leak = leaked_then_deleted.commits["leak"]
    told = git(path, "show", "-s", "--format=%an%n%ae%n%aI", leak).decode().split("\n")
    assert line["commit"] == leak
    assert [line["author"], line["email"]] == told[:2]
    assert line["date"].replace("+00:00", "Z") == told[2].replace("+00:00", "Z")
    assert line["path"] == "deploy/ci.env"
    assert line["blob"] == git(path, "rev-parse", f"{leak}:deploy/ci.env").decode().strip()
    assert (line["status"], line["reachable"]) == ("removed", True)
    assert line["removed_in"] == leaked_then_deleted.commits["delete"]
    assert (line["start_line"], line["end_line"], line["start_column"]) == (2, 2, 14)
    assert line["end_column"] == 13 + len(leaked_then_deleted.secret)
    assert line["checksum"] is True
    assert line["secret"] == key.fingerprint(leaked_then_deleted.secret).hex()


def test_the_preview_shows_a_public_prefix_and_four_characters(
    leaked_then_deleted: Story, key: Key
) -> None:
    """And no more of it."""
    assert key
    (line,) = lines_of(leaked_then_deleted.path)
    secret = leaked_then_deleted.secret.decode()
    assert line["preview"] == f"ghp_…{secret[-4:]}"


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("output_format", ["jsonl", "json", "table"])
def test_findings_prints_what_the_scan_printed(acme_repository: Path, output_format: str) -> None:
    """The index knows all that the scan did."""
    scanned = forensics("scan", acme_repository, "-f", output_format)
    listed = forensics("findings", acme_repository, "-f", output_format)
    assert (listed.code, listed.err) == (1, "")
    expected = scanned.out.split("\nobjects ")[0].rstrip("\n")
    assert listed.out.rstrip("\n") == expected


@pytest.mark.usefixtures("key")
def test_json_has_one_object_a_secret(acme_repository: Path) -> None:
    """With the same occurrences that jsonl has a line each for."""
    lines = lines_of(acme_repository)
    done = forensics("findings", acme_repository, "-f", "json")
    objects = json.loads(done.out)
    assert len({one["secret"] for one in objects}) == len(objects)
    flat = [
        {name: value for name, value in one.items() if name != "occurrences"} | inner
        for one in objects
        for inner in one["occurrences"]
    ]

    def places(found: list[dict[str, Any]]) -> list[tuple[str, ...]]:
        names = ("secret", "path", "blob", "start_line", "start_column", "commit", "status")
        return sorted(tuple(str(one[name]) for name in names) for one in found)

    assert places(flat) == places(lines)


@pytest.mark.usefixtures("key")
def test_nothing_found_is_an_empty_list(tmp_path: Path) -> None:
    """Programs need not know a special case."""
    git(tmp_path, "init", "-q")
    assert json.loads(forensics("scan", tmp_path, "-f", "json").out) == []
    assert forensics("scan", tmp_path, "-f", "jsonl").out == ""


@pytest.mark.usefixtures("key")
@pytest.mark.parametrize("output_format", ["json", "jsonl"])
def test_two_repositories_make_one_document(
    leaked_then_deleted: Story, replaced: Story, output_format: str
) -> None:
    """Each finding says which repository it is of."""
    done = forensics("scan", leaked_then_deleted.path, replaced.path, "-f", output_format)
    assert done.code == 1
    if output_format == "jsonl":
        found = done.lines
    else:
        found = [inner for one in json.loads(done.out) for inner in one["occurrences"]]
    names = {Path(line["repository"]).name for line in found}
    assert names == {"leaked_then_deleted", "replaced"}


@pytest.mark.usefixtures("key")
def test_only_data_goes_to_standard_output(acme_repository: Path) -> None:
    """The summary is for people, and beside the data where that is JSON."""
    done = forensics("scan", acme_repository, "-f", "jsonl")
    assert all(line.startswith("{") for line in done.out.splitlines())
    assert re.search(r"^skipped +nothing$", done.err, re.MULTILINE)
