"""`rules list`, `rules show` and `rules check`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detectors.rule import built_in_rules
from tests.cli.command import forensics

RULE = """
[[rule]]
id = "acme.token"
title = "Acme token"
severity = "high"
why = "Opens Acme."
remedy = "Close Acme."
pattern = '\\b(?P<secret>acme_[0-9a-f]{32})\\b'
keywords = ["acme_"]
prefix = "acme_"
examples = ["token = acme_{hex:32}"]
counterexamples = ["token = acme_{hex:12}"]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    file = tmp_path / "rules.toml"
    file.write_text(RULE)
    return file


def test_every_rule_is_listed() -> None:
    """A line each in the table, an object each in JSON."""
    table = forensics("rules", "list")
    assert (table.code, table.err) == (0, "")
    listed = json.loads(forensics("rules", "list", "-f", "json").out)
    assert {one["id"] for one in listed} == {rule.id for rule in built_in_rules()}
    assert len(listed) >= 60
    ids = [line.split()[0] for line in table.out.splitlines()[1:] if not line.startswith(" ")]
    assert ids == [one["id"] for one in listed]


def test_a_rule_is_shown_with_all_that_it_says() -> None:
    """What it looks for, why it matters, and what to do."""
    rule = built_in_rules()[0]
    done = forensics("rules", "show", rule.id)
    assert (done.code, done.err) == (0, "")
    for part in (rule.id, rule.title, rule.severity, rule.why, rule.remedy, rule.pattern):
        assert part in done.out


def test_an_unknown_rule_is_an_error() -> None:
    """With the command that names them all."""
    done = forensics("rules", "show", "no.rule")
    assert done.code == 2
    assert "rules list" in done.error()


def test_a_good_file_of_rules_is_ok(rules: Path) -> None:
    """Exit code 0, and what each rule costs."""
    done = forensics("rules", "check", rules)
    assert (done.code, done.err) == (0, "")
    assert "acme.token: ok" in done.out


def test_rules_of_one_file_may_belong_to_each_other(rules: Path) -> None:
    """A secret and its id need not be built in."""
    secret = RULE.replace("acme.token", "acme.secret").replace("acme_", "acmesecret_")
    rules.write_text(
        RULE.replace("[[rule]]", '[[rule]]\nidentifier = "token id"\nalone = false')
        + secret.replace("[[rule]]", '[[rule]]\npartners = ["acme.token"]')
    )
    done = forensics("rules", "check", rules)
    assert done.code == 0, done.out
    assert "acme.secret: ok" in done.out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("token = acme_{hex:32}", "token = acme_{hex:31}"),
        ("token = acme_{hex:12}", "token = acme_{hex:32}"),
        ('keywords = ["acme_"]', 'keywords = ["other_"]'),
    ],
    ids=["example not found", "counterexample found", "wrong keyword"],
)
def test_a_rule_that_does_not_keep_its_word_is_named(rules: Path, old: str, new: str) -> None:
    """Exit code 1, and what is wrong."""
    rules.write_text(RULE.replace(old, new))
    done = forensics("rules", "check", rules)
    assert done.code == 1
    assert "acme.token: wrong" in done.out


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not toml",
        "[[rule]]\n",
        RULE.replace('severity = "high"', 'severity = "terrible"'),
        RULE.replace("pattern = '\\b(", "pattern = '\\b(("),
        RULE.replace("title", "titel"),
        RULE + RULE,
        "\ufeff" + RULE,
        "\x1b[2J = 1",
    ],
)
def test_what_is_no_file_of_rules_is_an_error(rules: Path, text: str) -> None:
    """One line, exit code 2."""
    rules.write_text(text)
    done = forensics("rules", "check", rules)
    assert done.code == 2
    assert done.out == ""
    assert "\x1b" not in done.error()


def test_bytes_that_are_no_text_are_an_error(rules: Path) -> None:
    """So is a folder."""
    rules.write_bytes(b"\xff\xfe\0")
    for path in (rules, rules.parent):
        done = forensics("rules", "check", path)
        assert (done.code, done.out) == (2, "")
        assert done.error()
