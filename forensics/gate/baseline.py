"""Baselines that entries name: what an earlier report lists is known."""

from __future__ import annotations

import tempfile
from pathlib import Path

from forensics.errors import UsageProblem
from forensics.gate.policy import Policy
from forensics.scan.known_findings import KnownFindings, read_known_findings
from forensics.scan.listed import Known

__all__ = ["read_baselines"]

_MOST = 64 << 20


def read_baselines(policy: Policy) -> dict[str, Known]:
    """All that entries name, by what they call them. They lie beside the policy, or anywhere if it
    is the user's own.

    Raises:
        UsageProblem: one cannot be read, or is none.
    """
    names = dict.fromkeys(one.baseline for one in policy.entries if one.baseline)
    return {name: Known(_read(policy, name)) for name in names}


def _read(policy: Policy, name: str) -> KnownFindings:
    if policy.own is None:
        found = read_known_findings((policy.folder or Path()) / name)
    else:
        if Path(name).name != name:
            raise UsageProblem(
                f"{policy.name}: baseline {name!r} is not at the top of the repository",
                "a repository that is trusted names no other file",
            )
        content = policy.own.read(name, _MOST)
        if content is None:
            raise UsageProblem(f"{policy.name}: baseline {name!r} is not there", "mend it")
        with tempfile.TemporaryDirectory(prefix="git-forensics-") as folder:
            copy = Path(folder, name)
            copy.write_bytes(content)
            found = read_known_findings(copy)
    if found is None:
        raise UsageProblem(
            f"{policy.name}: baseline {name!r} is one of detect-secrets",
            "name it with --baseline: what it decided is ignored",
        )
    return found
