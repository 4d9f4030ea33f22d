"""Configuration files of gitleaks, and of betterleaks, which began as a copy of it.

Source: https://github.com/gitleaks/gitleaks/blob/master/README.md#configuration
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from detectors.errors import RuleError
from detectors.foreign.anchors import derive_anchor, keyword_anchor, without_run
from detectors.foreign.emit import emit
from detectors.foreign.filtering import Filter, read_filter
from detectors.foreign.reading import (
    MAX_FILE,
    Table,
    expression,
    lowered,
    number,
    strings,
    tables,
    text,
)
from detectors.foreign.records import Allowlist, ForeignConfig, ForeignRule, Required
from detectors.foreign.syntax import captures, parse_expression

__all__ = ["foreign_id", "read_gitleaks_config"]

_MAX_RULES = 5_000
_MAX_EXTENDED = 2
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]+")
_MERGED = ("keywords", "tags", "allowlists")


def foreign_id(tool: str, name: str) -> str:
    """What a rule that `tool` calls `name` is called here."""
    return f"{tool}.{_NOT_IN_AN_ID.sub('-', name.lower()).strip('-') or 'unnamed'}"


def read_gitleaks_config(file: Path) -> ForeignConfig:
    """The rules and allowlists in a configuration file of gitleaks or betterleaks.

    What cannot be used is left out and named in `notes`.

    Raises:
        RuleError: the file cannot be read, is no such file, or nothing in it can be used.
    """
    notes: list[str] = []
    raw = _load(file)
    tool = "betterleaks" if _is_betterleaks(raw) else "gitleaks"
    listed: list[Table] = []
    merged, built_in, disabled = _extended(raw, file, notes, listed, 0)
    rules: dict[str, ForeignRule] = {}
    for_built_in: list[tuple[str, Allowlist]] = []
    for name, table in merged.items():
        try:
            if built_in and not table.get("regex") and not table.get("path"):
                for_built_in += [(name, one) for one in _allowlists(table, f"rule {name}")]
                continue
            rules[name] = _rule(tool, name, table, notes)
        except RuleError as error:
            notes.append(f"rule {name} is left out: {error}")
    rules = _with_required(rules, notes)
    everywhere: list[Allowlist] = []
    for each in listed:
        try:
            one = _allowlist(each, "allowlist")
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
    if not rules and not everywhere and not for_built_in and not built_in:
        reason = f": {notes[0]}" if notes else ""
        raise RuleError(f"{file}: there is nothing in it that can be used{reason}")
    return ForeignConfig(
        str(file), tool, _with_own_ids(rules.values()), tuple(everywhere), tuple(for_built_in),
        built_in, disabled, tuple(notes),
    )  # fmt: skip


def _load(file: Path) -> Table:
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE + 1)
    except OSError as error:
        raise RuleError(f"{file}: {error.strerror}; name a configuration file") from None
    if len(data) > MAX_FILE:
        raise RuleError(f"{file}: it is larger than {MAX_FILE >> 20} MiB")
    try:
        found: Table = lowered(tomllib.loads(data.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RuleError(f"{file}: not TOML: {str(error)[:200]}") from None
    except RuleError as error:
        raise RuleError(f"{file}: {error}") from None
    return found


def _is_betterleaks(raw: Table) -> bool:
    own = {"validate", "filter", "specificity", "tokenefficiency"}
    rules = raw.get("rules")
    return "betterleaksminversion" in raw or any(
        isinstance(rule, dict) and own & rule.keys()
        for rule in (rules if isinstance(rules, list) else ())
    )


def _extended(
    raw: Table, file: Path, notes: list[str], listed: list[Table], depth: int
) -> tuple[dict[str, dict[str, Any]], bool, tuple[str, ...]]:
    """Rules by name, those of the files that `raw` extends merged in as gitleaks does; whether
    the tool's own rules are extended, and which of them are not to run. Allowlists for all rules
    are added to `listed`."""
    try:
        own = tables(raw, "rules")
        listed += [*tables(raw, "allowlist"), *tables(raw, "allowlists")]
        extend = tables(raw, "extend")[:1]
        path = text(extend[0], "path") if extend else ""
        disabled = strings(extend[0], "disabledrules") if extend else ()
    except RuleError as error:
        raise RuleError(f"{file}: {error}") from None
    if len(own) > _MAX_RULES:
        raise RuleError(f"{file}: more than {_MAX_RULES:,} rules")
    rules: dict[str, dict[str, Any]] = {}
    for number_, table in enumerate(own, 1):
        name = table.get("id")
        if not isinstance(name, str) or not name.strip():
            notes.append(f"rule number {number_} is left out: it has no id")
        else:
            rules[name.strip()] = _with_one_list(dict(table))
    if not extend:
        return rules, False, ()
    if extend[0].get("url"):
        notes.append("extend.url is left out: nothing is fetched for a configuration")
    if extend[0].get("usedefault") is True:
        return rules, True, disabled
    if not path:
        return rules, False, ()
    if depth >= _MAX_EXTENDED:
        notes.append(f"{path} is left out: no more than {_MAX_EXTENDED} files extend one another")
        return rules, False, ()
    other = file.parent / path
    base, built_in, more = _extended(_load(other), other, notes, listed, depth + 1)
    for name, table in base.items():
        if name not in disabled:
            rules[name] = _merged(table, rules.get(name, {}))
    return rules, built_in, (*disabled, *more)


def _with_one_list(table: dict[str, Any]) -> dict[str, Any]:
    """A rule's allowlists under one name; older files have one, under another."""
    older = table.pop("allowlist", None)
    if older is not None:
        table["allowlists"] = [older, *(table.get("allowlists") or [])]
    return table


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A rule of an extended file with what the extending one says of it."""
    merged = base | {field: value for field, value in own.items() if value}
    for field in _MERGED:
        both = [base.get(field) or [], own.get(field) or []]
        if all(isinstance(one, list) for one in both):
            merged[field] = both[0] + both[1]
    return merged


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
        allowlists=(*_allowlists(table, f"rule {name}"), *filtered.allowlists),
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


def _allowlists(table: Table, where: str) -> list[Allowlist]:
    return [_allowlist(one, where) for one in tables(table, "allowlists")]


def _allowlist(table: Table, where: str) -> Allowlist:
    """One allowlist; `where` it stands names it where it has no description."""
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
