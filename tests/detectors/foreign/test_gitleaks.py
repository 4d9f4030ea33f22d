"""Configurations of gitleaks and betterleaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from detectors.errors import RuleError
from detectors.foreign.detector import ForeignDetector
from detectors.foreign.gitleaks import read_gitleaks_config
from detectors.foreign.records import ForeignConfig
from detectors.hit import Hit
from detectors.prefilter.pure import PurePrefilter
from detectors.scanner import Scanner
from detectors.template import expand

_PATTERN = (
    r"(?i)[\w.-]{0,50}?acme[ \t\w.-]{0,20}[\s'\"]{0,3}(?:=|:)[\x60'\"\s=]{0,5}([a-z0-9]{20})"
    r"(?:[\x60'\"\s;]|$)"
)
TOKEN = f"""
[[rules]]
id = "acme-token"
description = "Acme token"
regex = '''{_PATTERN}'''
entropy = 3
keywords = ["acme"]
"""
LINE = 'my_acme_key = "{loweralnum:20}"\n'


def config(tmp_path: Path, text: str) -> ForeignConfig:
    file = tmp_path / "rules.toml"
    file.write_text(text, "utf-8")
    return read_gitleaks_config(file)


def hits(made: ForeignConfig, template: str, seed: int = 0) -> tuple[Hit, ...]:
    """What is found, which must be the same without Hyperscan."""
    detector = ForeignDetector(made)
    content = expand(template, seed)
    found = Scanner([detector]).scan(content)
    assert found == Scanner([detector], prefilter=PurePrefilter(detector.anchors)).scan(content)
    assert not found.failed
    return found.hits


def ignored(made: ForeignConfig, template: str) -> list[str]:
    return [hit.ignored for hit in hits(made, template)]


def test_a_rule_finds_its_secret_alone(tmp_path: Path) -> None:
    """The first group, under an id of ours."""
    (hit,) = hits(config(tmp_path, TOKEN), LINE)
    assert hit.kind.id == "gitleaks.acme-token"
    assert hit.kind.title == "Acme token"
    assert hit.secret.reveal() == expand(LINE)[15:35]
    assert (hit.start, hit.end) == (15, 35)


def test_entropy_must_be_above_the_rules(tmp_path: Path) -> None:
    """Not only as high."""
    made = config(tmp_path, TOKEN)
    assert hits(made, "acme = '" + "ab" * 10 + "'") == ()
    assert len(hits(made, "acme = '" + "abcdefgh12" * 2 + "'")) == 1
    eight = TOKEN.replace("entropy = 3", "entropy = 3.0").replace("{20}", "{16}")
    assert hits(config(tmp_path, eight), "acme = '" + "abcdefgh" * 2 + "'") == ()


def test_the_group_that_is_named_is_the_secret(tmp_path: Path) -> None:
    """Others are context."""
    text = """
[[rules]]
id = "pair"
regex = '''(user)=(\\w+);acmepass=(\\w+)'''
secretGroup = 3
"""
    (hit,) = hits(config(tmp_path, text), "user=bob;acmepass=tr1cky")
    assert hit.secret.reveal() == b"tr1cky"


@pytest.mark.parametrize(
    ("allowlist", "template", "by"),
    [
        ("regexes = ['''^zz''']", 'acme = "zz{loweralnum:18}"', True),
        ("regexes = ['''^zz''']", 'acme = "a1{loweralnum:18}"', False),
        ("regexes = ['''test_acme''']\nregexTarget = 'match'", "test_" + LINE[3:], True),
        ("regexes = ['''test_acme''']", "test_" + LINE[3:], False),
        ("regexes = ['''fixture''']\nregexTarget = 'line'", LINE.strip() + " # fixture", True),
        ("regexes = ['''fixture''']\nregexTarget = 'line'", LINE + "# fixture", False),
        ("stopwords = ['SaMple']", 'acme = "{loweralnum:14}sample"', True),
        ("stopWords = ['sample']", 'acme = "{loweralnum:14}sample"', True),
        (
            "condition = 'AND'\nregexes = ['''^zz''']\nstopwords = ['sample']",
            'acme = "zz{loweralnum:12}sample"',
            True,
        ),
        (
            "condition = 'AND'\nregexes = ['''^zz''']\nstopwords = ['sample']",
            'acme = "zz{loweralnum:18}"',
            False,
        ),
    ],
)
@pytest.mark.parametrize("table", ["[[rules.allowlists]]", "[[allowlists]]", "[allowlist]"])
def test_an_allowlist_ignores_what_it_names(
    tmp_path: Path, allowlist: str, template: str, by: bool, table: str
) -> None:
    """A rule's or everyone's; what is ignored is found all the same."""
    made = config(tmp_path, f'{TOKEN}\n{table}\ndescription = "Ours"\n{allowlist}\n')
    where = "rule acme-token" if table.startswith("[[rules") else "allowlist"
    assert ignored(made, template) == [f"{where}: Ours" if by else ""]


def test_an_allowlist_that_also_asks_for_a_path_is_left_to_decide(tmp_path: Path) -> None:
    """A content does not know its path."""
    asks = "condition = 'AND'\npaths = ['''^docs/''']\nregexes = ['''^zz''']"
    made = config(tmp_path, f"{TOKEN}\n[[rules.allowlists]]\n{asks}\n")
    assert ignored(made, 'acme = "zz{loweralnum:18}"') == ["?rule acme-token"]
    assert ignored(made, LINE) == [""]


def test_what_a_rule_requires_must_stand_near(tmp_path: Path) -> None:
    """Else it finds nothing; and what is only required is not found for itself."""
    text = (
        TOKEN
        + """
