"""What an inventory holds. Names, places and numbers; never a value."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ConfigurationFile", "EnvironmentUse", "Inventory", "Pipeline", "Subject", "Surface", "Used",
]  # fmt: skip


class ConfigurationFile(NamedTuple):
    """A file that configures something."""

    path: bytes
    kind: str
    """How it reads: one of `forensics.config.kinds`."""
    set: str
    """What its environments have in common, mostly a folder."""
    environment: str
    role: str
    """`environment`, `base`, `several`, `example` or `local`; empty where no rule of environments
    knows the file."""
    layer: int | None
    keys: int | None
    """None where it was not read."""
    secret_keys: int | None
    """How many keys are named as secrets are."""
    trouble: str
    """Why it could not be read or parsed."""
    changed_commit: str
    """What changed it last, along first parents."""
    changed_date: str
    blob: str
    size: int


class EnvironmentUse(NamedTuple):
    """A place that reads an environment variable, or that sets one."""

    name: str
    use: str
    """`read`, `defined`, or `given` for what a CI system provides, such as its secrets."""
    path: bytes
    line: int | None
    kind: str
    """The language that reads it, the kind of file that defines it, or the system that gives it."""
    how: str
    """What it is read through, such as `process.env`; `secret` or `variable` where it is given."""
    default: bool | None
    """Whether a read has a default."""
    test: bool | None
    """Whether it is test code that reads it."""
    environment: str
    """For which it is defined, where the path says so."""
    defined_in: tuple[bytes, ...]
    """Files that define what is read here."""


class Used(NamedTuple):
    """What a pipeline takes from elsewhere."""

    kind: str
    """`action`, `workflow`, `image`, `orb`, `include`, `pipe`, `task`, `plugin`, `template` or
    `library`."""
    name: str
    version: str
    """Tag, branch, id or digest; empty where none is named."""
    pinned: bool
    """Whether it cannot change: named by a full commit id or digest."""
    line: int


class Pipeline(NamedTuple):
    """A CI pipeline or workflow."""

    system: str
    path: bytes
    name: str
    jobs: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    variables: tuple[str, ...] = ()
    uses: tuple[Used, ...] = ()
    permissions: tuple[str, ...] = ()
    runners: tuple[str, ...] = ()
    trouble: str = ""


class Surface(NamedTuple):
    """Something that runs, carries, keeps, ships or watches the software."""

    category: str
    """`IaC`, `runtime`, `network`, `data`, `CI/CD` or `observability`."""
    tool: str
    evidence: str
    path: bytes
    line: int | None
    """None where the name of the file is the evidence."""


class Subject(NamedTuple):
    """What was inventoried."""

    repository: str
    commit: str
    date: str
    files: int


class Inventory(NamedTuple):
    """All of it, in order."""

    subject: Subject
    configuration_files: tuple[ConfigurationFile, ...]
    environment_uses: tuple[EnvironmentUse, ...]
    ci_pipelines: tuple[Pipeline, ...]
    infrastructure_surfaces: tuple[Surface, ...]
    unread: tuple[tuple[bytes, str], ...]
    """Files of which nothing but the name is known, and why."""
    left_out: tuple[tuple[str, int], ...]
    """Files that were not looked into by intention: why, and how many."""
    trouble: str = ""
    """Why there may be more files."""
