"""What the doctor says, and what somebody else does."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import NamedTuple

from tests.cli.command import forensics

__all__ = ["GIBIBYTE", "Disk", "change", "checks", "index_of", "of", "only", "tree"]


GIBIBYTE = 1 << 30


class Disk(NamedTuple):
    """What a file system has."""

    free: int


def checks(*words: object) -> list[dict[str, str]]:
    """All that is said, where the exit code agrees with it."""
    done = forensics("doctor", "--format", "json", *words)
    assert done.err == ""
    told = json.loads(done.out)
    found: list[dict[str, str]] = told["checks"]
    states = [one["state"] for one in found]
    assert {*states} <= {"ok", "warning", "problem"}
    assert (told["problems"], told["warnings"]) == (
        states.count("problem"), states.count("warning"),
    )  # fmt: skip
    assert done.code == (2 if told["problems"] else 0)
    assert all(bool(one["advice"]) == (one["state"] != "ok") for one in found)
    return found


def of(area: str, *words: object) -> list[tuple[str, str]]:
    """State and finding of one area."""
    return [(one["state"], one["found"]) for one in checks(*words) if one["area"] == area]


def only(area: str, *words: object) -> tuple[str, str]:
    """State and finding, of an area of which there is one thing to say."""
    (one,) = of(area, *words)
    return one


def tree(*folders: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below, with its time and content, and every folder."""
    return {
        str(one): (one.stat().st_mtime_ns, one.read_bytes() if one.is_file() else b"")
        for folder in folders
        for one in folder.rglob("*")
    }


def change(index: Path, *statements: str) -> None:
    """What somebody else does to an index."""
    with sqlite3.connect(index) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def index_of(repository: Path) -> Path:
    """Where a scan keeps it."""
    return repository / ".git/forensics/index.db"