[[rules.required]]
id = "acme-host"
withinLines = 2
[[rules]]
id = "acme-host"
regex = '''https://([a-z]+)\\.acme\\.example'''
skipReport = true
"""
    )
    made = config(tmp_path, text)
    host = "url = https://alpha.acme.example\n"
    (hit,) = hits(made, host + LINE)
    assert hit.partner == (14, 19)
    assert hits(made, host) == hits(made, LINE) == ()
    assert len(hits(made, host + "\n" + LINE)) == 1
    assert hits(made, host + "\n\n" + LINE) == ()


def test_a_rule_without_fixed_bytes_is_looked_for_near_its_keyword(tmp_path: Path) -> None:
    """Before it and after it, and not far away."""
    text = """
[[rules]]
id = "bare"
regex = '''\\b[0-9]{15}\\|[0-9a-z]{27}\\b'''
keywords = ["facebook"]
"""
    made = config(tmp_path, text)
    value = "{digits:15}|{loweralnum:27}"
    assert len(hits(made, f"facebook {value}")) == 1
    assert len(hits(made, f"{value} of FaceBook")) == 1
    assert hits(made, f"{value} of nobody") == ()
    assert hits(made, f"facebook{' ' * 9000}{value}") == ()


def test_one_config_extends_another(tmp_path: Path) -> None:
    """Fields are taken over, lists grow, and rules can be left out, as in gitleaks."""
    (tmp_path / "base.toml").write_text(
        TOKEN + "[[rules.allowlists]]\nstopwords = ['base']\n"
        "[[rules]]\nid = 'gone'\nregex = 'gone_[a-z]{9}'\n"
        "[[allowlists]]\ndescription = 'everywhere'\nstopwords = ['common']\n"
    )
    made = config(
        tmp_path,
        "[extend]\npath = 'base.toml'\ndisabledRules = ['gone']\n"
        "[[rules]]\nid = 'acme-token'\ndescription = 'Another title'\n"
        "[[rules.allowlists]]\nstopwords = ['own']\n",
    )
    assert [rule.name for rule in made.rules] == ["acme-token"]
    assert made.rules[0].title == "Another title"
    assert made.rules[0].entropy == 3
    assert [one.stopwords for one in made.rules[0].allowlists] == [("base",), ("own",)]
    assert [one.name for one in made.allowlists] == ["allowlist: everywhere"]


def test_extending_the_default_means_the_built_in_rules(tmp_path: Path) -> None:
    """A rule without a regex then only says what one of those is to ignore."""
    made = config(
        tmp_path,
        "[extend]\nuseDefault = true\ndisabledRules = ['github-pat']\n"
        "[[rules]]\nid = 'gitlab-pat'\n[[rules.allowlists]]\nstopwords = ['abc']\n",
    )
    assert made.built_in
    assert made.disabled == ("github-pat",)
    assert [(name, one.stopwords) for name, one in made.for_built_in] == [("gitlab-pat", ("abc",))]
    assert made.rules == made.notes == ()


def test_files_that_extend_one_another_end(tmp_path: Path) -> None:
    """In a circle too."""
    made = config(tmp_path, TOKEN + "[extend]\npath = 'rules.toml'\n")
    assert len(made.rules) == 1
    assert any("no more than" in note for note in made.notes)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("id = 'x'\npath = '''\\.p12$'''", "looks at paths only"),
        ("id = 'x'", "has no regex"),
        ("id = 'x'\nregex = '''[0-9a-f]{32}'''", "tell where to look"),
        ("id = 'x'\nregex = '''[0-9a-f]{32}'''\nkeywords = ['t1']", "tell where to look"),
        ("id = 'x'\nregex = '''(abc'''", "lacks a )"),
        ("id = 'x'\nregex = '''abcd'''\nsecretGroup = 2", "no group 2"),
        ("id = 'x'\nregex = 7", "is not a text"),
        ("id = 'x'\nregex = 'abcd'\nentropy = 'high'", "is not a number"),
        ("id = 'x'\nregex = 'abcd'\nkeywords = 'abc'", "is not a list"),
        ("id = 'x'\nregex = 'abcd'\n[[rules.required]]\nid = 'y'", "requires 'y'"),
        ("id = 'x'\nregex = 'abcd'\n[[rules.allowlists]]\ndescription = 'e'", "is empty"),
        ("regex = 'abcd'", "has no id"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named(tmp_path: Path, rule: str, why: str) -> None:
    """The others are used."""
    made = config(tmp_path, f"{TOKEN}\n[[rules]]\n{rule}\n")
    assert [one.name for one in made.rules] == ["acme-token"]
    (note,) = made.notes
    assert why in note
    assert "left out" in note


@pytest.mark.parametrize(
    "text",
    ["", "not toml", "[[rules]]\nid = 'x'\n", "rules = 3\n", "[rules]\na = 1\n",
     "x = " + "[" * 400 + "]" * 400, "x = " + "{a=" * 50 + "1" + "}" * 50],
)  # fmt: skip
def test_a_file_of_which_nothing_can_be_used_is_an_error(tmp_path: Path, text: str) -> None:
    """Whatever it holds."""
    with pytest.raises(RuleError):
        config(tmp_path, text)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    """It says what to name."""
    with pytest.raises(RuleError, match="name a configuration file"):
        read_gitleaks_config(tmp_path / "missing.toml")


def test_a_rule_that_backtracks_for_ever_ends(tmp_path: Path) -> None:
    """Go's engine takes linear time where ours does not: the content counts as not fully read."""
    text = TOKEN + "[[rules]]\nid = 'slow'\nregex = '''acme(?:a|aa)+$'''\n"
    detector = ForeignDetector(config(tmp_path, text))
    result = Scanner([detector], confirm_seconds=1.0).scan(
        b"acme" + b"a" * 200 + b"!\n" + expand(LINE)
    )
    assert result.timed_out == (detector.version,)
    assert [hit.kind.id for hit in result.hits] == ["gitleaks.acme-token"]


