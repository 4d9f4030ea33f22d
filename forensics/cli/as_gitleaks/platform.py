"""`--platform`"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

__all__ = ["platform_flag"]

_PLATFORMS = ("none", "unknown", "github", "gitlab", "azuredevops", "gitea", "bitbucket")


def platform_flag(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flag to a command, which does not hear of it: reports hold no links."""
    option = click.option(
        "--platform", type=click.Choice(_PLATFORMS, case_sensitive=False), expose_value=False,
        help="Nothing: reports hold no links.",
    )  # fmt: skip
    return option(command)
