"""The gate of a command: the policy in the forensics.toml that applies, and what it decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.gate.judge import Judge, Tally
    from forensics.gate.new import Base
    from forensics.gate.policy import Policy
    from forensics.gate.rule_names import RuleNames
    from forensics.git.repository import Repository
    from forensics.git.working import Place
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup
    from forensics.settings.lookup import Lookup

__all__ = ["Gate", "gate_of", "of_setup", "shipped_rules"]


class Gate:
    """The policy of a command, if there is one, and what it has decided."""

    def __init__(self, policy: Policy | None) -> None:
        self._policy = policy
        self._judge: Judge | None = None

    def __bool__(self) -> bool:
        """Whether there is a policy."""
        return self._policy is not None

    @property
    def name(self) -> str:
        """Of the file."""
        return "" if self._policy is None else self._policy.name

    def know(self, rules: Callable[[], Collection[str]]) -> None:
        """Look up the rules that the policy names, among those that findings may be of, and read
        the baselines that it names.

        Raises:
            UsageProblem: a name is no rule's, or a baseline cannot be read.
        """
        if self._policy is None:
            return
        from forensics.gate.baseline import read_baselines
        from forensics.gate.judge import Judge
        from forensics.gate.rule_names import RuleNames

        named = any(one.rules for one in self._policy.entries)
        names = RuleNames(self._policy, rules() if named else (), shipped_rules)
        self._judge = Judge(self._policy, names, read_baselines(self._policy))

    def base(
        self, repository: Callable[[], Repository | None], place: Place | None = None
    ) -> Base | None:
        """What new things are compared with in a repository, which is opened only where that is
        asked; None where nothing asks.

        Raises:
            UsageProblem: a ref of the policy is not there.
        """
        if self._policy is None or not self._policy.refs:
            return None
        from forensics.gate.new import base_of

        return base_of(self._policy, repository(), place)

    def bases(
        self, connection: Connection, key: Key, rows: Iterable[int]
    ) -> dict[int, Base | None]:
        """The same for repositories of an index, by row.

        Raises:
            UsageProblem: one is not where it was scanned, or a ref is not there.
        """
        return {row: self.base(partial(_indexed, connection, key, row)) for row in rows}

    def judged(
        self,
        connection: Connection | None,
        row: int | None,
        findings: Iterable[Finding],
        bases: Mapping[int, Base | None],
    ) -> list[Finding]:
        """The findings with what the policy says of those that count.

        Args:
            connection: of their index; None where nothing was found.
            row: of their repository; None for all of the index.
            findings: in whatever order.
            bases: by row.
        """
        if self._judge is None:
            return list(findings)
        from forensics.gate.facts import Facts

        facts = None if connection is None else Facts(connection, row, bases)
        return list(self._judge.judged(findings, facts))

    @property
    def names(self) -> RuleNames:
        """Which rules the policy means."""
        assert self._judge is not None
        return self._judge.names

    def tally(self) -> Tally:
        """What was decided."""
        assert self._judge is not None
        return self._judge.tally()

    def lines(self) -> list[str]:
        """What was decided, for a summary; nothing without a policy."""
        if self._judge is None:
            return []
        from forensics.report.gate import tally_lines

        return list(tally_lines(self._judge.policy, self.tally()))


def _indexed(connection: Connection, key: Key, row: int) -> Repository | None:
    """Where what was scanned into a row of an index is; None for a folder.

    Raises:
        UsageProblem: it is not there any more.
    """
    from forensics.index.reported import repository_path
    from forensics.scan.read_again import scanned_repository

    found = scanned_repository(connection, key, row)
    if found is None:
        shown = repository_path(connection, row)[0].decode("utf-8", "backslashreplace")
        raise UsageProblem(
            f"{shown} is not there any more, so the policy cannot tell what is new in it",
            "name another repository, or a policy without new-since",
        )
    return None if isinstance(found, Path) else found


def gate_of(found: Lookup) -> Gate:
    """The gate of the file that applies.

    Raises:
        UsageProblem: it says something that cannot be.
    """
    if found.file is None or "gate" not in found.file.sections:
        return Gate(None)
    from forensics.gate.reading import read_policy

    return Gate(read_policy(found.file))


def shipped_rules() -> list[str]:
    """Ids of all rules that can run without a file of rules."""
    from detectors.foreign.plugin_names import PLUGINS
    from detectors.foreign.plugins import rule_id
    from detectors.rule_ids import built_in_ids

    return [*built_in_ids(), *map(rule_id, PLUGINS)]


def of_setup(setup: ScannerSetup) -> Callable[[], Collection[str]]:
    """Ids of the rules that a scan looks for."""
    return lambda: {one.id for one in setup.scanner().kinds}
