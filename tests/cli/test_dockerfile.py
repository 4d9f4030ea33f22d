"""The Dockerfile: what it says, and its commands as far as they run without an engine.

Not run here: the engine, the base image, apt-get, and what needs a network.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser

from fixtures_repos.git import ENVIRONMENT
from tests.cli.ci_scene import Scene
from tests.cli.command import ROOT
from tests.cli.steps import programs

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


@pytest.fixture(scope="module")
def installed(stages: list[list[Instruction]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build stage leaves: its one RUN, run as it stands over what .dockerignore lets
    through, but for its folders, the dependencies, which need a network, and the tools of the
    build, which are those of the tests."""
    folder = tmp_path_factory.mktemp("image")
    source = folder / "src"
    source.mkdir()
    for name in _sent_to_the_build():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((ROOT / name).read_bytes())
    (run,) = values(stages[0], "RUN")
    for place in ("/wheels", "/opt/git-forensics"):
        assert place in run
        run = run.replace(place, str(folder) + place)
    (folder / "opt").mkdir()
    without_network = {"PIP_NO_DEPS": "1", "PIP_NO_BUILD_ISOLATION": "0", "PIP_NO_INDEX": "1"}
    path = f"{programs(folder / 'bin')}:{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", run], cwd=source, check=False, capture_output=True,
        env={**os.environ, **without_network, "PATH": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    made = folder / "opt" / "git-forensics"
    (packages,) = made.glob("lib/python*/site-packages")
    ours = next(packages.glob("git_forensics-*.dist-info"))
    assert (packages / "forensics" / "index" / "schema.sql").exists()
    assert ours.exists()
    (packages / "dependencies.pth").write_text("\n".join(one for one in sys.path if "site-" in one))
    return made


def _sent_to_the_build() -> list[str]:
    allowed = (ROOT / ".dockerignore").read_text("utf-8").split("\n")
    wanted = [one[1:] for one in allowed if one.startswith("!")]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--", *wanted], cwd=ROOT, capture_output=True, check=True,
        env={**ENVIRONMENT, "PATH": os.environ["PATH"]},
    )  # fmt: skip
    return os.fsdecode(listed.stdout).split("\0")[:-1]


def test_what_the_build_installs_runs(
    stages: list[list[Instruction]], installed: Path, tmp_path: Path
) -> None:
    """By the path and the entry point that the image has, and out of its own folder."""
    *_, last = stages
    assert "PATH=/opt/git-forensics/bin:$PATH" in values(last, "ENV")
    (entry,) = values(last, "ENTRYPOINT")
    (program,) = json.loads(entry)
    bare = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    done = subprocess.run(
        [installed / "bin" / program, "--version"],
        cwd=tmp_path, capture_output=True, check=True, env=bare,
    )  # fmt: skip
    assert done.stdout.startswith(b"git-forensics ")
    where = subprocess.run(
        [installed / "bin" / "python", "-c", "import forensics; print(forensics.__file__)"],
        cwd=tmp_path, capture_output=True, check=True, env=bare,
    )  # fmt: skip
    assert Path(where.stdout.decode().strip()).is_relative_to(installed)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that all users can look into, unlike those of other tests."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_the_user_of_the_image_scans_a_read_only_repository_of_another(
    stages: list[list[Instruction]], installed: Path, open_folder: Path
) -> None:
    """Without an exception, though git itself refuses to work there; and nothing is left in it."""
    *_, last = stages
    (user,) = values(last, "USER")
    uid, _, gid = user.partition(":")
    scene = Scene(open_folder / "scene")
    scene.leak()
    everything = [scene.work, *scene.work.rglob("*")]
    for one in everything:
        os.chown(one, 12345, 12345, follow_symlinks=False)
        one.chmod(0o555 if one.is_dir() else 0o444)
    home = open_folder / "home"
    home.mkdir()
    os.chown(home, int(uid), int(gid))
    # Python itself may lie in root's own folder, so it may read what it likes, but not write.
    become = ["setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups",
              "--inh-caps=-all,+dac_read_search", "--ambient-caps=+dac_read_search"]  # fmt: skip

    def run(*words: str | Path) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*become, *words], cwd=scene.work, capture_output=True, check=False,
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
        )  # fmt: skip

    assert b"dubious ownership" in run("git", "status").stderr
    assert run("touch", "new").returncode == 1
    for words in (["scan"], ["scan", "--range", "HEAD"], ["scan", "--worktree"], ["doctor"]):
        done = run(installed / "bin" / "forensics", *words)
        assert done.returncode == (words[-1] in ("scan", "HEAD")), done.stderr
    assert {*everything} == {scene.work, *scene.work.rglob("*")}
