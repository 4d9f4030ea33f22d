"""Which secrets a decision is about."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

import click

from forensics.cli.common import rule_ids
from forensics.cli.querying import browser_of
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.index.database import Connection
    from forensics.index.reader import IndexReader
    from forensics.index.triage import Triage
    from forensics.query.tree import Query

__all__ = ["Choice", "chosen_secrets", "confirm"]


class Choice(NamedTuple):
    """Secrets, named or by what they have in common."""

    secrets: tuple[str, ...]
    rules: tuple[str, ...] = ()
    globs: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    everything: bool = False
    query: Query | None = None

    @property
    def by_filter(self) -> bool:
        """Whether they are not named one by one."""
        return self.query is not None or self.everything or self.by_option

    @property
    def by_option(self) -> bool:
        """Whether options narrow them down."""
        return any((self.rules, self.globs, self.severities, self.states))

    @property
    def empty(self) -> bool:
        """Whether nothing is said."""
        return not self.secrets and not self.by_filter


def chosen_secrets(
    connection: Connection, reader: IndexReader, triage: Triage, choice: Choice
) -> list[str]:
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
    fitting = None if choice.query is None else browser_of(connection).fingerprints(choice.query)
    if fitting is not None and not choice.by_option:
        return sorted(fitting)
    rules = {one for rule in choice.rules for one in rule_ids(rule, reader.rules())}
    states = {one.secret: one.state() for one in triage.current()}
    found: dict[str, None] = {}
    for one in reader.findings():
        if (
            (fitting is not None and one.secret not in fitting)
            or (choice.rules and one.rule not in rules)
            or (choice.severities and one.severity not in choice.severities)
            or (choice.states and states.get(one.secret, "open") not in choice.states)
            or (choice.globs and not _fits(one.path, choice.globs))
        ):
            continue
        found[one.secret] = None
    return list(found)


def confirm(count: int, *, yes: bool, expected: int | None) -> None:
    """Go on only if so many secrets are meant, that were not named one by one: by an option, or as
    somebody at a terminal answers, who types their number where there are many.

    Raises:
        UsageProblem: they are not, or nobody says so.
    """
    many = f"{count:,} secret{'s' if count != 1 else ''}"
    if expected is not None and expected != count:
        raise UsageProblem(f"{many} fit, not {expected:,}", "nothing was changed: look again")
    if yes or expected is not None:
        return
    if sys.stdin.isatty():
        from forensics.index.decision import ASK_FOR_COUNT

        wanted = str(count) if count > ASK_FOR_COUNT else "yes"
        answer = click.prompt(
            f"{many} would be changed; {wanted} changes them", default="", show_default=False,
            err=True,
        )  # fmt: skip
        if answer.strip().replace(",", "") == wanted:
            return
        raise UsageProblem(f"that is not {wanted}", "nothing was changed")
    raise UsageProblem(
        f"{many} would be changed", f"give --yes or --count {count} too if that is what you want"
    )


def _fits(path: bytes | None, globs: Sequence[str]) -> bool:
    return path is not None and any(fnmatchcase(os.fsdecode(path), glob) for glob in globs)
