"""What formats are made from."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from forensics import __version__
from forensics.index.records import Finding
from forensics.index.reported import RuleFacts
from forensics.report.fingerprint import Named, named
from forensics.report.text import printable
from forensics.scan.reported import Gap, Part

__all__ = ["TOOL", "Report", "Section", "is_in_files", "make_report", "moment", "place_name", "utc"]

TOOL = "git-forensics"


class Section(NamedTuple):
    """One repository, folder or stream."""

    number: int
    """Its place in the report, from 0."""
    part: Part
    findings: tuple[Named, ...]
    """The worst first; those that are ignored or triaged away last."""

    @property
    def name(self) -> str:
        """Where it was scanned."""
        return printable(self.part.repository)

    def rule(self, finding: Finding) -> RuleFacts:
        """What is known of the rule of a finding."""
        return self.part.rules[finding.rule]

    def identity(self, one: Named) -> str:
        """A name that no other finding of the report has, and that every other report of the same
        places gives it too."""
        return one.fingerprint if not self.number else f"{one.fingerprint}-{self.number}"


class Report(NamedTuple):
    """All that was found."""

    sections: tuple[Section, ...]
    version: str
    began: int
    ended: int
    """Seconds since 1970."""

    @property
    def complete(self) -> bool:
        """Whether all that was in scope could be read, or somebody acknowledged otherwise."""
        return all(one.part.complete for one in self.sections)

    @property
    def exit_code(self) -> int:
        """As the command has it that made the report."""
        if any(one.reported.finding.fails for _, one in self.all()):
            return 1
        return 0 if self.complete else 3

    @property
    def gated(self) -> bool:
        """Whether a policy says which findings fail."""
        return any(one.reported.finding.gate is not None for _, one in self.all())

    def all(self) -> Iterator[tuple[Section, Named]]:
        """Every finding with its section."""
        for section in self.sections:
            for one in section.findings:
                yield section, one

    def counting(self) -> Iterator[tuple[Section, Named]]:
        """Every finding that is neither ignored nor triaged away."""
        return (each for each in self.all() if each[1].reported.finding.counts)

    def gaps(self) -> Iterator[tuple[Section, Gap]]:
        """What was not covered."""
        for section in self.sections:
            for gap in section.part.gaps:
                yield section, gap


def make_report(parts: Sequence[Part], began: float, *, deterministic: bool) -> Report:
    """A report of what was scanned, in the order in which it was asked for.

    Args:
        parts: one for each repository, folder or stream.
        began: when the command did, in seconds since 1970.
        deterministic: whether to put `moment()` in place of all times that are now.
    """
    sections = tuple(
        Section(number, part, tuple(named(part.findings))) for number, part in enumerate(parts)
    )
    fixed = moment() if deterministic else None
    return Report(
        sections,
        __version__,
        int(began) if fixed is None else fixed,
        int(time.time()) if fixed is None else fixed,
    )


def moment() -> int:
    """The time that stands for now where reports are to be the same every time: SOURCE_DATE_EPOCH,
    else the start of 1970. Source: https://reproducible-builds.org/specs/source-date-epoch/"""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 12 else 0


def utc(seconds: int) -> str:
    """A time in UTC, without a zone."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def is_in_files(finding: Finding) -> bool:
    """Whether it stands in a file, not in a name, a message or an object without a path."""
    return finding.path is not None and finding.kind in ("blob", "file")


def place_name(finding: Finding) -> str:
    """What a finding stands in, for people."""
    if finding.path is None:
        names = {"commit": "a commit", "tag": "a tag", "ref": "the name of a ref"}
        return names.get(finding.kind, f"a {finding.kind} without a path")
    return printable(finding.path)
