"""Rules: data that says what a secret looks like, why it matters and what to do about it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import regex

from detectors.anchor import MAX_ANCHOR_WIDTH, Anchor, alternatives, widest
from detectors.contradictions import contradiction
from detectors.errors import RuleError

__all__ = ["Rule", "built_in_rules", "parse_rules", "read_rules"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of secret. `docs/rule-format.md` describes every field for rule authors."""

    id: str
    """`provider.kind`, lower case, words joined by `-`."""
    title: str
    severity: str
    """One of `contradictions.SEVERITIES`."""
    why: str
    """What somebody who holds the secret can do."""
    remedy: str
    """What to do after a leak."""
    examples: tuple[str, ...]
    """Templates (see `detectors.template`) of text in which the rule finds its secret."""
    counterexamples: tuple[str, ...]
    """Templates of text in which it must find nothing."""
    pattern: str = ""
    """`regex` syntax over bytes; the group `secret`, or else the whole match, is the secret."""
    keywords: tuple[str, ...] = ()
    """Lower-case literals, one of which stands in every match, whatever its case."""
    anchor: str = ""
    """What the prefilter looks for instead of `pattern`: bounded in width, within every match."""
    lead: int = 0
    """Bytes that a match may start before its anchor."""
    prefix: str = ""
    """Public start of the secret, which may be shown."""
    entropy: float = 0.0
    """Least Shannon entropy of the secret, in bits a character."""
    structure: str = ""
    """Name of the inspector in `detectors.structure` that reads and tests the token."""
    canonical: str = "plain"
    """How the value is brought into canonical form: one of `contradictions.CANONICAL`."""
    chosen: bool = False
    """Whether people choose the secret themselves, so that the words in it tell a stand-in."""
    confidence: float = 0.9
    """How sure a match is, 0 to 1, before structure and partners are looked at."""
    partners: tuple[str, ...] = ()
    """Ids of the rules that find what the secret cannot be used without."""
    within: int = 20
    """Most line breaks between the secret and a partner of it."""
    identifier: str = ""
    """What the thing is called, where the rule finds a public id and no secret."""
    alone: bool = True
    """Whether it is reported where nothing it belongs to stands near it."""
    aliases: tuple[str, ...] = ()
    """What other tools call it, as `tool:id`. Of built-in rules see `detectors.aliases`."""
    context: tuple[str, ...] = ()
    """Names of which one stands in or near the name that a value is assigned to; the pattern then
    has to match the whole value, and nothing is looked for by the rule itself."""
    key: str = ""
    """With `context`: what stands in the name, in lower case, that the value is assigned to."""
    scored: tuple[str, ...] = ()
    """Ends of names whose values the trained model judges; such a rule has no pattern."""

    @property
    def assigned(self) -> bool:
        """Whether the rule is one for values known by the name they are assigned to."""
        return bool(self.context or self.scored)

    @property
    def generic(self) -> bool:
        """Whether the rule knows only the context of a value, not its provider's shape."""
        return self.id.startswith("generic.")

    def compiled(self) -> regex.Pattern[bytes]:
        """The pattern as `regex` compiles it.

        Raises:
            RuleError: the pattern does not compile.
        """
        try:
            return regex.compile(self.pattern.encode())
        except (regex.error, ValueError) as error:
            raise RuleError(f"rule {self.id}: pattern does not compile: {error}") from None

    def to_anchor(self) -> Anchor:
        """What the prefilter looks for.

        Raises:
            RuleError: neither the pattern nor `anchor` is bounded in width.
        """
        expression = self.anchor or self.pattern
        try:
            width = widest(expression)
        except (re.error, ValueError) as error:
            raise RuleError(f"rule {self.id}: {expression!r} does not parse: {error}") from None
        if width > MAX_ANCHOR_WIDTH:
            raise RuleError(
                f"rule {self.id}: give it an `anchor` of at most {MAX_ANCHOR_WIDTH} bytes,"
                " because what the prefilter looks for must be bounded"
            )
        parts = alternatives(expression)
        return Anchor(
            expression, width, self.lead, keywords=self.keywords, parts=parts if parts[1:] else ()
        )


