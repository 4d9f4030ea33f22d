"""`forensics demo`"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import click

from forensics.cli.common import key_with_notice
from forensics.cli.scan_history import findings_in, scan_history
from forensics.cli.scan_run import print_scan
from forensics.report.text import printable

__all__ = ["command"]


@click.command("demo")
@click.option(
    "--keep", type=click.Path(path_type=Path, file_okay=False),
    help="Build the repository in this folder, and leave it there.",
)  # fmt: skip
def command(keep: Path | None) -> None:
    """Build the example repository, a small company's service with two years of history, and
    scan it."""
    from fixtures_repos.acme import build
    from forensics.key import cache_folder
    from forensics.scan.setup import setup_for

    with ExitStack() as stack:
        if keep is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="acme-")))
        else:
            keep.mkdir(parents=True, exist_ok=True)
            folder = keep
        repository = build(folder / "acme")
        click.echo(f"$ forensics scan {printable(str(repository))}\n")
        key = key_with_notice()
        setup = setup_for(key, cache_folder())
        connection, summary = scan_history(stack, repository, None, key, setup)
        print_scan(findings_in(connection, summary), summary, "table")
