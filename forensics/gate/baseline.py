"""Baselines that entries name: what an earlier report lists is known."""

from __future__ import annotations

import tempfile
from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from detectors.aliases import rules_called
from forensics.errors import UsageProblem
from forensics.gate.policy import Policy
from forensics.index.records import Finding
from forensics.scan.known_findings import KnownFindings, KnownPlace, read_known_findings, shown

__all__ = ["Known", "read_baselines"]

_MOST = 64 << 20


class Known:
    """What one report lists."""

    def __init__(self, found: KnownFindings) -> None:
        self._found = found

    @property
    def places(self) -> bool:
        """Whether it names places, so that lines and commits are needed to tell."""
        return bool(self._found.places)

    def lists(self, finding: Finding, lines: Collection[int], commits: Collection[str]) -> bool:
        """Whether it lists a finding: its secret at its path; or its place, in every commit that
        introduced it there, or in no commit where it came with none.

        Args:
            finding: any.
            lines: on which its secret stands in any version.
            commits: that introduced it.
        """
        path = None if finding.path is None else shown(finding.path)
        if (finding.secret, path) in self._found.secrets:
            return True
        if path is None:
            return False
        named = {
            one.commit
            for one in self._by_path.get(path, ())
            if one.line in lines and finding.rule in {one.rule, *rules_called(one.rule)}
        }
        if not commits:
            return "" in named
        named.discard("")
        return all(any(commit.startswith(name) for name in named) for commit in commits)

    @cached_property
    def _by_path(self) -> dict[str, list[KnownPlace]]:
        found: dict[str, list[KnownPlace]] = {}
        for one in self._found.places:
            found.setdefault(one.path, []).append(one)
        return found


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