_FIELDS = {field.name: field for field in fields(Rule)}
_REQUIRED = (
    "id", "title", "severity", "why", "remedy", "examples", "counterexamples"
)  # fmt: skip
_LISTS = (
    "examples", "counterexamples", "keywords", "context", "scored", "partners", "aliases"
)  # fmt: skip
_NUMBERS = ("entropy", "confidence")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "lead": (int,), "chosen": (bool,), "entropy": (int, float), "confidence": (int, float),
    "within": (int,), "alone": (bool,),
}  # fmt: skip


def _rule(table: Mapping[str, Any], where: str, *, compiled: bool) -> Rule:
    name = table.get("id", "without an id")
    if unknown := sorted(table.keys() - _FIELDS.keys()):
        raise RuleError(f"{where}: rule {name}: unknown field {unknown[0]!r}")
    if missing := [field for field in _REQUIRED if not table.get(field)]:
        raise RuleError(f"{where}: rule {name}: {missing[0]!r} is missing")
    values: dict[str, Any] = {}
    for field, value in table.items():
        if field in _LISTS:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise RuleError(f"{where}: rule {name}: {field!r} must be a list of strings")
            values[field] = tuple(value)
        elif type(value) in _TYPES.get(field, (str,)):
            values[field] = float(value) if field in _NUMBERS else value
        else:
            raise RuleError(f"{where}: rule {name}: {field!r} has the wrong type")
    rule = Rule(**values)
    if wrong := contradiction(rule):
        raise RuleError(f"{where}: rule {name}: {wrong}")
    if not compiled:
        rule.compiled()
        if not rule.assigned:
            rule.to_anchor()
        try:
            widest(rule.pattern)
            widest(rule.key)
        except (re.error, ValueError) as error:
            message = f"the pattern must also be one for Python's re: {error}"
            raise RuleError(f"{where}: rule {name}: {message}") from None
    return rule


def parse_rules(text: str, where: str, *, compiled: bool = False) -> tuple[Rule, ...]:
    """The rules in a TOML text of `[[rule]]` tables; `where` names it in errors.

    `compiled` says that the patterns are known to compile; trying takes a millisecond each.

    Raises:
        RuleError: not TOML, or a rule in it is wrong; the message says which and why.
    """
    import tomllib  # rules that ship with us are kept parsed

    try:
        tables = tomllib.loads(text).get("rule", [])
    except (ValueError, RecursionError) as error:  # also of a number too long to be one
        raise RuleError(f"{where}: not TOML: {error}") from None
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RuleError(f"{where}: write each rule as a [[rule]] table")
    rules = tuple(_rule(table, where, compiled=compiled) for table in tables)
    if twice := [rule_id for rule_id, count in Counter(r.id for r in rules).items() if count > 1]:
        raise RuleError(f"{where}: rule {twice[0]} stands twice")
    return rules


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules in a file, as `parse_rules` reads them.

    Raises:
        RuleError: the file cannot be read, holds no rule, or `parse_rules` refuses it.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise RuleError(f"{path}: {reason}; name a TOML file of rules") from None
    rules = parse_rules(text, str(path))
    if not rules:
        raise RuleError(f"{path}: there is no rule in it; write each as a [[rule]] table")
    return rules


def built_in_rules() -> tuple[Rule, ...]:
    """All rules that ship with the package, in the order of their ids."""
    folder = files("detectors") / "rules"
    found: Iterable[Rule] = (
        rule
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".toml")
        for rule in parse_rules(file.read_text("utf-8"), file.name, compiled=True)
    )
    rules = tuple(sorted(found, key=lambda rule: rule.id))
    for one, other in pairwise(rules):
        if one.id == other.id:
            raise RuleError(f"rule {one.id} stands twice")
    return rules
