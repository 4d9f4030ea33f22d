"""`forensics --version --verbose`: what a report of a problem needs, and nothing secret."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from forensics.errors import GitFailed, KeyProblem
from forensics.key import cache_folder, key_file, load_key, state_folder
from forensics.report.text import printable

__all__ = ["about", "about_lines"]

_PACKAGE = "git-forensics"
_NAME = re.compile(r"[\w.-]+")


def about() -> dict[str, str]:
    """What is at work here, by what it is. The home folder, which tells a name, is left out."""
    facts = {
        "python": f"{platform.python_version()} {platform.python_implementation()}",
        "platform": f"{platform.platform()}, {platform.machine()}",
        "git": _git(),
        "sqlite": _sqlite(),
        "prefilter": _prefilter(),
        "libraries": ", ".join(_libraries()) or "unknown: git-forensics is not installed",
        "key": _key(),
        "index schema": _schema(),
        "config": str(key_file().parent),
        "cache": str(cache_folder()),
        "state": str(state_folder()),
    }
    return {name: printable(_without_home(fact)) for name, fact in facts.items()}


def about_lines() -> Iterator[str]:
    """The same for people."""
    facts = about()
    width = max(map(len, facts)) + 2
    for name, fact in facts.items():
        yield f"{name:<{width}}{fact}"


def _without_home(text: str) -> str:
    home = str(Path.home())
    return text.replace(home, "~") if len(home) > 1 else text


def _git() -> str:
    from forensics.git.installed import git_version

    try:
        return git_version()
    except GitFailed as failure:
        return str(failure)


def _sqlite() -> str:
    from forensics.index.database import SQLITE_VERSION

    return SQLITE_VERSION


def _schema() -> str:
    from forensics.index.ours import SCHEMA_VERSION

    return str(SCHEMA_VERSION)


def _prefilter() -> str:
    from detectors.prefilter import best_prefilter

    return best_prefilter([]).name


def _libraries() -> Iterator[str]:
    """Each that the package asks for where it runs, with the version that is there."""
    try:
        asked = requires(_PACKAGE) or []
    except PackageNotFoundError:
        return
    for one in asked:
        found = _NAME.match(one)
        if found is None or "extra ==" in one:
            continue
        try:
            yield f"{found[0]} {version(found[0])}"
        except PackageNotFoundError:
            yield f"{found[0]} missing"


def _key() -> str:
    try:
        key = load_key(create=False)
    except KeyProblem as problem:
        return str(problem)
    return f"{key.id} from {key.source}"
