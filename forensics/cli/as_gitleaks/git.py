"""`forensics git`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from forensics.cli.as_gitleaks.flags import Flags
from forensics.cli.as_gitleaks.options import GitleaksCommand, gitleaks_flags
from forensics.cli.as_gitleaks.platform import platform_flag
from forensics.cli.common import index_option

__all__ = ["command"]


@click.command("git", cls=GitleaksCommand, short_help="Scan the history of a repository.")
@click.argument("repo", default=".", type=click.Path(path_type=Path))
@click.option("--staged", is_flag=True, help="Only what the next commit would introduce.")
@click.option(
    "--pre-commit", is_flag=True, help="Only changes of tracked files that are not staged."
)
@click.option(
    "--log-opts", default="", metavar="WORDS",
    help="Only commits that `git log` chooses so: revisions, ranges, --all, --since, -n, -- PATH",
)  # fmt: skip
@platform_flag
@index_option
@gitleaks_flags
def command(
    repo: Path, staged: bool, pre_commit: bool, log_opts: str, index: Path | None, **flags: Any
) -> None:
    """Scan the repository at REPO (default: here), as `gitleaks git` does.

    Without --log-opts it is scanned as by `forensics scan`, into the same index, so a second time
    only what is new is read. Files inside the repository configure nothing unless they are named.

    Exit codes: 0 nothing found; 1 secrets found, or what --exit-code says; 2 wrong usage or an
    error; 3 not everything could be read, and --exit-code or what was found gives no other.
    """
    from forensics.cli.as_gitleaks.sources import scan_changes, scan_history

    read = Flags.of(**flags)
    if staged or pre_commit:
        scan_changes(read, repo, staged=staged, index=index)
    else:
        scan_history(read, repo, log_opts, index)
