"""Files and examples for CI services: valid for the schemas that schemastore publishes, and run."""

from __future__ import annotations

import json
import os
import re
import subprocess
from importlib.metadata import distribution
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft7Validator

from fixtures_repos.git import git
from forensics.key import Key
from tests.cli.ci_scene import Scene
from tests.cli.command import ROOT, Done
from tests.cli.steps import action_steps, programs, run_script, yaml_of

GUIDE = (ROOT / "docs/ci.md").read_text("utf-8")
KEY = Key(bytes(range(32)), "the tests").export()
SCHEMAS = {
    "GitHub": "github-workflows", "GitLab": "gitlab-ci", "Bitbucket": "bitbucket-pipelines",
    "Azure": "azure-pipelines",
}  # fmt: skip


def validator(name: str) -> Draft7Validator:
    """The schema of that name that check-jsonschema brings along."""
    file = f"check_jsonschema/builtin_schemas/vendor/{name}.json"
    text = Path(str(distribution("check-jsonschema").locate_file(file))).read_text("utf-8")
    return Draft7Validator(json.loads(text))


def examples(language: str) -> dict[str, str]:
    """Code in the guide by the heading that it stands below."""
    found = {}
    for section in GUIDE.split("\n## ")[1:]:
        for code in re.findall(rf"^```{language}\n(.*?)^```", section, re.MULTILINE | re.DOTALL):
            assert section.split("\n")[0] not in found
            found[section.split("\n")[0]] = code
    return found


@pytest.mark.parametrize(
    ("file", "schema"), [("action.yml", "github-actions"), ("ci/gitlab.yml", "gitlab-ci")]
)
def test_files_are_valid(file: str, schema: str) -> None:
    """A service would refuse others, or pass over what it does not know."""
    content = yaml_of(file)
    assert [one.message for one in validator(schema).iter_errors(content)] == []
    broken = {**content, "runs": 1, "other": {"script": 1}}
    assert list(validator(schema).iter_errors(broken))


def test_every_example_in_yaml_is_valid() -> None:
    """For its service."""
    found = examples("yaml")
    assert found.keys() == SCHEMAS.keys()
    for name, text in found.items():
        content = yaml.safe_load(text)
        if name == "GitHub":  # YAML 1.1 takes `on` for true
            content["on"] = content.pop(True)
        assert [one.message for one in validator(SCHEMAS[name]).iter_errors(content)] == []


def test_actions_of_others_are_named_by_commit() -> None:
    """In the example too; and the checkout brings all commits."""
    steps = yaml.safe_load(examples("yaml")["GitHub"])["jobs"]["secrets"]["steps"]
    uses = [one["uses"] for one in steps if not one["uses"].startswith("OWNER/")]
    assert len(uses) == 2
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", one) for one in uses)
    assert steps[0]["with"]["fetch-depth"] == 0


