"""Detached SSH signatures of reports, made and verified by ssh-keygen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from forensics.errors import UsageProblem

__all__ = ["NAMESPACE", "sign", "signature_of", "verify"]

NAMESPACE = "git-forensics"
"""What these signatures are for; one made for something else does not verify."""
_KEPT = ("PATH", "HOME", "TERM", "SSH_AUTH_SOCK")
_MOST_SECONDS = 300.0


def signature_of(report: Path) -> Path:
    """Where the signature of a report lies, if nothing else is said."""
    return report.with_name(report.name + ".sig")


def sign(report: Path, key: Path) -> Path:
    """Sign a report with an SSH key: a private one, or a public one whose other half an agent has.
    The signature is put beside it.

    Raises:
        UsageProblem: ssh-keygen is missing, or cannot sign with that key.
    """
    signature = signature_of(report)
    signature.unlink(missing_ok=True)  # an older one; ssh-keygen would ask
    done = _keygen(["-Y", "sign", "-n", NAMESPACE, "-f", str(key), str(report)], b"")
    if done.returncode or not signature.exists():
        raise UsageProblem(f"{report} was not signed: {_reason(done)}", "check the key")
    return signature


def verify(report: Path, signature: Path, allowed_signers: Path) -> str | None:
    """Who of the allowed signers signed a report; None if none did, or it was changed since.

    Raises:
        UsageProblem: ssh-keygen is missing, or a file cannot be read.
    """
    for file in (signature, allowed_signers):
        if not os.access(file, os.R_OK) or not file.is_file():
            raise UsageProblem(f"{file} cannot be read", "name a file")
    try:
        content = report.read_bytes()
    except OSError as error:
        raise UsageProblem(f"{report}: {error.strerror}", "name the report") from None
    files = ["-s", str(signature), "-f", str(allowed_signers)]
    found = _keygen(["-Y", "find-principals", *files], b"")
    for principal in found.stdout.decode("utf-8", "replace").splitlines():
        arguments = ["-Y", "verify", "-I", principal, "-n", NAMESPACE, *files]
        if not found.returncode and not _keygen(arguments, content).returncode:
            return principal
    return None


def _keygen(arguments: Sequence[str], given: bytes) -> subprocess.CompletedProcess[bytes]:
    """Run ssh-keygen, which reads no configuration. It may ask for a passphrase on a terminal."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    terminal = not given and sys.stdin is not None and sys.stdin.isatty()
    stdin = None if terminal else subprocess.PIPE
    try:
        process = subprocess.Popen(
            ["ssh-keygen", *arguments],
            env=environment,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        out, err = process.communicate(None if terminal else given, _MOST_SECONDS)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)
    except FileNotFoundError:
        raise UsageProblem("ssh-keygen is not installed", "install OpenSSH 8.2 or newer") from None
    except subprocess.TimeoutExpired:
        process.kill()
        raise UsageProblem("ssh-keygen took too long", "try again") from None


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else "ssh-keygen gave no reason"
