"""`forensics stdin`"""

from __future__ import annotations

from typing import Any

import click

from forensics.cli.as_gitleaks.flags import Flags
from forensics.cli.as_gitleaks.options import GitleaksCommand, gitleaks_flags

__all__ = ["command"]


@click.command("stdin", cls=GitleaksCommand, short_help="Scan standard input.")
@gitleaks_flags
def command(**flags: Any) -> None:
    """Scan standard input, as `gitleaks stdin` does.

    Exit codes: 0 nothing found; 1 secrets found, or what --exit-code says; 2 wrong usage or an
    error; 3 not everything could be read, and --exit-code or what was found gives no other.
    """
    from forensics.cli.as_gitleaks.sources import scan_standard_input

    scan_standard_input(Flags.of(**flags))
