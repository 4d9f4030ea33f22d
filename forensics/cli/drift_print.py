"""How drift is printed, whatever the format."""

from __future__ import annotations

import click

from forensics.cli.common import console
from forensics.drift.model import DriftEvent, Matrix
from forensics.report.drift.shown import Values, marked_shared

__all__ = ["print_history", "print_matrix"]


def print_history(
    matrix: Matrix, events: tuple[DriftEvent, ...], output_format: str, *, everything: bool
) -> None:
    """Print events. For people, what is meant to be is left out unless everything is asked for;
    data for programs has every event, those with the severity `info`."""
    if output_format == "table":
        from forensics.report.drift.table import events_table

        out = console()
        for part in events_table(events, width=out.width, everything=everything):
            out.print(part)
        return
    if output_format == "markdown":
        from forensics.report.drift.markdown import events_markdown

        lines = events_markdown(events, everything=everything)
    elif output_format == "sarif":
        from forensics.report.drift.sarif import events_sarif

        lines = events_sarif(matrix, events)
    elif output_format == "csv":
        from forensics.report.drift.sheet import events_csv

        lines = events_csv(events)
    else:
        from forensics.report.drift.lines import events_json, events_jsonl

        lines = (events_json if output_format == "json" else events_jsonl)(events)
    for line in lines:
        click.echo(line)


def print_matrix(
    matrix: Matrix,
    events: tuple[DriftEvent, ...],
    output_format: str,
    *,
    everything: bool,
    values: Values,
) -> None:
    """Print keys by environments.

    Args:
        matrix: what is asked for.
        events: its drift.
        output_format: one of `forensics drift --format`.
        everything: show also what is no drift; data for programs has every key in any case.
        values: that may be shown.
    """
    shared = marked_shared(events)
    if output_format == "table":
        from forensics.report.drift.table import matrix_table

        out = console()
        for part in matrix_table(
            matrix, width=out.width, everything=everything, shared=shared, values=values
        ):
            out.print(part)
        return
    if output_format == "markdown":
        from forensics.report.drift.markdown import matrix_markdown

        lines = matrix_markdown(matrix, everything=everything, shared=shared, values=values)
    elif output_format == "sarif":
        from forensics.report.drift.sarif import events_sarif

        lines = events_sarif(matrix, events)
    elif output_format == "csv":
        from forensics.report.drift.sheet import matrix_csv

        lines = matrix_csv(matrix, values)
    else:
        from forensics.report.drift.lines import matrix_json, matrix_jsonl

        lines = (matrix_json if output_format == "json" else matrix_jsonl)(matrix, values)
    for line in lines:
        click.echo(line)
