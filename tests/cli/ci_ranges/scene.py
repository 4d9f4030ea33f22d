"""A repository in a CI job."""

from __future__ import annotations

import json
from typing import Any

from forensics.cli.ci_job import SERVICES
from tests.cli.ci_scene import Scene
from tests.cli.command import Done

__all__ = ["MARKS", "between", "github", "gitlab", "pull", "pushed", "range_of"]


MARKS = {one.mark for one in SERVICES}


def github(scene: Scene, event: str, told: object) -> dict[str, str]:
    """The variables of GitHub Actions, and its file."""
    file = scene.folder / "event.json"
    file.write_text(json.dumps(told))
    return {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(file)}


def pull(head: str, base: str) -> dict[str, Any]:
    """What an event tells of a pull request to main."""
    return {"pull_request": {"title": "`$(touch pwned)`", "head": {"sha": head, "ref": "$(x)"},
                             "base": {"sha": base, "ref": "main"}}}  # fmt: skip


def pushed(before: str, after: str, ref: str = "refs/heads/topic") -> dict[str, Any]:
    """What an event tells of a push."""
    return {"before": before, "after": after, "ref": ref, "repository": {"default_branch": "main"}}


def gitlab(source: str, **more: str) -> dict[str, str]:
    """The variables of GitLab CI."""
    return {"GITLAB_CI": "true", "CI_PIPELINE_SOURCE": source, "CI_DEFAULT_BRANCH": "main", **more}


def range_of(done: Done) -> str:
    """What the line on standard error says was looked at."""
    (line,) = (line for line in done.err.splitlines() if ".." in line or "whole" in line)
    return line.split(": ", 2)[2]


def between(base: str, head: str) -> str:
    """A range as that line has it."""
    return f"{base[:12]}..{head[:12]}"
