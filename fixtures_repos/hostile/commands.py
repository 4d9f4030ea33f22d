"""Repositories that plant commands, each leaving a mark when it runs."""

from __future__ import annotations

from pathlib import Path

from fixtures_repos.builder import Builder
from fixtures_repos.git import git
from fixtures_repos.hostile.places import Hostile, begin
from fixtures_repos.layouts import partial_clone
from fixtures_repos.stories.story import token

__all__ = [
    "commands_in_config",
    "commands_in_included_config",
    "hooks_and_attributes",
    "promisor_that_runs_commands",
    "signature_that_runs_gpg",
]

_KEYS = (
    "core.fsmonitor",
    "core.sshCommand",
    "core.gitProxy",
    "core.askPass",
    "core.pager",
    "core.editor",
    "core.alternateRefsCommand",
    "sequence.editor",
    "pager.log",
    "pager.config",
    "diff.external",
    "interactive.diffFilter",
    "gpg.program",
    "gpg.ssh.program",
    "gpg.ssh.defaultKeyCommand",
    "uploadpack.packObjectsHook",
    "gc.recentObjectsHook",
    "remote.origin.uploadpack",
    "remote.origin.receivepack",
    "trailer.sign.command",
)
"""Settings whose value git runs."""

_BUILT_IN = ("log", "rev-list", "cat-file", "config", "for-each-ref", "status", "show", "rev-parse")


def _touch(marks: Path, name: str) -> str:
    return f"touch '{marks.resolve() / name}'"


def _script(place: Path, marks: Path, name: str) -> Path:
    """An executable that leaves a mark and passes its input on."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(f"#!/bin/sh\n{_touch(marks, name)}\ncat\n")
    place.chmod(0o755)
    return place


def _configure(builder: Builder, key: str, value: str, file: str = "config") -> None:
    git(builder.path, "config", "--file", builder.git_dir / file, "--add", key, value)


def _plant(builder: Builder, marks: Path, file: str = "config", prefix: str = "") -> None:
    for key in _KEYS:
        _configure(builder, key, _touch(marks, prefix + key), file)
    for name in _BUILT_IN:
        _configure(builder, f"alias.{name}", "!" + _touch(marks, f"{prefix}alias.{name}"), file)
    helper = "!" + _touch(marks, f"{prefix}credential.helper")
    _configure(builder, "credential.helper", helper, file)
    _configure(builder, "log.showSignature", "true", file)


def commands_in_config(path: Path) -> Hostile:
    """`.git/config` sets everything that git would run, and `config.worktree` does so again."""
    builder, marks, commits = begin(path)
    _plant(builder, marks)
    _configure(builder, "extensions.worktreeConfig", "true")
    _plant(builder, marks, "config.worktree", "worktree-")
    return Hostile(builder.path, marks, token(), commits)


def commands_in_included_config(path: Path) -> Hostile:
    """The same through include.path and an includeIf that always holds."""
    builder, marks, commits = begin(path)
    _plant(builder, marks, "included", "include-")
    _plant(builder, marks, "included-if", "includeIf-")
    _configure(builder, "include.path", "included")
    _configure(builder, "includeIf.gitdir:**.path", "included-if")
    return Hostile(builder.path, marks, token(), commits)


def hooks_and_attributes(path: Path) -> Hostile:
    """Hooks in two folders, and attributes that send every file through a driver."""
    builder, marks, commits = begin(path)
    for hook in ("post-checkout", "post-index-change", "pre-auto-gc", "reference-transaction"):
        _script(builder.git_dir / "hooks" / hook, marks, f"hook-{hook}")
        _script(builder.path / "hooks" / hook, marks, f"hooksPath-{hook}")
    _configure(builder, "core.hooksPath", str(builder.path / "hooks"))
    attributes = "* diff=evil filter=evil merge=evil\n"
    builder.write(".gitattributes", attributes)
    commits["attributes"] = builder.commit("Set attributes")
    (builder.path / ".gitattributes").write_text(attributes)
    (builder.git_dir / "info").mkdir(exist_ok=True)
    (builder.git_dir / "info/attributes").write_text(attributes)
    for key in ("diff.evil.command", "diff.evil.textconv", "merge.evil.driver"):
        _configure(builder, key, _touch(marks, key))
    for key in ("filter.evil.clean", "filter.evil.smudge"):
        _configure(builder, key, str(_script(builder.git_dir / key, marks, key)))
    _configure(builder, "filter.evil.process", _touch(marks, "filter.evil.process"))
    _configure(builder, "filter.evil.required", "true")
    return Hostile(builder.path, marks, token(), commits)


def signature_that_runs_gpg(path: Path) -> Hostile:
    """A commit that looks signed, and a gpg.program for whoever shows signatures."""
    builder, marks, commits = begin(path)
    dashes = "-" * 5
    signature = f"{dashes}BEGIN PGP SIGNATURE{dashes}\n \n iQEz\n {dashes}END PGP SIGNATURE{dashes}"
    builder.write("signed.txt", "signed\n")
    header = f"gpgsig {signature}\n".encode()
    commits["signed"] = builder.commit("Sign this", headers=header)
    builder.tag("v1.0", "Version 1.0\n" + signature.replace("\n ", "\n"))
    program = _script(builder.git_dir / "gpg", marks, "gpg.program")
    _configure(builder, "gpg.program", str(program))
    _configure(builder, "log.showSignature", "true")
    return Hostile(builder.path, marks, token(), commits)


def promisor_that_runs_commands(path: Path) -> Hostile:
    """A partial clone without blobs, whose remote is a command to whoever fetches one."""
    builder, marks, commits = begin(path, "origin")
    clone = partial_clone(builder.path, path / "repository")
    remote = "remote.origin.url"
    git(clone, "config", "remote.origin.uploadpack", _touch(marks, "remote.origin.uploadpack"))
    git(clone, "config", "core.sshCommand", _touch(marks, "core.sshCommand"))
    git(clone, "config", "--replace-all", remote, "ssh://git@acme.invalid/parcels.git")
    git(clone, "config", "--add", remote, path.resolve().as_uri())
    git(clone, "config", "protocol.allow", "always")
    return Hostile(clone, marks, token(), commits)
