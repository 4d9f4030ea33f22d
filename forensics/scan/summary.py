"""What a scan covered and found."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["ScanSummary"]


@dataclass(slots=True)
class ScanSummary:
    """Figures of one scan, for people and for exit codes."""

    repository: int = 0
    """Its row in the index."""
    objects: int = 0
    """Read by this scan."""
    bytes_read: int = 0
    known: int = 0
    """Objects that earlier scans had covered."""
    refs: int = 0
    commits: int = 0
    """Walked, by this scan and earlier ones."""
    rules: int = 0
    seconds: float = 0.0
    prefilter: str = ""
    skipped: dict[str, int] = field(default_factory=dict)
    """How many objects by the reason why they were not read."""
    acknowledged: int = 0
    """Of how many somebody has acknowledged that they cannot be read."""
    left_out: int = 0
    """Contents larger than the user wants to have read."""
    by_severity: dict[str, int] = field(default_factory=dict)
    """Secrets by severity, worst first; none that are ignored everywhere or triaged away."""
    ignored: dict[str, int] = field(default_factory=dict)
    """Findings by what they are ignored by."""
    triaged: dict[str, int] = field(default_factory=dict)
    """Secrets triaged away, by state."""
    uncovered: list[str] = field(default_factory=list)
    """What this repository cannot show at all, such as history cut off by a shallow clone."""

    @property
    def complete(self) -> bool:
        """Whether everything in scope could be read, or somebody acknowledged that it could not."""
        return sum(self.skipped.values()) == self.acknowledged
