"""A wrong rule file is refused with the rule and the field to change."""

import pytest

from detectors.errors import RuleError
from detectors.rule import parse_rules, read_rules

RIGHT = r"""
[[rule]]
id = "acme.token"
title = "Acme token"
severity = "high"
why = "It opens Acme."
remedy = "Revoke it."
pattern = '\b(?P<secret>acme_[A-Za-z0-9]{20})\b'
keywords = ["acme_"]
examples = ["acme_{alnum:20}"]
counterexamples = ["acme_{alnum:3}"]
"""


def test_a_right_rule_file_is_read(tmp_path):
    """Every field arrives, the others have their defaults."""
    file = tmp_path / "acme.toml"
    file.write_text(RIGHT, "utf-8")
    (rule,) = read_rules(file)
    assert rule.id == "acme.token"
    assert rule.keywords == ("acme_",)
    assert rule.confidence == 0.9
    assert not rule.chosen
    assert not rule.generic


@pytest.mark.parametrize(
    ("find", "replace", "field"),
    [
        ('severity = "high"', 'severity = "awful"', "severity"),
        ('severity = "high"', "severity = 3", "severity"),
        ('title = "Acme token"', "", "title"),
        ('why = "It opens Acme."', 'why = ""', "why"),
        ('remedy = "Revoke it."', "", "remedy"),
        ('examples = ["acme_{alnum:20}"]', "examples = []", "examples"),
        ('examples = ["acme_{alnum:20}"]', 'examples = "acme_"', "examples"),
        ('examples = ["acme_{alnum:20}"]', "examples = [1]", "examples"),
        ('counterexamples = ["acme_{alnum:3}"]', "", "counterexamples"),
        ('keywords = ["acme_"]', 'keywords = "acme_"', "keywords"),
        ('keywords = ["acme_"]', 'keyword = ["acme_"]', "keyword"),
        ('keywords = ["acme_"]', 'entropy = "high"', "entropy"),
        ('keywords = ["acme_"]', "entropy = true", "entropy"),
        ('keywords = ["acme_"]', "confidence = 1.5", "confidence"),
        ('keywords = ["acme_"]', "confidence = 0", "confidence"),
        ('keywords = ["acme_"]', 'lead = "3"', "lead"),
        ('keywords = ["acme_"]', "lead = true", "lead"),
        ('keywords = ["acme_"]', "lead = 4", "lead"),
        ('keywords = ["acme_"]', "anchor = 'acme_'\nlead = -4", "lead"),
        ('keywords = ["acme_"]', "entropy = -1", "entropy"),
        ('keywords = ["acme_"]', "entropy = nan", "entropy"),
        ('keywords = ["acme_"]', "entropy = 8.5", "entropy"),
        ('keywords = ["acme_"]', "confidence = nan", "confidence"),
        ('keywords = ["acme_"]', 'keywords = [""]', "keywords"),
        ('keywords = ["acme_"]', 'aliases = ["acme"]', "aliases"),
        ('keywords = ["acme_"]', "key = 'api'", "key"),
        ('keywords = ["acme_"]', "alone = false", "alone"),
        ('keywords = ["acme_"]', 'partners = ["acme.token"]', "partners"),
        ('keywords = ["acme_"]', 'partners = ["acme.id"]\nidentifier = "id"', "identifier"),
        ('keywords = ["acme_"]', 'keywords = ["acme_"]\ncontext = ["acme"]', "keywords"),
        ('keywords = ["acme_"]', "context = ['acme']\nanchor = 'acme_'", "anchor"),
        ('keywords = ["acme_"]', 'context = ["Acme"]', "context"),
        ('keywords = ["acme_"]', 'context = ["acme"]\nidentifier = "id"\nalone = false', "alone"),
        ('keywords = ["acme_"]', 'scored = ["acme"]', "scored"),
        ('keywords = ["acme_"]', "chosen = 1", "chosen"),
        ('keywords = ["acme_"]', 'structure = "crc99"', "structure"),
        ('keywords = ["acme_"]', 'partners = "acme.id"', "partners"),
        ('keywords = ["acme_"]', "within = -1", "within"),
        ('keywords = ["acme_"]', "within = 201", "within"),
        ('keywords = ["acme_"]', 'alone = "no"', "alone"),
        ('keywords = ["acme_"]', "identifier = true", "identifier"),
        ('keywords = ["acme_"]', 'canonical = "rot13"', "canonical"),
        ('keywords = ["acme_"]', "anchor = '(acme'", "acme"),
        ('keywords = ["acme_"]', "anchor = 'acme_[a-z]+'", "anchor"),
        (r"{20})\b'", r"{20}\b'", "pattern"),
        (r"'\b(", r"'(?u)\b(", "pattern"),
        (r"{20})\b'", r"+)\b'", "anchor"),
    ],
)
def test_a_wrong_field_is_named(find: str, replace: str, field: str):
    """The message names the file, the rule and the field."""
    assert find in RIGHT
    with pytest.raises(RuleError) as caught:
        parse_rules(RIGHT.replace(find, replace), "acme.toml")
    assert "acme.token" in str(caught.value)
    assert field in str(caught.value)


