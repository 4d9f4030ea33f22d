"""What leaked at Acme, and what only looks as if it had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from detectors.template import expand

__all__ = ["IDS", "LEAKS", "STAND_INS", "Leak", "value"]


@dataclass(frozen=True, slots=True)
class Leak:
    """One planted secret: what happened to it, and the template of its value."""

    story: str
    template: str
    seed: int = 1

    @property
    def value(self) -> bytes:
        """The secret itself, assembled anew."""
        return expand(self.template, self.seed)


_MAIL = "SG.{base64url:22}.{base64url:43}"

LEAKS: Mapping[str, Leak] = {
    "payments": Leak("live in .env.prod at HEAD", "sk_live_{alnum:24}"),
    "cloud secret": Leak("deleted from terraform, never rotated", "{base64:40}"),
    "mail, first": Leak("replaced in .env.prod by a second key", _MAIL, 1),
    "mail, second": Leak("replaced in .env.prod by a reference", _MAIL, 2),
    "chat bot": Leak(
        "only on a branch, gone before its merge", "xoxb-{digits:12}-{digits:13}-{alnum:24}"
    ),
    "release token": Leak("in the message of tag v1.2.0", "{crc32:ghp_}", 1),
    "mirror token": Leak("in a commit message", "glpat-{alnum:20}"),
    "package token": Leak("only ever stashed", "{crc32:npm_}"),
    "registry token": Leak("in a commit that no ref reaches", "dckr_pat_{alnum:27}"),
    "signing key": Leak("a private key, deleted", "{pem:RSA PRIVATE KEY}"),
    "database password": Leak("in a database URL of staging's helm values", "{alnum:22}"),
    "session secret": Leak("one value in staging and in production", "{alnum:48}"),
    "chat webhook": Leak(
        "in a compiled Python file",
        "https://hooks.slack.com/services/T{upperalnum:9}/B{upperalnum:10}/{alnum:24}",
    ),
}
"""Every secret by the name that the history uses for it."""

IDS: Mapping[str, Leak] = {
    "cloud id": Leak("beside the cloud secret, which it belongs to", "AKIA{base32:16}"),
}
"""Public ids that belong to a secret, and are no finding of their own beside it."""

STAND_INS: tuple[str, ...] = (
    "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
    "ghp_your-token-here",
    "SG.replace-me",
    "AKIAIOSFODNN7EXAMPLE",
    "postgresql://parcels:password@localhost:5432/parcels",
    "change-me-to-48-random-characters",
)
"""Values in the repository that no scan should report."""


def value(name: str) -> str:
    """The planted secret of this name, as text."""
    return {**LEAKS, **IDS}[name].value.decode()
