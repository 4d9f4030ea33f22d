"""`inventory`: what is written, where, and what never is."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from fixtures_repos.acme import LEAKS
from fixtures_repos.builder import Builder
from fixtures_repos.stories.story import token
from tests.cli.command import forensics

NAMES = (
    "ci_pipelines", "configuration_files", "environment_uses", "infrastructure_surfaces",
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("key")


def objects(folder: Path, name: str) -> list[dict[str, Any]]:
    """An inventory as its JSON has it."""
    found: list[dict[str, Any]] = json.loads((folder / f"{name}.json").read_text())
    return found


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """An inventory as its CSV has it."""
    with (folder / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """One file, one commit."""
    builder = Builder(tmp_path / "small")
    builder.write(".env", "DB_HOST=db\n")
    builder.commit("Start")
    return builder.path


def test_the_inventory_of_the_example(acme_repository: Path, tmp_path: Path) -> None:
    """Four inventories as CSV and JSON, and what was inventoried, below the current folder."""
    done = forensics("inventory", acme_repository, cwd=tmp_path)
    assert (done.code, "Traceback" in done.err) == (0, False)
    folder = tmp_path / "audit_artifacts"
    written = [f"{name}.{kind}" for name in NAMES for kind in ("csv", "json")]
    assert sorted(one.name for one in folder.iterdir()) == sorted([*written, "inventory.json"])
    told = json.loads((folder / "inventory.json").read_text())
    for name in NAMES:
        assert len(objects(folder, name)) == len(rows(folder, name)) == told["counts"][name] > 0
        assert name in done.out
    assert (told["repository"], told["unread"], told["incomplete"]) == ("acme", [], "")
    surfaces = {
        (one["category"], one["tool"]) for one in objects(folder, "infrastructure_surfaces")
    }
    assert surfaces >= {
        ("IaC", "Terraform"), ("data", "managed database"), ("runtime", "Docker Compose"),
        ("data", "PostgreSQL"), ("CI/CD", "GitHub Actions"),
    }  # fmt: skip
    (pipeline,) = objects(folder, "ci_pipelines")
    assert (pipeline["name"], pipeline["jobs"], pipeline["triggers"]) == ("ci", ["test"], ["push"])
    assert (pipeline["secrets"], pipeline["unpinned"]) == (["GITHUB_TOKEN"], 1)


def test_no_secret_of_the_example_is_written(acme_repository: Path, tmp_path: Path) -> None:
    """Nor what encodes one."""
    done = forensics("inventory", acme_repository, "-o", tmp_path / "out")
    written = b"".join(one.read_bytes() for one in (tmp_path / "out").iterdir())
    written += (done.out + done.err).encode()
    assert LEAKS
    for leak in LEAKS.values():
        assert leak.value not in written


def test_secrets_in_names_are_masked(tmp_path: Path) -> None:
    """In paths and names of variables, jobs and workflows."""
    secret = token().decode()
    builder = Builder(tmp_path / "repository")
    builder.write(f"{secret}/.env", f"{secret}=1\n")
    workflow = f"name: run {secret}\non: push\njobs:\n  {secret}:\n    runs-on: x\n"
    builder.write(".github/workflows/ci.yml", workflow)
    builder.commit("Start")
    done = forensics("inventory", builder.path, "-o", tmp_path / "out")
    written = "".join(one.read_text() for one in (tmp_path / "out").iterdir())
    assert secret not in written + done.out + done.err
    assert objects(tmp_path / "out", "configuration_files")[1]["path"] == "****/.env"
    assert objects(tmp_path / "out", "ci_pipelines")[0]["name"] == "run ****"


def test_the_same_commit_gives_the_same_bytes(acme_repository: Path, tmp_path: Path) -> None:
    """Whenever and wherever it is run."""
    for name in ("one", "two"):
        forensics("inventory", acme_repository, "-o", tmp_path / name)
    for one in (tmp_path / "one").iterdir():
        assert one.read_bytes() == (tmp_path / "two" / one.name).read_bytes()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_one_format_alone(small: Path, tmp_path: Path, kind: str) -> None:
    """What was inventoried is told in any case."""
    forensics("inventory", small, "-o", tmp_path / "out", "-f", kind)
    expected = sorted([*(f"{name}.{kind}" for name in NAMES), "inventory.json"])
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == expected


def test_no_cell_is_a_formula_or_breaks_a_line(tmp_path: Path) -> None:
    """A spreadsheet takes it as text, and a terminal too."""
    builder = Builder(tmp_path / "repository")
    for path in (
        b"=cmd|calc/.env",
        b"+a/.env",
        b"@a/.env",
        b"-a/.env",
        b"a\nb/.env",
        b"\x1b[1m.env",
    ):
        builder.write(path, "A=1\n")
    builder.commit("Start")
    forensics("inventory", builder.path, "-o", tmp_path / "out")
    text = (tmp_path / "out" / "configuration_files.csv").read_text()
    paths = [row["path"] for row in rows(tmp_path / "out", "configuration_files")]
    assert set(paths) == {
        "'=cmd|calc/.env", "'+a/.env", "'@a/.env", "'-a/.env", "a\\x0ab/.env", "\\x1b[1m.env",
    }  # fmt: skip
    assert "\x1b" not in text
    assert len(text.splitlines()) == 7


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_nothing_is_written_through_a_symbolic_link(small: Path, tmp_path: Path, kind: str) -> None:
    """Neither the folder nor a file in it may lead elsewhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    out = tmp_path / "audit_artifacts"
    if kind == "folder":
        out.symlink_to(elsewhere)
    else:
        out.mkdir()
        (out / "inventory.json").symlink_to(elsewhere / "taken.json")
    done = forensics("inventory", small, cwd=tmp_path)
    assert done.code == 2
    assert ("symbolic link" if kind == "folder" else "no plain file") in done.error()
    assert list(elsewhere.iterdir()) == []
    assert [one.name for one in out.iterdir() if not one.is_symlink()] == []


def test_what_could_not_be_read_makes_exit_code_3(tmp_path: Path) -> None:
    """What could be read is written, with a row for what could not."""
    builder = Builder(tmp_path / "repository")
    oid = builder.write(".env", "A=1\n")
    builder.commit("Start")
    (builder.git_dir / "objects" / oid[:2] / oid[2:]).unlink()
    done = forensics("inventory", builder.path, "-o", tmp_path / "out")
    assert done.code == 3
    assert "1 file could not be read" in done.err
    told = json.loads((tmp_path / "out" / "inventory.json").read_text())
    assert told["unread"] == [{"path": ".env", "reason": "not read: it is missing"}]
    assert told["troubled"]["configuration_files"] == 1


def test_a_commit_that_is_not_there_is_one_line(small: Path, tmp_path: Path) -> None:
    """It says what to do, and nothing is written."""
    done = forensics("inventory", small, "--at", "nothing", "-o", tmp_path / "out")
    assert (done.code, done.error()) == (
        2, "'nothing' names no commit of this repository;"
        " name branches, tags or commits that are here",
    )  # fmt: skip
    assert not (tmp_path / "out").exists()
