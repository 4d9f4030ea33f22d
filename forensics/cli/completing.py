"""What options answer to a shell that completes their values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["formats_of_files", "rule_ids"]


def rule_ids(_ctx: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    """Ids of built-in rules."""
    from detectors.rule_ids import built_in_ids

    return [one for one in built_in_ids() if one.startswith(incomplete)]


def formats_of_files(
    _ctx: click.Context, _option: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """`sarif=` and so on for FORMAT=FILE, then files."""
    from click.shell_completion import CompletionItem

    from forensics.cli.reports import FILE_FORMATS

    if "=" in incomplete:
        return [CompletionItem(incomplete, type="file")]
    return [CompletionItem(f"{one}=") for one in FILE_FORMATS if one.startswith(incomplete)]
