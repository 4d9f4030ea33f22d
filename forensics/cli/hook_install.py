"""`forensics hook install`"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import click

from forensics.cli.common import note
from forensics.errors import UsageProblem

__all__ = ["install"]

_HOOKS = ("pre-commit", "pre-push", "pre-receive", "post-receive")
_AT_WORK = ("pre-commit", "pre-push")
_ON_A_SERVER = ("pre-receive",)
_NAMES = ("forensics", "git-forensics")


@click.command("install")
@click.argument("hooks", nargs=-1, type=click.Choice(_HOOKS), metavar="[HOOK]...")
@click.option("--global", "for_all", is_flag=True, help="For all of your repositories.")
@click.option("--uninstall", is_flag=True, help="Remove them, and put back what was there before.")
def install(hooks: tuple[str, ...], for_all: bool, uninstall: bool) -> None:
    """Install hooks in the repository here: pre-commit and pre-push, or pre-receive in a bare one,
    unless HOOKs are named.

    They go where core.hooksPath says. A hook that is there already is kept and run first.
    """
    folder, usual, shared = _for_all(uninstall) if for_all else _for_one()
    if folder is None:
        note("nothing is installed")
        return
    if uninstall:
        _uninstall(folder, hooks, for_all)
        return
    from forensics.git.hooks import FORWARDED, install_hook

    chosen = hooks or usual
    program = _program()
    for name in chosen:
        install_hook(folder, name, program, for_all=shared)
        note(f"installed {folder / name}")
    if shared:
        for name in FORWARDED:
            if name not in chosen and not (folder / name).exists():
                install_hook(folder, name, "", for_all=True)


def _for_one() -> tuple[Path, tuple[str, ...], bool]:
    from forensics.git.hooks import hooks_folder
    from forensics.git.repository import open_repository

    repository = open_repository(Path())
    folder = hooks_folder(repository)
    if folder.shared:
        raise UsageProblem(
            f"core.hooksPath names {folder.path} for all of your repositories",
            "install there with --global, or set core.hooksPath in this repository",
        )
    if folder.path.name == "_" and (folder.path / "h").is_file():
        raise UsageProblem(
            f"husky writes {folder.path} anew whenever it is installed",
            "write `forensics hook pre-commit` into .husky/pre-commit, and"
            ' `forensics hook pre-push "$@"` into .husky/pre-push',
        )
    return folder.path, _AT_WORK if repository.work_tree else _ON_A_SERVER, False


def _for_all(uninstall: bool) -> tuple[Path | None, tuple[str, ...], bool]:
    from forensics.git.hooks import global_folder, is_made, set_global_folder

    folder = global_folder()
    if folder is None and not uninstall:
        folder = set_global_folder()
        note(f"set core.hooksPath to {folder}; hooks in a repository's own folder run from there")
    return folder, _AT_WORK, folder is not None and is_made(folder)


def _uninstall(folder: Path, hooks: tuple[str, ...], for_all: bool) -> None:
    from forensics.git.hooks import FORWARDED, uninstall_hook, unset_global_folder

    for name in hooks or dict.fromkeys((*_HOOKS, *(FORWARDED if for_all else ()))):
        if uninstall_hook(folder, name) and name in _HOOKS:
            note(f"removed {folder / name}")
    if for_all and unset_global_folder(folder):
        note("core.hooksPath is as it was")


def _program() -> str:
    """The path of this command, so that hooks find it whatever PATH they get."""
    here = Path(sys.argv[0])
    if here.name in _NAMES and os.access(here, os.X_OK) and here.is_file():
        return str(here.absolute())
    return shutil.which(_NAMES[0]) or _NAMES[0]
