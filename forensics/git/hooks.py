"""Where git looks for hooks, and putting ours there beside what is there."""

from __future__ import annotations

import os
import re
import shlex
import tempfile
from pathlib import Path
from typing import NamedTuple

from forensics.errors import UsageProblem
from forensics.git.repository import Repository
from forensics.git.runner import Git, read_settings
from forensics.git.smallfile import read_small

__all__ = [
    "FORWARDED",
    "HooksFolder",
    "global_folder",
    "hooks_folder",
    "install_hook",
    "is_made",
    "set_global_folder",
    "uninstall_hook",
    "unset_global_folder",
]  # fmt: skip

_SETTING = "core.hookspath"
_MARK = b"# git-forensics: written by `forensics hook install`"
_BEFORE = ".before-forensics"
_MADE = ".made-by-git-forensics"
_SYSTEM = Path("/etc/gitconfig")

FORWARDED = (
    "applypatch-msg", "pre-applypatch", "post-applypatch", "pre-commit", "pre-merge-commit",
    "prepare-commit-msg", "commit-msg", "post-commit", "pre-rebase", "post-checkout", "post-merge",
    "pre-push", "pre-receive", "update", "post-receive", "post-update", "reference-transaction",
    "pre-auto-gc", "post-rewrite", "sendemail-validate",
)  # fmt: skip
"""Hooks of a repository's own that a folder for all repositories would switch off. Those that
change what git does just by being there are not among them."""


class HooksFolder(NamedTuple):
    """Where hooks are looked for."""

    path: Path
    shared: bool
    """Whether all of the user's repositories have this one."""


def _home() -> Path:
    return Path(os.path.expanduser("~"))


def _global_files() -> list[Path]:
    """The user's own configuration files, the one that counts most last; git writes to the last
    that is there, or else to the last of all."""
    if given := os.environ.get("GIT_CONFIG_GLOBAL"):
        return [Path(given)]
    shared = os.environ.get("XDG_CONFIG_HOME") or str(_home() / ".config")
    return [Path(shared) / "git" / "config", _home() / ".gitconfig"]


def _global_setting() -> str:
    found = ""
    for file in (_SYSTEM, *_global_files()):
        found = read_settings(file).get(_SETTING, found)
    return found


def _own_setting(repository: Repository) -> str:
    settings = read_settings(repository.common_dir / "config")
    found = settings.get(_SETTING, "")
    if settings.get("extensions.worktreeconfig") == "true":
        found = read_settings(repository.git_dir / "config.worktree").get(_SETTING, found)
    return found


def hooks_folder(repository: Repository) -> HooksFolder:
    """Where git looks for the hooks of a repository. Files that a configuration includes are not
    read."""
    own = _own_setting(repository)
    setting = own or _global_setting()
    if not setting:
        return HooksFolder(repository.common_dir / "hooks", shared=False)
    base = repository.work_tree or repository.common_dir
    return HooksFolder(base / os.path.expanduser(setting), shared=not own)


def global_folder() -> Path | None:
    """The folder of hooks of all of the user's repositories, if there is one."""
    setting = _global_setting()
    if setting and not Path(os.path.expanduser(setting)).is_absolute():
        raise UsageProblem(
            f"core.hooksPath is {setting!r}, which is another folder in every repository",
            "install the hook in each, without --global",
        )
    return Path(os.path.expanduser(setting)) if setting else None


def set_global_folder() -> Path:
    """Make a folder for hooks of all repositories, and let the user's configuration name it."""
    folder = _global_files()[0].parent / "hooks" if len(_global_files()) > 1 else (
        _home() / ".config" / "git" / "hooks"
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MADE).write_text("`forensics hook install --global --uninstall` removes this.\n")
    files = [file for file in _global_files() if file.exists()] or _global_files()[-1:]
    _configure(files[-1], "core.hooksPath", str(folder))
    return folder


