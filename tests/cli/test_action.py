"""action.yml: its scripts run as GitHub runs them, on what actions/checkout lays out.

Not run here: GitHub's own runner, the installation, which needs a network, and the steps that
are other people's actions.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fixtures_repos.git import git
from fixtures_repos.stories.story import token
from forensics.key import Key
from tests.cli.ci_ranges.scene import pull, pushed
from tests.cli.ci_scene import ZEROS, Scene
from tests.cli.command import Done
from tests.cli.steps import action_steps, programs, run_script, yaml_of

BASH = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail")
KEY = Key(bytes(range(32)), "the tests").export()


class Ran(NamedTuple):
    """How a step ended, and what it told GitHub."""

    done: Done
    outputs: dict[str, str]
    summary: str
    files: Path

    @property
    def annotations(self) -> list[str]:
        """Lines that GitHub shows at their files."""
        return [one for one in self.done.out.splitlines()
                if re.match(r"::(error|warning|notice) ", one)]  # fmt: skip


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A server."""
    return Scene(tmp_path / "scene")


@pytest.fixture
def scan(tmp_path: Path, scene: Scene, warm_cache: Path) -> Any:
    """Run the step that scans, in a workspace."""
    runs = iter(range(100))

    def run(workspace: Path, event: str, told: object, **inputs: str) -> Ran:
        temp = tmp_path / f"temp{next(runs)}"
        programs(temp / "git-forensics/venv/bin")
        (temp / "git-forensics/kept").mkdir()
        warm_cache.mkdir(exist_ok=True)
        (temp / "git-forensics/kept/cache").symlink_to(warm_cache)
        (temp / "event.json").write_text(json.dumps(told))
        step = action_steps(**{"key": KEY, **inputs})["Scan"]
        env = {
            "HOME": str(temp), "RUNNER_TEMP": str(temp), "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(workspace), "GITHUB_EVENT_NAME": event,
            "GITHUB_EVENT_PATH": str(temp / "event.json"), "GITHUB_OUTPUT": str(temp / "output"),
            "GITHUB_STEP_SUMMARY": str(temp / "summary"), **step.env,
        }  # fmt: skip
        done = run_script(BASH, step.script, workspace, env)
        output = (temp / "output").read_text() if (temp / "output").exists() else ""
        outputs = dict(line.split("=", 1) for line in output.splitlines())
        summary = (temp / "summary").read_text() if (temp / "summary").exists() else ""
        return Ran(done, outputs, summary, temp)

    return run


def test_a_pull_request_that_leaks_fails_and_is_annotated(scene: Scene, scan: Any) -> None:
    """With a summary, a report for code scanning, and outputs; none of them holds the secret."""
    scene.branch("topic")
    head = scene.leak()
    clone = scene.checkout(scene.merge(head))
    ran = scan(clone, "pull_request", pull(head, scene.main))
    assert ran.done.code == 1
    (annotation,) = ran.annotations
    assert annotation.startswith("::error title=GitHub personal access token")
    assert "file=deploy/ci.env,line=2" in annotation
    assert ran.outputs["exit-code"] == "1"
    assert ran.outputs["findings"] == "1"
    assert len(json.loads(Path(ran.outputs["sarif"]).read_text())["runs"][0]["results"]) == 1
    assert "deploy/ci.env" in ran.summary
    for text in (*ran.done[1:], ran.summary, Path(ran.outputs["sarif"]).read_text()):
        assert token().decode() not in text


def test_a_pull_request_that_leaks_nothing_passes(scene: Scene, scan: Any) -> None:
    """Whatever stood there before it."""
    scene.leak()
    scene.push("main")
    base = scene.id("main")
    scene.branch("topic")
    head = scene.commit("harmless", b"text\n")
    ran = scan(scene.checkout(scene.merge(head)), "pull_request", pull(head, base))
    assert (ran.done.code, ran.annotations) == (0, [])
    assert (ran.outputs["exit-code"], ran.outputs["findings"]) == ("0", "0")
    assert ran.summary


