"""Filters of betterleaks, as far as they are alternatives of three tests.

Source: https://github.com/betterleaks/betterleaks/blob/main/docs/config.md
"""

from __future__ import annotations

import json
import math
import re
from typing import NamedTuple

from detectors.errors import RuleError
from detectors.foreign.reading import expression
from detectors.foreign.records import Allowlist

__all__ = ["Filter", "read_filter"]

_MAX_LENGTH = 200_000
_TEXT = r'(?:`[^`]*`|"(?:[^"\\\n]|\\.)*")'
_PATH = r'(?:get\(attributes,\s*"path",\s*""\)|\(?attributes\["path"\](?:\s*\?\?\s*"")?\)?)'
_TERM = re.compile(
    r'(?:filter\.)?(?:entropy\(finding\["secret"\]\)\s*(?P<order><=|<)\s*'
    r"(?P<bound>\d{1,3}(?:\.\d{1,9})?)"
    r'|(?P<test>matchesAny|containsAny)\((?:finding\["(?P<of>secret|match|line)"\]|'
    + _PATH
    + rf"),\s*\[(?P<list>\s*{_TEXT}(?:\s*,\s*{_TEXT})*\s*,?\s*)\]\s*\))"
)
_BETWEEN = re.compile(r"\s+|\|\||[()]")
_ITEM = re.compile(_TEXT)


class Filter(NamedTuple):
    """What a filter drops."""

    entropy: float = 0.0
    """The secret's must be above this."""
    allowlists: tuple[Allowlist, ...] = ()


def read_filter(text: str, where: str) -> Filter | None:
    """A filter's alternatives; None where it holds anything else.

    Args:
        text: an expression that is true for what is no finding.
        where: names it where it ignores something.

    Raises:
        RuleError: an expression in it is none.
    """
    if len(text) > _MAX_LENGTH:
        return None
    made = Filter()
    at, expects_term = 0, True
    while at < len(text):
        if between := _BETWEEN.match(text, at):
            at = between.end()
            if between[0] == "||":
                if expects_term:
                    return None
                expects_term = True
            continue
        term = _TERM.match(text, at)
        if term is None or not expects_term:
            return None
        at, expects_term = term.end(), False
        added = _with_term(made, term, where)
        if added is None:
            return None
        made = added
    return None if expects_term else made


def _with_term(made: Filter, term: re.Match[str], where: str) -> Filter | None:
    if term["bound"]:
        bound = float(term["bound"])
        # What is not below the bound stays; what is not above it goes.
        least = bound if term["order"] == "<=" else math.nextafter(bound, -math.inf)
        return made._replace(entropy=max(made.entropy, least))
    items = tuple(_item(one) for one in _ITEM.findall(term["list"]))
    if term["test"] == "containsAny":
        if term["of"] != "secret":
            return None
        one = Allowlist(where, stopwords=tuple(item.lower() for item in items if item))
    elif term["of"]:
        one = Allowlist(where, target=term["of"], regexes=tuple(map(expression, items)))
    else:
        one = Allowlist(where, paths=tuple(map(expression, items)))
    return made._replace(allowlists=(*made.allowlists, one))


def _item(text: str) -> str:
    if text.startswith("`"):
        return text[1:-1]
    try:
        return str(json.loads(text))
    except ValueError:
        raise RuleError("a text in its filter is none") from None