@pytest.mark.parametrize("name", ["Acme.Token", "acme", "acme.", "acme.to_ken", "acme token.x", ""])
def test_an_id_names_a_provider_and_a_kind(name: str):
    """Ids are lower case, so that they can be typed, sorted and linked to."""
    with pytest.raises(RuleError, match=r"id|'id'"):
        parse_rules(RIGHT.replace('"acme.token"', f'"{name}"'), "acme.toml")


def test_a_rule_without_an_id_is_refused():
    """Nothing could refer to it."""
    with pytest.raises(RuleError, match="without an id"):
        parse_rules(RIGHT.replace('id = "acme.token"', ""), "acme.toml")


@pytest.mark.parametrize("text", ["rule = 3", "rule = [1]", "[rule]\nid = 'acme.token'"])
def test_rules_are_tables(text: str):
    """Another shape of file is told how to write a rule."""
    with pytest.raises(RuleError, match=r"\[\[rule\]\]"):
        parse_rules(text, "acme.toml")


@pytest.mark.parametrize("value", ["9" * 5_000, "[" * 100_000])
def test_what_the_parser_gives_up_on_is_refused(value: str):
    """A number of too many digits, brackets in brackets."""
    with pytest.raises(RuleError, match=r"acme\.toml: not TOML"):
        parse_rules(f"a = {value}", "acme.toml")


def test_a_file_that_is_not_toml_is_refused_with_the_line():
    """The message comes from the TOML parser, with the file in front of it."""
    with pytest.raises(RuleError, match=r"acme\.toml: not TOML.*line 2"):
        parse_rules("[[rule]]\nid = 'a' 'b'\n", "acme.toml")


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    """A wrong path and a binary file are errors of the same kind, without a traceback."""
    with pytest.raises(RuleError, match="No such file"):
        read_rules(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RuleError, match="not UTF-8"):
        read_rules(tmp_path / "binary.toml")


SCORED = """
[[rule]]
id = "generic.acme"
title = "Acme password"
severity = "high"
why = "It opens Acme."
remedy = "Revoke it."
scored = ["acme_login"]
examples = ["acme_login_password = 'x'"]
counterexamples = ["acme"]
"""


@pytest.mark.parametrize(
    ("find", "replace", "field"),
    [
        ("generic.acme", "acme.login", "generic."),
        ("scored =", 'context = ["acme"]\nscored =', "context"),
        ("scored =", "entropy = 3.5\nscored =", "entropy"),
        ("scored =", "chosen = true\nscored =", "chosen"),
        ("scored =", "alone = false\nidentifier = 'id'\nscored =", "alone"),
        ("acme_login", "Acme_login", "lower case"),
    ],
)
def test_a_scored_rule_leaves_the_judgement_to_the_model(find: str, replace: str, field: str):
    """Fields that the model never looks at are refused, not silently without effect."""
    assert parse_rules(SCORED, "acme.toml")
    with pytest.raises(RuleError) as caught:
        parse_rules(SCORED.replace(find, replace), "acme.toml")
    assert field in str(caught.value)
