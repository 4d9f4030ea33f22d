"""Annotations on GitHub: workflow commands that a step prints.

Source: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections.abc import Iterator

from forensics.report.fingerprint import Named
from forensics.report.formats.report import Report, is_in_files, place_name
from forensics.report.text import printable

__all__ = ["pieces"]

_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice"}
_LONGEST = 1_000


def pieces(report: Report) -> Iterator[str]:
    """A line for every finding that counts, and for what could not be read."""
    for section, one in report.counting():
        yield _finding(one, section.rule(one.reported.finding).remedy)
    for _, gap in report.gaps():
        level = "notice" if gap.known else "warning"
        count = f"{gap.objects:,}: " if gap.objects else ""
        yield _command(level, {"title": "Not covered"}, f"{count}{gap.why}")


def _finding(one: Named, remedy: str) -> str:
    finding, place = one.reported.finding, one.reported.place
    properties = {"title": f"{finding.title} ({finding.rule})"}
    if is_in_files(finding) and finding.path is not None:
        properties |= {"file": printable(finding.path), "line": str(place.start_line)}
        properties["endLine"] = str(place.end_line)
        one_line = place.start_line == place.end_line
        if one_line and place.start_column is not None and place.end_column is not None:
            properties |= {"col": str(place.start_column), "endColumn": str(place.end_column)}
    since = f", since {finding.commit[:12]}" if finding.commit else ""
    message = (
        f"{finding.preview} in {place_name(finding)} ({finding.status}{since})."
        f" Fingerprint {one.fingerprint}. {remedy}"
    )
    level = _LEVELS[finding.severity] if finding.fails else "notice"
    return _command(level, properties, message)


def _command(level: str, properties: dict[str, str], message: str) -> str:
    named = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {named}::{_data(printable(message)[:_LONGEST])}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")