def test_a_new_branch_and_a_force_push_are_judged(scene: Scene, scan: Any) -> None:
    """By what they have and the default branch does not."""
    scene.branch("topic")
    first = scene.leak()
    scene.push("topic")
    ran = scan(scene.checkout(first), "push", pushed(ZEROS, first))
    assert (ran.done.code, ran.outputs["findings"]) == (1, "1")
    git(scene.work, "commit", "-q", "--amend", "-m", "Say it anew")
    second = scene.id("HEAD")
    scene.push("topic")
    ran = scan(scene.checkout(second, name="second"), "push", pushed(first, second))
    assert (ran.done.code, ran.outputs["findings"]) == (1, "1")


def test_a_shallow_checkout_fails_and_says_what_to_set(scene: Scene, scan: Any) -> None:
    """As an annotation; there is no report, and none is claimed."""
    scene.branch("topic")
    head = scene.leak()
    clone = scene.checkout(scene.merge(head), depth=1)
    ran = scan(clone, "pull_request", pull(head, scene.main))
    assert ran.done.code == 2
    (annotation,) = ran.annotations
    assert "`fetch-depth: 0` for actions/checkout" in annotation
    assert ran.outputs == {"exit-code": "2"}


def test_findings_alone_may_pass_and_nothing_else(scene: Scene, scan: Any) -> None:
    """Not what could not be judged, not an error; and a word that is not `false` is no."""
    scene.branch("topic")
    head = scene.leak()
    clone = scene.checkout(scene.merge(head))
    told = pull(head, scene.main)
    ran = scan(clone, "pull_request", told, fail_on_findings="false")
    assert (ran.done.code, ran.outputs["exit-code"]) == (0, "1")
    assert scan(clone, "pull_request", told, fail_on_findings="no").done.code == 1
    shallow = scene.checkout(head, depth=1, name="shallow")
    ran = scan(shallow, "pull_request", told, fail_on_findings="false")
    assert ran.done.code == 2
    ran = scan(shallow, "push", {}, fail_on_findings="false", range="HEAD")
    assert (ran.done.code, ran.outputs["exit-code"]) == (3, "3")
    assert "Not covered" in ran.done.out


def test_inputs_reach_the_command(scene: Scene, scan: Any) -> None:
    """A range, all of history, a path below the workspace, more reports and more options."""
    scene.leak()
    scene.commit("later", b"text\n")
    clone = scene.checkout(scene.id("HEAD"))
    assert scan(clone, "schedule", {}, range="HEAD~1..HEAD").done.code == 0
    assert scan(clone, "schedule", {}, range="HEAD~2..HEAD").done.code == 1
    assert scan(clone, "push", {}, range="all").done.code == 1
    assert scan(clone.parent, "schedule", {}, path="clone").done.code == 1
    ran = scan(clone, "schedule", {}, reports="csv=a b.csv\njunit=j.xml\n",
               args="--jobs 1\n --disable-rule github.pat-classic")  # fmt: skip
    assert "later" not in ran.done.err
    assert {"a b.csv", "j.xml"} <= {one.name for one in clone.iterdir()}
    assert "github.pat-classic" not in (clone / "a b.csv").read_text()


@pytest.mark.parametrize(
    "odd",
    ["$(touch pwned)", "`touch pwned`", "'; touch pwned; '", '"; touch pwned; "', "x\ntouch pwned",
     "--help", "*"],
)  # fmt: skip
def test_inputs_are_words_and_never_commands(scene: Scene, scan: Any, odd: str) -> None:
    """Nor is a file of the repository, whatever its name."""
    clone = scene.checkout(scene.leak())
    ran = scan(clone, "push", {}, path=odd, range=odd, reports=odd, args=odd, python=odd)
    assert not list(scene.folder.rglob("pwned"))
    assert ran.done.code == 2 or odd == "--help"


