"""`forensics detect`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forensics.cli.as_gitleaks.flags import Flags
from forensics.cli.as_gitleaks.options import GitleaksCommand, gitleaks_flags
from forensics.cli.as_gitleaks.platform import platform_flag
from forensics.cli.common import index_option

__all__ = ["command"]


@click.command("detect", cls=GitleaksCommand, short_help="Scan a repository, folder or stream.")
@click.option(
    "-s", "--source", default=".", show_default=True, type=click.Path(path_type=Path),
    metavar="PATH", help="A repository, or a folder.",
)  # fmt: skip
@click.option("--no-git", is_flag=True, help="Scan it as a folder, as `forensics dir` does.")
@click.option("--pipe", is_flag=True, help="Scan standard input, as `forensics stdin` does.")
@click.option("--follow-symlinks", is_flag=True, help="With --no-git: read what links lead to.")
@click.option(
    "--log-opts", default="", metavar="WORDS",
    help="Only commits that `git log` chooses so, as with `forensics git`.",
)  # fmt: skip
@platform_flag
@index_option
@gitleaks_flags
def command(
    source: Path,
    no_git: bool,
    pipe: bool,
    follow_symlinks: bool,
    log_opts: str,
    index: Path | None,
    **flags: Any,
) -> None:
    """Scan a repository as `forensics git` does, with the flags of `gitleaks detect`.

    Exit codes: 0 nothing found; 1 secrets found, or what --exit-code says; 2 wrong usage or an
    error; 3 not everything could be read, and --exit-code or what was found gives no other.
    """
    from forensics.cli.as_gitleaks.sources import scan_history, scan_path, scan_standard_input

    read = Flags.of(**flags)
    if no_git:
        scan_path(read, source, follow_links=follow_symlinks)
    elif pipe:
        scan_standard_input(read)
    else:
        scan_history(read, source, log_opts, index)
