"""`forensics drift`"""

from __future__ import annotations

import importlib

import click

from forensics.cli.default import DefaultGroup

__all__ = ["command"]

_BELOW = {
    "accept": "Accept differences that are meant to be, in a file for review.",
    "env-vars": "Check environment variables: read, defined, documented.",
}
"""Short helps, kept here so that the help of drift imports none of them."""
_MODULES = {"show": "drift_show", "accept": "drift_accept", "env-vars": "drift_env_vars"}


class _Drift(DefaultGroup):
    """Compares environments where no command below it is named; its help is of that."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_BELOW)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        module = importlib.import_module(f"forensics.cli.{_MODULES[cmd_name]}")
        below: click.Command = module.command
        return below

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        show = self.get_command(ctx, "show")
        assert show is not None
        show.format_usage(ctx, formatter)
        show.format_help_text(ctx, formatter)
        show.format_options(ctx, formatter)
        with formatter.section("Commands"):
            formatter.write_dl(list(_BELOW.items()))


@click.command("drift", cls=_Drift, default="show")
def command() -> None:
    """Show where environments differ, since when, and what became of it."""
