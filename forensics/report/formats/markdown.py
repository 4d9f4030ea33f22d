"""Markdown for a comment on a pull or merge request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.report.dossier.html import cut
from forensics.report.fingerprint import Named
from forensics.report.formats.report import Report, Section, is_in_files, place_name
from forensics.report.markdown_text import code, prose
from forensics.report.text import iso_date
from forensics.scan.reported import Gap

__all__ = ["MOST", "pieces"]

MOST = 65_000
"""Characters that a comment has at most; GitHub takes 65,536."""
_FIRST = 10
"""Rows that are not folded away."""
_TAIL = 2_000
"""Characters kept for what comes after the tables."""
_ADVICE = 10
_SENTENCE = 300
_GAPS = 20
_LEAST = 200
"""Room without which nothing is folded away."""
_HEAD = ("| | what | where | since | status |", "|---|---|---|---|---|")


def pieces(report: Report) -> Iterator[str]:
    """A table of the worst, the rest folded away, and what to do."""
    found = list(report.counting())
    aside = sum(1 for _ in report.all()) - len(found)
    out = _Bounded()
    secrets = len({one.reported.finding.secret for _, one in found})
    out.add("### " + _headline(secrets, len(found), report.complete), "")
    if found:
        out.add(*_HEAD, *(_row(report, section, one) for section, one in found[:_FIRST]), "")
        out.add(*_advice(found))
        _rest(out, report, found[_FIRST:])
    gaps = list(report.gaps())
    if gaps:
        out.add("**Not covered**", "", *(_gap(gap) for _, gap in gaps[:_GAPS]))
        if len(gaps) > _GAPS:
            out.add(f"- … and {len(gaps) - _GAPS:,} more")
        out.add("")
    said = f" {aside:,} ignored or triaged away." if aside else ""
    if report.gated:
        failing = sum(one.reported.finding.fails for _, one in found)
        said += f" {failing:,} of {len(found):,} fail by the policy."
    out.end(f"<sub>git-forensics {report.version}. Values are not shown.{said}</sub>")
    yield "\n".join(out.lines) + "\n"


class _Bounded:
    """Lines, as long as there is room for them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._left = MOST - _TAIL

    def room(self, line: str) -> bool:
        """Whether there is room for one more."""
        return len(line) < self._left

    def add(self, *lines: str) -> None:
        """Add lines, up to the first for which there is no room."""
        for line in lines:
            if not self.room(line):
                self._left = 0
                return
            self._left -= len(line) + 1
            self.lines.append(line)

    def end(self, *lines: str) -> None:
        """Add what there was room kept for."""
        self.lines += lines


def _headline(secrets: int, places: int, complete: bool) -> str:
    if secrets:
        found = "1 secret found" if secrets == 1 else f"{secrets:,} secrets found"
        return found if secrets == places else f"{found}, in {places:,} places"
    return "No secret found" if complete else "No secret found, but not everything could be read"


def _row(report: Report, section: Section, one: Named) -> str:
    finding, place = one.reported.finding, one.reported.place
    line = f":{place.start_line}" if is_in_files(finding) else ""
    where = code(place_name(finding) + line)
    if len(report.sections) > 1:
        where = f"{code(section.part.repository)} {where}"
    date = (iso_date(finding.commit_time, finding.commit_offset) or "")[:10]
    since = f"{code(finding.commit[:10])} {date}" if finding.commit else "—"
    what = f"{prose(finding.title)} {code(finding.preview)}"
    return f"| {finding.severity} | {what} | {where} | {since} | {finding.status} |"


def _advice(found: Iterable[tuple[Section, Named]]) -> Iterator[str]:
    """What to do, once a rule."""
    remedies: dict[str, str] = {}
    for section, one in found:
        rule = section.rule(one.reported.finding)
        remedies.setdefault(rule.title, rule.remedy)
    yield "**What to do.** Deleting a secret does not revoke it: replace it where it is used, and"
    yield "revoke it where it was issued."
    yield ""
    for title, remedy in list(remedies.items())[:_ADVICE]:
        yield f"- {prose(cut(title, _SENTENCE))}: {prose(cut(remedy, _SENTENCE))}"
    yield ""


def _gap(gap: Gap) -> str:
    objects = f" ({gap.objects:,} objects)" if gap.objects else ""
    return f"- {prose(cut(gap.why, _SENTENCE))}{objects}"


def _rest(out: _Bounded, report: Report, rest: list[tuple[Section, Named]]) -> None:
    """The other findings, folded away, as far as there is room."""
    if not rest:
        return
    if not out.room("." * _LEAST):
        out.end(f"… and {len(rest):,} more, for which there is no room here.", "")
        return
    out.add("<details>", f"<summary>{len(rest):,} more</summary>", "", *_HEAD)
    shown = 0
    for section, one in rest:
        row = _row(report, section, one)
        if not out.room(row):
            break
        out.add(row)
        shown += 1
    out.end("")
    if shown < len(rest):
        out.end(f"… and {len(rest) - shown:,} more, for which there is no room here.", "")
    out.end("</details>", "")
