"""Which secrets a decision is about."""

from __future__ import annotations

import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from forensics.cli.common import rule_ids
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.index.reader import IndexReader
    from forensics.index.triage import Triage

__all__ = ["Choice", "chosen_secrets"]


class Choice(NamedTuple):
    """Secrets, named or by what they have in common."""

    secrets: tuple[str, ...]
    rules: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    everything: bool = False

    @property
    def by_filter(self) -> bool:
        """Whether they are not named one by one."""
        return any((self.rules, self.globs, self.severities, self.states, self.everything))

    @property
    def empty(self) -> bool:
        """Whether nothing is said."""
        return not self.secrets and not self.by_filter


def chosen_secrets(reader: IndexReader, triage: Triage, choice: Choice) -> list[str]:
    """Fingerprints of what is chosen.

    Raises:
        UsageProblem: a name is nobody's or several secrets', or both kinds of choice are mixed.
    """
    if choice.secrets and choice.by_filter:
        raise UsageProblem("secrets are named and filtered", "do one or the other")
    if choice.secrets:
        return list(dict.fromkeys(reader.resolve(one) for one in choice.secrets))
    if not choice.by_filter:
        return []
    rules = {one for rule in choice.rules for one in rule_ids(rule, reader.rules())}
    states = {one.secret: one.state() for one in triage.current()}
    found: dict[str, None] = {}
    for one in reader.findings():
        if (
            (choice.rules and one.rule not in rules)
            or (choice.severities and one.severity not in choice.severities)
            or (choice.states and states.get(one.secret, "open") not in choice.states)
            or (choice.globs and not _fits(one.path, choice.globs))
        ):
            continue
        found[one.secret] = None
    return list(found)


def _fits(path: bytes | None, globs: Sequence[str]) -> bool:
    return path is not None and any(fnmatchcase(os.fsdecode(path), glob) for glob in globs)
