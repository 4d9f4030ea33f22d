"""What a scan looks for: built-in rules, a user's own, other tools', or some of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from detectors.aliases import rules_called
from detectors.errors import RuleError
from detectors.foreign.records import ForeignConfig
from detectors.rule import Rule, built_in_rules, read_rules

__all__ = ["Selection", "ids_of", "select", "select_rules"]


class Selection(NamedTuple):
    """What to look for."""

    rules: tuple[Rule, ...] | None = None
    """By id; None for exactly the built-in ones."""
    config: ForeignConfig | None = None
    """Of another tool."""


def ids_of(name: str, known: Mapping[str, Rule]) -> frozenset[str]:
    """Ids of the rules among `known` that `name` means: an id of ours, or another tool's."""
    if name in known:
        return frozenset((name,))
    lowered = name.lower()
    own = {
        rule.id
        for rule in known.values()
        for alias in rule.aliases
        if lowered in (alias.lower(), alias.lower().partition(":")[2])
    }
    return frozenset(own | (rules_called(name) & known.keys()))


def select_rules(
    files: Sequence[Path] = (), enabled: Collection[str] = (), disabled: Collection[str] = ()
) -> tuple[Rule, ...] | None:
    """The rules to look for, by id; None for exactly the built-in ones.

    Args:
        files: of further rules; one of the same id as a built-in or earlier one replaces it.
        enabled: ids, ours or other tools'; with any, no other rule is looked for.
        disabled: ids that are not looked for.

    Raises:
        RuleError: a file is wrong, no rule has such an id, or no rule is left.
    """
    return select(files, enabled, disabled).rules


def select(
    files: Sequence[Path] = (),
    enabled: Collection[str] = (),
    disabled: Collection[str] = (),
    config: ForeignConfig | None = None,
) -> Selection:
    """What to look for, as `select_rules` says; with a configuration of another tool its rules,
    and the built-in ones only where it extends that tool's.

    Raises:
        RuleError: a file is wrong, no rule has such an id, or no rule is left.
    """
    if not files and not enabled and not disabled and config is None:
        return Selection()
    known: dict[str, Rule] = {}
    if config is None or config.built_in:
        known = {rule.id: rule for rule in built_in_rules()}
    for name in config.disabled if config is not None else ():
        for rule_id in rules_called(name):
            known.pop(rule_id, None)
    for file in files:
        known |= {rule.id: rule for rule in read_rules(file)}
    theirs = {rule.id: rule for rule in config.rules} if config is not None else {}

    def meant(names: Collection[str]) -> set[str]:
        ids: set[str] = set()
        for name in names:
            found = {*ids_of(name, known), *(
                rule.id for rule in theirs.values() if name in (rule.id, rule.name)
            )}  # fmt: skip
            if not found:
                raise RuleError(f"there is no rule {name!r}; `forensics rules list` names them all")
            ids |= found
        return ids

    wanted = meant(enabled) or {*known, *theirs}
    chosen = wanted - meant(disabled)
    if not chosen:
        raise RuleError("no rule is left to look for; enable one more or disable one less")
    if config is not None and not theirs.keys() <= chosen:
        config = config._replace(
            rules=tuple(
                rule if rule.id in chosen else rule._replace(reported=False)
                for rule in config.rules
            )
        )
    all_built_in = config is not None and config.built_in and not files and chosen >= known.keys()
    if all_built_in and known.keys() == {rule.id for rule in built_in_rules()}:
        return Selection(None, config)
    return Selection(tuple(known[name] for name in sorted(chosen & known.keys())), config)
