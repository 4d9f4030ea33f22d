"""`forensics inventory`"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import console, note
from forensics.cli.place import Place
from forensics.cli.policy import settings_options, settings_used

if TYPE_CHECKING:
    from forensics.inventory.records import Inventory
    from forensics.report.inventory_rows import Table

__all__ = ["command"]

INCOMPLETE = 3
_FORMATS = ("csv", "json")


@click.command("inventory", short_help="List configuration, CI pipelines and infrastructure.")
@click.argument("path", type=Place(), default=".", metavar="[PATH]")
@click.option("--at", default="HEAD", metavar="COMMIT", help="As it was there. Default: HEAD.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, file_okay=False),
    default="audit_artifacts", show_default=True, metavar="DIR",
    help="Folder to write into; older files of the same names are replaced.",
)  # fmt: skip
@click.option(
    "-f", "--format", "formats", type=click.Choice(_FORMATS), multiple=True,
    help="Write only this; repeat. Default: both.",
)  # fmt: skip
@settings_options
def command(
    path: Path,
    at: str,
    output: Path,
    formats: tuple[str, ...],
    policy: Path | None,
    trusted: bool,
) -> None:
    """List what one commit of the repository at PATH (default: here) holds, as CSV and JSON:

    \b
    configuration_files      kind, environment, keys, last change
    environment_uses         variables that code reads, that files define, that CI gives
    ci_pipelines             jobs, triggers, secrets, actions and whether they are pinned
    infrastructure_surfaces  IaC, runtime, network, data, CI/CD, observability

    inventory.json says what was inventoried and what could not be read. Values are in none of
    them, and secrets in names are masked. The same commit gives the same files.

    Exit codes: 0 written; 3 written, but something could not be read; 2 wrong usage or an error.
    """
    from forensics.drift.environments import Placer
    from forensics.git.repository import open_repository
    from forensics.inventory.take import take_inventory
    from forensics.report.artifacts import write_artifacts
    from forensics.report.inventory_rows import tables

    placer = Placer.load(settings_used(path, policy, trusted))
    inventory = take_inventory(open_repository(path), at, placer.place)
    mask = _mask()
    made = tables(inventory, mask)
    write_artifacts(output, _artifacts(inventory, made, mask, formats or _FORMATS))
    _print_summary(inventory, made)
    note(f"the inventory of {inventory.subject.commit[:12]} is in {output}")
    if inventory.unread or inventory.trouble:
        note(_gaps(inventory))
        raise click.exceptions.Exit(INCOMPLETE)


def _mask() -> Callable[[bytes], bytes]:
    """What takes secrets out of names, with the rules of a scan."""
    import os

    from forensics.errors import KeyProblem
    from forensics.key import Key, load_key
    from forensics.scan.masking import Masker
    from forensics.scan.setup import ScannerSetup, usual_setup

    try:
        key = load_key(create=False)
        setup = usual_setup(key)
    except KeyProblem:  # no fingerprint is kept here; only compiled rules cannot be either
        key, setup = Key(os.urandom(32), "this run"), ScannerSetup()
    return Masker(setup.scanner(), key).mask


def _artifacts(
    inventory: Inventory,
    made: Sequence[Table],
    mask: Callable[[bytes], bytes],
    formats: Sequence[str],
) -> dict[str, Iterable[str]]:
    import json

    from forensics.report.inventory_rows import csv_text, json_objects, summary_object

    artifacts: dict[str, Iterable[str]] = {}
    for table in made:
        if "csv" in formats:
            artifacts[f"{table.name}.csv"] = csv_text(table)
        if "json" in formats:
            artifacts[f"{table.name}.json"] = json_objects(table.objects)
    summary = summary_object(inventory, made, mask)
    artifacts["inventory.json"] = [json.dumps(summary, indent=2) + "\n"]
    return artifacts


def _gaps(inventory: Inventory) -> str:
    parts = [inventory.trouble] if inventory.trouble else []
    if inventory.unread:
        files = "1 file" if len(inventory.unread) == 1 else f"{len(inventory.unread):,} files"
        parts.append(f"{files} could not be read; inventory.json says which and why")
    return "; ".join(parts)


def _print_summary(inventory: Inventory, made: Sequence[Table]) -> None:
    from rich.table import Table as Printed
    from rich.text import Text

    from forensics.inventory.surfaces import CATEGORIES
    from forensics.report.text import printable

    out = console()
    rows = Printed(box=None, pad_edge=False, header_style="bold")
    for name in ("INVENTORY", "ROWS", "TROUBLE"):
        rows.add_column(name, justify="left" if name == "INVENTORY" else "right")
    for table in made:
        rows.add_row(table.name, f"{len(table.objects):,}", f"{table.troubled:,}")
    out.print(rows)
    tools: dict[str, dict[str, None]] = {category: {} for category in CATEGORIES}
    for one in inventory.infrastructure_surfaces:
        tools[one.category][one.tool] = None
    if inventory.infrastructure_surfaces:
        out.print()
        by = Printed(box=None, pad_edge=False, header_style="bold")
        by.add_column("SURFACE", no_wrap=True)
        by.add_column("TOOLS", overflow="fold")
        for category, names in tools.items():
            if names:
                by.add_row(category, Text(printable(", ".join(names))))
        out.print(by)
