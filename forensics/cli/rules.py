"""`forensics rules`"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import console
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from detectors.rule import Rule

__all__ = ["command"]


@click.group("rules")
def command() -> None:
    """List, show and check rules."""


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
@click.argument("rule_id", metavar="ID")
def show_rule(rule_id: str) -> None:
    """Show everything about one rule."""
    found = next((rule for rule in _built_in() if rule.id == rule_id), None)
    if found is None:
        raise UsageProblem(f"there is no rule {rule_id!r}", "`forensics rules list` names them all")
    rows = {
        "id": found.id, "title": found.title, "severity": found.severity, "why": found.why,
        "what to do": found.remedy, "pattern": found.pattern, "anchor": found.anchor,
        "keywords": ", ".join(found.keywords), "entropy": found.entropy or "",
        "checksum": found.checksum, "confidence": found.confidence,
    }  # fmt: skip
    for name, value in rows.items():
        if value != "":
            click.echo(f"{name:<11}{value}")


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
        built_in = _built_in()
        wrong = 0
        for rule in rules:
            found = list(problems(rule, built_in))
            wrong += bool(found)
            cost = measure_cost(rule, built_in).added
            verdict = "wrong" if found else "ok"
            click.echo(f"{rule.id}: {verdict}; it costs a scan {cost:+.1f} ns/kB")
            for problem in found:
                click.echo(f"  {problem.field}: {problem.message}")
    except RuleError as error:
        raise UsageProblem(str(error)) from None
    if wrong:
        raise click.exceptions.Exit(1)
