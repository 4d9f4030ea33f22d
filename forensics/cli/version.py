"""`forensics --version`, and with `--verbose` what a report of a problem needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from forensics import __version__

__all__ = ["version_options"]

_VERBOSE = "forensics.verbose"


def _note_verbose(ctx: click.Context, _option: click.Parameter, verbose: bool) -> None:
    """Read before --version, wherever it stands."""
    ctx.meta[_VERBOSE] = verbose


def _show_version(ctx: click.Context, _option: click.Parameter, asked: bool) -> None:
    if ctx.resilient_parsing:
        return
    verbose = ctx.meta[_VERBOSE]
    if verbose and not asked:
        raise click.UsageError("--verbose goes with --version.", ctx)
    if not asked:
        return
    click.echo(f"git-forensics {__version__}")
    if verbose:
        from forensics.cli.about import about_lines

        click.echo("\n".join(about_lines()))
    ctx.exit()


def version_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Both options, for the command that every other one stands below."""
    shown = click.option(
        "-V", "--version", is_flag=True, expose_value=False, callback=_show_version,
        help="Show the version and exit.",
    )  # fmt: skip
    verbose = click.option(
        "--verbose", is_flag=True, is_eager=True, expose_value=False, callback=_note_verbose,
        help="With --version: also what a report of a problem needs, and nothing secret.",
    )  # fmt: skip
    return shown(verbose(command))
