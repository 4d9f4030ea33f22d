"""`forensics drift`: environments side by side, or the history of their differences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from forensics.cli.common import index_option, note
from forensics.cli.drift_options import (
    acceptances_option,
    key_option,
    set_option,
)
from forensics.cli.place import Place
from forensics.cli.policy import settings_options, settings_used
from forensics.drift.acceptance import KINDS
from forensics.errors import UsageProblem
from forensics.report.drift.shown import SEVERITIES

if TYPE_CHECKING:
    from forensics.cli.drift_taken import Taken
    from forensics.drift.choice import Choice
    from forensics.drift.environments import Placer
    from forensics.drift.model import DriftEvent, Matrix
    from forensics.gate.policy import Policy

__all__ = ["command"]

_FORMATS = ("table", "json", "jsonl", "csv", "sarif", "markdown")
_NONE, _UNCERTAIN, _DRIFT = 0, 1, 2
"""Exit codes with --detailed-exitcode; an error is 1 too."""
_FAILS, _INCOMPLETE = 1, 3
"""Exit codes with a policy about drift."""
_MOST_NOTES = 20


@click.command("show", short_help="Compare environments.")
@click.argument("path", type=Place(), required=False, metavar="[PATH]")
@click.option("--at", metavar="COMMIT", help="As of this commit instead of now.")
@click.option("--ref", metavar="REF", help="Of this branch or tag instead of the default branch.")
@click.option("--history", is_flag=True, help="Every difference there ever was: since, until, by.")
@click.option("--open", "only_open", is_flag=True, help="Of the history, what is not closed yet.")
@click.option(
    "--since", metavar="REF",
    help="Of the history, what opened or closed in commits that REF does not have.",
)  # fmt: skip
@click.option(
    "--between", nargs=2, metavar="ENV ENV", help="Only these two, such as staging and prod."
)
@set_option
@key_option
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only of this kind; repeat."
)
@click.option(
    "--severity", "severities", multiple=True, type=click.Choice(SEVERITIES),
    help="Only so severe; repeat.",
)  # fmt: skip
@click.option(
    "--all", "everything", is_flag=True,
    help="Also keys without drift, and differences that are accepted or meant to be.",
)  # fmt: skip
@acceptances_option
@settings_options
@click.option(
    "--explain", is_flag=True, help="Say of each file which rule put it where; with --all of all."
)
@click.option(
    "--show-values", is_flag=True,
    help="Read values again and show them, but of no key that looks like a secret's.",
)  # fmt: skip
@click.option(
    "-f", "--format", "output_format", type=click.Choice(_FORMATS), default="table",
    show_default=True, help="How to print.",
)  # fmt: skip
@click.option(
    "--detailed-exitcode", is_flag=True,
    help="Exit with 0 without drift, 1 on an error or uncertainty, 2 with drift.",
)  # fmt: skip
@index_option
def command(
    path: Path | None,
    at: str | None,
    ref: str | None,
    history: bool,
    only_open: bool,
    since: str | None,
    between: tuple[str, str] | None,
    sets: tuple[str, ...],
    keys: tuple[str, ...],
    kinds: tuple[str, ...],
    severities: tuple[str, ...],
    everything: bool,
    acceptances: Path | None,
    policy: Path | None,
    trusted: bool,
    explain: bool,
    show_values: bool,
    output_format: str,
    detailed_exitcode: bool,
    index: Path | None,
) -> None:
    """Compare the environments that the configuration in the repository at PATH (default: here) is
    for: which keys each has, and where values are equal or not. Values themselves are not shown.

    Along the default branch's first parents, `--history` tells which commit set environments
    apart, when, and what closed it. What is accepted, and what is meant to differ, such as hosts,
    is no drift.

    Exits with 0 whatever it finds, unless --detailed-exitcode is given, or the forensics.toml that
    applies has a [[gate.drift]]: then with 1 where drift fails, and with 3 where none does but a
    file does not parse.
    """
    from forensics.cli.drift_print import print_history, print_matrix
    from forensics.cli.drift_taken import take
    from forensics.drift.choice import Choice
    from forensics.drift.environments import Placer
    from forensics.drift.sides import with_merged_commits
    from forensics.gate.reading import read_policy

    if at is not None and ref is not None:
        raise UsageProblem("--at and --ref both say which commit", "give one of them")
    if "" in (at, ref, since):
        raise UsageProblem("--at, --ref or --since is empty", "name a commit, or leave it out")
    if (only_open or since) and not history:
        raise UsageProblem("--open and --since are about the history", "give --history too")
    used = settings_used(path or Path(), policy, trusted)
    placer, gate = Placer.load(used), read_policy(used)
    if explain:
        from forensics.cli.drift_explain import explain_files

        _refuse(output_format, ("sarif", "markdown"), "--explain")
        explain_files(path or Path(), at or ref, placer, sets, output_format, everything=everything)
        return
    if show_values and (history or output_format == "sarif"):
        raise UsageProblem(
            "--show-values is about values as they stand at a commit",
            "leave --history and sarif out",
        )
    taken = take(path or Path(), index, ref=at or ref, placer=placer, since=since)
    pair = tuple(dict.fromkeys(placer.canonical(name) for name in between or ()))
    choice = Choice(sets, keys, pair, kinds, severities)
    _check(choice, taken)
    events = taken.judged(acceptances, partly=choice != Choice())
    chosen = choice.events(events)
    matrix = taken.matrix(choice, chosen)
    if history:
        chosen = tuple(
            event
            for event in (taken.since(chosen) if since else chosen)
            if event.closed is None or not only_open
        )
        chosen = with_merged_commits(chosen, taken.merged)
        print_history(matrix, chosen, output_format, everything=everything)
    else:
        values = taken.values(matrix) if show_values else {}
        if not taken.survey.states or (not matrix.rows and choice == Choice()):
            note("nothing here is configuration of several environments; --explain says why")
        elif not matrix.rows:
            note("nothing matches")
        print_matrix(matrix, chosen, output_format, everything=everything, values=values)
    _say_uncertain(matrix)
    gated = _gated(gate, chosen, placer)
    if detailed_exitcode:
        raise click.exceptions.Exit(_exit_code(matrix))
    if gated is not None and (gated or matrix.uncertain):
        raise click.exceptions.Exit(_FAILS if gated else _INCOMPLETE)


def _gated(policy: Policy | None, events: tuple[DriftEvent, ...], placer: Placer) -> int | None:
    """How many differences fail by the policy; None where it says nothing of drift."""
    if policy is None or not policy.drift:
        return None
    from forensics.gate.drift import judge_drift
    from forensics.report.gate import tally_lines

    tally = judge_drift(policy, events, placer.canonical)
    for line in tally_lines(policy, tally):
        click.echo(line, err=True)
    return tally.failing


def _refuse(output_format: str, formats: tuple[str, ...], option: str) -> None:
    if output_format in formats:
        raise UsageProblem(
            f"{option} is not written as {output_format}", "give --format table, json, jsonl or csv"
        )


def _check(choice: Choice, taken: Taken) -> None:
    """Refuse names that are nobody's."""
    if choice.between:
        if len(choice.between) < 2:
            raise UsageProblem("--between names one environment twice", "name two")
        known = taken.environments()
        for name in choice.between:
            if name not in known:
                raise UsageProblem(
                    f"there is no environment {name!r} here", f"these are: {', '.join(known)}"
                )
    from forensics.drift.acceptance import fits

    for glob in choice.sets:
        names = taken.sets()
        if not any(fits(name, glob) for name in names):
            some = ", ".join(names[:_MOST_NOTES]) + (" …" if len(names) > _MOST_NOTES else "")
            raise UsageProblem(f"there is no set {glob!r}", f"these are: {some or 'none'}")


def _say_uncertain(matrix: Matrix) -> None:
    for path, why in matrix.uncertain[:_MOST_NOTES]:
        note(f"{path} does not parse, so what it says is uncertain: {why}")
    if len(matrix.uncertain) > _MOST_NOTES:
        note(f"{len(matrix.uncertain) - _MOST_NOTES:,} more files do not parse")


def _exit_code(matrix: Matrix) -> int:
    """Drift decides, then what cannot be told."""
    if any(row.drift for row in matrix.rows):
        return _DRIFT
    return _UNCERTAIN if matrix.uncertain else _NONE
