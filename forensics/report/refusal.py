"""Why a hook refuses, for whoever committed or pushed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from forensics.index.reported import RuleFacts
from forensics.report.fingerprint import Named
from forensics.report.formats.report import is_in_files, place_name
from forensics.report.text import printable
from forensics.report.way import Way
from forensics.scan.reported import Gap

__all__ = ["allowed", "gap_lines", "refusal_lines", "short_id"]

_MOST = 20
_LEAST_DIGITS = 8


def short_id(one: Named) -> str:
    """What a finding is allowed by: the start of its fingerprint, which tells nothing of the
    secret."""
    return one.fingerprint[:_LEAST_DIGITS]


def allowed(one: Named, ids: Collection[str]) -> bool:
    """Whether somebody named this finding to be allowed."""
    return any(
        len(each) >= _LEAST_DIGITS and one.fingerprint.startswith(each.lower()) for each in ids
    )


def refusal_lines(findings: Sequence[Named], rules: Mapping[str, RuleFacts], way: Way) -> list[str]:
    """File, line, rule, redacted value, what to do, and how to allow it once."""
    count = len(findings)
    secrets = len({one.reported.finding.secret for one in findings})
    places = f" at {count:,} places" if count > secrets else ""
    what = "1 secret" if secrets == 1 else f"{secrets:,} secrets"
    lines = [f"git-forensics refuses {way.what}: it introduces {what}{places}"]
    for one in findings[:_MOST]:
        finding, place = one.reported.finding, one.reported.place
        where = place_name(finding)
        if finding.kind == "tag":
            where = f"the message of tag {finding.blob[:12]}"
        elif finding.kind == "commit":
            where = f"the message of {where}"
        elif is_in_files(finding):
            where = f"{where}:{place.start_line}"
        elif finding.kind == "path":
            where = f"the name {where}"
        commit = f" in commit {finding.commit[:12]}" if finding.commit else ""
        lines += [
            "",
            f"  {where}{commit}",
            f"    {printable(finding.title)}: {printable(finding.preview)}",
            f"    rule {finding.rule}, {finding.severity}, id {short_id(one)}",
        ]
    if count > _MOST:
        lines += ["", f"  … and {count - _MOST:,} more"]
    lines += ["", f"What to do: {way.amend}"]
    for rule in dict.fromkeys(one.reported.finding.rule for one in findings[:_MOST]):
        lines.append(f"  {rule}: {printable(rules[rule].remedy)}")
    lines.append("If it is no secret, write forensics:allow in a comment on its line.")
    if way.once:
        ids = ",".join(dict.fromkeys(short_id(one) for one in findings))
        lines.append(f"To allow it this once: {way.once.format(ids)}")
    return lines


def gap_lines(gaps: Sequence[Gap], way: Way) -> list[str]:
    """What could not be judged, which refuses too."""
    lines = [f"git-forensics refuses {way.what}: not everything could be judged"]
    lines += [f"  {one.objects:,}: {printable(one.why)}" for one in gaps if not one.known]
    if way.once:
        lines.append(f"To allow it this once: {way.once.format('incomplete')}")
    return lines
