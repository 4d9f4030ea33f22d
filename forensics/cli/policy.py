"""`--policy` and `--trust-repo-config`: which forensics.toml applies."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from forensics.cli.common import note
from forensics.errors import NotARepository, UsageProblem
from forensics.settings.lookup import CONFIG_VARIABLE, TRUST, Lookup, look_up

if TYPE_CHECKING:
    from forensics.git.own_files import OwnFiles
    from forensics.settings.file import UserFile

__all__ = [
    "found_at", "one_path", "own_files_in", "policy_options", "settings_options", "settings_used",
]  # fmt: skip

_Command = TypeVar("_Command", bound=Callable[..., Any])

_HELP = f"Your forensics.toml. Default: {CONFIG_VARIABLE}, else that in your configuration folder."
_TRUST_HELP = "Take {files} from the top of the repository where you name no other."


def _options(*names: str, files: str) -> Callable[[_Command], _Command]:
    def add(command: _Command) -> _Command:
        for option in (
            click.option(TRUST, "trusted", is_flag=True, help=_TRUST_HELP.format(files=files)),
            click.option(
                *names, "policy", type=click.Path(path_type=Path), metavar="FILE", help=_HELP
            ),
        ):
            command = option(command)
        return command

    return add


policy_options = _options(
    "--policy",
    files="forensics.toml, .gitleaks.toml, .gitleaksignore and .secrets.baseline",
)
"""For commands whose `--config` is that of gitleaks."""
settings_options = _options("--policy", "--config", files="forensics.toml")


def found_at(policy: Path | None, trusted: bool, own: OwnFiles | None) -> Lookup:
    """The forensics.toml that applies. A line says so where one in the repository does not.

    Raises:
        UsageProblem: a file that is to be used cannot be read, or is no such file.
    """
    found = look_up(policy, own, trusted=trusted)
    if found.untrusted:
        note(f"{found.untrusted} is not used; {TRUST} uses it, if you trust who can change it")
    return found


def own_files_in(
    path: Path, as_folder: bool = False, as_stream: bool = False, trusted: bool = False
) -> OwnFiles | None:
    """The files at the top of what is scanned; None where that has none.

    Raises:
        UsageProblem: they are trusted, and there are none.
        NotARepository: they are trusted, and there is no repository.
    """
    from forensics.git.own_files import OwnFiles, own_files

    if as_stream:
        if trusted:
            raise UsageProblem(f"standard input has no files for {TRUST}", "leave it out")
        return None
    if not os.path.exists(path):  # a name that is too long does not, either
        return None  # the command says so
    if as_folder and path.is_file():
        if trusted:
            raise UsageProblem(f"{path} is a file, and has none for {TRUST}", "leave it out")
        return None
    if as_folder:
        return OwnFiles(path.resolve())
    try:
        return own_files(path)
    except NotARepository:
        if trusted:
            raise
        return None


def settings_used(path: Path, policy: Path | None, trusted: bool) -> UserFile | None:
    """The forensics.toml that applies to the repository at `path`, if any does."""
    return found_at(policy, trusted, own_files_in(path, trusted=trusted)).file


def one_path(paths: Collection[Path], trusted: bool) -> None:
    """Refuse to trust several repositories at once: each would say what holds for all.

    Raises:
        UsageProblem: there are several.
    """
    if trusted and len(paths) > 1:
        raise UsageProblem(f"{TRUST} is about one repository", "give one PATH")
