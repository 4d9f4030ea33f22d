"""The options that gitleaks has for every command, as click has them, and those of our policy.

Source: https://github.com/gitleaks/gitleaks (cmd/root.go)
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import click

from forensics.cli.limits import limit_options
from forensics.cli.lists import (
    baseline_option,
    config_option,
    enable_option,
    ignore_path_option,
    marks_option,
)
from forensics.cli.policy import policy_options
from forensics.errors import UsageProblem

__all__ = [
    "ALL_OF_IT", "CONFIG_VARIABLE", "FORMATS", "LEVELS", "NO_TEMPLATES", "TOML_VARIABLE",
    "GitleaksCommand", "gitleaks_flags",
]  # fmt: skip

CONFIG_VARIABLE, TOML_VARIABLE = "GITLEAKS_CONFIG", "GITLEAKS_CONFIG_TOML"
FORMATS = {"json": "gitleaks", "csv": "gitleaks-csv", "junit": "junit", "sarif": "sarif"}
"""What they are called here."""
LEVELS = ("trace", "debug", "info", "warn", "err", "error", "fatal")
ALL_OF_IT = 100
"""Percent of a value that are redacted."""
NO_TEMPLATES = "templates are not run here"


def _refused(what: str, instead: str) -> Callable[..., None]:
    def refuse(_ctx: click.Context, option: click.Parameter, value: str | None) -> None:
        if value is not None:
            raise UsageProblem(f"{option.opts[0]}: {what}", instead)

    return refuse


_OPTIONS = (
    click.option("-v", "--verbose", is_flag=True, help="Print findings, redacted."),
    click.option("--no-color", is_flag=True, help="Nothing: there are no colours."),
    click.option("--no-banner", is_flag=True, help="Nothing: there is no banner."),
    click.option(
        "-l", "--log-level", type=click.Choice(LEVELS, case_sensitive=False), default="info",
        show_default=True, help="What is said on standard error.",
    ),
    click.option(
        "-r", "--report-path", metavar="FILE",
        help="Write a report, which replaces FILE; - for standard output.",
    ),
    click.option(
        "-f", "--report-format",
        type=click.Choice((*FORMATS, "template"), case_sensitive=False),
        help="Of the report. Default: as FILE ends.",
    ),
    config_option(
        f"Rules and allowlists. Default: the file that {CONFIG_VARIABLE} names, else the content of"
        f" {TOML_VARIABLE}."
    ),
    ignore_path_option,
    baseline_option("Ignore what an earlier report lists."),
    enable_option("ID,…", "Look for these rules only; repeat."),
    marks_option,
    click.option(
        "--redact", type=click.IntRange(0, ALL_OF_IT), metavar="[=PERCENT]",
        help="Values are always redacted: with 100, or none given, wholly.",
    ),
    click.option(
        "--exit-code", type=click.IntRange(0, 255), default=1, show_default=True,
        help="Where there are findings.",
    ),
    click.option(
        "--max-target-megabytes", "megabytes", type=click.IntRange(min=0), default=0,
        help="Leave larger contents out.",
    ),
    click.option(
        "--timeout", type=click.IntRange(min=0, max=10**8), default=0,
        help="Stop after so many seconds: incomplete, exit code 3.",
    ),
    click.option(
        "--report-template", metavar="FILE", expose_value=False,
        help="Refused: choose a format.",
        callback=_refused(NO_TEMPLATES, f"choose -f {', '.join(FORMATS)}"),
    ),
    click.option(
        "--diagnostics", metavar="WHAT", expose_value=False, help="Refused.",
        callback=_refused("there are none here", "leave it out"),
    ),
    click.option(
        "--diagnostics-dir", metavar="FOLDER", expose_value=False, help="Refused.",
        callback=_refused("there are no diagnostics here", "leave it out"),
    ),
)  # fmt: skip


class GitleaksCommand(click.Command):
    """Takes `--redact` alone and `--switch=true`, as gitleaks' command line does. Gitleaks passes
    over a PATH where it has none; here it is an error that says how to name it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write them as click has them."""
        switches = {
            name for one in self.params if isinstance(one, click.Option) and one.is_flag
            for name in one.opts
        }  # fmt: skip
        end = args.index("--") if "--" in args else len(args)
        given = [each for one in args[:end] for each in self._as_click_has_it(one, switches)]
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, [*given, *args[end:]])
        if rest and not ctx.resilient_parsing:
            raise self._one_too_many(rest[0])
        return rest

    def _one_too_many(self, word: str) -> UsageProblem:
        named = any("--source" in one.opts for one in self.params)
        takes = any(isinstance(one, click.Argument) for one in self.params)
        return UsageProblem(
            f"{self.name} takes {'one' if takes else 'no'} PATH, and {word!r} is one too many",
            f"write `forensics {self.name} -s {shlex.quote(word)}`" if named else "leave it out",
        )

    @staticmethod
    def _as_click_has_it(word: str, switches: set[str]) -> list[str]:
        name, equals, value = word.partition("=")
        if word == "--redact":
            return [f"{word}={ALL_OF_IT}"]
        if equals and name in switches and value.lower() in ("true", "false", "1", "0"):
            return [name] if value.lower() in ("true", "1") else []
        return [word]


def gitleaks_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flags to a command, which gets their values as `Flags.of` takes them."""
    for option in (policy_options, limit_options, *reversed(_OPTIONS)):
        command = option(command)
    return command
