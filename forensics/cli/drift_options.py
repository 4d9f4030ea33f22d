"""Options that commands about drift share, and the file of acceptances that they read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import note
from forensics.errors import UsageProblem

if TYPE_CHECKING:
    from forensics.drift.acceptance_file import AcceptanceFile
    from forensics.git.repository import Repository

__all__ = [
    "ACCEPTANCES_FILE", "acceptances_option", "key_option", "read_acceptances",
    "say_unread", "set_option", "today",
]  # fmt: skip

ACCEPTANCES_FILE = ".forensics-drift.toml"
"""What the file is called, at the top of a work tree, unless another is named."""
_LARGEST = 1 << 20

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


def today() -> date:
    """The day on which acceptances are judged, in UTC."""
    return datetime.now(UTC).date()


def read_acceptances(file: Path) -> AcceptanceFile:
    """What a file says.

    Raises:
        UsageProblem: it cannot be read, or something in it is wrong.
    """
    from forensics.drift.acceptance_file import AcceptanceFile

    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise UsageProblem(
            f"{file} cannot be read: {error.strerror}",
            "`forensics drift accept` writes such a file",
        ) from None
    return AcceptanceFile.read(content, str(file))


def say_unread(repository: Repository) -> None:
    """Say so where a repository has acceptances that nobody asked to use."""
    file = repository.home / ACCEPTANCES_FILE
    if file.is_file():
        note(f"{file} is not used; name it with --acceptances if you trust it")
