"""`forensics protect`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forensics.cli.as_gitleaks.flags import Flags
from forensics.cli.as_gitleaks.options import GitleaksCommand, gitleaks_flags
from forensics.cli.common import index_option

__all__ = ["command"]


@click.command("protect", cls=GitleaksCommand, short_help="Scan what is not committed yet.")
@click.option(
    "-s", "--source", default=".", show_default=True, type=click.Path(path_type=Path),
    metavar="PATH", help="A work tree, or a folder in it.",
)  # fmt: skip
@click.option("--staged", is_flag=True, help="What the next commit would introduce.")
@click.option("--log-opts", expose_value=False, help="Nothing, as in gitleaks.")
@index_option
@gitleaks_flags
def command(source: Path, staged: bool, index: Path | None, **flags: Any) -> None:
    """Scan changes of tracked files that are not staged, or with --staged those that are, as
    `gitleaks protect` does.

    Exit codes: 0 nothing found; 1 secrets found, or what --exit-code says; 2 wrong usage or an
    error; 3 not everything could be read, and --exit-code or what was found gives no other.
    """
    from forensics.cli.as_gitleaks.sources import scan_changes

    scan_changes(Flags.of(**flags), source, staged=staged, index=index)
