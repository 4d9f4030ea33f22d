"""Rule files of Nosey Parker and Kingfisher."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.check import problems
from detectors.errors import RuleError
from detectors.foreign.importing import as_toml, import_rules
from detectors.rule import parse_rules
from detectors.rule_detector import RuleDetector
from detectors.scanner import Scanner
from detectors.template import expand

RULES = r"""
rules:
- name: Acme Key
  id: np.acme.1
  pattern: |
    (?x)(?i)
    \b acme [\s'"=:]{1,5}     (?# what introduces it )
    ( [a-z0-9]{20} )
    \b
  examples: ['nothing that it matches']
  negative_examples: ['acme = short']
- name: Acme Secret
  id: kingfisher.acme.2
  pattern: 'user=(\w+);acmepass=(?P<TOKEN>\w{8,20}+)'
  min_entropy: 2.5
  confidence: high
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "rules.yml"
    file.write_text(text, "utf-8")
    return file


def test_imported_rules_are_sound_rules_of_ours(tmp_path: Path) -> None:
    """The text reads back as the same rules, and each proves itself."""
    imported = import_rules(written(tmp_path, RULES.replace("20}+", "20}")))
    assert imported.notes == ()
    assert [rule.id for rule in imported.rules] == ["noseyparker.acme-1", "kingfisher.acme-2"]
    assert [rule.aliases for rule in imported.rules] == [
        ("noseyparker:np.acme.1",), ("kingfisher:kingfisher.acme.2",)
    ]  # fmt: skip
    again = parse_rules(as_toml(imported.rules), "here")
    assert again == imported.rules
    for rule in again:
        assert [one for one in problems(rule) if one.field != "keywords"] == []
    assert again[0].counterexamples == ("acme = short",)
    assert (again[1].entropy, again[1].confidence) == (2.5, 0.9)


def test_the_secret_is_the_group_named_so_or_the_first(tmp_path: Path) -> None:
    """Kingfisher calls it TOKEN."""
    rules = import_rules(written(tmp_path, RULES.replace("20}+", "20}"))).rules
    scanner = Scanner([RuleDetector(rules)])
    first = expand("ACME: {loweralnum:20}")
    assert [hit.secret.reveal() for hit in scanner.scan(first).hits] == [first[6:]]
    second = expand("user=bob;acmepass={alnum:12}")
    assert [hit.secret.reveal() for hit in scanner.scan(second).hits] == [second[18:]]


def test_no_example_secret_of_the_file_is_taken_over(tmp_path: Path) -> None:
    """Templates are made up from the pattern instead."""
    token = expand("{loweralnum:20}").decode()
    text = RULES.replace("20}+", "20}").replace("nothing that it matches", f"acme={token}")
    assert token not in as_toml(import_rules(written(tmp_path, text)).rules)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("- {id: np.a.1, pattern: '[0-9a-f]{32}'}", "tell where to look"),
        ("- {id: np.a.1, pattern: '(abcd'}", "lacks a )"),
        ("- {id: np.a.1}", "lacks an id or a pattern"),
        ("- {pattern: abcd}", "lacks an id or a pattern"),
        ("- {id: np.a.1, pattern: abcd, min_entropy: much}", "not a number"),
        ("- {id: np.acme.1, pattern: 'acme-[a-z]{9}'}", "called noseyparker.acme-1 already"),
        ("- {id: np.a.1, pattern: 'xxxx'}", "no text can be made"),
    ],
)
def test_what_cannot_be_imported_is_named(tmp_path: Path, rule: str, why: str) -> None:
    """The rest is imported."""
    imported = import_rules(written(tmp_path, RULES.replace("20}+", "20}") + rule + "\n"))
    assert len(imported.rules) == 2
    (note,) = imported.notes
    assert why in note


def test_what_would_ask_the_network_is_said_to_be_left_out(tmp_path: Path) -> None:
    """A rule is imported without its validation."""
    text = RULES.replace("20}+", "20}") + "  validation: {type: Http}\n"
    imported = import_rules(written(tmp_path, text))
    assert len(imported.rules) == 2
    assert "nothing is asked over the network" in imported.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        "", "- a\n- b\n", "rules: 7\n", "rules: []\n", "{", "a: &a [x]\nrules: [*a, *a]\n",
        "!!python/object/apply:os.system ['true']", "rules: " + "[" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(tmp_path: Path, text: str) -> None:
    """Whatever YAML can hold."""
    with pytest.raises(RuleError):
        import_rules(written(tmp_path, text))
