"""What every test stands on: a user without files, and repositories with a told history."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from fixtures_repos import acme
from fixtures_repos.hostile import HIDING, RUNNING, Hostile
from fixtures_repos.stories import STORIES, Story
from forensics.key import Key, save_key

# The same examples in every run, so that a change is judged by what it changes; others are looked
# for with HYPOTHESIS_PROFILE=random.
settings.register_profile("same", derandomize=True)
settings.register_profile("random")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(autouse=True)
def no_user(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new, empty home; nothing of the real user's is read or written."""
    home = tmp_path_factory.mktemp("home")
    for name in [*os.environ]:
        if name.startswith(("GIT_", "FORENSICS_", "XDG_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for name in ("CONFIG", "CACHE", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    return home


@pytest.fixture
def key(no_user: Path) -> Key:
    """The user's own key, kept in the user's own folder."""
    made = Key(bytes(range(32)), "the tests")
    save_key(made)
    return made


@pytest.fixture(scope="session")
def told_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where histories that take long to tell are kept for this session."""
    return tmp_path_factory.mktemp("told-once")


@pytest.fixture
def acme_repository(told_once: Path, tmp_path: Path) -> Path:
    """The example repository of `forensics demo`, to do anything with."""
    told = told_once / "acme"
    if not told.exists():
        acme.build(told)
    return Path(shutil.copytree(told, tmp_path / "acme", symlinks=True))


@pytest.fixture(params=[*STORIES])
def any_story(request: pytest.FixtureRequest, tmp_path: Path) -> Story:
    """Each story in turn."""
    return STORIES[request.param](tmp_path / request.param)


@pytest.fixture(params=[*RUNNING])
def running_commands(request: pytest.FixtureRequest, tmp_path: Path) -> Hostile:
    """Each repository that plants commands, in turn."""
    return RUNNING[request.param](tmp_path / request.param)


@pytest.fixture(params=[*HIDING])
def hiding(request: pytest.FixtureRequest, tmp_path: Path) -> Hostile:
    """Each repository that hides its leak from plain git, in turn."""
    return HIDING[request.param](tmp_path / request.param)


def _fixture(tell: Callable[[Path], Story]) -> Callable[[Path], Story]:
    def story(tmp_path: Path) -> Story:
        return tell(tmp_path / tell.__name__)

    story.__doc__ = tell.__doc__
    return pytest.fixture(name=tell.__name__)(story)


# A test that asks for `leaked_then_deleted` gets that story, told in its own folder.
globals().update({f"_{name}": _fixture(tell) for name, tell in STORIES.items()})