def is_made(folder: Path) -> bool:
    """Whether `set_global_folder` made this folder."""
    return (folder / _MADE).exists()


def unset_global_folder(folder: Path) -> bool:
    """Take back what `set_global_folder` did, unless there are other hooks now; whether it did."""
    made = folder / _MADE
    if not made.exists() or any(one != made for one in folder.iterdir()):
        return False
    for file in _global_files():
        if read_settings(file).get(_SETTING) == str(folder):
            _configure(file, "--unset-all", "core.hooksPath")
    made.unlink()
    folder.rmdir()
    return True


def _configure(file: Path, *words: str) -> None:
    with tempfile.TemporaryDirectory(prefix="git-forensics-") as at:
        Git(Path(at), Path(at)).output(["config", "--file", str(file.resolve()), *words])


def _ours(file: Path) -> bool:
    try:
        return _MARK in read_small(file)
    except OSError:
        return False


def install_hook(folder: Path, name: str, program: str, *, for_all: bool = False) -> None:
    """Write a hook that runs what was there before, then ours. Options that somebody wrote into one
    of ours stay.

    Args:
        folder: where git looks for hooks.
        name: of the hook.
        program: path of the `forensics` command; empty for a hook that only runs a repository's
            own.
        for_all: whether a hook of the repository's own is to run too.

    Raises:
        UsageProblem: there are two hooks to keep already.
    """
    folder.mkdir(parents=True, exist_ok=True)
    file, before = folder / name, folder / f"{name}{_BEFORE}"
    if file.exists() and not _ours(file):
        if before.exists():
            raise UsageProblem(f"there are both {file} and {before}", "remove one of them")
        file.rename(before)
    unfinished = folder / f".{name}.{os.getpid()}"
    script = _script(name, program, for_all, _options(file, name))
    unfinished.write_text(script, "utf-8", "surrogateescape")
    unfinished.chmod(0o755)
    unfinished.replace(file)


def _options(file: Path, name: str) -> str:
    """What stands behind the name of the hook where ours runs the program."""
    text = read_small(file).decode("utf-8", "surrogateescape") if _ours(file) else ""
    found = re.search(rf'^run "\$forensics" hook {name}( .*)$', text, re.MULTILINE)
    return found[1] if found else ' "$@"'


def uninstall_hook(folder: Path, name: str) -> bool:
    """Remove our hook and put back what was there before; whether there was one."""
    file, before = folder / name, folder / f"{name}{_BEFORE}"
    if not _ours(file):
        return False
    if before.exists():
        before.replace(file)
    else:
        file.unlink()
    return True


_READING = ("pre-push", "pre-receive", "post-receive")

_RUN = """\
run() {{
    {pipe}"$@"
}}
{read}for before in "$(dirname "$0")/{name}{suffix}"{own}; do
    if [ -x "$before" ] && ! [ "$before" -ef "$0" ]; then
        run "$before" "$@" || exit $?
    fi
done
"""
_OWN = ' "$(git rev-parse --git-common-dir)/hooks/{name}"'
_OURS = """\
forensics={program}
[ -x "$forensics" ] || forensics=$(command -v forensics) || {{
    echo "git-forensics is not installed any more: install it again, or remove $0" >&2
    exit 1
}}
run "$forensics" hook {name}{options}
"""


def _script(name: str, program: str, for_all: bool, options: str) -> str:
    reads = bool(program) and name in _READING
    head = f"#!/bin/sh\n{_MARK.decode()};\n# the same with --uninstall removes it.\n"
    run = _RUN.format(
        pipe='printf %s "$input" | ' if reads else "",
        read="input=$(cat; echo x)\ninput=${input%x}\n" if reads else "",
        name=name, suffix=_BEFORE, own=_OWN.format(name=name) if for_all else "",
    )  # fmt: skip
    if not program:
        return head + run
    return head + run + _OURS.format(program=shlex.quote(program), name=name, options=options)
