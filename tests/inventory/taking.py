"""Inventories of repositories told for a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fixtures_repos.builder import Builder
from forensics.drift.environments import Placer
from forensics.git.repository import open_repository
from forensics.inventory.records import Inventory, Pipeline, Surface
from forensics.inventory.take import take_inventory


def told(path: Path, files: Mapping[str | bytes, str | bytes]) -> Builder:
    """A repository with one commit of these files."""
    builder = Builder(path)
    for name, content in files.items():
        builder.write(name, content)
    builder.commit("Start")
    return builder


def taken(path: Path, at: str = "HEAD") -> Inventory:
    """The inventory of a commit."""
    return take_inventory(open_repository(path), at, Placer.load(None).place)


def pipeline_of(path: Path, files: Mapping[str | bytes, str | bytes]) -> Pipeline:
    """The only pipeline in these files."""
    told(path, files)
    (pipeline,) = taken(path).ci_pipelines
    return pipeline


def surfaces_of(
    path: Path, files: Mapping[str | bytes, str | bytes]
) -> list[tuple[str, str, str, int | None]]:
    """Category, tool, evidence and line of what these files show."""
    told(path, files)
    return [_short(one) for one in taken(path).infrastructure_surfaces]


def _short(one: Surface) -> tuple[str, str, str, int | None]:
    return one.category, one.tool, one.evidence, one.line
