"""What a CI service says of the job at hand: which commits it is about.

Sources:
    https://docs.github.com/actions/reference/workflows-and-actions/variables
    https://docs.github.com/webhooks/webhook-events-and-payloads
    https://docs.gitlab.com/ci/variables/predefined_variables/
    https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
    https://learn.microsoft.com/azure/devops/pipelines/build/variables
    https://plugins.jenkins.io/git/
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from forensics.errors import UsageProblem
from forensics.git.smallfile import read_small

__all__ = ["SERVICES", "Job", "job_of"]

_MOST_EVENT = 32 << 20
_ID = re.compile(r"[0-9a-fA-F]{7,64}")
_NO_BRANCH = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|^[-./]|[./]$")
"""What git allows in no name of a branch."""


class _Case(NamedTuple):
    """One kind of job."""

    what: str
    when: Mapping[str, str]
    """Variables and what they must be; `*` for anything, after `!` another one whose value
    it must not have; it must be there in any case."""
    head: str
    """The variable with the id of what is new."""
    bases: tuple[str, ...]
    """Variables with the id of what was there before, best first; after `origin/`, one with the
    name of a branch."""
    or_all: bool = False
    """Whether the whole history is meant where no base is here."""
    branch: str = ""
    """The variable with the branch that was pushed, if that is compared with the default branch
    as the clone knows it."""


class _Service(NamedTuple):
    name: str
    mark: str
    """A variable that is there on this service and on no other."""
    deepen: str
    """How its checkout brings all commits."""
    cases: tuple[_Case, ...]
    """The first that fits counts; where none does, the whole history is meant."""
    event: str = ""
    """The variable that must say what the job is for."""


_PULL = "event.pull_request"
SERVICES = (
    _Service("GitHub Actions", "GITHUB_ACTIONS", "`fetch-depth: 0` for actions/checkout", (
        *(_Case(what, {"GITHUB_EVENT_NAME": what}, f"{_PULL}.head.sha",
                (f"{_PULL}.base.sha", f"origin/{_PULL}.base.ref"))
          for what in ("pull_request", "pull_request_target")),
        _Case("merge_group", {"GITHUB_EVENT_NAME": "merge_group"},
              "event.merge_group.head_sha", ("event.merge_group.base_sha",)),
        _Case("push", {"GITHUB_EVENT_NAME": "push", "event.ref": "!default.ref"},
              "event.after",
              ("event.before", "origin/event.repository.default_branch"), or_all=True),
        _Case("push to the default branch", {"GITHUB_EVENT_NAME": "push"},
              "event.after", ("event.before",), or_all=True),
    ), "GITHUB_EVENT_NAME"),
    _Service("GitLab CI", "GITLAB_CI", '`GIT_DEPTH: "0"` among its variables', (
        _Case("merged results", {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "*"},
              "CI_COMMIT_SHA", ("CI_MERGE_REQUEST_TARGET_BRANCH_SHA",)),
        # GitLab keeps the base of the diff when a merge request gets another target branch.
        _Case("merge request", {"CI_MERGE_REQUEST_IID": "*"}, "CI_COMMIT_SHA",
              ("origin/CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_MERGE_REQUEST_DIFF_BASE_SHA")),
        _Case("external pull request", {"CI_PIPELINE_SOURCE": "external_pull_request_event"},
              "CI_EXTERNAL_PULL_REQUEST_SOURCE_BRANCH_SHA",
              ("CI_EXTERNAL_PULL_REQUEST_TARGET_BRANCH_SHA",)),
        *(_Case(what, {"CI_PIPELINE_SOURCE": "push", name: wanted},
                "CI_COMMIT_SHA", ("CI_COMMIT_BEFORE_SHA", "origin/CI_DEFAULT_BRANCH"),
                or_all=True)
          for what, name, wanted in (("push of a tag", "CI_COMMIT_TAG", "*"),
                                     ("push", "CI_COMMIT_BRANCH", "!CI_DEFAULT_BRANCH"))),
        _Case("push to the default branch", {"CI_PIPELINE_SOURCE": "push"},
              "CI_COMMIT_SHA", ("CI_COMMIT_BEFORE_SHA",), or_all=True),
    ), "CI_PIPELINE_SOURCE"),
    _Service("Bitbucket Pipelines", "BITBUCKET_BUILD_NUMBER", "`clone: depth: full`", (
        _Case("pull request", {"BITBUCKET_PR_ID": "*"}, "BITBUCKET_COMMIT",
              ("BITBUCKET_PR_DESTINATION_COMMIT", "origin/BITBUCKET_PR_DESTINATION_BRANCH")),
        # Bitbucket tells neither what was there before nor which branch is the default.
        _Case("branch", {"BITBUCKET_BRANCH": "*"}, "BITBUCKET_COMMIT", (),
              or_all=True, branch="BITBUCKET_BRANCH"),
    )),
    _Service("Azure Pipelines", "TF_BUILD", "`fetchDepth: 0` for checkout", (
        _Case("PullRequest", {"BUILD_REASON": "PullRequest"},
              "SYSTEM_PULLREQUEST_SOURCECOMMITID",
              ("origin/SYSTEM_PULLREQUEST_TARGETBRANCH",)),
        *(_Case(what, {"BUILD_REASON": what}, "BUILD_SOURCEVERSION", (),
                or_all=True, branch="BUILD_SOURCEBRANCH")
          for what in ("IndividualCI", "BatchedCI")),
    ), "BUILD_REASON"),
    _Service("Jenkins", "JENKINS_URL", "a checkout of all branches that is not shallow", (
        _Case("change request", {"CHANGE_ID": "*"}, "GIT_COMMIT", ("origin/CHANGE_TARGET",)),
        _Case("branch", {"GIT_PREVIOUS_SUCCESSFUL_COMMIT": "*"}, "GIT_COMMIT",
              ("GIT_PREVIOUS_SUCCESSFUL_COMMIT",), or_all=True),
    )),
)  # fmt: skip


class Job(NamedTuple):
    """What a job is about."""

    service: str
    what: str
    deepen: str
    head: str = ""
    """Id of what is new; empty where the whole history is meant."""
    bases: tuple[str, ...] = ()
    """Ids and names of refs of what was there before, best first."""
    or_all: bool = False
    """Whether the whole history is meant where none of them is here."""
    branch: str = ""
    """The ref of the branch that was pushed, to be compared with the clone's default branch."""


