"""What `forensics rules check` finds wrong with a rule."""

from dataclasses import replace

import pytest

from detectors.check import measure_cost, problems, source_like_text
from detectors.rule import Rule, built_in_rules

RULE = Rule(
    id="acme.token",
    title="Acme token",
    severity="high",
    why="It opens Acme.",
    remedy="Revoke it.",
    pattern=r"\b(?P<secret>acme_[A-Za-z0-9]{20})\b",
    examples=("acme_{alnum:20}", "x = 'acme_{alnum:20}'"),
    counterexamples=("acme_{alnum:3}", "acme_{alnum:21}"),
    keywords=("acme_",),
)


def test_a_right_rule_has_no_problem():
    """Neither alone nor beside all built-in rules."""
    assert not list(problems(RULE))
    assert not list(problems(RULE, built_in_rules()))


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"examples": ("acme_{alnum:20}", "acme_{alnum:4}")}, "examples", "does not stand"),
        ({"counterexamples": ("acme_{alnum:20}",)}, "counterexamples", "must not be"),
        ({"keywords": ("acme-",)}, "keywords", "none of them stands"),
        ({"keywords": ("ACME_",)}, "keywords", "lower case"),
        ({"keywords": ()}, "keywords", "one stands in every match"),
        ({"anchor": r"acme_[0-9]{20}"}, "anchor", "does not stand"),
        ({"pattern": r"\b[A-Za-z0-9_]{25}\b"}, "pattern", "3 fixed bytes"),
        ({"anchor": r"e_[A-Za-z0-9]{20}", "lead": 3}, "anchor", "3 fixed bytes"),
        ({"entropy": 7.5}, "examples", "nothing is found"),
        ({"partners": ("acme.id",)}, "partners", "no rule 'acme.id'"),
    ],
)
def test_a_problem_names_the_field_to_change(change, field, words):
    """Every problem is a value that says what to do."""
    found = list(problems(replace(RULE, **change)))
    assert ("acme.token", field) in {(problem.rule_id, problem.field) for problem in found}
    assert any(words in problem.message for problem in found)


def test_an_anchor_behind_the_start_of_its_match_needs_its_lead():
    """Where the lead is missing, the example is not found and the check says so."""
    late = replace(RULE, pattern=r"(?P<secret>[0-9]{9}acme_[a-z]{4})", anchor="acme_[a-z]{4}")
    late = replace(late, examples=("{digits:9}acme_{lower:4}",), counterexamples=("acme_1",))
    assert [problem.field for problem in problems(late)] == ["examples"]
    assert not list(problems(replace(late, lead=9)))


def test_a_rule_that_another_one_covers_is_told_so():
    """Its examples must be found under its own id."""
    better = replace(RULE, id="acme.better", confidence=0.95)
    (problem, _) = problems(RULE, [better])
    assert "acme.better wins" in problem.message


def test_an_example_need_not_hold_the_id_that_belongs_to_the_secret():
    """A rule that is never reported alone is tried by itself."""
    identifier = replace(
        RULE, id="acme.id", identifier="id", alone=False, pattern=r"\bacmeid_[0-9]{8}\b",
        keywords=("acmeid_",), examples=("acmeid_{digits:8}",), counterexamples=("acmeid_1",),
    )  # fmt: skip
    secret = replace(RULE, partners=("acme.id",), alone=False)
    assert not list(problems(identifier, [secret]))
    assert not list(problems(secret, [identifier]))


def test_a_partner_that_nobody_has_is_a_problem():
    """Of both sides."""
    identifier = replace(RULE, id="acme.id", identifier="id", alone=False)
    secret = replace(RULE, partners=("acme.id",), alone=False)
    assert [problem.field for problem in problems(identifier)] == ["identifier"]
    assert [problem.field for problem in problems(secret)] == ["partners"]


def test_an_older_version_of_the_same_rule_does_not_count():
    """A rule file can be checked while its rules are already built in."""
    older = replace(RULE, confidence=0.99)
    assert not list(problems(RULE, [older]))


def test_the_cost_of_a_rule_is_measured_per_kilobyte():
    """Both figures are of the same text, with and without the rule."""
    cost = measure_cost(RULE, built_in_rules()[:5], size=50_000, rounds=2)
    assert cost.without > 0
    assert cost.together > 0
    assert cost.added == cost.together - cost.without


def test_the_text_to_measure_with_is_always_the_same():
    """Figures can be compared between runs."""
    assert source_like_text(10_000) == source_like_text(10_000)
    assert source_like_text(10_000) != source_like_text(10_000, seed=1)
    assert len(source_like_text(12_345)) == 12_345
