"""The project's own text: what must not stand in it, and what must agree."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.lock"
APACHE_2_0 = "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"

# Put together here, so that this file does not hold what it looks for.
REGISTRY_HOSTS = (
    ".".join(("pypi", "org")),
    ".".join(("pythonhosted", "org")),
    ".".join(("registry", "npmjs", "org")),
    ".".join(("deb", "debian", "org")),
)
MACHINE_PATHS = ("/" + "work/", "/" + "tmp/v", "/" + "opt/pypi", "/" + "opt/wheels", "shared" + "/")

PIN = re.compile(r"[a-z0-9][a-z0-9._-]*==[^\s;@/\\]+(?: ; [^#@/\\]+)?")
MAKE_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)
MAKE_CALL = re.compile(r"^\s*(?:\$ )?make ([a-z][a-z-]*)", re.MULTILINE)
MARKDOWN_CODE = re.compile(r"^```.*?^```|`[^`\n]+`|^ {4}[^\n]*", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")


@cache
def committed_files() -> tuple[Path, ...]:
    """Every file that is committed or would be by `git add --all`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = (ROOT / os.fsdecode(name) for name in listed.stdout.split(b"\0") if name)
    return tuple(sorted({path for path in paths if path.is_file()}))


def places(text: re.Pattern[str]) -> Iterator[str]:
    """`file:line` of everything in committed files, and of file names, that matches."""
    for path in committed_files():
        name = path.relative_to(ROOT).as_posix()
        if text.search(name):
            yield name
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
            if text.search(line):
                yield f"{name}:{number}"


def any_of(literals: tuple[str, ...], before: str = "") -> re.Pattern[str]:
    """Matches any of these, not preceded by a character of the class `before`."""
    behind = f"(?<![{before}])" if before else ""
    return re.compile(f"{behind}(?:{'|'.join(map(re.escape, literals))})")


def pyproject() -> dict[str, object]:
    """The `project` table."""
    project: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]
    return project


def requirements(*, dev: bool) -> list[Requirement]:
    """What pyproject.toml asks for, with its development extra or without."""
    project = pyproject()
    asked = list(project["dependencies"])  # type: ignore[call-overload]
    if dev:
        asked += project["optional-dependencies"]["dev"]  # type: ignore[index]
    return [Requirement(text) for text in asked]


def pins(path: Path) -> list[str]:
    """The lines of a requirements file that are not comments."""
    lines = (line.rstrip() for line in path.read_text("utf-8").splitlines())
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def make_targets() -> set[str]:
    """What the Makefile can make."""
    return set(MAKE_TARGET.findall((ROOT / "Makefile").read_text("utf-8")))


def make_calls(name: str) -> set[str]:
    """The targets that commands in a script, or in the code of a Markdown file, ask for."""
    text = (ROOT / name).read_text("utf-8")
    if name.endswith(".md"):
        text = "\n".join(code.strip("`") for code in MARKDOWN_CODE.findall(text))
    return set(MAKE_CALL.findall(text))


def test_no_file_names_a_package_registry() -> None:
    """Where packages come from is each user's own setting."""
    assert list(places(any_of(REGISTRY_HOSTS))) == []


def test_no_file_names_a_path_of_a_build_machine() -> None:
    """The project stands alone: nothing in it points at the machine it was written on."""
    assert list(places(any_of(MACHINE_PATHS, before=r"\w./-"))) == []


@pytest.mark.parametrize("name", ["requirements-dev.lock", "bench/requirements.txt"])
def test_lock_files_hold_pins_only(name: str) -> None:
    """No option, index, host, path or address stands in a lock file."""
    assert [line for line in pins(ROOT / name) if not PIN.fullmatch(line)] == []


def test_the_lock_fits_the_project() -> None:
    """Every dependency is pinned, to a version that pyproject.toml allows."""
    pinned = dict(line.split(" ;")[0].split("==") for line in pins(LOCK))
    wrong = [
        str(asked)
        for asked in requirements(dev=True)
        if not asked.specifier.contains(pinned.get(canonicalize_name(asked.name), "0"))
    ]
    assert wrong == [], "run `make lock`"


def test_every_dependency_is_accounted_for() -> None:
    """ARCHITECTURE.md says of each what it does here, and why it and not another."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert [asked.name for asked in requirements(dev=False) if asked.name not in text] == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "bench/README.md", ".ci/run"])
def test_make_commands_in_texts_exist(name: str) -> None:
    """Whoever types what a text says reaches a target of the Makefile."""
    called = make_calls(name)
    assert called
    assert called - make_targets() == set()


def test_ci_runs_what_the_readme_names() -> None:
    """A newcomer's first commands are those that CI keeps working."""
    assert make_calls(".ci/run") <= make_calls("README.md")


def test_links_between_texts_lead_somewhere() -> None:
    """A relative link in a Markdown file names a file of the project."""
    dead = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in committed_files()
        if path.suffix == ".md"
        for target in LINK.findall(path.read_text("utf-8"))
        if not (path.parent / target).exists()
    ]
    assert dead == []


def test_the_license_is_the_whole_apache_license() -> None:
    """The text is the canonical one, appendix included, and pyproject.toml says so too."""
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == APACHE_2_0
    assert pyproject()["license"] == "Apache-2.0"


def test_the_changelog_has_room_for_the_next_change() -> None:
    """Changes are written down as they are made, under Unreleased, newest version first."""
    headings = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
