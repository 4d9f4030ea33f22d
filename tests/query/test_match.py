"""What a pattern means."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from forensics.query.match import matcher
from forensics.query.parse import parse
from forensics.query.tree import Pattern


def fits(field: str, pattern: str, text: str) -> bool:
    (term,) = parse(f"{field}:{pattern}" if field else pattern).terms
    (value,) = term.values
    assert isinstance(value, Pattern)
    return matcher(field, value)(text)


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("deploy", "a/deploy/x deploy deploy/x", "deployed a/redeploy"),
        ("deploy/ci", "deploy/ci deploy/ci/x", "x/deploy/ci deploy/cix"),
        ("/deploy", "deploy deploy/x", "a/deploy"),
        ("deploy/", "deploy/x a/deploy/x", "deploy a/deploy"),
        ("**/test/**", "test/a a/test/b/c", "test a/test testing/a"),
        ("test/**", "test/a test/a/b", "test a/test/b"),
        ("*.env", "prod.env a/prod.env x.env/y", "a.envs"),
        ("/*", "a .env", "a/b"),
        ("deploy/*", "deploy/a", "deploy/a/b deploy"),
        ("*", "a a/b", ""),
        ("a/**/z", "a/z a/b/c/z a/z/below", "z a/b"),
        ("a/**/b*/z", "a/b/c/bb/z a/b1/z", "a/c/z"),
        ("a/*/c", "a/b/c", "a/c a/b/b/c"),
        ("a?c/x", "abc/x", "ac/x a/c/x"),
        ("TEST", "x/test Test/y", "tests"),
        ("=a/b", "a/b", "a/b/c A/b"),
        ("pages/[id].js", "pages/[id].js", "pages/i.js"),
        ("100%", "100%", "100"),
        ("a_b", "a_b", "axb"),
        (r"a\*b", "a*b", "axb"),
    ],
)
def test_paths(pattern: str, inside: str, outside: str) -> None:
    """As in a .gitignore, but for a last star."""
    assert [one for one in inside.split() if not fits("path", pattern, one)] == []
    assert [one for one in outside.split() if fits("path", pattern, one)] == []


@pytest.mark.parametrize(
    ("field", "pattern", "inside", "outside"),
    [
        ("rule", "aws", "aws.key|aws", "awsome.key|x.aws"),
        ("rule", "aws*", "aws.key|awsome.key", "x.aws"),
        ("rule", "*.key", "aws.key", "aws.keys"),
        ("repo", "api", "/srv/api|/srv/api.git|/srv/api/.git", "/api/web|/srv/api2"),
        ("repo", "srv/api", "/srv/api|/x/srv/api.git", "/srv/x/api"),
        ("repo", "/srv/api", "/srv/api.git", "/x/srv/api"),
        ("author", "alice", "Alice B <x@y.z>|Bob <alice@y.z>", "Bob <x@y.z>"),
        ("author", "*@y.z", "Bob <x@y.z>", "Bob <x@y.zz>"),
        ("author", '"Alice B"', "Alice B <x@y.z>", "AliceB <x@y.z>"),
        ("author", '="Alice B <x@y.z>"', "Alice B <x@y.z>", "alice b <x@y.z>"),
        ("env", "prod", "prod|PROD", "preprod|prod-eu"),
        ("env", "prod*", "prod|prod-eu", "preprod"),
        ("", "ab*cd", "xxabyycdz", "cdab"),
        ("", "%", "100%", "100"),
    ],
)
def test_other_names(field: str, pattern: str, inside: str, outside: str) -> None:
    """Each field in the way that its names are remembered."""
    assert [one for one in inside.split("|") if not fits(field, pattern, one)] == []
    assert [one for one in outside.split("|") if fits(field, pattern, one)] == []


@settings(deadline=None)
@given(st.text("ab/*?", min_size=1, max_size=8), st.text("ab", max_size=8))
@example("a*b*a", "abababa")
@example("**a?", "aaa")
def test_stars_are_what_a_regular_expression_says(pattern: str, text: str) -> None:
    """Taking the first place that fits for each star loses nothing."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    whole = re.fullmatch(expression, text) is not None
    value = Pattern(pattern, pattern, exact=False)
    assert matcher("env", value)(text) == whole
    assert matcher("", value)(text) == (re.search(expression, text) is not None)


PART = st.sampled_from(["a", "b", "**", "*", "a*", "?"])


@settings(deadline=None)
@given(st.lists(PART, min_size=2, max_size=6), st.lists(st.sampled_from("ab"), max_size=6))
def test_folders_are_what_a_regular_expression_says(patterns: list[str], names: list[str]) -> None:
    """Trying only the last place that stands for any folders again loses nothing."""
    wanted = [*patterns]
    if wanted[-1] == "**":
        wanted[-1:] = ["*", "**"]
    elif wanted[-1] != "*":
        wanted.append("**")
    expression = "".join(
        "(?:[^/]+/)*" if one == "**" else one.replace("*", "[^/]*").replace("?", "[^/]") + "/"
        for one in wanted
    )
    text = "/".join(names)
    pattern = "/".join(patterns)
    fitting = matcher("path", Pattern(pattern, pattern, exact=False))(text)
    assert fitting == (re.fullmatch(expression, text + "/" if text else "") is not None)


@pytest.mark.parametrize(
    ("field", "pattern", "text"),
    [
        ("path", "**/" + "a*" * 3000 + "b", "a" * 10_000),
        ("path", "**/a/" * 1500 + "b", "a/" * 5000),
        ("path", "**/*a*a*a*/" * 800 + "b", "aaaa/" * 2000),
        ("", ("a" * 20 + "*") * 400 + "b", "a" * 10_000),
        ("", ("?" * 20 + "*") * 400 + "b", "a" * 10_000),
        ("", "?a" * 4000 + "b", "a" * 10_000),
        ("env", "*a" * 4000 + "b", "a" * 10_000),
    ],
    ids=["stars", "folders", "both", "literals", "any", "pairs", "whole"],
)
def test_no_pattern_takes_for_ever(field: str, pattern: str, text: str) -> None:
    """A pattern of thousands of wildcards on a long path: trying all ways would never end."""
    assert not fits(field, pattern, text)
