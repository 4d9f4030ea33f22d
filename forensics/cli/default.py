"""Commands with commands below them, one of which need not be named."""

from __future__ import annotations

import click

__all__ = ["DefaultGroup"]


class DefaultGroup(click.Group):
    """A group that runs its command `default` where the first word names none."""

    def __init__(self, *arguments: object, default: str, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self._default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        named = bool(args) and (args[0] in self.list_commands(ctx) or args[0] == self._default)
        if not named and not (args and args[0] in ctx.help_option_names):
            args = [self._default, *args]
        return super().parse_args(ctx, args)
