"""Findings about environment variables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from forensics.drift.env_vars.model import KINDS, EnvFinding, Linted
from forensics.report.env_vars.words import TITLES, since_words, told
from forensics.report.markdown_text import code, prose
from forensics.report.text import printable

__all__ = ["findings_markdown"]

_ROWS = 200
"""Of one table: GitHub refuses a comment of more than 65,536 characters."""


def findings_markdown(linted: Linted) -> Iterator[str]:
    """A heading, and a table for each kind."""
    yield "# Environment variables"
    yield ""
    yield f"At {code(linted.commit.hex()[:12])}: {len(linted.findings):,} findings."
    for kind in KINDS:
        rows = [one for one in linted.findings if one.kind == kind]
        if rows:
            yield ""
            yield f"## {TITLES[kind]}"
            yield ""
            yield from _table(rows)
    if linted.trouble:
        yield ""
        yield "Not read:"
        yield ""
        for path, why in linted.trouble[:_ROWS]:
            yield f"- {code(printable(path) or '.')}: {prose(why)}"


def _table(rows: list[EnvFinding]) -> Iterator[str]:
    yield "| variable | component | where | what | since |"
    yield "| --- | --- | --- | --- | --- |"
    for one in rows[:_ROWS]:
        where = f"{printable(one.path)}:{one.line}"
        cells: Iterable[str] = (
            code(one.name), code(one.component or "."), code(where), prose(told(one)),
            since_words(one) or "?",
        )  # fmt: skip
        yield f"| {' | '.join(cells)} |"
    if len(rows) > _ROWS:
        yield ""
        yield f"… and {len(rows) - _ROWS:,} more"
