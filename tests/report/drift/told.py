"""A matrix and events as the survey gives them, made up."""

from __future__ import annotations

from typing import Any

from forensics.drift.model import Cell, DriftEvent, Matrix, Row, Step

__all__ = ["ENVIRONMENTS", "MATRIX", "cell", "event", "row", "step"]

ENVIRONMENTS = ("dev", "staging", "prod")


def step(number: int = 1, author: str = "Ada Example <ada@acme.example>") -> Step:
    """A commit made on the day of that number in January 2024, at noon, two hours east."""
    return Step(bytes([number]) * 20, author, 1_704_016_800 + number * 86_400, 120, ())


def cell(state: str, group: str = "", path: str = "", line: int = 0) -> Cell:
    """One environment's part."""
    return Cell(state, group, path, line, "environment" if path else "")


def row(key: str, *, why: str = "", drift: bool = False, name: str = "web", **cells: Cell) -> Row:
    """One key."""
    return Row(name, key, cells, drift, why)


def event(kind: str = "missing", **facts: Any) -> DriftEvent:
    """An event, open since the first, of a key that production lacks unless told otherwise."""
    given: dict[str, Any] = {
        "set": "web", "key": "LOG_LEVEL", "present": ("dev", "staging"), "missing": ("prod",),
        "opened": step(), "closed": None, "closed_how": "", "days": 12.34, "severity": "high",
        "certain": True, "expected": "", "steps": (), "paths": ("web/.env.dev",),
    }  # fmt: skip
    return DriftEvent(kind, **(given | facts))


def _of(name: str, line: int, group: str, state: str = "value") -> Cell:
    return cell(state, group, f"web/.env.{name}", line)


MATRIX = Matrix(
    ref="refs/heads/main",
    commit="ab" * 20,
    environments=ENVIRONMENTS,
    rows=(
        row("HOST", why="names its environment",
            dev=_of("dev", 1, "A"), staging=_of("staging", 1, "B"), prod=_of("prod", 1, "C")),
        row("LOG_LEVEL", why="missing in prod", drift=True,
            dev=_of("dev", 2, "A"), staging=_of("staging", 2, "A"), prod=cell("absent")),
        row("PORT",
            dev=_of("dev", 3, "A"), staging=_of("staging", 3, "A"), prod=_of("prod", 2, "A")),
        row("TOKEN", why="shared", drift=True, dev=_of("dev", 4, "A"),
            staging=_of("staging", 4, "", "empty"), prod=_of("prod", 3, "A")),
        row("name", name="api", why="placeholder in prod", drift=True,
            dev=cell("uncertain", path="api/dev.yml", line=1),
            prod=cell("placeholder", "A", "api/prod.yml", 7)),
    ),
    uncertain=(("api/dev.yml", "it is not YAML"),),
)  # fmt: skip
