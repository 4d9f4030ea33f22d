"""The one place where git processes start, so that no scanned repository is obeyed.

Git reads the configuration of the repository it works in and runs what that names: a file
system monitor, a signature verifier, a transport. So git never works in the scanned repository.
It works in a private GIT_DIR with a configuration of our own, over the scanned object database.
"""

from __future__ import annotations

import os
import select
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO

from forensics.errors import GitFailed, GitMissing
from forensics.git.smallfile import read_small

__all__ = ["Git", "private_git_dir", "read_entries", "read_settings"]

_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
_CONFIG_SECONDS = 10.0
_SILENCE_SECONDS = 120.0
"""Longest wait for a git that is to tell a long story; a tree can take it for ever to walk."""
_LINKED = ("refs", "packed-refs", "reftable", "logs", "shallow")


def _environment(git_dir: Path, objects: Path) -> dict[str, str]:
    """Only what git needs; no GIT_*, no HOME, no key of ours."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return environment | {
        "GIT_DIR": str(git_dir),
        "GIT_OBJECT_DIRECTORY": str(objects),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "HOME": str(git_dir),
    }


@contextmanager
def private_git_dir(
    common_dir: Path, objects: Path, object_format: str, ref_storage: str
) -> Iterator[Path]:
    """A throw-away GIT_DIR with our configuration and links to refs, reflogs and objects.

    Commit graphs and multi-pack indexes are not read: both can claim what is not so.
    """
    with tempfile.TemporaryDirectory(prefix="git-forensics-") as folder:
        git_dir = Path(folder)
        version = 0 if (object_format, ref_storage) == ("sha1", "files") else 1
        lines = ["[core]", f"repositoryformatversion = {version}", "bare = true"]
        lines += ["commitGraph = false", "multiPackIndex = false", "useReplaceRefs = false"]
        if version:
            lines += ["[extensions]", f"objectFormat = {object_format}"]
        if ref_storage != "files":
            lines.append(f"refStorage = {ref_storage}")
        (git_dir / "config").write_text("\n".join(lines) + "\n")
        (git_dir / "objects").symlink_to(objects)
        for name in _LINKED:
            if (common_dir / name).is_file() or (common_dir / name).is_dir():  # no pipe, no device
                (git_dir / name).symlink_to(common_dir / name)
        if not (git_dir / "refs").exists():
            (git_dir / "refs").mkdir()
        (git_dir / "HEAD").write_text("ref: refs/heads/none\n")
        yield git_dir


class Git:
    """Runs git in a private GIT_DIR. Nothing is ever passed through a shell."""

    def __init__(
        self, git_dir: Path, objects: Path, more: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Git with `git_dir` over `objects`, and with these variables beside them."""
        self._environment = _environment(git_dir, objects) | dict(more)

    def start(
        self, arguments: Sequence[str], stdin: IO[bytes] | int, stderr: IO[bytes] | int
    ) -> subprocess.Popen[bytes]:
        """A running git with a pipe for its output.

        Raises:
            GitMissing: there is no git on this machine.
            GitFailed: it does not start.
        """
        try:
            return subprocess.Popen(
                ["git", "--no-pager", *arguments],
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=self._environment,
                cwd=self._environment["GIT_DIR"],
            )
        except FileNotFoundError:
            raise GitMissing("git is not installed", "install git 2.31 or newer") from None
        except OSError as error:  # as where it is told too much
            raise GitFailed(f"git does not start: {error.strerror}") from None

    def output(
        self, arguments: Sequence[str], stdin: bytes = b"", *, timeout: float | None = None
    ) -> bytes:
        """What git prints.

        Raises:
            GitFailed: git ended with an error, whose first line is the message, or took longer
                than `timeout` seconds.
        """
        process = self.start(arguments, subprocess.PIPE, subprocess.PIPE)
        try:
            out, err = process.communicate(stdin, timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise GitFailed(f"git {arguments[0]} took longer than {timeout:.0f} s") from None
        except BaseException:  # whatever ends us ends it
            process.kill()
            process.wait()
            raise
        if process.returncode:
            raise GitFailed(f"git {arguments[0]} failed: {first_line(err)}")
        return out

    def pieces(self, arguments: Sequence[str], stdin: bytes = b"") -> Iterator[bytes]:
        """Git's output as it comes, in pieces that end where a read ended.

        Raises:
            GitFailed: after the output, if git ended with an error.
        """
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
            given.write(stdin)
            given.seek(0)
            process = self.start(arguments, given, complaints)
            assert process.stdout is not None
            try:
                while True:
                    if not select.select([process.stdout], [], [], _SILENCE_SECONDS)[0]:
                        raise GitFailed(f"git {arguments[0]} said nothing for too long")
                    piece = os.read(process.stdout.fileno(), 1 << 20)
                    if not piece:
                        break
                    yield piece
                if process.wait():
                    complaints.seek(0)
                    error = first_line(complaints.read(1 << 16))
                    raise GitFailed(f"git {arguments[0]} failed: {error}")
            finally:
                if process.poll() is None:
                    process.kill()
                process.stdout.close()
                process.wait()


def read_settings(file: Path) -> dict[str, str]:
    """As `read_entries`, by lower-case name; the last of those alike counts."""
    return {name.lower(): value for name, value in read_entries(file)}


def read_entries(file: Path) -> list[tuple[str, str]]:
    """The settings in one configuration file, without includes, each with its name.

    `git config --file` reads that file and acts on nothing in it. A file that is not there has
    none.

    Raises:
        GitFailed: it cannot be read, or there is no git on this machine.
    """
    try:
        text = read_small(file)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise GitFailed(f"{file} cannot be read: {error.strerror}") from None
    arguments = ["config", "--file", "-", "--no-includes", "--list", "-z"]
    with tempfile.TemporaryDirectory(prefix="git-forensics-") as folder:
        listed = Git(Path(folder), Path(folder)).output(arguments, text, timeout=_CONFIG_SECONDS)
    entries = (entry.partition(b"\n") for entry in listed.split(b"\0") if entry)
    return [
        (name.decode("utf-8", "replace"), value.decode("utf-8", "replace"))
        for name, _, value in entries
    ]


def first_line(message: bytes) -> str:
    """The first line of what git says, printable."""
    line = message.strip().split(b"\n")[0].decode("utf-8", "backslashreplace")
    return line.removeprefix("fatal: ").removeprefix("error: ") or "no reason given"
