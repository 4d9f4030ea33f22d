"""What flows through this room: places of files, observations, steps of history, drift."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "ABSENT", "Cell", "Change", "DriftEvent", "Line", "Matrix", "Observation", "Place", "Reading",
    "Row", "Step",
]  # fmt: skip

ABSENT = "absent"


class Place(NamedTuple):
    """Where a configuration file belongs, by its path alone."""

    set: str
    """What its environments have in common: a component of a monorepo, mostly a folder."""
    environment: str
    """Canonical name, such as `prod`; empty for base files and files that hold several."""
    role: str
    """`environment`, `base`, `several` (environments are named inside), `example`, `local` or
    `chart` (marks a folder, and is not read)."""
    layer: int
    """Order in which the files of one environment are laid over each other, lowest first."""
    rule: str
    """Id of the rule that says so."""


class Observation(NamedTuple):
    """A key with a value in one version of a file; never the value."""

    environment: str
    """As named inside the file; empty where the file's place says it."""
    key: str
    line: int
    kind: str
    """`literal`, `empty`, `placeholder`, `reference` or `ciphertext`."""
    type: str
    """`string`, `number`, `boolean`, `null` or `untyped`."""
    fingerprint: bytes
    """Keyed, of the value: 32 bytes, the same as of a secret with that value."""
    shape: bytes
    """Keyed, of the value with names of environments and hosts taken out: equal for
    `db.dev.example.com` and `db.prod.example.com`."""
    traits: frozenset[str]
    """What is told of the value: `local`, `debug`, `host`, `url`, `environment-name`, `on`, `off`,
    `signs` (a placeholder of neither letters nor digits, such as `***`),
    `number`, `short` (too common to be called shared), `bytes:N` (of SOPS, length of what it
    hides)."""


class Reading(NamedTuple):
    """One version of one configuration file."""

    observations: tuple[Observation, ...]
    trouble: str = ""
    """Why it could not be parsed: then nothing in it is certain."""


class Change(NamedTuple):
    """A configuration file that a commit changes against its first parent."""

    path: bytes
    before: bytes
    """Id of the blob before; empty where there was none."""
    after: bytes


class Step(NamedTuple):
    """A commit of the first-parent line that changes configuration files."""

    commit: bytes
    author: str
    """Name and address, as `Ann Example <ann@example.com>`, secrets masked."""
    time: int
    """When it was committed: seconds since 1970."""
    offset: int
    """Minutes east of UTC."""
    changes: tuple[Change, ...]
    merge: bool = False
    """Whether it has several parents: then who wrote what it brings in is on the merged side."""


class Line(NamedTuple):
    """The first-parent line of a ref, as far as it changes configuration."""

    ref: str
    tip: bytes
    tip_time: int
    steps: tuple[Step, ...]
    """Oldest first."""
    cut: str = ""
    """Why the line does not go back to the beginning; its first step then lists every file that it
    holds, whoever made it. Empty where it does."""


class Cell(NamedTuple):
    """What one environment gets for one key."""

    state: str
    """`value`, `absent`, `empty`, `placeholder`, `reference`, `ciphertext` or `uncertain`."""
    group: str
    """A letter for each group of equal values in a row; empty where there is no value."""
    path: str
    line: int
    layer: str
    """`base`, `environment` or what else the file is."""


class Row(NamedTuple):
    """One key in all environments of its set."""

    set: str
    key: str
    cells: dict[str, Cell]
    drift: bool
    why: str
    """What is wrong, or why a difference is meant to be; empty where there is none."""
    accepted: bool = False


class Matrix(NamedTuple):
    """Keys by environments at a commit."""

    ref: str
    commit: str
    environments: tuple[str, ...]
    rows: tuple[Row, ...]
    uncertain: tuple[tuple[str, str], ...]
    """Files that do not parse, and why."""


class DriftEvent(NamedTuple):
    """A difference between environments, from the commit that opened it to what closed it."""

    kind: str
    """`missing`, `extra`, `type`, `value`, `shared`, `stale`, `flapping`, `placeholder`,
    `rotation` or `rewrap`."""
    set: str
    key: str
    present: tuple[str, ...]
    """Environments that have the key: now, or when the event opened if it is closed. Of other kinds
    than presence, the environments that it is about."""
    missing: tuple[str, ...]
    """Those that lack it, or the new value: now, or at any time until the event was closed."""
    opened: Step
    closed: Step | None
    closed_how: str
    """`added`, `removed`, `equal`, `environment removed`, …; empty while it is open."""
    days: float
    """From opening to closing, or to the tip of the line."""
    severity: str
    """`low`, `medium`, `high` or `critical`; `info` where the difference is meant to be."""
    certain: bool
    """False where an unparsable version stands at one of its ends."""
    expected: str
    """Why this difference is meant to be; empty where it is not."""
    steps: tuple[tuple[Step, str], ...]
    """What else happened to it in between, in words."""
    paths: tuple[str, ...]
    accepted: bool = False
    acceptance: str = ""
    """Reason, owner and expiry of the acceptance."""
    opened_in: tuple[Step, ...] = ()
    """Where a merge opened it: the commits of the merged side that touched its files."""
    closed_in: tuple[Step, ...] = ()
    """The same of what closed it."""