def job_of(environment: Mapping[str, str]) -> Job:
    """The job that these variables tell of.

    Raises:
        UsageProblem: they are of no service known, of several, or not what that one sets.
    """
    found = [one for one in SERVICES if environment.get(one.mark)]
    if not found:
        names = ", ".join(one.name for one in SERVICES)
        raise UsageProblem(f"--ci finds none of {names}", "give --range A..B")
    if len(found) > 1:
        names = " and ".join(one.name for one in found)
        raise UsageProblem(f"--ci finds {names} at once", "give --range A..B")
    (service,) = found
    given = dict(environment)
    if service.event and not given.get(service.event):
        raise _unusable(service, service.event)
    if service.mark == "GITHUB_ACTIONS":
        given |= _event(service, given)
    for case in service.cases:
        if all(_fits(given, name, wanted) for name, wanted in case.when.items()):
            return _job(service, case, given)
    return Job(service.name, given.get(service.event, "build"), service.deepen)


def _job(service: _Service, case: _Case, given: Mapping[str, str]) -> Job:
    head = _values(service, (case.head,), given)
    if not head:
        raise _unusable(service, case.head)
    bases = _values(service, case.bases, given)
    if not bases and not case.or_all:
        raise _unusable(service, case.bases[0])
    named = given.get(case.branch, "")
    is_branch = named.startswith("refs/heads/") or not named.startswith("refs/")
    (branch,) = (is_branch and _values(service, (f"origin/{case.branch}",), given)) or ("",)
    return Job(service.name, case.what, service.deepen, head[0], bases, case.or_all, branch)


def _fits(given: Mapping[str, str], name: str, wanted: str) -> bool:
    value = given.get(name, "")
    if not value or wanted == "*":
        return bool(value)
    return value != given.get(wanted[1:]) if wanted.startswith("!") else value == wanted


def _values(service: _Service, names: tuple[str, ...], given: Mapping[str, str]) -> tuple[str, ...]:
    """Ids and refs that variables give; zeros stand for nothing.

    Raises:
        UsageProblem: one is neither.
    """
    found = []
    for name in names:
        variable = name.removeprefix("origin/")
        value = given.get(variable, "")
        if not value:
            continue
        if name == variable:
            if not _ID.fullmatch(value):
                raise _unusable(service, variable)
            if value.strip("0"):
                found.append(value)
            continue
        branch = value.removeprefix("refs/heads/")
        if _NO_BRANCH.search(branch) or not _is_text(branch):
            raise _unusable(service, variable)
        found.append(f"refs/remotes/origin/{branch}")
    return tuple(found)


def _is_text(name: str) -> bool:
    """Whether it can be handed to git; JSON can hold halves of characters."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return True


def _unusable(service: _Service, variable: str) -> UsageProblem:
    return UsageProblem(
        f"{service.name} does not say what is to be scanned: {variable} is missing or not usable",
        "give --range A..B",
    )


def _event(service: _Service, given: Mapping[str, str]) -> dict[str, str]:
    """What the file of the event says, by the names that the table above has for it."""
    wanted = {
        name.removeprefix("origin/")
        for case in service.cases
        for name in (*case.when, case.head, *case.bases)
        if "event." in name
    }
    try:
        told = json.loads(read_small(Path(given["GITHUB_EVENT_PATH"]), _MOST_EVENT))
    except (KeyError, OSError, ValueError, RecursionError):
        raise _unusable(service, "GITHUB_EVENT_PATH") from None
    found = {}
    for name in wanted:
        value = told
        for part in name.split(".")[1:]:
            value = value.get(part) if isinstance(value, dict) else None
        found[name] = value if isinstance(value, str) else ""
    default = found["event.repository.default_branch"]
    return found | {"default.ref": f"refs/heads/{default}"}
