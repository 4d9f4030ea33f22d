"""A repository in a CI job."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.cli.ci_ranges.scene import MARKS
from tests.cli.ci_scene import Scene
from tests.cli.command import Done, forensics


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """A server, and a machine without variables of any CI service."""
    for name in [*os.environ]:
        if name in MARKS or name.startswith(("CI_", "GITHUB_", "BITBUCKET_", "BUILD_")):
            monkeypatch.delenv(name)
    return Scene(tmp_path / "scene")


@pytest.fixture
def ci(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Scan a clone of the server as a job with these variables would."""

    def scan(clone: Path, **variables: str) -> Done:
        with monkeypatch.context() as within:
            for name, value in variables.items():
                within.setenv(name, value)
            return forensics("scan", "--ci", clone)

    return scan
