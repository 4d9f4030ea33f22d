"""`forensics drift env-vars`: what it prints, and how it ends."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from detectors.template import expand
from forensics.cli.drift_env_vars import env_vars
from forensics.errors import ForensicsError
from tests.drift.env_vars.linting import tell

FORMATS = ("table", "json", "jsonl", "csv", "sarif", "markdown")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two components, one of them with a variable that nothing defines."""
    secret = "".join(("hunter2-", "of-the-story"))
    return tell(
        tmp_path / "told",
        {
            "a/package.json": "{}",
            "a/index.js": f'process.env.API_URL;\nconst s = "{secret}";\n',
            "b/pyproject.toml": "",
            "b/.env": f"OLD_TOKEN={secret}\n",
        },
    ).path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(env_vars, [str(one) for one in arguments])


def test_a_line_of_json_a_finding(repository: Path) -> None:
    """With file, line, component and since which commit."""
    lines = [json.loads(line) for line in run(repository, "-f", "jsonl").stdout.splitlines()]
    assert [(one["kind"], one["name"], one["component"]) for one in lines] == [
        ("used-undefined", "API_URL", "a"), ("defined-unused", "OLD_TOKEN", "b"),
    ]  # fmt: skip
    assert (lines[0]["path"], lines[0]["line"]) == ("a/index.js", 1)
    assert len(lines[0]["since_commit"]) == 40
    assert lines[0]["since_date"].startswith("2023-01-09T")


@pytest.mark.parametrize("output_format", FORMATS)
def test_no_format_shows_a_value(repository: Path, output_format: str) -> None:
    """Names, files and lines are all that is printed."""
    done = run(repository, "-f", output_format)
    assert done.exit_code == 0
    assert "hunter2" not in done.output
    names = done.stdout.replace("&#95;", "_")
    assert "API_URL" in names
    assert "OLD_TOKEN" in names


def test_each_format_is_what_it_says(repository: Path) -> None:
    """JSON and SARIF parse, and CSV has a column for each field."""
    whole = json.loads(run(repository, "-f", "json").stdout)
    assert len(whole["findings"]) == 2
    sarif = json.loads(run(repository, "-f", "sarif").stdout)
    (first, _) = sarif["runs"][0]["results"]
    assert first["ruleId"] == "env-vars/used-undefined"
    assert first["locations"][0]["physicalLocation"]["region"]["startLine"] == 1
    rows = list(csv.DictReader(io.StringIO(run(repository, "-f", "csv").stdout)))
    assert [row["name"] for row in rows] == ["API_URL", "OLD_TOKEN"]


def test_kinds_and_components_can_be_chosen(repository: Path) -> None:
    """A component by its folder, or a glob of it."""
    assert "API_URL" not in run(repository, "--kind", "defined-unused").stdout
    assert "OLD_TOKEN" not in run(repository, "--component", "a").stdout
    assert "OLD_TOKEN" in run(repository, "--set", "[b]").stdout


def test_the_exit_code_tells_only_when_asked(repository: Path, tmp_path: Path) -> None:
    """2 with findings, 0 without, 1 where something could not be read."""
    assert run(repository).exit_code == 0
    assert run(repository, "--detailed-exitcode").exit_code == 2
    assert run(repository, "--detailed-exitcode", "--component", "none").exit_code == 0
    large = "import os\n" + "#" * (1 << 20)
    unread = tell(tmp_path / "unread", {"large.py": large})
    done = run(unread.path, "--detailed-exitcode")
    assert done.exit_code == 1
    assert "large.py was not read" in done.stderr


def test_history_can_be_left_out(repository: Path) -> None:
    """Then no commit is named."""
    (first, *_) = run(repository, "-f", "jsonl", "--no-history").stdout.splitlines()
    assert json.loads(first)["since_commit"] is None


def test_a_commit_that_is_not_there_is_an_error(repository: Path) -> None:
    """It says what to do."""
    done = run(repository, "--at", "nothing")
    assert isinstance(done.exception, ForensicsError)
    assert "name branches, tags or commits that are here" in str(done.exception)


@pytest.mark.parametrize("output_format", FORMATS)
def test_secrets_in_names_are_masked(tmp_path: Path, output_format: str) -> None:
    """Of files, folders, and of what could not be read."""
    token = expand("ghp_{alnum:36}").decode()
    repository = tell(
        tmp_path / "told",
        {f"{token}/package.json": "{}", f"{token}/i.js": f"process.env.{token};\nprocess.env.B;\n",
         f".env.{token}": "OLD=1\n", f"{token}.py": "#" * (1 << 20) + "\n"},
    ).path  # fmt: skip
    done = run(repository, "-f", output_format)
    assert "****" in done.output
    assert token not in done.output + done.stderr


def test_names_that_would_move_a_cursor_are_escaped(tmp_path: Path) -> None:
    """A path can be called anything."""
    told = tell(tmp_path, {"a\x1b[2J.py": 'import os\nos.environ["API_URL"]\n'})
    for output_format in FORMATS:
        assert "\x1b" not in run(told.path, "-f", output_format).output
