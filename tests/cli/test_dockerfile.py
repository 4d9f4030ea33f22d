"""The Dockerfile: what it says, and its commands as far as they run without the Docker engine.

Not run here: the engine, the base image, apt-get, and what needs a network.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser

from fixtures_repos.git import ENVIRONMENT, git
from tests.cli.ci_scene import Scene
from tests.cli.command import ROOT, forensics

Instruction = tuple[str, str]


@pytest.fixture(scope="module")
def stages() -> list[list[Instruction]]:
    """Instructions and their values, by stage."""
    found: list[list[Instruction]] = []
    parser = DockerfileParser(path=str(ROOT / "Dockerfile"), cache_content=True)
    for one in parser.structure:
        if one["instruction"] == "FROM":
            found.append([])
        if one["instruction"] != "COMMENT":
            found[-1].append((one["instruction"], one["value"]))
    return found


def values(stage: list[Instruction], name: str) -> list[str]:
    """What such instructions say."""
    return [value for instruction, value in stage if instruction == name]


def test_every_base_is_the_same_and_named_by_digest(stages: list[list[Instruction]]) -> None:
    """A tag can be moved; the environment that is copied needs the Python it was made with."""
    bases = [values(stage, "FROM")[0].split()[0] for stage in stages]
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.1\d-slim@sha256:[0-9a-f]{64}", bases[0])


def test_the_image_runs_as_nobody_in_particular(stages: list[list[Instruction]]) -> None:
    """A user of its own, named by number, so that orchestrators can tell it is not root."""
    *_, last = stages
    (user,) = values(last, "USER")
    uid, _, gid = user.partition(":")
    assert int(uid) > 1000
    assert int(gid) > 1000
    after = last[last.index(("USER", user)) :]
    assert "RUN" not in {name for name, _ in after}
    assert values(last, "ENTRYPOINT") == ['["forensics"]']


def test_nothing_is_fetched_from_an_address_and_no_cache_stays(
    stages: list[list[Instruction]],
) -> None:
    """Neither ADD nor a download, no package list, no wheel."""
    everything = [one for stage in stages for one in stage]
    assert "ADD" not in {name for name, _ in everything}
    runs = " ".join(value for name, value in everything if name == "RUN")
    assert not re.search(r"https?:|curl|wget", runs)
    assert runs.count("pip ") == runs.count("--no-cache-dir")
    *_, last = stages
    (run,) = values(last, "RUN")
    assert run.index("apt-get install") < run.index("rm -rf /var/lib/apt/lists/*")
    assert values(last, "COPY") == ["--from=build /opt/git-forensics /opt/git-forensics"]


def test_only_what_the_build_needs_is_sent_to_it() -> None:
    """No git directory, no environment, no file that is not committed."""
    first, *allowed = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    assert first == "*"
    names = [one[1:] for one in allowed if one.startswith("!")]
    assert all((ROOT / one).exists() for one in names)
    packaged = (ROOT / "pyproject.toml").read_text("utf-8")
    for name in re.findall(r'"(\w+)\*"', packaged.split("packages.find]")[1].split("[")[1]):
        assert name in names


def test_the_wheel_of_the_build_has_all_and_runs(
    stages: list[list[Instruction]], tmp_path: Path
) -> None:
    """Built from what .dockerignore lets through, by the command of the Dockerfile, without the
    dependencies, which need a network."""
    source = tmp_path / "src"
    source.mkdir()
    allowed = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    wanted = [one[1:] for one in allowed if one.startswith("!")]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *wanted], cwd=ROOT, capture_output=True, check=True,
        env={**ENVIRONMENT, "PATH": os.environ["PATH"]},
    )  # fmt: skip
    for name in os.fsdecode(listed.stdout).split("\0")[:-1]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    (command,) = (one for run in values(stages[0], "RUN") for one in run.split(" && ")
                  if "pip wheel" in one)  # fmt: skip
    words = command.replace("/wheels", str(tmp_path / "wheels")).split()
    assert words[0] == "python"
    subprocess.run(
        [sys.executable, *words[1:], "--no-deps", "--no-build-isolation"], cwd=source, check=True,
        capture_output=True,
    )  # fmt: skip
    (wheel,) = (tmp_path / "wheels").iterdir()
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path / "site")
    entry = (next((tmp_path / "site").glob("*.dist-info")) / "entry_points.txt").read_text()
    assert "forensics = forensics.cli.main:run" in entry
    done = subprocess.run(
        [sys.executable, "-P", "-c", "from forensics.cli.main import run; run()", "--version"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.startswith(b"git-forensics ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.usefixtures("key")
def test_a_repository_of_another_user_is_scanned_without_an_exception(tmp_path: Path) -> None:
    """Git itself refuses to work in one, as a mounted folder often is."""
    scene = Scene(tmp_path / "scene")
    scene.leak()
    for one in (scene.work, *scene.work.rglob("*")):
        os.chown(one, 12345, 12345, follow_symlinks=False)
    with pytest.raises(subprocess.CalledProcessError) as refused:
        git(scene.work, "status")
    assert b"dubious ownership" in refused.value.stderr
    assert forensics("scan", scene.work, "--range", "HEAD").code == 1
    assert forensics("scan", scene.work).code == 1
