"""Commands with commands below them, one of which need not be named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["DefaultGroup", "command_path"]


class DefaultGroup(click.Group):
    """A group that runs its command `default` where the first word names none."""

    def __init__(self, *arguments: object, default: str, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.resilient_parsing and not args:  # a shell completes the first word
            return super().parse_args(ctx, args)
        named = bool(args) and (args[0] in self.list_commands(ctx) or args[0] == self.default)
        if not named and not (args and args[0] in ctx.help_option_names):
            args = [self.default, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """The commands, and what could follow the default one."""
        found = super().shell_complete(ctx, incomplete)
        default = self.get_command(ctx, self.default)
        assert default is not None
        with default.make_context(self.default, [], ctx, resilient_parsing=True) as below:
            if incomplete.startswith("-"):
                return default.shell_complete(below, incomplete)
            for one in default.get_params(below):
                if isinstance(one, click.Argument):
                    return [*found, *one.shell_complete(below, incomplete)]
        return found


def command_path(ctx: click.Context) -> str:
    """What to type for a command, such as `forensics drift`."""
    above = ctx.parent
    group = above.command if above else None
    if above and isinstance(group, DefaultGroup) and group.default == ctx.info_name:
        return above.command_path
    return ctx.command_path
