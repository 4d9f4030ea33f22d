"""Putting hooks beside those that are there, and taking them out."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.cli.command import ROOT, forensics
from tests.cli.hooks.work import ENV, Work


def test_the_pre_commit_framework_finds_commands_that_there_are() -> None:
    """Each entry runs, and takes no names of files."""
    hooks = {
        one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    }
    assert {*hooks} == {"forensics", "forensics-push"}
    for one in hooks.values():
        words = one["entry"].split()
        assert forensics(*words[1:], "--help").code == 0
        assert (one["pass_filenames"], one["always_run"]) == (False, True)


def test_a_hook_that_is_there_is_kept_and_run_first(work: Work, server: Work) -> None:
    """With the same input and arguments; it can refuse; uninstalling puts it back."""
    for name in ("pre-commit", "pre-push"):
        hook = work.path / ".git/hooks" / name
        hook.write_text(f'#!/bin/sh\necho "$@" > ../{name}.ran\ncat >> ../{name}.ran\n')
        hook.chmod(0o755)
    kept = (work.path / ".git/hooks/pre-push").read_text()
    for _ in range(2):
        assert forensics("hook", "install", cwd=work.path).code == 0
    work.write("x.txt", b"x\n")
    work.ok("commit", "-q", "-m", "X")
    work.ok("push", "-q", "origin", "main")
    told = (work.path.parent / "pre-push.ran").read_text()
    assert told.startswith(f"origin {server.path}\nrefs/heads/main ")
    assert (work.path.parent / "pre-commit.ran").exists()
    (work.path / ".git/hooks/pre-commit.before-forensics").write_text("#!/bin/sh\nexit 7\n")
    work.write("x.txt", b"y\n")
    assert work.git("commit", "-q", "-m", "Y").code != 0
    assert forensics("hook", "install", "--uninstall", cwd=work.path).code == 0
    assert (work.path / ".git/hooks/pre-push").read_text() == kept
    assert not [*(work.path / ".git/hooks").glob("*forensics*")]


def test_options_in_a_hook_stay_when_it_is_installed_again(server: Work) -> None:
    """A server that lets nobody allow anything still does not."""
    hook = server.path / "hooks/pre-receive"
    told = hook.read_text().replace("hook pre-receive", "hook pre-receive --no-allow -i 'a list'")
    hook.write_text(told)
    assert forensics("hook", "install", cwd=server.path).code == 0
    assert hook.read_text() == told


def test_hooks_go_where_core_hookspath_says(work: Work) -> None:
    """Relative to the top of the work tree."""
    work.ok("config", "core.hooksPath", ".hooks")
    assert forensics("hook", "install", cwd=work.path).code == 0
    assert (work.path / ".hooks/pre-commit").exists()
    work.write("ci.env", ENV)
    assert work.git("commit", "-q", "-m", "Leak").code == 1


def test_the_folder_that_husky_writes_is_left_alone(work: Work) -> None:
    """Its hooks go by their own names, and it would write over ours."""
    work.write(".husky/_/h", b"")
    work.ok("config", "core.hooksPath", ".husky/_")
    done = forensics("hook", "install", cwd=work.path)
    assert (done.code, ".husky/pre-commit" in done.error()) == (2, True)
    assert not (work.path / ".husky/_/pre-commit").exists()


def test_hooks_of_all_repositories_run_those_of_each(work: Work, user: Path) -> None:
    """Also hooks that are not ours; and all is as it was once they are taken out."""
    before = (user / ".gitconfig").read_text()
    for name in ("pre-commit", "commit-msg"):
        hook = work.path / ".git/hooks" / name
        hook.write_text(f"#!/bin/sh\necho ran > ../{name}.ran\n")
        hook.chmod(0o755)
    assert forensics("hook", "install", "--global", cwd=work.path).code == 0
    work.write("x.txt", b"x\n")
    work.ok("commit", "-q", "-m", "X")
    assert (work.path.parent / "pre-commit.ran").exists()
    assert (work.path.parent / "commit-msg.ran").exists()
    work.write("ci.env", ENV)
    assert work.git("commit", "-q", "-m", "Leak").code == 1
    done = forensics("hook", "install", cwd=work.path)
    assert (done.code, "--global" in done.error()) == (2, True)
    assert forensics("hook", "install", "--global", "--uninstall", cwd=work.path).code == 0
    assert "hooksPath" not in (user / ".gitconfig").read_text()
    assert before.split() == (user / ".gitconfig").read_text().replace("[core]", "").split()
    work.ok("commit", "-q", "-m", "Leak")


def test_a_hook_whose_program_is_gone_refuses(work: Work, tmp_path: Path) -> None:
    """And says what to do."""
    assert forensics("hook", "install", cwd=work.path).code == 0
    (tmp_path / "bin/forensics").unlink()
    work.write("x.txt", b"x\n")
    done = work.git("commit", "-q", "-m", "X", PATH="/usr/bin:/bin")
    assert done.code == 1
    assert "not installed any more" in done.err
