"""Findings about environment variables in words."""

from __future__ import annotations

from forensics.drift.env_vars.model import EnvFinding
from forensics.report.text import iso_date

__all__ = ["REMEDIES", "TITLES", "since_words", "told"]

TITLES = {
    "used-undefined": "Code reads a variable that nothing defines",
    "missing-in-environment": "An environment lacks a variable that others define",
    "undocumented": "The example file lacks a variable that code reads",
    "defined-unused": "Nothing reads a variable that is defined",
    "documented-unused": "Nothing reads a variable that the example file names",
}
REMEDIES = {
    "used-undefined": "Define it, or give the code a default.",
    "missing-in-environment": "Define it there too, or give the code a default.",
    "undocumented": "Name it in the example file.",
    "defined-unused": "Take it out, if nothing outside the repository reads it.",
    "documented-unused": "Take it out of the example file.",
}


def told(finding: EnvFinding) -> str:
    """What is wrong, without the variable's name."""
    sure = "" if finding.certain else "; names made up as the program runs may be this one"
    if finding.kind == "used-undefined":
        fails = "the code fails without it" if finding.default == "required" else "no default"
        return f"read here, defined nowhere; {fails}"
    if finding.kind == "missing-in-environment":
        return f"in {', '.join(finding.present)}; not in {', '.join(finding.missing)}"
    if finding.kind == "undocumented":
        return "read here without a default, not in the example file"
    if finding.kind == "documented-unused":
        return f"documented here, read nowhere{sure}"
    return f"defined here, read nowhere{sure}"


def since_words(finding: EnvFinding) -> str:
    """Day and commit since which it stands; empty where that is not known."""
    if finding.since is None:
        return ""
    day = (iso_date(finding.since.time, finding.since.offset) or "")[:10]
    return f"{day} {finding.since.commit.hex()[:8]}".strip()
