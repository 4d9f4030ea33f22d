"""What the documentation shows being written works as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from detectors.check import problems
from detectors.rule import built_in_rules, parse_rules

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def block(document: str, language: str, mark: str) -> str:
    """The one block of code of a document in which `mark` stands."""
    found = BLOCK.findall((ROOT / "docs" / document).read_text("utf-8"))
    (only,) = (text for kind, text in found if kind == language and mark in text)
    return str(only)


BADGE = block("rule-format.md", "toml", 'id = "acme.badge-token"')


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder in which the package of docs/detectors.md lies as if it were installed."""
    package = tmp_path / "acme_detectors"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "tickets.py").write_text(block("detectors.md", "python", "class DeployTickets"))
    (package / "rules.py").write_text(block("detectors.md", "python", "def detector()"))
    (package / "rules.toml").write_text(BADGE)
    (tmp_path / "test_tickets.py").write_text(block("detectors.md", "python", "def test_"))
    about = tmp_path / "acme_detectors-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-detectors\nVersion: 1\n")
    project = tomllib.loads(block("detectors.md", "toml", "deploy-tickets ="))["project"]
    more = tomllib.loads(block("detectors.md", "toml", "rules ="))["project"]
    lines = ["[git_forensics.detectors]"]
    for one in (project, more):
        entries = one["entry-points"]["git_forensics.detectors"]
        lines += [f"{name} = {target}" for name, target in entries.items()]
    (about / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return tmp_path


def python(folder: Path, *words: str) -> str:
    """What Python prints with that folder's packages at hand."""
    path = os.pathsep.join((str(folder), str(ROOT)))
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env=os.environ | {"PYTHONPATH": path},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_tests_of_the_example_detector_pass(installed: Path) -> None:
    """The detector and its test are on one page, and fit each other."""
    assert "2 passed" in python(installed, "-m", "pytest", "-q", "-p", "no:xdist", "-c", os.devnull)


def test_the_example_package_is_found_by_its_entry_points(installed: Path) -> None:
    """Both kinds that it shows: a detector, and a file of rules."""
    asked = "from detectors.registry import default_detectors as d\n"
    asked += "print([kind.id for one in d([]) for kind in one.kinds])"
    assert python(installed, "-c", asked).strip() == "['acme.deploy-ticket', 'acme.badge-token']"


def test_the_example_rule_is_a_right_one() -> None:
    """As `forensics rules check` says below it."""
    (rule,) = parse_rules(BADGE, "docs")
    assert not list(problems(rule, built_in_rules()))


def test_a_wrong_rule_is_told_what_the_page_says() -> None:
    """The mistakes there are those of the example, changed."""
    shown = block("rule-format.md", "text", "acme.badge-token: wrong").splitlines()[1:]
    wrong = BADGE.replace('keywords = ["badge_"]\n', "")
    wrong = re.sub(r"(?m)^pattern = .*", "pattern = '(?P<secret>[A-Za-z0-9]{32}_badge)'", wrong)
    wrong = re.sub(r"(?m)^examples = .*", 'examples = ["BADGE={alnum:31}_badge"]', wrong)
    wrong = re.sub(r"(?m)^counter.*", 'counterexamples = ["{alnum:40}_badge"]', wrong)
    (rule,) = parse_rules(wrong, "docs")
    assert [f"  {one.field}: {one.message}" for one in problems(rule)] == shown
