"""`forensics key`"""

from __future__ import annotations

import sys

import click

from forensics.cli.common import note
from forensics.key import load_key, read_key_text, save_key

__all__ = ["command"]


@click.group("key")
def command() -> None:
    """Show, export or import the key that makes fingerprints.

    Whoever shares an index, or wants the same fingerprints on every runner, shares the key: in
    FORENSICS_KEY, or by export and import. Whoever has it can test guesses against an index.
    """


@command.command("id")
def show_id() -> None:
    """Print the key's id, which tells nothing of the key."""
    key = load_key(create=False)
    click.echo(key.id)
    note(f"the key is in {key.source}")


@command.command("export")
def export() -> None:
    """Print the key itself."""
    click.echo(load_key(create=False).export())


@command.command("import")
@click.option(
    "--replace", is_flag=True, help="Give up the present key and every index made with it."
)
def import_key(replace: bool) -> None:
    """Read a key from standard input and keep it as yours."""
    key = read_key_text(sys.stdin.buffer.read(4096), "standard input")
    note(f"the key {key.id} is now in {save_key(key, replace=replace)}")
