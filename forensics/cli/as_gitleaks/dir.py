"""`forensics dir`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forensics.cli.as_gitleaks.flags import Flags
from forensics.cli.as_gitleaks.options import GitleaksCommand, gitleaks_flags

__all__ = ["command"]


@click.command("dir", cls=GitleaksCommand, short_help="Scan a file, or the files of a folder.")
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option("--follow-symlinks", is_flag=True, help="Also read files that links lead to.")
@gitleaks_flags
def command(path: Path, follow_symlinks: bool, **flags: Any) -> None:
    """Scan the file or folder at PATH (default: here), as `gitleaks dir` does; `file` and
    `directory` are other names of this command.

    No index is written. A configuration or baseline that is named is not scanned itself.

    Exit codes: 0 nothing found; 1 secrets found, or what --exit-code says; 2 wrong usage or an
    error; 3 not everything could be read, and --exit-code or what was found gives no other.
    """
    from forensics.cli.as_gitleaks.sources import scan_path

    scan_path(Flags.of(**flags), path, follow_links=follow_symlinks)
