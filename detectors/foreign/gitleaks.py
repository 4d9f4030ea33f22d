"""Configuration files of gitleaks, and of betterleaks, which began as a copy of it.

Source: https://github.com/gitleaks/gitleaks/blob/master/README.md#configuration
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from detectors.errors import RuleError
from detectors.foreign.allowlists import allowlist, allowlists, named_apart
from detectors.foreign.anchors import derive_anchor, keyword_anchor
from detectors.foreign.emit import emit
from detectors.foreign.extending import load, with_extended
from detectors.foreign.filtering import Filter, read_filter
from detectors.foreign.leading_run import without_run
from detectors.foreign.reading import (
    Table,
    expression,
    number,
    strings,
    tables,
    text,
)
from detectors.foreign.records import Allowlist, ForeignConfig, ForeignRule, Required
from detectors.foreign.syntax import parse_expression
from detectors.foreign.tree import captures

__all__ = ["foreign_id", "read_gitleaks_config"]

_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]+")


def foreign_id(tool: str, name: str) -> str:
    """What a rule that `tool` calls `name` is called here."""
    return f"{tool}.{_NOT_IN_AN_ID.sub('-', name.lower()).strip('-') or 'unnamed'}"


def read_gitleaks_config(file: Path, text: str = "") -> ForeignConfig:
    """The rules and allowlists in a configuration file of gitleaks or betterleaks.

    What cannot be used is left out and named in `notes`.

    Args:
        file: the file; what it is called, and where others are looked for, if there is a text.
        text: what stands in it, if that is no file.

    Raises:
        RuleError: the file cannot be read, is no such file, or nothing in it can be used.
    """
    notes: list[str] = []
    raw = load(file, text)
    tool = "betterleaks" if _is_betterleaks(raw) else "gitleaks"
    found = with_extended(raw, file, notes)
    rules: dict[str, ForeignRule] = {}
    for_built_in: list[tuple[str, Allowlist]] = []
    for name, table in found.rules.items():
        try:
            if found.built_in and not table.get("regex") and not table.get("path"):
                for_built_in += [(name, one) for one in allowlists(table, f"rule {name}")]
                continue
            rules[name] = _rule(tool, name, table, notes)
        except RuleError as error:
            notes.append(f"rule {name} is left out: {error}")
    rules = _with_required(rules, notes)
    everywhere: list[Allowlist] = []
    for each in found.allowlists:
        try:
            one = allowlist(each, "allowlist")
            targets = strings(each, "targetrules")
        except RuleError as error:
            notes.append(f"an allowlist is left out: {error}")
            continue
        for target in targets:
            if target in rules:
                rule = rules[target]
                rules[target] = rule._replace(allowlists=(*rule.allowlists, one))
            else:
                for_built_in.append((target, one))
        if not targets:
            everywhere.append(one)
    for field in ("prefilter", "filter"):
        try:
            everywhere += _filter(raw, field, f"{field} for all rules", notes).allowlists
        except RuleError as error:
            notes.append(f"the {field} for all rules is left out: {error}")
    if not rules and not everywhere and not for_built_in and not found.built_in:
        reason = f": {notes[0]}" if notes else ""
        raise RuleError(f"{file}: there is nothing in it that can be used{reason}")
    return named_apart(ForeignConfig(
        str(file), tool, _with_own_ids(rules.values()), tuple(everywhere), tuple(for_built_in),
        found.built_in, found.disabled, tuple(notes),
    ))  # fmt: skip


def _is_betterleaks(raw: Table) -> bool:
    own = {"validate", "filter", "specificity", "tokenefficiency"}
    rules = raw.get("rules")
    return "betterleaksminversion" in raw or any(
        isinstance(rule, dict) and own & rule.keys()
        for rule in (rules if isinstance(rules, list) else ())
    )


def _rule(tool: str, name: str, table: Table, notes: list[str]) -> ForeignRule:
    pattern, path = text(table, "regex"), text(table, "path")
    if not pattern:
        what = "it looks at paths only, not at contents" if path else "it has no regex"
        raise RuleError(what)
    tree = parse_expression(pattern)
    group = int(number(table, "secretgroup"))
    if not 0 <= group <= captures(tree):
        raise RuleError(f"its pattern has no group {group}")
    keywords = tuple(dict.fromkeys(word.lower() for word in strings(table, "keywords")))
    tree, run = without_run(tree)
    derived = derive_anchor(tree)
    near = derived is None
    anchor = derived.expression if derived is not None else keyword_anchor(keywords)
    if not anchor:
        raise RuleError(
            "neither three fixed bytes of its pattern nor keywords of three letters tell where to"
            " look for it"
        )
    filtered = _filter(table, "filter", f"filter of rule {name}", notes)
    return ForeignRule(
        id=foreign_id(tool, name),
        name=name,
        title=(text(table, "description") or name)[:300],
        pattern=emit(tree),
        anchor=anchor,
        lead=derived.lead if derived is not None else 0,
        run=(run.mask, run.most),
        near=near,
        group=group,
        entropy=max(number(table, "entropy"), filtered.entropy),
        keywords=keywords if near else (),
        path=expression(path) if path else "",
        allowlists=(*allowlists(table, f"rule {name}"), *filtered.allowlists),
        required=tuple(_required(one) for one in tables(table, "required")),
        reported=table.get("skipreport") is not True,
    )


def _filter(table: Table, field: str, where: str, notes: list[str]) -> Filter:
    """A filter of betterleaks, empty where there is none or it is not understood."""
    if not table.get(field):
        return Filter()
    found = read_filter(text(table, field), where)
    if found is None:
        notes.append(f"the {where} is left out: only alternatives of entropy, matchesAny and"
                     " containsAny are understood")  # fmt: skip
    return found or Filter()


def _required(table: Table) -> Required:
    lines, columns = (
        int(number(table, field)) if field in table else None
        for field in ("withinlines", "withincolumns")
    )
    return Required(text(table, "id"), lines, columns)


def _with_required(rules: dict[str, ForeignRule], notes: list[str]) -> dict[str, ForeignRule]:
    """`rules` without those that require one which is not there."""
    lost = True
    while lost:
        lost = False
        for name, rule in [*rules.items()]:
            missing = [one.rule for one in rule.required if one.rule not in rules]
            if missing:
                notes.append(f"rule {name} is left out: it requires {missing[0]!r}, which is not")
                del rules[name]
                lost = True
    return rules


def _with_own_ids(rules: Iterable[ForeignRule]) -> tuple[ForeignRule, ...]:
    """`rules`, of which no two are called the same."""
    taken: dict[str, int] = {}
    made: list[ForeignRule] = []
    for rule in rules:
        times = taken[rule.id] = taken.get(rule.id, 0) + 1
        made.append(rule if times == 1 else rule._replace(id=f"{rule.id}-{times}"))
    return tuple(made)
