"""`forensics rules`"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli import completing
from forensics.cli.common import console, note
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from detectors.rule import Rule

__all__ = ["command"]


@click.group("rules")
def command() -> None:
    """List, show, check and import rules."""


def _built_in() -> tuple[Rule, ...]:
    from detectors.rule import built_in_rules

    return built_in_rules()


@command.command("list")
@click.option(
    "-f", "--format", "output_format", type=click.Choice(("table", "json")), default="table",
    show_default=True, help="How to print them.",
)  # fmt: skip
def list_rules(output_format: str) -> None:
    """List the built-in rules."""
    rules = _built_in()
    if output_format == "json":
        facts = [{"id": r.id, "title": r.title, "severity": r.severity} for r in rules]
        click.echo(json.dumps(facts, indent=2))
        return
    from rich.table import Table

    table = Table("ID", "SEVERITY", "TITLE", box=None, pad_edge=False, header_style="bold")
    for rule in rules:
        table.add_row(rule.id, rule.severity, rule.title)
    console().print(table)


@command.command("show")
@click.argument("rule_id", metavar="ID", shell_complete=completing.rule_ids)
def show_rule(rule_id: str) -> None:
    """Show everything about one rule.

    ID may also be what another tool calls it, such as gitleaks:github-pat.
    """
    from detectors.aliases import aliases_of
    from detectors.selection import ids_of

    known = {rule.id: rule for rule in _built_in()}
    ids = sorted(ids_of(rule_id, known))
    if not ids:
        raise UsageProblem(f"there is no rule {rule_id!r}", "`forensics rules list` names them all")
    for place, one in enumerate(ids):
        if place:
            click.echo()
        _show(known[one], (*known[one].aliases, *aliases_of(one)))


def _show(found: Rule, aliases: tuple[str, ...]) -> None:
    rows = {
        "id": found.id, "title": found.title, "severity": found.severity, "why": found.why,
        "what to do": found.remedy, "pattern": found.pattern, "anchor": found.anchor,
        "keywords": ", ".join(found.keywords), "entropy": found.entropy or "",
        "structure": found.structure, "confidence": found.confidence,
        "partners": ", ".join(found.partners), "identifier": found.identifier,
        "aliases": ", ".join(aliases),
    }  # fmt: skip
    for name, value in rows.items():
        if value != "":
            click.echo(f"{name:<12}{value}")


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check_rules(file: Path) -> None:
    """Check a file of rules: their examples, counterexamples, and what they cost a scan.

    Exits with 1 where something is wrong with a rule, with 2 where the file is no rule file.
    """
    from detectors.check import measure_cost, problems
    from detectors.errors import RuleError
    from detectors.rule import read_rules

    try:
        rules = read_rules(file)
        known = {rule.id: rule for rule in (*_built_in(), *rules)}
        beside = tuple(known.values())
        wrong = 0
        for rule in rules:
            found = list(problems(rule, beside))
            wrong += bool(found)
            cost = measure_cost(rule, beside).added
            verdict = "wrong" if found else "ok"
            click.echo(f"{rule.id}: {verdict}; it costs a scan {cost:+.1f} ns/kB")
            for problem in found:
                click.echo(f"  {problem.field}: {problem.message}")
    except RuleError as error:
        raise UsageProblem(str(error)) from None
    if wrong:
        raise click.exceptions.Exit(1)


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Write here instead of to standard output; a file that is there is not overwritten.",
)  # fmt: skip
def import_file(file: Path, output: Path | None) -> None:
    """Make a rule file of ours from a YAML file of Nosey Parker or Kingfisher.

    What cannot be used is left out and named. `forensics scan --rules` takes the result, and
    `forensics rules check` tests it.
    """
    from detectors.foreign.importing import as_toml, import_rules

    imported = import_rules(file)
    for line in imported.notes:
        note(f"{file}: {line}")
    if not imported.rules:
        raise UsageProblem(f"{file}: no rule in it can be used", "see above for the reasons")
    text = as_toml(imported.rules)
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        with output.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise UsageProblem(f"{output}: {error.strerror}", "name another file") from None
    note(f"{len(imported.rules):,} rules are in {output}")
