"""Baselines for detect-secrets, written from what a scan found.

Source: https://github.com/Yelp/detect-secrets/blob/master/docs/design.md
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from detectors.aliases import aliases_of
from detectors.errors import RuleError
from detectors.foreign.baseline import entries_of, unsalted
from forensics.errors import UsageProblem
from forensics.index.records import Finding

__all__ = ["write_secrets_baseline"]

_PREFIX = "detect-secrets:"


def write_secrets_baseline(
    file: Path,
    findings: Iterable[Finding],
    read: Callable[[Finding], bytes | None],
    plugins: Sequence[str],
) -> int:
    """Write what stands in files now as a baseline, and say how many values' hashes it holds.

    Verdicts of a baseline that is there already stay. What other lists or marks ignore is left out.

    Args:
        file: to write.
        findings: of one repository or folder.
        read: gives the content in which a finding stands, or None.
        plugins: those that ran, by class name.

    Raises:
        UsageProblem: the file cannot be written, or holds something else.
    """
    verdicts = _verdicts(file)
    results: dict[str, dict[tuple[str, str], dict[str, Any]]] = {}
    for one in findings:
        if one.path is None or not one.at_head or one.ignored not in (None, "baseline"):
            continue
        content = None if one.decoded else read(one)
        value = content[one.start_byte : one.end_byte] if content is not None else b""
        if not value:
            continue
        name = one.path.decode("utf-8", "backslashreplace")
        digest = unsalted(value).hex()
        entry = {
            "type": _type(one),
            "filename": name,
            "hashed_secret": digest,
            "is_verified": False,
            "line_number": one.start_line,
        }
        if (name, digest) in verdicts:
            entry["is_secret"] = verdicts[name, digest]
        results.setdefault(name, {})[digest, str(entry["type"])] = entry
    document = {
        "version": version("detect-secrets"),
        "plugins_used": [{"name": name} for name in plugins],
        "filters_used": [],
        "results": {name: list(entries.values()) for name, entries in sorted(results.items())},
        "generated_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    _write(file, json.dumps(document, indent=2) + "\n")
    return len({digest for entries in results.values() for digest, _ in entries})


def _verdicts(file: Path) -> dict[tuple[str, str], bool]:
    """By file name and hash, what an audit decided in the baseline that is there already."""
    if not file.exists():
        return {}
    try:
        entries = entries_of(file)
    except RuleError as error:
        raise UsageProblem(str(error), "name another file to write") from None
    return {
        (str(one["filename"]), str(one["hashed_secret"])): one["is_secret"]
        for one in entries
        if isinstance(one.get("is_secret"), bool)
    }


def _type(finding: Finding) -> str:
    """As detect-secrets calls what a rule finds; where it has no such plugin, as we do."""
    names = (one.removeprefix(_PREFIX) for one in aliases_of(finding.rule) if _PREFIX in one)
    name = next(names, "")
    if not name:
        return finding.title
    from detectors.foreign.plugins import plugin_class

    return str(plugin_class(name).secret_type)


def _write(file: Path, text: str) -> None:
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
        with open(os.open(file, flags, 0o600), "w", encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise UsageProblem(f"{file}: {error.strerror}", "name another file to write") from None
