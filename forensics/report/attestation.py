"""An attestation as text, JSON or Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator

from detectors.literals.forms import FORMS
from forensics.report.text import printable, size
from forensics.scan.attested import Attestation, Place, Verdict

__all__ = ["FORMAT_VERSION", "LIMITS", "as_json", "as_markdown", "as_text", "outcome"]

FORMAT_VERSION = 1
_EXAMPLES = 5
"""Places of a value and kind of lead that are told to people."""

LIMITS = (
    "Forks, other clones, mirrors and backups. Each has its own objects; attest each one.",
    "The hosting service: its caches, pull-request refs, commits that its web pages still show by"
    " their ids, build logs, artefacts, packages and releases. Ask it to remove them.",
    "What a server holds and a clone did not fetch: other refs, and packs there until they expire.",
    "Files of work trees that were never added, submodules' own repositories, and objects that"
    " only an LFS server holds.",
    "Values compressed, encrypted or encoded twice inside a file, cut into parts, or spread over"
    " the names of nested folders.",
    "Whether a value was ever copied by whoever could read it. A leaked secret must be replaced.",
)
"""What no look into a clone can prove."""

_LEADS = {
    "ref": "reachable from refs",
    "worktree": "reachable from another work tree",
    "stash": "in a stash",
    "reflog": "in a reflog only",
    "index": "staged in an index",
    "file": "in a file of the git directory",
    "alternate": "in an alternate, reached by nothing here",
    "none": "dangling: in objects that nothing leads to",
    "unknown": "in objects; what leads to them could not be told",
}
_REMEDIES = {
    "ref": "rewrite the history of these refs, or delete them",
    "worktree": "remove the work tree (git worktree remove), then its reflogs expire",
    "stash": "drop the stash (git stash drop)",
    "reflog": "git reflog expire --expire=now --all && git gc --prune=now",
    "index": "unstage it (git rm --cached), then git gc --prune=now",
    "file": "remove or rewrite the file",
    "alternate": "clean the repository that objects are borrowed from, then git gc there",
    "none": "git gc --prune=now (with git reflog expire --expire-unreachable=now --all before it)",
    "unknown": "git fsck tells what is damaged",
}


def verdict_of(attestation: Attestation) -> str:
    """The outcome in one sentence."""
    if attestation.detected is not None:
        total = sum(attestation.detected.values())
        return (
            f"Secrets that the detectors find: {total:,}. No values were given, so this speaks for"
            " the detectors only."
        )
    there = sum(not one.gone for one in attestation.verdicts)
    total = len(attestation.verdicts)
    if there:
        return f"Values that still stand in this repository: {there:,} of {total:,}."
    if attestation.skipped:
        return (
            f"Values that stand in what could be read: 0 of {total:,}. Something could not be read."
        )
    return f"Values that stand in any object or git file of this repository: 0 of {total:,}."


def outcome(attestation: Attestation) -> str:
    """`still there`, `incomplete` or `gone`; without values `found` or `nothing found`."""
    if attestation.detected is not None:
        if attestation.still_there:
            return "found"
        return "incomplete" if attestation.skipped else "nothing found"
    if attestation.still_there:
        return "still there"
    return "incomplete" if attestation.skipped else "gone"


def as_json(attestation: Attestation) -> str:
    """One document, keys in a fixed order."""
    facts = {
        "format": "git-forensics attestation",
        "format_version": FORMAT_VERSION,
        "outcome": outcome(attestation),
        "summary": verdict_of(attestation),
        "made": attestation.made,
        "tool": {
            "version": attestation.version,
            "engine": attestation.engine,
            "rules": attestation.rules,
            "rule_set": attestation.scanner,
            "searched_with": attestation.searched_with,
        },
        "repository": {
            "path": attestation.repository,
            "object_format": attestation.object_format,
            "head": attestation.head,
            "refs": [{"name": name, "target": oid} for name, oid in attestation.refs],
            "refs_sha256": attestation.refs_digest,
            "alternates": list(attestation.alternates),
        },
        "read": {
            "objects": {
                kind: {"count": count, "bytes": total}
                for kind, (count, total) in attestation.objects.items()
            },
            "verified": attestation.verified,
            "further_copies": attestation.copies,
            "files": attestation.files,
            "skipped": [
                {"reason": reason, "count": count, "examples": list(ids)}
                for reason, (count, ids) in attestation.skipped.items()
            ],
            "uncovered": list(attestation.uncovered),
        },
        "values_from": attestation.values_from,
        "forms": list(FORMS),
        "secrets": [_secret(one) for one in attestation.verdicts],
        "detected": attestation.detected,
        "not_proven": list(LIMITS),
    }
    return json.dumps(facts, indent=2) + "\n"


def _secret(one: Verdict) -> dict[str, object]:
    return {
        "secret": one.secret,
        "preview": one.preview,
        "rule": one.rule or None,
        "verdict": "gone" if one.gone else "still there",
        "may_be_chance": one.by_chance,
        "places_by_lead": one.counts,
        "places": [
            {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in place._asdict().items()
            }
            for place in one.places
        ],
    }


def as_text(attestation: Attestation) -> str:
    """For a terminal or a file."""
    return "".join(printable(line) + "\n" for line in _lines(attestation))


def as_markdown(attestation: Attestation) -> str:
    """For a ticket: the same lines, under headings and in lists."""
    lines = ["# Attestation", ""]
    for line in _lines(attestation):
        text = _quoted(printable(line))
        if not line:
            lines.append("")
        elif line[0] != " " and line.isupper():
            lines += [f"## {text.capitalize()}", ""]
        else:
            depth = (len(line) - len(line.lstrip())) // 2
            lines.append(f"{'  ' * max(depth - 1, 0)}- {text.strip()}")
    return "\n".join(lines).rstrip("\n") + "\n"


def _quoted(text: str) -> str:
    for mark in "\\`*_{}[]<>#|!":
        text = text.replace(mark, "\\" + mark)
    return text


def _lines(attestation: Attestation) -> Iterator[str]:
    yield verdict_of(attestation)
    yield ""
    yield "WHAT WAS READ"
    yield f"  repository   {attestation.repository} ({attestation.object_format})"
    yield f"  made         {attestation.made}"
    yield f"  head         {attestation.head or 'none'}"
    yield f"  refs         {len(attestation.refs):,}, SHA-256 {attestation.refs_digest}"
    for path in attestation.alternates:
        yield f"  alternate    {path}"
    for kind, (count, total) in attestation.objects.items():
        yield f"  {kind + 's':<12} {count:,} ({size(total)})"
    total = sum(count for count, _ in attestation.objects.values())
    yield f"  verified     {attestation.verified:,} of {total:,} objects fit their ids"
    if attestation.copies:
        yield f"  copies       {attestation.copies:,} further copies of these were not read"
    yield f"  files        {attestation.files:,} others of the git directory"
    yield f"  tool         git-forensics {attestation.version}, engine {attestation.engine}"
    yield f"  rules        {attestation.rules:,}, {attestation.scanner}"
    if attestation.values_from:
        yield f"  values       {len(attestation.verdicts):,}, from {attestation.values_from}"
        yield f"  looked for   {', '.join(FORMS)}"
    yield from _unread(attestation)
    yield ""
    if attestation.detected is not None:
        yield "SECRETS THAT DETECTORS FIND"
        for severity, count in attestation.detected.items():
            yield f"  {count:,} {severity}"
        if not attestation.still_there:
            yield "  none"
    else:
        yield "SECRETS"
        for one in sorted(attestation.verdicts, key=lambda one: (one.gone, one.secret)):
            yield from _verdict(one)
    yield ""
    yield "WHAT A CLONE CANNOT PROVE"
    for limit in LIMITS:
        yield f"  {limit}"


def _unread(attestation: Attestation) -> Iterator[str]:
    if not attestation.skipped:
        yield "  not read     nothing was left out"
    for reason, (count, ids) in attestation.skipped.items():
        yield f"  not read     {count:,}: {reason}{': ' if ids else ''}{', '.join(ids)}"
    for what in attestation.uncovered:
        yield f"  uncovered    {what}"


def _verdict(one: Verdict) -> Iterator[str]:
    rule = f"  {one.rule}" if one.rule else ""
    state = "gone" if one.gone else "STILL THERE"
    yield f"  {one.secret[:12]}  {one.preview}{rule}  {state}"
    if one.by_chance:
        yield "    so short or plain that it may stand somewhere by chance"
    for how, count in one.counts.items():
        yield f"    {count:,} {_LEADS[how]}; to do: {_REMEDIES[how]}"
        there = [place for place in one.places if place.how == how]
        for place in there[:_EXAMPLES]:
            yield f"      {_place(place)}"
        if count > _EXAMPLES:
            yield f"      and {count - _EXAMPLES:,} more, which the report as JSON names"


def _place(place: Place) -> str:
    if not place.oid:
        what = "the name of" if place.kind == "ref" else "file"
        return f"{what} {place.name} ({', '.join(place.forms)})"
    parts = [f"{place.kind} {place.oid}"]
    if place.path:
        parts.append(f"at {place.path}")
    if place.commit and place.commit != place.oid:
        parts.append(f"in {place.commit[:12]}")
    if place.name:
        more = f" and {place.refs - 1:,} more" if place.refs > 1 else ""
        parts.append(f"from {place.name}{more}")
    if place.borrowed and place.how != "alternate":
        parts.append("which an alternate holds")
    return f"{' '.join(parts)} ({', '.join(place.forms)})"
