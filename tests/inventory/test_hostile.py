"""Repositories that mean harm to whoever lists them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures_repos.builder import Builder
from forensics.errors import UsageProblem
from forensics.inventory.nodes import compose, each
from forensics.inventory.pipelines import pipelines
from forensics.inventory.surfaces import surfaces
from tests.inventory.taking import taken, told


@pytest.mark.parametrize(
    "content",
    [
        b"- hosts: a\n" + b"  \t \n" * 2_000,
        b"jobs:\n" * 2_000,
        b"services:\n" + b"  a: b\n" * 2_000,
        b"  placement:\n" * 2_000,
        b"a: {{" + b'{{ " ` ' * 2_000,
        b"[" * 5_000,
        b"a: " + b"[" * 50_000,
        b"x" * 100_000,
        b"A=" * 20_000,
        b"<" * 20_000 + b"<%" * 2_000,
        b"kind: Workflow\napiVersion: argoproj.io/v1\n---\n" * 5_000,
        b"stage('" * 5_000,
    ],
    ids=lambda content: content[:10].decode(),
)
def test_no_content_makes_a_pattern_run_away(content: bytes) -> None:
    """Whatever a file is called: it would not end in years."""
    found = []
    for path in (
        b".gitlab-ci.yml", b"a.yaml", b"compose.yaml", b"Jenkinsfile", b"a.conf", b"a.tf", b".env",
        b"package.json", b"azure-pipelines.yml", b"requirements.txt",
    ):  # fmt: skip
        found += surfaces(path, content, pipelines(path, content))
    assert len(found) <= 10 * 300


def test_aliases_that_repeat_each_other_end() -> None:
    """Nine levels of nine make a thousand million."""
    lines = [b"a0: &a0 [x, x]"]
    lines += [b"a%d: &a%d [%s]" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 10)]
    documents, trouble = compose(b"\n".join(lines))
    assert trouble == ""
    assert sum(1 for _ in each(documents[0])) <= 50_000


def test_an_alias_of_what_it_stands_in_ends() -> None:
    """Such a tree has no end."""
    documents, _ = compose(b"a: &a\n  b: *a\n  <<: *a\n")
    assert sum(1 for _ in each(documents[0])) <= 50_000


def test_deep_yaml_is_trouble() -> None:
    """Not a stack that overflows."""
    assert compose(b"a: " + b"[" * 1_000)[1] == "nested too deep"


def test_paths_of_any_bytes_are_rows(tmp_path: Path) -> None:
    """Line ends, escapes and what is not UTF-8 included."""
    paths = [b"a\nb/.env", b"\x1b[31mred.env", b"caf\xe9.env", b"=cmd.env", b"tab\t.env"]
    told(tmp_path, dict.fromkeys(paths, "A=1\n"))
    assert {one.path for one in taken(tmp_path).configuration_files} == set(paths)


def test_a_missing_blob_is_told(tmp_path: Path) -> None:
    """As a row and in the list of what was not read."""
    builder = Builder(tmp_path)
    oid = builder.write(".env", "A=1\n")
    builder.write("b.toml", "a = 1\n")
    builder.commit("Start")
    (tmp_path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    found = taken(tmp_path)
    assert found.unread == ((b".env", "not read: it is missing"),)
    rows = {one.path: one.trouble for one in found.configuration_files}
    assert rows == {b".env": "not read: it is missing", b"b.toml": ""}


def test_a_damaged_history_leaves_the_inventory(tmp_path: Path) -> None:
    """Only what changed a file last is not known."""
    builder = told(tmp_path, {".env": "A=1\n"})
    first = builder.head
    builder.write("b.txt", "x\n")
    builder.commit("More")
    (tmp_path / ".git" / "objects" / first[:2] / first[2:]).unlink()
    (file,) = taken(tmp_path).configuration_files
    assert (file.path, file.keys, file.changed_commit) == (b".env", 1, "")


@pytest.mark.parametrize("name", ["nothing", "--all", "", "a\nb", "HEAD^{tree}x", "\0"])
def test_what_is_no_commit(tmp_path: Path, name: str) -> None:
    """It is an error that says so, and never an option for git."""
    told(tmp_path, {".env": "A=1\n"})
    with pytest.raises(UsageProblem, match="names no commit"):
        taken(tmp_path, name)


def test_a_repository_without_commits(tmp_path: Path) -> None:
    """There is nothing to list, which is an error of usage."""
    Builder(tmp_path)
    with pytest.raises(UsageProblem, match="has no commit yet"):
        taken(tmp_path)
