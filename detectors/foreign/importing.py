"""Rule files of Nosey Parker and Kingfisher, which are alike, made into files of ours.

Sources: https://github.com/praetorian-inc/noseyparker and https://github.com/mongodb/kingfisher
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from detectors.anchor import MAX_ANCHOR_WIDTH, widest
from detectors.errors import RuleError
from detectors.foreign.anchors import derive_anchor
from detectors.foreign.emit import emit
from detectors.foreign.gitleaks import foreign_id
from detectors.foreign.reading import Table, lowered, number, strings, tables, text
from detectors.foreign.records import MAX_FILE
from detectors.foreign.sampling import sample
from detectors.foreign.syntax import parse_expression
from detectors.foreign.tree import Group, Node, Repeat
from detectors.rule import Rule
from detectors.rule_detector import RuleDetector
from detectors.scanner import Scanner
from detectors.template import expand

__all__ = ["Imported", "as_toml", "import_rules"]

_MAX_RULES = 5_000
_TOOLS = {"np": "noseyparker", "kingfisher": "kingfisher"}
_CONFIDENCE = {"low": 0.4, "medium": 0.7, "high": 0.9}
_WHY = "The rule was imported from {}, which does not say what somebody can do with the secret."
_REMEDY = (
    "Find out what it opens, rotate it there, and let the program read it from a secret store."
)
_COUNTEREXAMPLE = "nothing of the kind stands here"
_TRIES = 8


class Imported(NamedTuple):
    """What became of a file."""

    rules: tuple[Rule, ...]
    notes: tuple[str, ...]
    """What of it was left out, and why."""


def import_rules(file: Path) -> Imported:
    """The rules of a YAML file of Nosey Parker's or Kingfisher's, as ours.

    Raises:
        RuleError: the file cannot be read, or is no such file.
    """
    found: dict[str, Rule] = {}
    notes: list[str] = []
    for place, table in enumerate(_load(file), 1):
        name = table.get("id")
        where = f"rule {name}" if isinstance(name, str) and name else f"rule number {place}"
        try:
            rule = _rule(table, notes, where)
        except RuleError as error:
            notes.append(f"{where} is left out: {error}")
            continue
        if rule.id in found:
            notes.append(f"{where} is left out: another one is called {rule.id} already")
        else:
            found[rule.id] = rule
    return Imported(tuple(found.values()), tuple(notes))


def _load(file: Path) -> list[Table]:
    import yaml  # a twentieth of a second, which only an import pays

    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE + 1)
    except OSError as error:
        raise RuleError(f"{file}: {error.strerror}; name a file of rules") from None
    if len(data) > MAX_FILE:
        raise RuleError(f"{file}: it is larger than {MAX_FILE >> 20} MiB")
    try:
        _refuse_aliases(data)
        document = lowered(yaml.load(data, Loader=yaml.CSafeLoader))
        rules = tables(document, "rules") if isinstance(document, dict) else []
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise RuleError(f"{file}: not YAML: {type(error).__name__}") from None
    except RuleError as error:
        raise RuleError(f"{file}: {error}") from None
    if not rules:
        raise RuleError(f"{file}: it holds no list of rules, as Nosey Parker and Kingfisher do")
    if len(rules) > _MAX_RULES:
        raise RuleError(f"{file}: more than {_MAX_RULES:,} rules")
    return rules


def _refuse_aliases(data: bytes) -> None:
    """Aliases let a small file stand for a huge one; no file of rules needs them."""
    import yaml

    if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(data, yaml.CSafeLoader)):
        raise RuleError("it uses YAML aliases")


def _rule(table: Table, notes: list[str], where: str) -> Rule:
    name, pattern = text(table, "id"), text(table, "pattern")
    if not name or not pattern:
        raise RuleError("it lacks an id or a pattern")
    prefix, _, kind = name.partition(".")
    tool = _TOOLS.get(prefix)
    if tool is None:
        tool, kind = "imported", name
    tree = parse_expression(pattern)
    anchor = derive_anchor(tree)
    if anchor is None:
        raise RuleError("no three fixed bytes of its pattern tell where to look for it")
    whole = emit(tree, secret=_secret_group(tree))
    bounded = widest(whole) <= MAX_ANCHOR_WIDTH and anchor.expression == whole
    if table.get("validation"):
        notes.append(f"{where}: its validation is left out; nothing is asked over the network")
    if table.get("depends_on_rule"):
        notes.append(f"{where}: it depends on another rule, and is imported without that")
    rule = Rule(
        id=foreign_id(tool, kind),
        title=(text(table, "name") or name)[:300],
        severity="medium",
        why=_WHY.format({"noseyparker": "Nosey Parker", "kingfisher": "Kingfisher"}.get(
            tool, "another scanner")),
        remedy=_REMEDY,
        pattern=whole,
        examples=(),
        counterexamples=(),
        anchor="" if bounded else anchor.expression,
        lead=0 if bounded else anchor.lead,
        entropy=number(table, "min_entropy"),
        confidence=_CONFIDENCE.get(text(table, "confidence").lower(), 0.7),
        aliases=(f"{tool}:{name}",),
    )  # fmt: skip
    return _with_examples(rule, tree, table)


def _secret_group(tree: Group) -> int:
    """The group that is the secret: that of the name `token`, or else the first."""
    groups = list(_groups(tree))
    named = (one.capture for one in groups if one.name.lower() in ("token", "secret"))
    return next(named, groups[0].capture if groups else 0)


def _groups(node: Node) -> Iterator[Group]:
    if isinstance(node, Repeat):
        yield from _groups(node.part)
    elif isinstance(node, Group):
        if node.capture:
            yield node
        for choice in node.choices:
            for part in choice:
                yield from _groups(part)


def _with_examples(rule: Rule, tree: Group, table: Table) -> Rule:
    """`rule` with examples that it finds: made up from its pattern, or else the file's own."""
    scanner = Scanner([RuleDetector([rule])])

    def found(template: str) -> bool:
        return all(bool(scanner.scan(expand(template, seed)).hits) for seed in range(3))

    made = (f'"{sample(tree, seed)}"' for seed in range(_TRIES))
    given = (one.strip() for one in strings(table, "examples"))
    example = next((one for one in (*made, *given) if found(one)), None)
    if example is None:
        raise RuleError("no text can be made in which it finds anything")
    against = [one.strip() for one in strings(table, "negative_examples")]
    counterexamples = [one for one in against if one and not scanner.scan(expand(one)).hits]
    return Rule(
        **{field: getattr(rule, field) for field in Rule.__slots__}
        | {
            "examples": (example,),
            "counterexamples": tuple(counterexamples) or (_COUNTEREXAMPLE,),
        }
    )


_ORDER = (
    "id", "title", "severity", "why", "remedy", "pattern", "anchor", "lead", "entropy",
    "confidence", "aliases", "examples", "counterexamples",
)  # fmt: skip


def as_toml(rules: tuple[Rule, ...]) -> str:
    """The text of a rule file that holds `rules`."""
    parts = []
    for rule in rules:
        values = [(field, getattr(rule, field)) for field in _ORDER]
        lines = [f"{field} = {_toml(value)}" for field, value in values if value]
        parts.append("\n".join(["[[rule]]", *lines]) + "\n")
    return "\n".join(parts)


def _toml(value: Any) -> str:
    if isinstance(value, tuple):
        return "[\n" + "".join(f"    {_toml(one)},\n" for one in value) + "]"
    if not isinstance(value, str):
        return repr(value)
    if "\\" in value and "'''" not in value and value.isprintable() and not value.endswith("'"):
        return f"'''{value}'''"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