def test_nothing_that_the_repository_brings_is_imported(scene: Scene, scan: Any) -> None:
    """Modules of the names that scripts use, in the folder where they run."""
    for name in ("json", "sys", "venv", "pip", "forensics", "click", "encodings"):
        scene.commit(f"{name}.py", b"import os\nos.mkdir(os.environ['HOME'] + '/pwned')\n")
    ran = scan(scene.checkout(scene.leak()), "push", {}, range="HEAD")
    assert ran.outputs["findings"] == "1"
    assert not (ran.files / "pwned").exists()
    for step in action_steps().values():
        for call in re.findall(r'(?:python|PYTHON)" (\S+)', step.script):
            assert call == "-I"


def test_names_of_files_are_no_commands_to_the_runner(scene: Scene, scan: Any) -> None:
    """Each line is one that the step wrote, or stands where the runner obeys nothing."""
    for name in ("::error::pwned.env", "x\n::warning::pwned\n.env", "##[add-mask]pwned.env"):
        scene.leak(1, name)
    clone = scene.checkout(scene.id("HEAD"))
    for event, inputs in (("push", {"range": "HEAD"}), ("push", {"range": "::error::x"}),
                          ("::error::x", {})):  # fmt: skip
        lines = scan(clone, event, {}, **inputs).done.out.splitlines()
        (stop,) = (one for one in lines if one.startswith("::stop-commands::"))
        start = lines.index(f"::{stop.removeprefix('::stop-commands::')}::")
        obeyed = lines[: lines.index(stop)] + lines[start + 1 :]
        assert all(re.match(r"::(error|warning|notice) (title|file)=", one) for one in obeyed)
        assert not any("::pwned" in one.removeprefix("::").split("::", 1)[0] for one in obeyed)


def test_an_index_is_kept_with_the_key_that_it_was_made_with(scene: Scene, scan: Any) -> None:
    """So another key starts another one."""
    clone = scene.checkout(scene.leak())
    ran = scan(clone, "push", {}, range="all", key=KEY)
    kept = {one.name for one in (ran.files / "git-forensics/kept").glob("*.db")}
    assert kept == {f"{Key(bytes(range(32)), 'x').id}.db"}
    assert ran.outputs["keep"] == "true"
    assert KEY not in ran.done.out + ran.done.err
    assert scan(clone, "push", {}, range="all", key="no key").done.code == 2
    ran = scan(clone, "push", {}, range="all", key="")
    assert ran.done.code == 1
    assert [one.name for one in (ran.files / "git-forensics/kept").glob("*.db")] == ["index.db"]


def test_no_expression_stands_in_a_script() -> None:
    """What GitHub puts in their place would be run."""
    assert action_steps()
    assert [one.name for one in action_steps().values() if "${{" in one.script] == []


def test_actions_of_others_are_named_by_commit() -> None:
    """A tag can be moved."""
    uses = [one["uses"] for one in yaml_of("action.yml")["runs"]["steps"] if "uses" in one]
    assert uses
    assert [one for one in uses if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one)] == []


def test_the_installation_takes_the_action_s_own_code(tmp_path: Path) -> None:
    """With pinned dependencies; nothing of the folder where it runs."""
    programs(tmp_path / "bin")
    log = tmp_path / "log"
    made = tmp_path / "temp/git-forensics/venv/bin"
    fake = f'#!/bin/sh\necho "$@" >> {log}\nmkdir -p {made}\nln -sf "$0" {made}/python\n'
    (tmp_path / "bin/python3").write_text(fake)
    (tmp_path / "bin/python3").chmod(0o755)
    (tmp_path / "work").mkdir()
    step = action_steps()["Install"]
    env = {"RUNNER_TEMP": str(tmp_path / "temp"), "GITHUB_ACTION_PATH": "/the action",
           "PATH": f"{tmp_path}/bin:{os.environ['PATH']}", **step.env}  # fmt: skip
    assert run_script(BASH, step.script, tmp_path / "work", env).code == 0
    venv, pip = log.read_text().splitlines()
    assert venv == f"-I -m venv {tmp_path}/temp/git-forensics/venv"
    assert pip.startswith("-I -m pip install ")
    assert pip.endswith("--constraint /the action/requirements-dev.lock /the action")
