"""What a scan was told to ignore by path, commit or fingerprint, applied to what was placed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from detectors.aliases import rules_called
from detectors.foreign.allowing import allowed_by_place, search
from detectors.foreign.baseline import Baseline
from detectors.foreign.records import MAX_FILE, Allowlist, ForeignConfig
from detectors.ignoring import PENDING
from forensics.errors import UsageProblem
from forensics.index.records import PlacedSighting
from forensics.scan.known_findings import KnownFindings
from forensics.scan.listed import Known, all_named

if TYPE_CHECKING:
    from forensics.index.writer import IndexWriter

__all__ = ["Fingerprints", "Lists", "apply_lists", "read_fingerprints"]

_COMMIT = re.compile(r"[0-9a-f]{7,64}")


class Fingerprints(NamedTuple):
    """The entries of a `.gitleaksignore`."""

    file: str
    """What to call it where it ignores something."""
    entries: frozenset[tuple[str, bytes, str, int]] = frozenset()
    """Commit (empty for any), path, rule as the file calls it, and line."""
    malformed: int = 0
    """Lines that are no fingerprint."""


class Lists(NamedTuple):
    """All that a scan was told to ignore."""

    config: ForeignConfig | None = None
    for_rules: tuple[tuple[str, Allowlist], ...] = ()
    """Of the configuration, for built-in rules, by their ids."""
    fingerprints: Fingerprints | None = None
    baseline: Baseline | None = None
    """What an audit of detect-secrets says."""
    known: KnownFindings | None = None
    """What an earlier report lists."""

    def __bool__(self) -> bool:
        lists = (self.config, self.fingerprints, self.baseline, self.known)
        return any(one is not None for one in lists)


def read_fingerprints(file: Path) -> Fingerprints:
    """The fingerprints in a file like `.gitleaksignore`: `commit:path:rule:line`, or
    `path:rule:line` for any commit.

    Raises:
        UsageProblem: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            data = opened.read(MAX_FILE + 1)
    except OSError as error:
        raise UsageProblem(f"{file}: {error.strerror}", "name a file of fingerprints") from None
    if len(data) > MAX_FILE:
        raise UsageProblem(f"{file} is larger than {MAX_FILE >> 20} MiB", "name another file")
    entries: set[tuple[str, bytes, str, int]] = set()
    malformed = 0
    for line in data.splitlines():
        text = line.strip()
        if not text or text.startswith(b"#"):
            continue
        entry = _entry(text)
        if entry is None:
            malformed += 1
        else:
            entries.add(entry)
    return Fingerprints(file.name, frozenset(entries), malformed)


def _entry(text: bytes) -> tuple[str, bytes, str, int] | None:
    place, _, number = text.rpartition(b":")
    place, _, rule = place.rpartition(b":")
    if not place or not rule or not number.isdigit() or len(number) > 9:
        return None
    commit, colon, path = place.partition(b":")
    named = commit.decode("ascii", "replace").lower()
    if not colon or not _COMMIT.fullmatch(named):
        named, path = "", place
    return named, path.replace(b"\\", b"/"), rule.decode("utf-8", "replace"), int(number)


def apply_lists(writer: IndexWriter, lists: Lists) -> None:
    """Record in the index what `lists` ignore of the placed findings, and nothing else."""
    writer.set_ignored(_Applied(writer, lists).rows() if lists else ())


class _Applied:
    """Lists, applied to one repository's findings."""

    def __init__(self, writer: IndexWriter, lists: Lists) -> None:
        self._writer, self._lists = writer, lists
        config = lists.config
        self._their_rules = {rule.id: rule for rule in config.rules} if config else {}
        self._commits: Mapping[int, Sequence[str]] | None = None
        self._rule_names: dict[str, frozenset[str]] = {}
        self._listed: dict[bytes, list[tuple[str, str, int]]] = {}
        for commit, path, called, line in lists.fingerprints.entries if lists.fingerprints else ():
            self._listed.setdefault(path, []).append((commit, called, line))
        self._known = None if lists.known is None else Known(lists.known, self._means)

    def rows(self) -> Iterator[tuple[int, int, str]]:
        """Occurrence, sighting and reason of all that is ignored."""
        for one in self._writer.placed_sightings():
            reason = self._reason(one)
            if reason is not None:
                yield one.occurrence, one.sighting, reason

    def _reason(self, one: PlacedSighting) -> str | None:
        """What ignores a finding; empty if it is none at all, None if nothing does."""
        rule = self._their_rules.get(one.rule)
        if rule and rule.path and not (one.path is not None and search((rule.path,), one.path)):
            return ""
        return (
            self._by_fingerprint(one)
            or self._by_baseline(one)
            or self._by_report(one)
            or self._by_allowlist(one)
            or None
        )

    def _introducing(self, occurrence: int) -> Sequence[str]:
        """Ids of the commits that put it there, of those that the strongest leads to."""
        if self._commits is None:
            self._commits = self._writer.introducing_commits()
        return self._commits.get(occurrence, ())

    def _by_allowlist(self, one: PlacedSighting) -> str:
        config = self._lists.config
        if config is None:
            return ""
        rule = self._their_rules.get(one.rule)
        own = rule.allowlists if rule is not None else ()
        more = tuple(each for name, each in self._lists.for_rules if name == one.rule)
        pending = _pending(one)
        for each in (*own, *more, *config.allowlists):
            if not each.paths and not each.commits:
                continue
            commits = self._introducing(one.occurrence) if each.commits else ()
            if allowed_by_place(each, one.path, commits, pending):
                return each.name
        return ""

    def _by_fingerprint(self, one: PlacedSighting) -> str:
        """The file that names it. A fingerprint knows the line of one version, so that of any
        version will do; but every commit that put it there must be named, or none."""
        listed = self._lists.fingerprints
        if listed is None or one.path is None or one.path not in self._listed:
            return ""
        lines = self._writer.lines_of(one.secret)
        named = {
            commit
            for commit, called, line in self._listed[one.path]
            if line in lines and self._means(called, one.rule)
        }
        if "" in named:
            return listed.file
        commits = self._introducing(one.occurrence) if named else ()
        return listed.file if commits and all_named(commits, named) else ""

    def _means(self, called: str, rule: str) -> bool:
        """Whether what a list calls a rule is this one."""
        if called not in self._rule_names:
            theirs = {rule.id for rule in self._their_rules.values() if rule.name == called}
            self._rule_names[called] = rules_called(called) | theirs | {called}
        return rule in self._rule_names[called]

    def _by_baseline(self, one: PlacedSighting) -> str:
        baseline = self._lists.baseline
        if baseline is None or one.path is None:
            return ""
        return "baseline" if baseline.agrees(_pending(one), one.path) else ""

    def _by_report(self, one: PlacedSighting) -> str:
        known = self._known
        if known is not None and known.lists(
            one.fingerprint,
            one.path,
            one.rule,
            lambda: self._writer.lines_of(one.secret),
            lambda: self._introducing(one.occurrence),
        ):
            return known.file
        return ""


def _pending(one: PlacedSighting) -> frozenset[str]:
    """Names of the lists that ignore it by its content, if place agrees."""
    return frozenset(
        name.removeprefix(PENDING) for name in one.ignored.split("\n") if name.startswith(PENDING)
    )
