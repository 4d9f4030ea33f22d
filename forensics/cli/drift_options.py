"""Options that commands about drift share, and the file of acceptances that they read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import note

if TYPE_CHECKING:
    from forensics.git.repository import Repository

__all__ = ["acceptances_option", "key_option", "say_unread", "set_option"]

set_option = click.option(
    "--set", "sets", multiple=True, metavar="NAME",
    help="Only this set of files, a component mostly; a glob; repeat.",
)  # fmt: skip
key_option = click.option(
    "--key", "keys", multiple=True, metavar="GLOB", help="Only keys like this; repeat."
)
acceptances_option = click.option(
    "--acceptances", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    envvar="FORENSICS_ACCEPTANCES", show_envvar=True,
    help="Differences that were accepted, as `forensics drift accept` writes them.",
)  # fmt: skip


def say_unread(repository: Repository) -> None:
    """Say so where a repository has acceptances that nobody asked to use."""
    from forensics.drift.accepting import ACCEPTANCES_FILE

    file = repository.home / ACCEPTANCES_FILE
    if file.is_file():
        note(f"{file} is not used; name it with --acceptances if you trust it")
