"""Mirrors of repositories elsewhere, in the user's cache: cloned once, then brought up to date."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from forensics.errors import GitFailed, ScanRunning, UsageProblem
from forensics.git.address import Address
from forensics.git.runner import Git
from forensics.git.transfer import Progress, Transfer

__all__ = ["bring_up", "mirror_at"]

_HEAD = re.compile(rb"ref: (refs/heads/[^\s\x00-\x20\x7f]+)\tHEAD")
_OID = re.compile(rb"([0-9a-f]{40}(?:[0-9a-f]{24})?)\t")
_SECONDS = 30.0


def mirror_at(cache: Path, address: Address) -> Path:
    """Where the mirror of an address lies, if there is one."""
    return cache / "mirrors" / address.folder


def bring_up(cache: Path, address: Address, progress: Progress) -> Path:
    """The mirror of an address, with all its refs as they are there now.

    Objects that no ref leads to any more stay. No hook, filter or submodule is looked at, and no
    payload of LFS fetched. What was cloned in part is never taken for a mirror.

    Args:
        cache: the user's cache folder.
        address: where from.
        progress: who watches.

    Raises:
        GitFailed: it is not there, lets nobody in, cannot be reached, or broke off.
        ScanRunning: another process fetches it.
        UsageProblem: the folder of mirrors cannot be used.
    """
    mirror = mirror_at(cache, address)
    _make_private(mirror.parent)
    with _lock(mirror, address):
        part = mirror.with_name(f"{mirror.name}.part")
        if not mirror.is_dir():
            _remove(part)
        at = mirror if mirror.is_dir() else part
        _make_private(at)
        transfer = Transfer(at, address, progress)
        progress("asking for refs")
        head, object_format = _told(transfer.listed())
        _set_up(at, address, object_format)
        for left in (at / "objects" / "pack").glob("tmp_*"):  # of a fetch that broke off
            left.unlink(missing_ok=True)
        progress("fetching")
        transfer.fetch()
        git = Git(at, at / "objects")
        with suppress(GitFailed):  # what is no name of a branch
            git.output(["check-ref-format", head], timeout=_SECONDS)
            git.output(["symbolic-ref", "HEAD", head], timeout=_SECONDS)
        if at == part:
            part.rename(mirror)
    return mirror


def _told(lines: Iterator[bytes]) -> tuple[str, str]:
    """The branch that HEAD stands for, and how objects are named."""
    head, length = "refs/heads/main", 40
    for line in lines:
        if found := _HEAD.fullmatch(line):
            head = os.fsdecode(found[1])
        elif found := _OID.match(line):
            length = len(found[1])
    return head, "sha256" if length == 64 else "sha1"


def _set_up(at: Path, address: Address, object_format: str) -> None:
    """Make it a bare repository, with a configuration of ours and no more."""
    if not (at / "HEAD").exists():
        Git(at, at / "objects").output(
            ["init", "--quiet", "--bare", "--template=", f"--object-format={object_format}"],
            timeout=_SECONDS,
        )
    version = 1 if object_format == "sha256" else 0
    lines = ["[core]", f"repositoryformatversion = {version}", "bare = true"]
    lines += ["[extensions]", "objectFormat = sha256"] if version else []
    quoted = address.shown.replace("\\", "\\\\").replace('"', '\\"')
    lines += ['[remote "origin"]', f'url = "{quoted}"', "fetch = +refs/*:refs/*", "mirror = true"]
    fresh = at / "config.new"
    fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
    fresh.replace(at / "config")


def _make_private(folder: Path) -> None:
    """Make a folder that only the user can enter, or see that it is one.

    Raises:
        UsageProblem: it is none, or cannot be made.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
            raise UsageProblem(f"{folder} is not a folder of yours", "remove it")
        folder.chmod(0o700)
    except OSError as error:
        raise UsageProblem(
            f"{folder} cannot be used: {error.strerror}", "set XDG_CACHE_HOME to another folder"
        ) from None


def _remove(part: Path) -> None:
    if part.is_symlink():
        raise UsageProblem(f"{part} is a symbolic link", "remove it")
    if part.exists():
        try:
            shutil.rmtree(part)
        except OSError as error:
            raise GitFailed(f"{part} cannot be removed: {error.strerror}", "remove it") from None


@contextmanager
def _lock(mirror: Path, address: Address) -> Iterator[None]:
    """Hold a lock beside the mirror; the system lets go of it if the process dies."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        descriptor = os.open(mirror.with_name(f"{mirror.name}.lock"), flags, 0o600)
    except OSError as error:
        raise UsageProblem(f"{mirror}.lock cannot be made: {error.strerror}", "remove it") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise ScanRunning(f"another process fetches {address.shown}", "wait for it") from None
    finally:
        os.close(descriptor)
