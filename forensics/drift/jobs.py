"""Environments of the jobs of a CI pipeline."""

from __future__ import annotations

import re
from dataclasses import replace

from forensics.config.settings import Setting
from forensics.drift.names import Names

__all__ = ["by_job"]

# GitHub and Azure: jobs.NAME.environment, GitLab: NAME.environment. Some names are quoted.
_JOB = r'(?P<jobs>jobs(?=[.\[]))?\.?(?P<job>[^.\[\]"]+|\["[^"]+"\]|\[[^\]"]+\])'
_ENVIRONMENT = re.compile(_JOB + r"\.(?:environment(?:\.name)?|deployment)")
_SETTING = re.compile(
    _JOB + r"\.(?P<rest>(?:env|variables|with|secrets)\..+|steps\[[^\]]+\]\.env\..+)"
)
_LONGEST = 100


def by_job(found: tuple[Setting, ...], names: Names) -> tuple[tuple[str, Setting], ...]:
    """Each setting with the environment that its job deploys to.

    Only what a job hands to its environment is said to be of it: variables, inputs and secrets. In
    their keys the job goes without the environment's name, so that `deploy-prod` and
    `deploy-staging` are the same job.
    """
    jobs: dict[str, str] = {}
    for each in found:
        match = _ENVIRONMENT.fullmatch(each.key)
        text = each.text[:_LONGEST].decode(errors="replace").lower()
        if match and each.kind != "reference" and "$" not in text and names.known(text):
            jobs[match["job"]] = names.canonical(text)
    placed = []
    for each in found:
        match = _SETTING.fullmatch(each.key) if jobs else None
        environment = jobs.get(match["job"], "") if match else ""
        if match and environment:
            job = _without_name(match["job"], names)
            key = ".".join(part for part in (match["jobs"], job, match["rest"]) if part)
            placed.append((environment, replace(each, key=key)))
        else:
            placed.append(("", each))
    return tuple(placed)


def _without_name(job: str, names: Names) -> str:
    named = names.find(job.lower().strip('["]'))
    if named is None:
        return job
    return "-".join(each for each in (named.before, named.after) if each)