def test_inputs_and_outputs_in_the_guide_are_those_of_the_action() -> None:
    """With their defaults."""
    action = yaml_of("action.yml")
    section = GUIDE.split("\n## GitHub\n")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| `([a-z-]+)` \| (?:`([^`]*)`)? *\|", section, re.MULTILINE))
    assert told == {name: one["default"] for name, one in action["inputs"].items()}
    for name in action["outputs"]:
        assert f"`{name}`" in section


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """A server with a branch that leaks."""
    made = Scene(tmp_path / "scene")
    made.branch("topic")
    made.leak()
    return made


def run(tmp_path: Path, clone: Path, script: str, cache: Path, **variables: str) -> Done:
    """Run a script of an example there."""
    path = tmp_path / "bin"
    if not path.exists():
        programs(path)
        programs(tmp_path / "forensics/bin")
    env = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(cache), "FORENSICS_KEY": KEY,
           "PATH": f"{path}:{os.environ['PATH']}", **variables}  # fmt: skip
    return run_script(("bash", "-e"), script, clone, env)


def test_examples_find_what_a_change_brings(scene: Scene, tmp_path: Path, warm_cache: Path) -> None:
    """On Bitbucket, Azure and Jenkins, with their variables; and write the reports they name."""
    head = scene.id("topic")
    clone = scene.checkout(head)
    code = examples("yaml")
    bitbucket = yaml.safe_load(code["Bitbucket"])["pipelines"]["pull-requests"]["**"][0]["step"]
    azure = [one for one in yaml.safe_load(code["Azure"])["steps"] if "script" in one]
    jenkins = re.findall(r"sh '(.*)'", examples("groovy")["Jenkins"])
    temp = str(tmp_path)
    jobs: list[tuple[str, dict[str, str], Path]] = [
        ("\n".join(bitbucket["script"]), {
            "BITBUCKET_BUILD_NUMBER": "1", "BITBUCKET_PR_ID": "1", "BITBUCKET_COMMIT": head,
            "BITBUCKET_PR_DESTINATION_COMMIT": scene.main[:12],
        }, clone / "test-reports/git-forensics.xml"),
        (azure[-1]["script"], {
            "TF_BUILD": "True", "BUILD_REASON": "PullRequest", "AGENT_TEMPDIRECTORY": temp,
            "SYSTEM_PULLREQUEST_SOURCECOMMITID": head,
            "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
        }, tmp_path / "forensics.xml"),
        ("\n".join(jenkins), {
            "JENKINS_URL": "https://jenkins.example/", "CHANGE_ID": "1", "CHANGE_TARGET": "main",
            "GIT_COMMIT": head, "WORKSPACE_TMP": f"{temp}/ws",
            "FORENSICS_INDEX": f"{temp}/ws/index.db",
        }, clone / "git-forensics.xml"),
    ]  # fmt: skip
    for script, variables, report in jobs:
        done = run(tmp_path, clone, script, warm_cache, **variables)
        assert done.code == 1, (variables, done.err)
        assert ": the whole history" not in done.err
        assert report.exists()


def test_the_script_for_servers_refuses_a_push(
    scene: Scene, tmp_path: Path, warm_cache: Path
) -> None:
    """As git's own hook; whatever the push allows."""
    programs(tmp_path / "bin")
    hook = scene.server / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    lines = examples("sh")["On a server"].splitlines()
    settings = [f'export PATH="{tmp_path}/bin:$PATH" FORENSICS_KEY={KEY} HOME={tmp_path}',
                f'export XDG_CACHE_HOME="{warm_cache}"']  # fmt: skip
    hook.write_text("\n".join([lines[0], *settings, *lines[1:], ""]))
    hook.chmod(0o755)
    git(scene.server, "config", "core.hooksPath", str(hook.parent))
    scene.push("main")
    pushed = git_push(scene, "topic")
    assert pushed.code == 1
    assert "git-forensics refuses this push" in pushed.err


def git_push(scene: Scene, branch: str) -> Done:
    """A push with git's own settings, so that the server's hook runs."""
    done = subprocess.run(
        ["git", "-C", scene.work, "push", "-q", "origin", branch], capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", "GIT_CONFIG_NOSYSTEM": "1"},
        check=False,
    )  # fmt: skip
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("service", ["GitHub", "GitLab"])
def test_no_module_comes_from_the_checkout(tmp_path: Path, service: str) -> None:
    """Though the variables of the job lead Python there."""
    (tmp_path / "checkout").mkdir()
    home = tmp_path / "git-forensics/venv/bin"
    home.mkdir(parents=True)
    (home / "forensics").write_text('#!/bin/sh\necho "[${PYTHONPATH-none}]" >> "$HOME/seen"\n')
    (home / "forensics").chmod(0o755)
    step = action_steps(key=KEY)["Scan"]
    template = yaml_of("ci/gitlab.yml")["git-forensics"]["script"]
    script = step.script if service == "GitHub" else "\n".join(template)
    env = {
        **step.env, "HOME": str(tmp_path), "RUNNER_TEMP": str(tmp_path), "PYTHONPATH": ".",
        "GITHUB_OUTPUT": str(tmp_path / "out"), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "PATH": f"{home}:{os.environ['PATH']}",
    }  # fmt: skip
    run_script(("bash",), script, tmp_path / "checkout", env)
    assert (tmp_path / "seen").read_text() == "[none]\n[none]\n"
