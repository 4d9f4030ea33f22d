"""Allowlists of gitleaks' configuration files.

Source: https://github.com/gitleaks/gitleaks/blob/master/README.md#configuration
"""

from __future__ import annotations

from detectors.errors import RuleError
from detectors.foreign.reading import Table, expression, strings, tables, text
from detectors.foreign.records import Allowlist, ForeignConfig

__all__ = ["allowlist", "allowlists", "named_apart"]


def allowlists(table: Table, where: str) -> list[Allowlist]:
    """The allowlists of one rule.

    Raises:
        RuleError: one of them is none.
    """
    return [allowlist(one, where) for one in tables(table, "allowlists")]


def allowlist(table: Table, where: str) -> Allowlist:
    """One allowlist; `where` it stands names it where it has no description.

    Raises:
        RuleError: it is none, or empty.
    """
    condition = text(table, "condition").upper() or "OR"
    if condition not in ("AND", "&&", "OR", "||"):
        raise RuleError(f"an allowlist's condition is {condition!r}, neither AND nor OR")
    target = text(table, "regextarget") or "secret"
    if target not in ("secret", "match", "line"):
        raise RuleError(f"an allowlist's regexTarget is {target!r}, not secret, match or line")
    description = " ".join(text(table, "description").split())[:80]
    made = Allowlist(
        name=f"{where}: {description}" if description else where,
        all_of=condition in ("AND", "&&"),
        commits=tuple(one.strip().lower() for one in strings(table, "commits")),
        paths=tuple(expression(one) for one in strings(table, "paths")),
        target=target,
        regexes=tuple(expression(one) for one in strings(table, "regexes")),
        stopwords=tuple(word.lower() for word in strings(table, "stopwords") if word),
    )
    if not (made.commits or made.paths or made.regexes or made.stopwords):
        raise RuleError("an allowlist is empty")
    return made


def named_apart(config: ForeignConfig) -> ForeignConfig:
    """`config`, with no two different allowlists of one name: what one of them ignores by its
    content must not be taken for ignored by the other, whose paths agree."""
    numbers: dict[str, dict[Allowlist, int]] = {}

    def named(one: Allowlist) -> Allowlist:
        same = numbers.setdefault(one.name, {})
        number = same.setdefault(one, len(same) + 1)
        return one if number == 1 else one._replace(name=f"{one.name} ({number})")

    return config._replace(
        allowlists=tuple(map(named, config.allowlists)),
        rules=tuple(
            rule._replace(allowlists=tuple(map(named, rule.allowlists))) for rule in config.rules
        ),
        for_built_in=tuple((rule, named(one)) for rule, one in config.for_built_in),
    )
