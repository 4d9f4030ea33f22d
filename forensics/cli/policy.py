"""`--policy` and `--trust-repo-config`: which forensics.toml applies, and its gate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from forensics.cli.common import note
from forensics.errors import NotARepository, UsageProblem
from forensics.settings.lookup import CONFIG_VARIABLE, TRUST, Lookup, look_up

if TYPE_CHECKING:
    from forensics.gate.judge import Judge, Tally
    from forensics.gate.new import Base
    from forensics.gate.policy import Policy
    from forensics.gate.rule_names import RuleNames
    from forensics.git.own_files import OwnFiles
    from forensics.git.repository import Repository
    from forensics.git.working import Place
    from forensics.index.database import Connection
    from forensics.index.records import Finding
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup
    from forensics.settings.file import UserFile

__all__ = [
    "Gate", "found_at", "gate_of", "of_setup", "one_path", "own_files_in",
    "policy_options", "settings_options", "settings_used",
]  # fmt: skip

_Command = TypeVar("_Command", bound=Callable[..., Any])

_HELP = f"Your forensics.toml. Default: {CONFIG_VARIABLE}, else that in your configuration folder."
_TRUST_HELP = "Take {files} from the top of the repository where you name no other."


def _options(*names: str, files: str) -> Callable[[_Command], _Command]:
    def add(command: _Command) -> _Command:
        for option in (
            click.option(TRUST, "trusted", is_flag=True, help=_TRUST_HELP.format(files=files)),
            click.option(
                *names, "policy", type=click.Path(path_type=Path), metavar="FILE", help=_HELP
            ),
        ):
            command = option(command)
        return command

    return add


policy_options = _options(
    "--policy",
    files="forensics.toml, .gitleaks.toml, .gitleaksignore and .secrets.baseline",
)
"""For commands whose `--config` is that of gitleaks."""
settings_options = _options("--policy", "--config", files="forensics.toml")


def found_at(policy: Path | None, trusted: bool, own: OwnFiles | None) -> Lookup:
    """The forensics.toml that applies. A line says so where one in the repository does not.

    Raises:
        UsageProblem: a file that is to be used cannot be read, or is no such file.
    """
    found = look_up(policy, own, trusted=trusted)
    if found.untrusted:
        note(f"{found.untrusted} is not used; {TRUST} uses it, if you trust who can change it")
    return found


def own_files_in(
    path: Path, as_folder: bool = False, as_stream: bool = False, trusted: bool = False
) -> OwnFiles | None:
    """The files at the top of what is scanned; None where that has none.

    Raises:
        UsageProblem: they are trusted, and there are none.
        NotARepository: they are trusted, and there is no repository.
    """
    from forensics.git.own_files import OwnFiles, own_files

    if as_stream:
        if trusted:
            raise UsageProblem(f"standard input has no files for {TRUST}", "leave it out")
        return None
    if as_folder:
        return OwnFiles(path.resolve())
    try:
        return own_files(path)
    except NotARepository:
        if trusted:
            raise
        return None


def settings_used(path: Path, policy: Path | None, trusted: bool) -> UserFile | None:
    """The forensics.toml that applies to the repository at `path`, if any does."""
    return found_at(policy, trusted, own_files_in(path, trusted=trusted)).file


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
        from detectors.rule_ids import built_in_ids
        from forensics.gate.baseline import read_baselines
        from forensics.gate.judge import Judge
        from forensics.gate.rule_names import RuleNames

        named = any(one.rules for one in self._policy.entries)
        names = RuleNames(self._policy, rules() if named else (), built_in_ids)
        self._judge = Judge(self._policy, names, read_baselines(self._policy))

    def base(self, repository: Callable[[], Repository | None], place: Place | None = None) -> Base:
        """What new things are compared with in a repository, which is opened only where that is
        asked.

        Raises:
            UsageProblem: a ref of the policy is not there.
        """
        from forensics.gate.new import Base, base_of

        if self._policy is None or not self._policy.refs:
            return Base()
        return base_of(self._policy, repository(), place)

    def bases(self, connection: Connection, key: Key, rows: Iterable[int]) -> dict[int, Base]:
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
        bases: Mapping[int, Base],
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


def of_setup(setup: ScannerSetup) -> Callable[[], Collection[str]]:
    """Ids of the rules that a scan looks for."""
    return lambda: {one.id for one in setup.scanner().kinds}


def one_path(paths: Collection[Path], trusted: bool) -> None:
    """Refuse to trust several repositories at once: each would say what holds for all.

    Raises:
        UsageProblem: there are several.
    """
    if trusted and len(paths) > 1:
        raise UsageProblem(f"{TRUST} is about one repository", "give one PATH")
