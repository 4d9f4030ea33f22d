"""Drift events as the command line tells them, beside those that a story expects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from fixtures_repos.stories.drift import ANY, DriftStory, Event
from tests.cli.command import Done, forensics

__all__ = ["differences", "drift", "events_of", "matches", "matrix_of"]


def drift(repository: Path, index: Path, *options: str) -> Done:
    """Run `forensics drift` on a repository, which must not fail."""
    done = forensics("drift", repository, "--index", index, *options)
    assert "Traceback" not in done.err
    return done


def events_of(repository: Path, index: Path) -> list[dict[str, Any]]:
    """All drift events of a repository's history."""
    done = drift(repository, index, "--history", "--format", "jsonl")
    assert done.code in {0, 3}, done.err
    return done.lines


def matrix_of(repository: Path, index: Path) -> dict[str, Any]:
    """The matrix of a repository as it stands."""
    done = drift(repository, index, "--format", "json")
    assert done.code in {0, 3}, done.err
    matrix: dict[str, Any] = json.loads(done.out)
    return matrix


def differences(story: DriftStory, told: Iterable[Mapping[str, Any]]) -> list[str]:
    """What was to be told and is not, and what is told and should not be, line by line."""
    left = [one for one in told if not _meant(story, one)]
    wrong = []
    for event in story.events:
        found = [one for one in left if matches(event, one, story.commits)]
        if not found:
            wrong.append(f"not told: {_expected(event)}")
        for one in found if event.several else found[:1]:
            left.remove(one)
    return wrong + [f"told wrongly: {_told(one, story.commits)}" for one in left]


def matches(event: Event, told: Mapping[str, Any], commits: Mapping[str, str]) -> bool:
    """Whether `told` is this event."""
    return (
        told["kind"] == event.kind
        and fnmatchcase(told["key"], event.key)
        and event.component in told["set"]
        and told["certain"] is event.certain
        and _is_at(event.opened, told["opened_commit"], commits)
        and _is_at(event.closed, told["closed_commit"], commits)
        and (event.present is None or sorted(told["present"]) == sorted(event.present))
        and (event.missing is None or sorted(told["missing"]) == sorted(event.missing))
    )


def _is_at(
    expected: str | tuple[str, ...] | None, told: str | None, commits: Mapping[str, str]
) -> bool:
    if expected == ANY:
        return True
    if expected is None or not told:
        return expected is None and not told
    labels = (expected,) if isinstance(expected, str) else expected
    return any(commits[label] == told for label in labels)


def _meant(story: DriftStory, told: Mapping[str, Any]) -> bool:
    """Whether it is shown as a difference that is meant to be, and is one."""
    return told["severity"] == "info" and any(
        fnmatchcase(told["key"], glob) for glob in story.meant
    )


def _expected(event: Event) -> str:
    return " ".join(f"{name}={value!r}" for name, value in event._asdict().items())


def _told(told: Mapping[str, Any], commits: Mapping[str, str]) -> str:
    labels = {oid: label for label, oid in commits.items()}
    shown = dict(told)
    for end in ("opened_commit", "closed_commit"):
        shown[end] = labels.get(told[end], told[end])
    names = ("kind", "set", "key", "opened_commit", "closed_commit", "present", "missing",
             "certain", "severity", "closed_how")  # fmt: skip
    return " ".join(f"{name}={shown[name]!r}" for name in names)
