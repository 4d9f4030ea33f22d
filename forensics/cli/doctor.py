"""`forensics doctor`"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import index_option
from forensics.cli.place import Place

if TYPE_CHECKING:
    from forensics.doctor.check import Check

__all__ = ["command"]

FAILED = 2


@click.command("doctor", short_help="Check that all is in order here.")
@click.argument("path", type=Place(), required=False, metavar="[PATH]")
@index_option
@click.option(
    "-f", "--format", "output_format", type=click.Choice(("text", "json")), default="text",
    show_default=True, help="How to tell it.",
)  # fmt: skip
def command(path: Path | None, index: Path | None, output_format: str) -> None:
    """Check git, the repository at PATH (default: here) and its index, the key, permissions,
    libraries and free space, and say what to do where something is not in order. Nothing is
    changed.

    A warning is about scans that work, but do or cover less than they could; a problem, about
    scans that fail.

    Exit codes: 0 no problems; 2 problems, wrong usage or an error.
    """
    from forensics.doctor.check import PROBLEM
    from forensics.doctor.examine import examine

    checks = examine(path, index)
    told = _as_json(checks) if output_format == "json" else _as_text(checks)
    if told[PROBLEM]:
        raise click.exceptions.Exit(FAILED)


def _as_text(checks: Iterable[Check]) -> Counter[str]:
    from forensics.report.text import printable

    states: Counter[str] = Counter()
    for one in checks:
        states[one.state] += 1
        click.echo(f"{one.state:<9}{one.area:<12}{printable(one.found)}")
        if one.advice:
            click.echo(f"{'':<21}{printable(one.advice)}")
    return states


def _as_json(checks: Iterable[Check]) -> Counter[str]:
    from forensics.doctor.check import PROBLEM, WARNING

    all_of_them = list(checks)
    states = Counter(one.state for one in all_of_them)
    told = {
        "problems": states[PROBLEM],
        "warnings": states[WARNING],
        "checks": [one._asdict() for one in all_of_them],
    }
    click.echo(json.dumps(told, indent=2))
    return states
