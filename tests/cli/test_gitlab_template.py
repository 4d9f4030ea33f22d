"""ci/gitlab.yml: its script run by a shell as GitLab's runner does. The runner itself is not."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from fixtures_repos.stories.story import token
from forensics.key import Key
from tests.cli.ci_scene import Scene
from tests.cli.command import Done, figure, forensics
from tests.cli.formats import gitlab_of
from tests.cli.steps import programs, run_script, yaml_of

KEY = Key(bytes(range(32)), "the tests").export()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A server with a branch that leaks."""
    made = Scene(tmp_path / "scene")
    made.branch("topic")
    made.leak()
    return made


@pytest.fixture
def job(tmp_path: Path, warm_cache: Path) -> Any:
    """Run the job in a clone, with compiled rules where it keeps them."""
    path = programs(tmp_path / "bin")
    with patch.dict(os.environ, {"FORENSICS_KEY": KEY}):
        forensics("scan", "--stdin")

    def run(clone: Path, *, shell: tuple[str, ...] = ("sh", "-e"), **variables: str) -> Done:
        template = yaml_of("ci/gitlab.yml")["git-forensics"]
        kept = clone / ".git-forensics"
        if not (kept / "cache").exists() and not kept.is_symlink():
            shutil.copytree(warm_cache, kept / "cache")
        env = {
            "HOME": str(tmp_path), "PATH": f"{path}:{os.environ['PATH']}", "GITLAB_CI": "true",
            "CI_DEFAULT_BRANCH": "main", "TMPDIR": str(tmp_path), "FORENSICS_KEY": KEY, **variables,
        }  # fmt: skip
        return run_script(shell, "\n".join(template["script"]), clone, env)

    return run


def request(scene: Scene, head: str) -> dict[str, str]:
    """A merge request to main."""
    return {"CI_PIPELINE_SOURCE": "merge_request_event", "CI_MERGE_REQUEST_IID": "1",
            "CI_COMMIT_SHA": head, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": scene.main}  # fmt: skip


@pytest.mark.parametrize("shell", [("sh", "-e"), ("bash", "-eo", "pipefail")])
def test_a_merge_request_that_leaks_fails_with_a_report(
    scene: Scene, job: Any, shell: tuple[str, ...]
) -> None:
    """Of the kind that GitLab takes, at the place that the template names."""
    head = scene.id("HEAD")
    clone = scene.checkout(head)
    done = job(clone, shell=shell, **request(scene, head))
    assert done.code == 1
    assert "GitLab CI, merge request: " in done.err
    reports = yaml_of("ci/gitlab.yml")["git-forensics"]["artifacts"]["reports"]
    report = gitlab_of((clone / reports["secret_detection"]).read_text())
    assert len(report["vulnerabilities"]) == 1
    assert (clone / reports["junit"]).exists()
    assert token().decode() not in done.out + done.err + json.dumps(report)


def test_a_merge_request_that_leaks_nothing_passes(scene: Scene, job: Any) -> None:
    """And a shallow clone does not."""
    head = scene.id("main")
    assert job(scene.checkout(head), **request(scene, head)).code == 0
    head = scene.id("topic")
    shallow = scene.checkout(head, depth=1, name="shallow")
    done = job(shallow, **request(scene, head))
    assert (done.code, 'GIT_DEPTH: "0"' in done.err) == (2, True)
    assert yaml_of("ci/gitlab.yml")["git-forensics"]["variables"]["GIT_DEPTH"] == "0"


def test_the_index_is_kept_with_the_key(scene: Scene, job: Any) -> None:
    """The second job reads nothing anew. Without the key nothing is kept."""
    scene.push("topic")
    clone = scene.checkout(scene.id("topic"))
    variables = {"CI_PIPELINE_SOURCE": "schedule"}
    first = job(clone, **variables)
    assert first.code == 1
    kept = yaml_of("ci/gitlab.yml")["git-forensics"]["cache"]["paths"]
    assert [f"{one.name}/" for one in clone.iterdir() if one.name.startswith(".git-f")] == kept
    kept_files = [clone / ".git-forensics", *(clone / ".git-forensics").rglob("*")]
    assert all(one.stat().st_mode & 0o006 == 0o006 for one in kept_files)
    if os.geteuid() == 0:  # as GitLab lays them out
        for one in kept_files:
            os.chown(one, 12345, 12345)
    second = job(clone, **variables)
    assert second.code == 1
    assert figure(first, "objects").startswith("10 read")
    assert figure(second, "objects").startswith("0 read")
    files = [one for one in (clone / ".git-forensics").rglob("*") if one.is_file()]
    assert not any(KEY.encode() in one.read_bytes() for one in files)
    assert job(clone, **variables, FORENSICS_KEY="").code == 1
    assert not (clone / ".git-forensics").exists()


def test_a_folder_of_that_name_in_the_repository_is_not_believed(scene: Scene, job: Any) -> None:
    """Neither an index, nor links, nor settings."""
    name = f"{Key(bytes(range(32)), 'x').id}.db"
    scene.commit(f".git-forensics/{name}", b"SQLite format 3\0" + bytes(4096))
    planted = scene.commit(".git-forensics/config/git-forensics/key", b"00" * 32 + b"\n")
    clone = scene.checkout(planted)
    variables = {"CI_PIPELINE_SOURCE": "schedule"}
    assert job(clone, **variables).code == 2
    done = job(scene.checkout(planted, name="c2"), **variables, FORENSICS_KEY="")
    assert (done.code, "made the key" in done.err) == (1, True)
    outside = scene.folder / "outside"
    outside.mkdir()
    linked = scene.checkout(scene.id("topic~2"), name="c3")
    (linked / ".git-forensics").symlink_to(outside)
    assert job(linked, **variables).code == 1
    assert list(outside.iterdir()) == []
    deeper = scene.checkout(scene.id("topic~2"), name="c4")
    (deeper / ".git-forensics").mkdir()
    (deeper / ".git-forensics/cache").symlink_to(outside)
    assert job(deeper, **variables).code == 1
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("odd", ["$(touch pwned)", "`touch pwned`", "; touch pwned"])
def test_options_are_words_and_never_commands(scene: Scene, job: Any, odd: str) -> None:
    """They come from a variable."""
    head = scene.id("HEAD")
    clone = scene.checkout(head)
    assert job(clone, **request(scene, head), FORENSICS_ARGS=odd).code == 2
    assert not (clone / "pwned").exists()
