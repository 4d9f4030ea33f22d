"""What other tools call what built-in rules find."""

from detectors.aliases import aliases_of, built_in_aliases, rules_called
from detectors.rule import Rule
from detectors.selection import ids_of, select_rules

_TOOLS = {"gitleaks", "betterleaks", "trufflehog", "kingfisher", "noseyparker", "detect-secrets"}


def test_every_alias_is_of_a_rule_that_is_there(rules: tuple[Rule, ...]) -> None:
    """A renamed rule takes its aliases along."""
    assert built_in_aliases().keys() <= {rule.id for rule in rules}


def test_aliases_name_a_tool_and_an_id() -> None:
    """Each once."""
    for names in built_in_aliases().values():
        assert len(set(names)) == len(names) > 0
        for name in names:
            tool, _, called = name.partition(":")
            assert tool in _TOOLS
            assert called


def test_a_rule_is_found_by_any_of_its_names() -> None:
    """With the tool or without, whatever the case."""
    assert "gitleaks:github-pat" in aliases_of("github.pat-classic")
    for name in ("gitleaks:github-pat", "github-pat", "GitHub-PAT", "np.github.1", "github.1"):
        assert "github.pat-classic" in rules_called(name)
    assert rules_called("gitleaks:no-such-rule") == frozenset()


def test_choosing_by_another_tools_name_chooses_all_that_it_means() -> None:
    """gitleaks has one rule for all keys in armour."""
    chosen = select_rules(enabled=["gitleaks:private-key"])
    assert chosen is not None
    assert {rule.id for rule in chosen} == rules_called("gitleaks:private-key")
    assert "private-key.rsa" in {rule.id for rule in chosen}


def test_an_id_of_ours_means_that_rule_alone(rules: tuple[Rule, ...]) -> None:
    """Even where another tool calls something else so."""
    known = {rule.id: rule for rule in rules}
    assert ids_of("github.pat-classic", known) == {"github.pat-classic"}