def test_what_only_some_paths_make_a_finding_does_not_hide_another(tmp_path: Path) -> None:
    """Which it would, if it took the place of a hit that counts anywhere."""
    here = TOKEN.replace("acme-token", "only-there") + "path = '''\\.conf$'''\n"
    (hit,) = hits(config(tmp_path, here + TOKEN), LINE)
    assert hit.kind.id == "gitleaks.acme-token"


def test_two_rules_whose_ids_look_alike_are_two(tmp_path: Path) -> None:
    """Ids of ours have fewer characters."""
    made = config(tmp_path, TOKEN + TOKEN.replace("acme-token", "acme_token"))
    assert [rule.id for rule in made.rules] == ["gitleaks.acme-token", "gitleaks.acme-token-2"]


@pytest.mark.parametrize(
    ("written", "template", "kept"),
    [
        ('entropy(finding["secret"]) <= 3.0', 'acme = "' + "abcdefgh" * 2 + 'abcd"', False),
        ('filter.entropy(finding["secret"]) < 3.0', 'acme = "' + "abcdefghij" * 2 + '"', True),
        ('entropy(finding["secret"]) <= 1 || matchesAny(finding["secret"], [`^zz`, "^yy"])',
         'acme = "yy{loweralnum:18}"', False),
        ('(matchesAny(finding["secret"], [`^zz`,]))', 'acme = "yy{loweralnum:18}"', True),
        ('containsAny(finding["secret"], ["SAMPLE"])', 'acme = "{loweralnum:14}sample"', False),
    ],
)  # fmt: skip
def test_a_filter_of_betterleaks_drops_what_it_says(
    tmp_path: Path, written: str, template: str, kept: bool
) -> None:
    """By entropy, which is no finding at all, or by a list, which is an ignored one."""
    made = config(tmp_path, TOKEN.replace("entropy = 3", f"filter = '''{written}'''"))
    assert made.tool == "betterleaks"
    assert made.notes == ()
    found = [hit for hit in hits(made, template) if not hit.ignored]
    assert bool(found) is kept


def test_a_filter_by_path_is_left_to_those_who_know_paths(tmp_path: Path) -> None:
    """For all rules or for one."""
    text = (
        "prefilter = '''matchesAny(get(attributes, \"path\", \"\"), [`\\.md$`])'''\n"
        "filter = '''matchesAny((attributes[\"path\"] ?? \"\"), [`\\.rst$`])'''\n" + TOKEN
    )
    made = config(tmp_path, text.replace("entropy = 3", "specificity = 1"))
    assert [len(one.paths) for one in made.allowlists] == [1, 1]


@pytest.mark.parametrize(
    "written",
    ['!matchesAny(finding["secret"], [`a`])', "let x = 1; x", 'entropy(finding["secret"])',
     '|| entropy(finding["secret"]) < 3', 'entropy(finding["match"]) < 3', "(" * 9_999,
     'matchesAny(finding["secret"], [])'],
)  # fmt: skip
def test_a_filter_that_is_not_understood_is_named(tmp_path: Path, written: str) -> None:
    """The rule runs without it."""
    made = config(tmp_path, TOKEN.replace("entropy = 3", f"filter = '''{written}'''"))
    (note,) = made.notes
    assert note.startswith("the filter of rule acme-token is left out")
    assert len(made.rules) == 1
