"""Which rules a scan looks for: the built-in ones, a user's own, or some of both."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from detectors.errors import RuleError
from detectors.rule import Rule, built_in_rules, read_rules

__all__ = ["select_rules"]


def select_rules(
    files: Sequence[Path] = (), enabled: Collection[str] = (), disabled: Collection[str] = ()
) -> tuple[Rule, ...] | None:
    """The rules to look for, by id; None for exactly the built-in ones.

    Args:
        files: of further rules; one of the same id as a built-in or earlier one replaces it.
        enabled: ids; with any, no other rule is looked for.
        disabled: ids that are not looked for.

    Raises:
        RuleError: a file is wrong, no rule has such an id, or no rule is left.
    """
    if not files and not enabled and not disabled:
        return None
    known = {rule.id: rule for rule in built_in_rules()}
    for file in files:
        known |= {rule.id: rule for rule in read_rules(file)}
    if unknown := sorted({*enabled, *disabled} - known.keys()):
        raise RuleError(f"there is no rule {unknown[0]!r}; `forensics rules list` names them all")
    chosen = {*(enabled or known)} - {*disabled}
    if not chosen:
        raise RuleError("no rule is left to look for; enable one more or disable one less")
    return tuple(known[name] for name in sorted(chosen))
