"""What every command that scans reads before it does: the policy, lists, the key and rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from forensics.cli.common import key_with_notice
from forensics.cli.gating import Gate, gate_of, of_setup
from forensics.cli.policy import found_at
from forensics.cli.trusted import read_asked_of

if TYPE_CHECKING:
    from forensics.git.own_files import OwnFiles
    from forensics.key import Key
    from forensics.scan.setup import ScannerSetup

__all__ = ["Prepared", "prepare"]


class Prepared(NamedTuple):
    """What to scan with, and what decides what fails."""

    key: Key
    setup: ScannerSetup
    gate: Gate
    plugins: tuple[str, ...]
    """Of detect-secrets, by class name."""


def prepare(
    asked: dict[str, Any],
    own: OwnFiles | None,
    policy: Path | None,
    trusted: bool,
    **limits: Any,
) -> Prepared:
    """Read all of it, so that what is wrong there is said before anything is scanned.

    Args:
        asked: the options of `list_options`.
        own: files at the top of what is scanned.
        policy: the forensics.toml that is named.
        trusted: whether those of `own` count.
        limits: as `setup_for` takes them.

    Raises:
        UsageProblem: a file cannot be used, or the policy names a rule or baseline that is
            not there.
        RuleError: a file of rules or a configuration is wrong, or there is no such rule.
        KeyProblem: there is no key to use.
    """
    from forensics.key import cache_folder
    from forensics.scan.setup import setup_for

    asked = dict(asked)
    limits = {"marks": not asked.pop("no_marks", False), **limits}
    gate = gate_of(found_at(policy, trusted, own))
    rules, lists, plugins = read_asked_of(asked, own, trusted)
    key = key_with_notice()
    setup = setup_for(key, cache_folder(), rules, lists, plugins, **limits)
    gate.know(of_setup(setup))
    return Prepared(key, setup, gate, plugins)
