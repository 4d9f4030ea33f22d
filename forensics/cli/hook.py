"""`forensics hook`"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from forensics.cli.common import index_option
from forensics.cli.hook_install import install
from forensics.cli.hook_run import (
    ALLOW,
    PUSH_OPTION,
    allowed_by_push,
    given_place,
    given_text,
    run_hook,
)
from forensics.cli.lists import list_options
from forensics.cli.policy import policy_options
from forensics.errors import UsageProblem
from forensics.settings.lookup import TRUST

if TYPE_CHECKING:
    from forensics.git.repository import Repository
    from forensics.git.revisions import Revisions
    from forensics.git.runner import Git

__all__ = ["command"]

_PRE_COMMIT_TO, _PRE_COMMIT_FROM = "PRE_COMMIT_TO_REF", "PRE_COMMIT_FROM_REF"
_PRE_COMMIT_BRANCH, _PRE_COMMIT_REMOTE = "PRE_COMMIT_LOCAL_BRANCH", "PRE_COMMIT_REMOTE_NAME"


@click.group("hook", short_help="Refuse secrets before they are committed or pushed.")
def command() -> None:
    """Refuse commits and pushes that introduce secrets. Git runs these; `install` sets them up.

    Nothing is recorded. Exit codes: 0 nothing introduced; 1 refused; 2 wrong usage or an error; 3
    refused, because not everything could be judged.
    """


command.add_command(install)


@command.command("pre-commit")
@index_option
@list_options
@policy_options
def pre_commit(index: Path | None, policy: Path | None, trusted: bool, **asked: Any) -> None:
    """Refuse what is staged, as git's pre-commit hook."""
    from forensics.report.way import Way
    from forensics.scan.judged_work import judge_staged

    way = Way(
        "this commit",
        "take it out of the file, `git add` that, and commit again.",
        f"{ALLOW}={{}} git commit …",
    )
    place = given_place()
    run_hook(
        partial(judge_staged, place=place),
        place, way, os.environ.get(ALLOW, ""), asked, index, policy, trusted,
    )  # fmt: skip


@command.command("pre-push")
@click.argument("remote", default="origin")
@click.argument("url", default="")
@index_option
@list_options
@policy_options
def pre_push(
    remote: str, url: str, index: Path | None, policy: Path | None, trusted: bool, **asked: Any
) -> None:
    """Refuse what a push brings to REMOTE, as git's pre-push hook."""
    from forensics.git.pushed import commits_pushed, pushed_updates
    from forensics.report.way import Way
    from forensics.scan.judged import judge_commits

    way = Way(
        "this push",
        "take it out of the commits that brought it (`git rebase -i`), and push again.",
        f"{ALLOW}={{}} git push …",
    )
    choose: Callable[[Repository, Git], Revisions]
    text = given_text()
    if not text.strip() and (within := _within_pre_commit()):
        choose = within
    else:
        choose = partial(commits_pushed, updates=pushed_updates(text), remote=remote)
    run_hook(
        partial(judge_commits, choose=choose, all_tags=False),
        given_place(), way, os.environ.get(ALLOW, ""), asked, index, policy, trusted,
    )  # fmt: skip


@command.command("pre-receive")
@click.option("--no-allow", is_flag=True, help="Let no option of a push allow anything.")
@index_option
@list_options
@policy_options
def pre_receive(
    no_allow: bool, index: Path | None, policy: Path | None, trusted: bool, **asked: Any
) -> None:
    """Refuse what a push brings to this repository, as git's pre-receive hook."""
    _receive("this push", no_allow, index, policy, trusted, asked)


@command.command("post-receive")
@index_option
@list_options
@policy_options
def post_receive(index: Path | None, policy: Path | None, trusted: bool, **asked: Any) -> None:
    """Tell what a push brought, as git's post-receive hook, which can refuse nothing."""
    _receive("nothing any more, but", True, index, policy, trusted, asked)


def _receive(
    what: str,
    no_allow: bool,
    index: Path | None,
    policy: Path | None,
    trusted: bool,
    asked: dict[str, Any],
) -> None:
    if trusted:
        raise UsageProblem(
            f"{TRUST} would let whoever pushes choose the policy", "name a file with --policy"
        )
    from forensics.git.pushed import commits_received, received_updates
    from forensics.report.way import Way
    from forensics.scan.judged import judge_commits

    way = Way(
        what,
        "take it out of the commits that brought it (`git rebase -i`), and push again.",
        "" if no_allow
        else f"git push -o {PUSH_OPTION}{{}} …  (where this server takes push options)",
    )  # fmt: skip
    place = given_place()
    choose = partial(commits_received, updates=received_updates(given_text()))
    run_hook(
        partial(judge_commits, choose=choose, place=place, all_tags=False),
        place, way, "" if no_allow else allowed_by_push(), asked, index, policy, None,
    )  # fmt: skip


def _within_pre_commit() -> Callable[[Repository, Git], Revisions] | None:
    """What is pushed, as the pre-commit framework says it, which reads standard input itself."""
    new = os.environ.get(_PRE_COMMIT_TO) or os.environ.get(_PRE_COMMIT_BRANCH)
    if not new:
        return None
    old = os.environ.get(_PRE_COMMIT_FROM, "")
    words = f"{new} ^{old}" if old else new

    def choose(repository: Repository, git: Git) -> Revisions:
        from forensics.git.revisions import commits_of_range

        return commits_of_range(repository, git, words)

    return choose
