"""`forensics drift env-vars`"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import console, note
from forensics.cli.place import Place
from forensics.cli.policy import settings_options, settings_used
from forensics.scan.drift_names import Names

if TYPE_CHECKING:
    from forensics.drift.env_vars.model import EnvFinding, Linted

__all__ = ["command", "env_vars"]

_FORMATS = ("table", "json", "jsonl", "csv", "sarif", "markdown")
_KINDS = (
    "used-undefined", "missing-in-environment", "undocumented", "defined-unused",
    "documented-unused",
)  # fmt: skip
_UNCERTAIN, _FOUND = 1, 2
"""Exit codes with --detailed-exitcode; an error is 1 too."""
_NOTES = 10


@click.command("env-vars", short_help="Check environment variables: read, defined, documented.")
@click.argument("path", type=Place(), required=False, metavar="[PATH]")
@click.option("--at", metavar="COMMIT", default="HEAD", help="As of this commit instead of HEAD.")
@click.option(
    "--set", "--component", "components", multiple=True, metavar="NAME",
    help="Only of this component, by its folder; a glob; repeat.",
)  # fmt: skip
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Only of this kind; repeat."
)
@click.option(
    "--history/--no-history", default=True, show_default=True,
    help="Whether to look for the commit since which each finding stands.",
)  # fmt: skip
@settings_options
@click.option(
    "-f", "--format", "output_format", type=click.Choice(_FORMATS), default="table",
    show_default=True, help="How to print.",
)  # fmt: skip
@click.option(
    "--detailed-exitcode", is_flag=True,
    help="Exit with 0 without findings, 1 on an error or uncertainty, 2 with findings.",
)  # fmt: skip
def env_vars(
    path: Path | None,
    at: str,
    components: tuple[str, ...],
    kinds: tuple[str, ...],
    history: bool,
    policy: Path | None,
    trusted: bool,
    output_format: str,
    detailed_exitcode: bool,
) -> None:
    """Compare the environment variables that code reads with those that example files,
    environment files, manifests, images and CI define, in the repository at PATH (default: here).

    Finds variables that code reads without a default and nothing defines, that some environments
    define and another does not, that the example file lacks, and that nothing reads; each with
    file and line, and the commit since which it is so. Values are neither compared nor shown.

    Exits with 0 whatever it finds, unless --detailed-exitcode is given.
    """
    from forensics.drift.env_vars import lint
    from forensics.drift.environments import Placer
    from forensics.git.repository import open_repository
    from forensics.git.resolve import named_commit

    repository = open_repository(path or Path())
    commit = named_commit(repository, at).oid
    placer = Placer.load(settings_used(path or Path(), policy, trusted))
    linted = lint(repository, commit, placer, history=history)
    chosen = tuple(one for one in linted.findings if _asked(one, kinds, components))
    _print(Names().linted(linted._replace(findings=chosen)), output_format)
    if detailed_exitcode and (chosen or linted.trouble):
        raise click.exceptions.Exit(_FOUND if chosen else _UNCERTAIN)


command = env_vars


def _asked(finding: EnvFinding, kinds: tuple[str, ...], components: tuple[str, ...]) -> bool:
    name = finding.component or "."
    fits = not components or any(fnmatchcase(name, each.rstrip("/")) for each in components)
    return fits and (not kinds or finding.kind in kinds)


def _print(linted: Linted, output_format: str) -> None:
    if output_format == "table":
        _print_table(linted)
    elif output_format == "markdown":
        from forensics.report.env_vars.markdown import findings_markdown

        for line in findings_markdown(linted):
            click.echo(line)
    elif output_format == "sarif":
        from forensics.report.env_vars.sarif import findings_sarif

        for line in findings_sarif(linted):
            click.echo(line)
    else:
        from forensics.report.env_vars.objects import findings_csv, findings_json, findings_jsonl

        lines = {
            "json": lambda: findings_json(linted),
            "jsonl": lambda: findings_jsonl(linted.findings),
            "csv": lambda: findings_csv(linted.findings),
        }[output_format]()
        for line in lines:
            click.echo(line)
    if output_format in ("table", "csv", "jsonl"):
        for path, why in linted.trouble[:_NOTES]:
            note(f"{path.decode(errors='backslashreplace') or 'the tree'} was not read: {why}")
        if len(linted.trouble) > _NOTES:
            note(f"{len(linted.trouble) - _NOTES:,} more files were not read")


def _print_table(linted: Linted) -> None:
    from forensics.report.env_vars.table import findings_table

    if not linted.findings:
        note("nothing found")
        return
    console().print(findings_table(linted.findings))
