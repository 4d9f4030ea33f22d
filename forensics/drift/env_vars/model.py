"""What the linter of environment variables tells."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "CI", "EXAMPLE", "FILE", "IMAGE", "KINDS", "MANIFEST", "SCRIPT", "Definition", "EnvFinding",
    "EnvUse", "Linted", "Since",
]  # fmt: skip

KINDS = (
    "used-undefined", "missing-in-environment", "undocumented", "defined-unused",
    "documented-unused",
)  # fmt: skip

FILE, EXAMPLE, MANIFEST, IMAGE, CI, SCRIPT = (
    "file", "example", "manifest", "image", "ci", "script",
)  # fmt: skip
"""What can define a variable: an environment file, an example of one, what deploys the program
(compose, Kubernetes, Helm, Terraform), its image, CI, or a script that starts it."""


class EnvUse(NamedTuple):
    """A place that reads an environment variable."""

    path: bytes
    line: int
    name: str
    """Empty where the program makes the name up as it runs."""
    language: str
    default: str
    """`none`, `literal`, `empty`, `expression` or `required`."""
    how: str
    certain: bool
    optional: bool
    test: bool
    component: str
    """Folder of the package it belongs to; empty for the top of the repository."""


class Definition(NamedTuple):
    """A place that gives an environment variable a value, or documents it; never the value."""

    path: bytes
    line: int
    name: str
    role: str
    """One of the constants above."""
    passes: bool = False
    """Whether it only hands on a variable of the same name."""
    own: bool = False
    """Whether only this repository's own code can be meant to read it."""
    environment: str = ""
    set: str = ""
    """The set of files of environments that it belongs to; empty for none."""
    component: str = ""


class Since(NamedTuple):
    """A commit of the first-parent line."""

    commit: bytes
    time: int
    """When it was committed: seconds since 1970."""
    offset: int
    """Minutes east of UTC."""


class EnvFinding(NamedTuple):
    """Something wrong with one variable of one component."""

    kind: str
    """One of KINDS."""
    name: str
    component: str
    path: bytes
    """The first place of it: where it is read, or where it is defined."""
    line: int
    severity: str
    """`high`, `medium`, `low`."""
    default: str
    """Of the read; empty where it is about a definition."""
    places: int
    """How many lines there are of its kind."""
    present: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """Environments that define it, and those that do not."""
    set: str = ""
    """The set of files of these environments."""
    certain: bool = True
    """False where names that are made up as the program runs could change the answer."""
    since: Since | None = None
    since_certain: bool = False
    """False where the history was not followed to its end."""


class Linted(NamedTuple):
    """All that was found in one commit."""

    commit: bytes
    findings: tuple[EnvFinding, ...]
    trouble: tuple[tuple[bytes, str], ...]
    """What could not be read, and why."""
