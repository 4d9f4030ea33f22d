"""Running what the files for CI services run, as those services do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.cli.command import PROGRAM, ROOT, Done

__all__ = ["Step", "action_steps", "programs", "run_script", "yaml_of"]

_INPUT = re.compile(r"\$\{\{ inputs\.([a-z-]+) \}\}")


class Step(NamedTuple):
    """A step of action.yml that runs a script."""

    name: str
    script: str
    env: Mapping[str, str]


def yaml_of(name: str) -> Any:
    """A YAML file of the project."""
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def action_steps(**given: str) -> dict[str, Step]:
    """The scripts of action.yml by name, with these inputs and the defaults of all others."""
    action = yaml_of("action.yml")
    inputs = {name: one["default"] for name, one in action["inputs"].items()}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    return {
        one["name"]: Step(
            one["name"],
            one["run"],
            {name: _INPUT.sub(lambda found: inputs[found[1]], text)
             for name, text in one.get("env", {}).items()},
        )
        for one in action["runs"]["steps"]
        if "run" in one
    }  # fmt: skip


def programs(folder: Path) -> Path:
    """Where installing would put them: `forensics` and `python`, which run what is tested here."""
    folder.mkdir(parents=True)
    ours = f"PYTHONPATH='{ROOT}' exec '{sys.executable}' -P -c '{PROGRAM}'"
    for name, start in (("forensics", ours), ("python", f"exec '{sys.executable}'")):
        script = f'#!/bin/sh\n{start} "$@"\n'
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    return folder


def run_script(shell: tuple[str, ...], script: str, cwd: Path, env: Mapping[str, str]) -> Done:
    """Run it from a file, with these variables and nothing else of the test's but PATH."""
    file = cwd.parent / "script"
    file.write_text(script)
    path = env.get("PATH", os.environ["PATH"])
    done = subprocess.run(
        [*shell, str(file)], cwd=cwd, env={**env, "PATH": path}, capture_output=True, timeout=120,
        check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())
