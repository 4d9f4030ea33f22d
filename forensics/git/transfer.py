"""Git processes that talk to other machines, for mirrors of ours and for nothing else.

They obey no repository. Of the user's own settings they are told what proxies, certificates and
credential helpers to use; credentials out of an address they get through their environment.
"""

from __future__ import annotations

import os
import re
import select
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from forensics.errors import GitFailed
from forensics.git.address import Address
from forensics.git.runner import Git, first_line, read_entries

__all__ = ["Transfer"]

_KEPT = (
    "HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK", "GIT_SSH_COMMAND", "GIT_SSH", "GIT_ASKPASS",
    "DBUS_SESSION_BUS_ADDRESS", "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
    "ALL_PROXY", "no_proxy", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO",
)  # fmt: skip
_SETTINGS = (
    ("core.hooksPath", os.devnull),
    ("core.fsmonitor", "false"),
    ("core.askPass", ""),
    ("fetch.unpackLimit", "1"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("fetch.recurseSubmodules", "false"),
    ("submodule.recurse", "false"),
    ("transfer.bundleURI", "false"),
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", "120"),
)
_OWN = ("credential.", "http.", "core.sshcommand")
"""Settings of the user's that count."""
_SSH = "ssh -oBatchMode=yes -oConnectTimeout=30 -oServerAliveInterval=30 -oServerAliveCountMax=4"
_USER, _PASSWORD = "FETCH_USER", "FETCH_PASSWORD"
_HELPER = (
    '!f() { test "$1" = get && printf "username=%s\\npassword=%s\\n"'
    f' "${_USER}" "${_PASSWORD}"; }}; f'
)
_PROGRESS = re.compile(rb"\A(Receiving objects|Resolving deltas): +(\d{1,3})%")
_TAIL, _MOST_LISTED = 1 << 16, 256 << 20
_SILENCE_SECONDS = 600.0
_DENIED = (
    "could not read Username", "could not read Password", "Authentication failed",
    "Permission denied", "error: 401", "error: 403",
)  # fmt: skip
_NOT_THERE = (
    "not found", "does not appear to be a git repository", "does not exist", "error: 404",
)  # fmt: skip
_UNREACHABLE = (
    "Could not resolve", "Failed to connect", "Connection refused", "timed out", "unreachable",
    "unable to access", "Connection reset", "Connection closed", "unable to connect",
)  # fmt: skip

Progress = Callable[[str], None]
"""Told what goes on, in words."""


class Transfer:
    """Runs git against one address, in a mirror.

    Args:
        mirror: the git directory.
        address: where from.
        progress: who watches.
    """

    def __init__(self, mirror: Path, address: Address, progress: Progress) -> None:
        self._address, self._progress = address, progress
        self._git = Git(mirror, mirror / "objects", _environment(address))

    def listed(self) -> Iterator[bytes]:
        """The lines of `git ls-remote --symref`.

        Raises:
            GitFailed: the repository is not there, lets nobody in, or cannot be reached.
        """
        told = self._run(["ls-remote", "--symref", "--", self._address.shown])
        yield from told.split(b"\n")

    def fetch(self) -> None:
        """Fetch all refs, and drop those that are not there any more.

        Raises:
            GitFailed: as `listed`, or it broke off.
        """
        self._run(
            [
                "fetch", "--prune", "--force", "--no-tags", "--no-recurse-submodules",
                "--no-write-fetch-head", "--update-shallow", "--progress", "--",
                self._address.shown, "+refs/*:refs/*",
            ]
        )  # fmt: skip

    def _run(self, arguments: Sequence[str]) -> bytes:
        process = self._git.start(arguments, subprocess.DEVNULL, subprocess.PIPE)
        try:
            out, complaints = self._followed(process)
            code = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        if code:
            raise self._problem(complaints)
        return out

    def _followed(self, process: subprocess.Popen[bytes]) -> tuple[bytes, bytes]:
        """Output, and the end of what went to standard error without progress."""
        assert process.stdout is not None
        assert process.stderr is not None
        out, line, complaints = bytearray(), b"", b""
        pipes = [process.stdout, process.stderr]
        while pipes:
            ready = select.select(pipes, [], [], _SILENCE_SECONDS)[0]
            if not ready:
                raise GitFailed(f"{self._address.shown} said nothing for too long", _TRY_AGAIN)
            for pipe in ready:
                piece = os.read(pipe.fileno(), 1 << 16)
                if not piece:
                    pipes.remove(pipe)
                elif pipe is process.stdout:
                    out += piece
                    if len(out) > _MOST_LISTED:
                        raise GitFailed(f"{self._address.shown} lists too many refs")
                else:
                    *whole, line = re.split(rb"[\r\n]", (line + piece)[-_TAIL:])
                    for each in whole:
                        complaints = self._heard(each, complaints)
        return bytes(out), complaints + line

    def _heard(self, line: bytes, before: bytes) -> bytes:
        found = _PROGRESS.match(line)
        if found is not None:
            self._progress(f"{found[1].decode().lower()}, {int(found[2])}%")
            return before
        # What the other side says is of no use, and may say anything.
        return before if line.startswith(b"remote: ") else (before + line + b"\n")[-_TAIL:]

    def _problem(self, complaints: bytes) -> GitFailed:
        for one in (self._address.password, self._address.user):
            if one is not None and one.reveal():  # a server may send back what it was told
                complaints = complaints.replace(one.reveal(), b"****")
        shown, text = self._address.shown, complaints.decode("utf-8", "backslashreplace")
        if any(one in text for one in _DENIED):
            return GitFailed(f"{shown} is private or not there, and lets nobody in so", _LET_IN)
        if any(one in text for one in _NOT_THERE):
            return GitFailed(f"there is no repository at {shown}", "check the address")
        fatal = [one for one in complaints.split(b"\n") if one.startswith((b"fatal: ", b"error: "))]
        reason = first_line(fatal[-1] if fatal else complaints)
        for line in complaints.split(b"\n"):
            if any(one in line.decode("utf-8", "replace") for one in _UNREACHABLE):
                return GitFailed(f"{shown} cannot be reached: {first_line(line)}", _TRY_AGAIN)
        return GitFailed(f"{shown} could not be fetched: {reason}", _TRY_AGAIN)


_TRY_AGAIN = "check the address and the network, and try again"
_LET_IN = (
    "give credentials with a credential helper of git, in ~/.netrc, as https://user:token@host/path,"
    " or load a key into ssh's agent"
)


def _environment(address: Address) -> dict[str, str]:
    told = {name: os.environ[name] for name in _KEPT if name in os.environ}
    told |= {"LC_ALL": "C", "GIT_ALLOW_PROTOCOL": address.transports}
    settings = [("core.sshCommand", _SSH), *_settings_of_user(), *_SETTINGS]
    if address.user is not None and address.password is not None:
        told.pop("GIT_ASKPASS", None)
        told[_USER] = os.fsdecode(address.user.reveal())
        told[_PASSWORD] = os.fsdecode(address.password.reveal())
        # The empty one ends the list of helpers before it: none of them keeps these credentials.
        settings += [("credential.helper", ""), (f"credential.{address.site}.helper", _HELPER)]
    told["GIT_CONFIG_COUNT"] = str(len(settings))
    for number, (name, value) in enumerate(settings):
        told[f"GIT_CONFIG_KEY_{number}"], told[f"GIT_CONFIG_VALUE_{number}"] = name, value
    return told


def _settings_of_user() -> list[tuple[str, str]]:
    """What the user's own configuration says of credentials, proxies and certificates."""
    home = Path(os.path.expanduser("~"))
    base = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    entries = [*read_entries(base / "git" / "config"), *read_entries(home / ".gitconfig")]
    return [(name, value) for name, value in entries if name.lower().startswith(_OWN)]
