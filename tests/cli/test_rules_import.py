"""`forensics rules import`, and rules by other tools' names."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.template import expand
from tests.cli.command import forensics

RULES = r"""
rules:
- {name: Acme Key, id: np.acme.1, pattern: 'acme_([a-z0-9]{24})\b'}
- {name: Broken, id: np.broken.1, pattern: '(abc'}
"""


@pytest.mark.usefixtures("key")
def test_what_is_imported_can_be_scanned_with(tmp_path: Path) -> None:
    """And what is not is named; a file that is there is left alone."""
    source, target = tmp_path / "rules.yml", tmp_path / "rules.toml"
    source.write_text(RULES)
    done = forensics("rules", "import", source, "-o", target)
    assert done.code == 0
    assert "np.broken.1 is left out" in done.err
    assert forensics("rules", "import", source, "-o", target).code == 2
    assert forensics("rules", "import", source).out == target.read_text()
    text = expand("KEY=acme_{loweralnum:24}\n")
    done = forensics("scan", "--stdin", "--rules", target, "-f", "jsonl", given=text)
    assert [one["rule"] for one in done.lines] == ["noseyparker.acme-1"]
    done = forensics(
        "scan",
        "--stdin",
        "--rules",
        target,
        "--enable-rule",
        "np.acme.1",
        "-f",
        "jsonl",
        given=text,
    )
    assert [one["rule"] for one in done.lines] == ["noseyparker.acme-1"]


def test_a_file_without_any_usable_rule_is_an_error(tmp_path: Path) -> None:
    """After the reasons."""
    source = tmp_path / "rules.yml"
    source.write_text("rules: [{id: np.x.1, pattern: '('}]\n")
    done = forensics("rules", "import", source)
    assert done.code == 2
    assert done.out == ""


def test_a_rule_is_shown_by_another_tools_name() -> None:
    """With all its names."""
    done = forensics("rules", "show", "gitleaks:github-pat")
    assert "github.pat-classic" in done.out
    assert "detect-secrets:GitHubTokenDetector" in done.out
    assert forensics("rules", "show", "gitleaks:none").code == 2
