"""Places of findings in SARIF."""

from __future__ import annotations

from typing import Any

from forensics.index.records import Finding
from forensics.report.sarif_log import ROOT, artifact
from forensics.scan.reported import Place

__all__ = ["base_id", "location", "nameless"]


def base_id(number: int) -> str:
    """What the root of a repository is called; the first has the name that is usual."""
    return ROOT if number == 0 else f"%SRCROOT{number + 1}%"


def nameless(kind: str, oid: str) -> bytes:
    """A name for what has no path; viewers want one for each result."""
    return b".git/%s" % kind.encode() + (b"/" + oid.encode() if oid else b"")


def location(number: int, finding: Finding, place: Place) -> dict[str, Any]:
    """Where a finding stands."""
    path = nameless(finding.kind, place.oid) if finding.path is None else finding.path
    found: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": artifact(path, base_id(number))},
    }
    if finding.kind != "path":
        found["physicalLocation"]["region"] = _region(place)
    if finding.path is None:
        found["logicalLocations"] = [{"name": finding.kind, "kind": "resource"}]
    return found


def _region(place: Place) -> dict[str, int]:
    region = {"startLine": place.start_line, "endLine": place.end_line}
    if place.start_column is not None and place.end_column is not None:
        region |= {"startColumn": place.start_column, "endColumn": place.end_column}
    return region
