"""Errors that a user can do something about. The command line prints one line for each."""

from __future__ import annotations

__all__ = [
    "ForensicsError",
    "GitFailed",
    "GitMissing",
    "IndexRefused",
    "IndexTooNew",
    "IndexWriteFailed",
    "KeyProblem",
    "NotARepository",
    "ScanRunning",
    "StaleDecision",
    "UsageProblem",
]


class ForensicsError(Exception):
    """What went wrong and what to do about it, without a traceback."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def __str__(self) -> str:
        message = str(self.args[0])
        return f"{message}; {self.hint}" if self.hint else message


class NotARepository(ForensicsError):
    """There is no readable git repository at the path."""


class GitFailed(ForensicsError):
    """A git process ended with an error."""


class KeyProblem(ForensicsError):
    """The fingerprint key is missing, malformed, readable by others, or not the index's."""


class GitMissing(GitFailed):
    """There is no git on this machine."""


class IndexRefused(ForensicsError):
    """The index file is not one of ours, or not safe to open."""


class IndexTooNew(IndexRefused):
    """The index was written by a newer version."""


class IndexReadFailed(ForensicsError):
    """The index could not be read to the end: it is damaged, locked, or on a failing disk."""


class IndexWriteFailed(ForensicsError):
    """The index could not be written: no space, no permission, or a failing disk."""


class ScanRunning(ForensicsError):
    """Another scan holds the index."""


class UsageProblem(ForensicsError):
    """What was asked for does not exist or contradicts itself."""


class StaleDecision(ForensicsError):
    """Somebody decided about a secret after it was looked at; nothing was changed.

    Args:
        secrets: how many were decided about meanwhile.
    """

    def __init__(self, secrets: int) -> None:
        super().__init__(
            f"stale: {secrets:,} changed meanwhile, so nothing was changed", "look again"
        )
        self.secrets = secrets
