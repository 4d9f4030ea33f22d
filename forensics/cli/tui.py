"""`forensics tui`"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from forensics.cli.common import index_option
from forensics.cli.drift_options import acceptances_option
from forensics.cli.place import Place
from forensics.cli.policy import found_at, own_files_in, settings_options
from forensics.errors import NotARepository, UsageProblem
from forensics.key import load_key
from forensics.settings.interface import SCREENS, THEMES

__all__ = ["command"]

ERROR = 2
_NO_SCREEN = ("dumb", "unknown")
"""What TERM says of terminals that only print."""


@click.command("tui", short_help="Browse an index in the terminal.")
@click.argument("target", type=Place(), default=".", metavar="[INDEX|REPO]")
@index_option
@click.option(
    "--screen", type=click.Choice(SCREENS), default=SCREENS[0], show_default=True,
    help="Which screen to begin with.",
)  # fmt: skip
@click.option(
    "--theme", type=click.Choice(THEMES), default=None,
    help="Its colours. Default: what your forensics.toml says, else dark.",
)  # fmt: skip
@settings_options
@acceptances_option
@click.option("--read-only", is_flag=True, help="Let nothing be decided or revealed.")
@click.option("--raw-copy", is_flag=True, help="Let a revealed value be copied to the clipboard.")
def command(
    target: Path,
    index: Path | None,
    screen: str,
    theme: str | None,
    read_only: bool,
    raw_copy: bool,
    policy: Path | None,
    trusted: bool,
    acceptances: Path | None,
) -> None:
    """Browse leaked secrets, their rotation and drift between environments.

    Takes an index, or a repository whose index is used (default: the one here). Everything that
    can be seen and done there, other commands can show and do too.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageProblem(
            "`forensics tui` needs a terminal",
            "`forensics findings`, `rotation` and `drift` print the same",
        )
    if os.environ.get("TERM") in _NO_SCREEN:
        raise UsageProblem(
            f"a terminal of the kind {os.environ['TERM']!r} shows no screens",
            "`forensics findings`, `rotation` and `drift` print the same",
        )
    chosen, repository = _places(target, index)
    own = own_files_in(repository or target, trusted=trusted)
    # By name, because the command line never imports what draws screens.
    well = import_module("tui.start").start(
        chosen, load_key(create=not chosen.exists()), repository,
        screen=screen, theme=theme or "", file=found_at(policy, trusted, own).file,
        read_only=read_only, raw_copy=raw_copy, acceptances=acceptances,
    )  # fmt: skip
    if not well:
        raise click.exceptions.Exit(ERROR)


def _places(target: Path, index: Path | None) -> tuple[Path, Path | None]:
    """The index, and the repository if it is at hand.

    Raises:
        UsageProblem: the target is neither.
    """
    from forensics.git.repository import open_repository
    from forensics.index.location import index_path

    if target.is_file():
        if index is not None:
            raise UsageProblem("two indexes are named", "name one")
        return target, None
    try:
        found = open_repository(target)
    except NotARepository:
        chosen = index_path(index, None)
        if chosen is None:
            raise
        return chosen, None
    chosen = index_path(index, found.common_dir, to_read=True)
    assert chosen is not None
    return chosen, target
