"""Options of a scan that name other tools' rules and what to ignore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import click

from forensics.cli import completing
from forensics.cli.common import note
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from detectors.rule import Rule
    from forensics.scan.ignoring import Lists

__all__ = [
    "IGNORE_FILE", "Asked", "baseline_option", "config_option", "enable_option",
    "ignore_path_option", "list_options", "marks_option", "read_asked",
]  # fmt: skip

IGNORE_FILE = ".gitleaksignore"
_NO_FILE = Path("the configuration given as text")
_MOST_NOTES = 20

_Command = TypeVar("_Command", bound=Callable[..., Any])
_FILE = click.Path(path_type=Path)

ignore_path_option = click.option(
    "-i", "--gitleaks-ignore-path", "ignore_path", type=_FILE, metavar="PATH",
    help="Fingerprints to ignore: a .gitleaksignore, or the folder of one.",
)  # fmt: skip
marks_option = click.option(
    "--ignore-gitleaks-allow", "no_marks", is_flag=True,
    help="Let no mark beside a secret ignore it, whichever tool's.",
)  # fmt: skip


def config_option(told: str) -> Callable[[_Command], _Command]:
    """A configuration of another tool."""
    return click.option("-c", "--config", type=_FILE, metavar="FILE", help=told)


def baseline_option(told: str, *more: str) -> Callable[[_Command], _Command]:
    """An earlier report; `more` are names besides the usual ones."""
    names = ("-b", *more, "--baseline-path", "baseline")
    return click.option(*names, type=_FILE, metavar="FILE", help=told)


def enable_option(metavar: str, told: str) -> Callable[[_Command], _Command]:
    """Rules to look for."""
    return click.option(
        "--enable-rule", "enabled", multiple=True, metavar=metavar,
        shell_complete=completing.rule_ids, help=told,
    )  # fmt: skip


_OPTIONS = (
    config_option("Rules and allowlists of a gitleaks or betterleaks configuration."),
    ignore_path_option,
    baseline_option(
        "Ignore what a report lists: of gitleaks or betterleaks, or ours (json, jsonl, sarif,"
        " gitleaks); or what an audit in a .secrets.baseline marked as no secret.",
        "--baseline",
    ),
    click.option(
        "--rules", "rule_files", multiple=True, type=_FILE, metavar="FILE",
        help="Rules of your own beside the built-in ones; repeat.",
    ),
    enable_option("ID", "Look for this rule only, called as here or as another tool does; repeat."),
    click.option(
        "--disable-rule", "disabled", multiple=True, metavar="ID",
        shell_complete=completing.rule_ids,
        help="Do not look for it; repeat.",
    ),
    click.option(
        "--enable-plugin", "plugins", multiple=True, metavar="NAME",
        help="Also run this plugin of detect-secrets, such as KeywordDetector; repeat.",
    ),
    click.option(
        "--disable-plugin", "no_plugins", multiple=True, metavar="NAME",
        help="Do not run it; `all` for none; repeat.",
    ),
    marks_option,
)  # fmt: skip


class Asked(NamedTuple):
    """What to look for, and what to ignore."""

    rules: tuple[Rule, ...] | None
    lists: Lists
    plugins: tuple[str, ...]
    """Of detect-secrets, by class name."""


def list_options(command: _Command) -> _Command:
    """Add the options to a command."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def read_asked(
    *,
    config: Path | None,
    ignore_path: Path | None,
    baseline: Path | None,
    rule_files: tuple[Path, ...],
    enabled: tuple[str, ...],
    disabled: tuple[str, ...],
    plugins: tuple[str, ...],
    no_plugins: tuple[str, ...],
    config_text: str = "",
) -> Asked:
    """What the options ask for; what of a file does not apply is said on standard error.

    Instead of a configuration file there can be `config_text`, as in one.

    Raises:
        RuleError: a file of rules or a configuration is wrong, or there is no such rule.
        UsageProblem: another file cannot be read.
    """
    from detectors.selection import select
    from forensics.scan.ignoring import Lists, read_fingerprints

    lists: dict[str, Any] = {}
    foreign = None
    if config is not None or config_text:
        from detectors.foreign.gitleaks import read_gitleaks_config
        from forensics.scan.setup import allowlists_for_ours

        config = config or _NO_FILE
        foreign = read_gitleaks_config(config, config_text)
        _say(config, foreign.notes)
        lists["for_rules"] = allowlists_for_ours(foreign)
    if ignore_path is not None:
        file = ignore_path / IGNORE_FILE if ignore_path.is_dir() else ignore_path
        lists["fingerprints"] = fingerprints = read_fingerprints(file)
        if fingerprints.malformed:
            note(f"{file}: {fingerprints.malformed:,} lines of it are no fingerprint")
    if baseline is not None:
        lists |= _baseline(baseline)
    selection = select(rule_files, enabled, disabled, foreign)
    own_rules_only = bool(enabled) or (foreign is not None and not foreign.built_in)
    running = _plugins(plugins, no_plugins, by_default=not own_rules_only)
    return Asked(selection.rules, Lists(config=selection.config, **lists), running)


def _baseline(file: Path) -> dict[str, Any]:
    """Of a baseline, what its content says that it is."""
    from forensics.scan.known_findings import read_known_findings

    known = read_known_findings(file)
    if known is None:
        from detectors.foreign.baseline import read_baseline

        return {"baseline": read_baseline(file)}
    if known.unfit:
        note(f"{file}: {known.unfit:,} of {known.all:,} entries name no finding and ignore nothing")
    return {"known": known}


def _plugins(
    enabled: tuple[str, ...], disabled: tuple[str, ...], *, by_default: bool
) -> tuple[str, ...]:
    """The plugins to run, by class name."""
    from detectors.foreign.plugin_names import BY_DEFAULT, PLUGINS

    unknown = sorted({*enabled, *disabled} - {*PLUGINS, "all"})
    if unknown:
        raise UsageProblem(
            f"detect-secrets has no plugin {unknown[0]!r} that runs here",
            f"the plugins are {', '.join(PLUGINS)}",
        )
    running = {*(BY_DEFAULT if by_default else ()), *enabled}
    if "all" in running:
        running = {*PLUGINS}
    return () if "all" in disabled else tuple(sorted(running - {*disabled}))


def _say(file: Path, notes: tuple[str, ...]) -> None:
    for line in notes[:_MOST_NOTES]:
        note(f"{file}: {line}")
    if len(notes) > _MOST_NOTES:
        note(f"{file}: {len(notes) - _MOST_NOTES:,} more parts of it do not apply")
